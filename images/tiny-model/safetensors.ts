// SPDX-License-Identifier: Apache-2.0
/** Writes the safetensors format: the length of a header, the header in JSON, then the tensors one after another. */

export interface StoredTensor {
  readonly name: string
  readonly dtype: 'BF16' | 'F32' | 'I8'
  readonly shape: readonly number[]
  readonly data: Buffer
}

export function safetensors(tensors: readonly StoredTensor[]): Buffer {
  const header: Record<string, object> = { __metadata__: { format: 'pt' } }
  let offset = 0
  for (const { name, dtype, shape, data } of tensors) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.length] }
    offset += data.length
  }
  const text = JSON.stringify(header)
  // tensors begin at a multiple of eight
  const padded = Buffer.from(text.padEnd(Math.ceil(Buffer.byteLength(text) / 8) * 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  return Buffer.concat([length, padded, ...tensors.map(({ data }) => data)])
}
