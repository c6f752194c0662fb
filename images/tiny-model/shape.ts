// SPDX-License-Identifier: Apache-2.0
/** How large the models are that can be made here, and which tensors a Llama of that shape has. */

export interface Shape {
  readonly hidden: number
  readonly layers: number
  readonly heads: number
  readonly keyValueHeads: number
  readonly intermediate: number
}

/** vLLM's attention on CPUs knows no head below 32, and dies on the first request of one. */
export const HEAD_SIZE = 32
export const POSITIONS = 4096
export const NORM_EPSILON = 1e-5
export const ROPE_BASE = 10_000

export const SHAPES = {
  tiny: { hidden: 64, layers: 2, heads: 4, keyValueHeads: 2, intermediate: 128 },
  small: { hidden: 256, layers: 4, heads: 8, keyValueHeads: 4, intermediate: 512 },
  medium: { hidden: 512, layers: 8, heads: 16, keyValueHeads: 4, intermediate: 1536 },
} as const satisfies Record<string, Shape>
export type Size = keyof typeof SHAPES

export interface Tensor {
  readonly name: string
  /** Rows and columns, or only a length. */
  readonly shape: readonly number[]
  /** Norms are ones; a projection is random; the head is random but for words that must not be said. */
  readonly role: 'norm' | 'embedding' | 'projection' | 'head'
}

export function tensorsOf(shape: Shape, vocabularySize: number): Tensor[] {
  const { hidden, layers } = shape
  return [
    { name: 'model.embed_tokens.weight', shape: [vocabularySize, hidden], role: 'embedding' },
    ...Array.from({ length: layers }, (_, layer) => layerTensors(shape, `model.layers.${layer}`)).flat(),
    { name: 'model.norm.weight', shape: [hidden], role: 'norm' },
    { name: 'lm_head.weight', shape: [vocabularySize, hidden], role: 'head' },
  ]
}

export function parameterCount(shape: Shape, vocabularySize: number): number {
  return tensorsOf(shape, vocabularySize).reduce((sum, tensor) => sum + elementCount(tensor), 0)
}

export function elementCount({ shape }: Pick<Tensor, 'shape'>): number {
  return shape.reduce((product, length) => product * length, 1)
}

function layerTensors({ hidden, heads, keyValueHeads, intermediate }: Shape, at: string): Tensor[] {
  const projection = (name: string, rows: number, columns: number): Tensor => ({ name: `${at}.${name}.weight`, shape: [rows, columns], role: 'projection' })
  return [
    { name: `${at}.input_layernorm.weight`, shape: [hidden], role: 'norm' },
    projection('self_attn.q_proj', heads * HEAD_SIZE, hidden),
    projection('self_attn.k_proj', keyValueHeads * HEAD_SIZE, hidden),
    projection('self_attn.v_proj', keyValueHeads * HEAD_SIZE, hidden),
    projection('self_attn.o_proj', hidden, heads * HEAD_SIZE),
    { name: `${at}.post_attention_layernorm.weight`, shape: [hidden], role: 'norm' },
    projection('mlp.gate_proj', intermediate, hidden),
    projection('mlp.up_proj', intermediate, hidden),
    projection('mlp.down_proj', hidden, intermediate),
  ]
}
