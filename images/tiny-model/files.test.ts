// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { gguf } from './gguf.ts'
import { hubModelFiles, PRECISIONS } from './hub-model.ts'
import { safetensors } from './safetensors.ts'
import { HEAD_SIZE, parameterCount, SHAPES, type Size } from './shape.ts'
import { makeVocabulary } from './tokenizer.ts'

const vocabulary = makeVocabulary()
const sizes = Object.keys(SHAPES) as Size[]
const headerOf = (file: Buffer) => JSON.parse(file.subarray(8, 8 + Number(file.readBigUInt64LE())).toString()) as Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>

it('safetensors lays tensors end to end after a header of whole words', () => {
  const file = safetensors([{ name: 'a', dtype: 'I8', shape: [3], data: Buffer.from([1, 2, 3]) }, { name: 'b', dtype: 'I8', shape: [1], data: Buffer.from([4]) }])
  const length = Number(file.readBigUInt64LE())
  expect(length % 8).toBe(0)
  expect(headerOf(file)).toMatchObject({ a: { data_offsets: [0, 3] }, b: { dtype: 'I8', shape: [1], data_offsets: [3, 4] } })
  expect([...file.subarray(8 + length)]).toEqual([1, 2, 3, 4])
})

describe.each(sizes)('the model %s', (size) => {
  it('has the shape that it says, and heads that vLLM can serve on CPUs', () => {
    const { hidden, heads, keyValueHeads } = SHAPES[size]
    expect(HEAD_SIZE).toBeGreaterThanOrEqual(32)
    expect([heads % keyValueHeads, hidden % 32]).toEqual([0, 0])
  })

  it.each(PRECISIONS)('in %s stores exactly its tensors', (precision) => {
    const files = hubModelFiles({ size, precision, seed: 1 }, vocabulary)
    const weights = files['model.safetensors'] ?? Buffer.alloc(0)
    const tensors = Object.entries(headerOf(weights)).filter(([name]) => name !== '__metadata__').map(([, tensor]) => tensor)
    const end = Math.max(...tensors.map((tensor) => tensor.data_offsets[1]))
    expect(8 + Number(weights.readBigUInt64LE()) + end).toBe(weights.length)
    const parameters = tensors.filter(({ shape, dtype }) => dtype !== 'BF16' || shape[1] !== 1).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)
    expect(parameters).toBe(parameterCount(SHAPES[size], vocabulary.tokens.length))
    const config = JSON.parse(files['config.json']?.toString() ?? '') as Record<string, unknown>
    expect(config).toMatchObject({ vocab_size: vocabulary.tokens.length, head_dim: HEAD_SIZE })
    expect('quantization_config' in config).toBe(precision === 'int8')
    expect(tensors.some(({ dtype }) => dtype === 'I8')).toBe(precision === 'int8')
  })

  it('as GGUF has its tensors at multiples of the alignment', () => {
    const file = gguf(size, vocabulary, 1)
    expect(file.subarray(0, 4).toString()).toBe('GGUF')
    expect([file.readUInt32LE(4), Number(file.readBigUInt64LE(8))]).toEqual([3, 3 + 9 * SHAPES[size].layers])
    expect(file.length % 32).toBe(0)
    expect(file.length).toBeGreaterThan(parameterCount(SHAPES[size], vocabulary.tokens.length) * 4)
    for (const name of ['token_embd.weight', 'blk.0.attn_q.weight', 'blk.1.ffn_down.weight', 'output_norm.weight', 'output.weight']) expect(file.includes(name)).toBe(true)
  })
})

it('the models are the same on every machine: whoever changes this changes what was measured', () => {
  const digest = (data: Buffer | undefined) => createHash('sha256').update(data ?? '').digest('hex').slice(0, 16)
  const files = hubModelFiles({ size: 'tiny', precision: 'bf16', seed: 1 }, vocabulary)
  expect({ weights: digest(files['model.safetensors']), tokenizer: digest(files['tokenizer.json']), gguf: digest(gguf('tiny', vocabulary, 1)) }).toMatchInlineSnapshot(`
    {
      "gguf": "d49eeb5b42e1c762",
      "tokenizer": "30f2ca0a0e1fe67f",
      "weights": "474a9eb6beeda2db",
    }
  `)
})
