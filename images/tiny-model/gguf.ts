// SPDX-License-Identifier: Apache-2.0
/** The same models in one file for llama.cpp: the GGUF format, version 3, with weights as 32-bit floats. */
import { elementCount, HEAD_SIZE, NORM_EPSILON, POSITIONS, ROPE_BASE, SHAPES, type Shape, type Size, type Tensor, tensorsOf } from './shape.ts'
import { BOS, CHAT_TEMPLATE, EOS, PAD, SPECIAL, type Vocabulary } from './tokenizer.ts'
import { float32Weights } from './weights.ts'

/** Numbers that the format gives to types. */
const TYPE = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const
const ALIGNMENT = 32
const FLOAT32_TENSOR = 0
const [NORMAL_TOKEN, CONTROL_TOKEN] = [1, 3]

type Value =
  | { readonly uint32: number } | { readonly float32: number } | { readonly bool: boolean } | { readonly string: string }
  | { readonly strings: readonly string[] } | { readonly int32s: readonly number[] }

export function gguf(size: Size, vocabulary: Vocabulary, seed: number): Buffer {
  const shape = SHAPES[size]
  const tensors = tensorsOf(shape, vocabulary.tokens.length)
  const entries = Object.entries(metadata(size, shape, vocabulary))
  let offset = 0
  const infos = tensors.map((tensor) => {
    const info = Buffer.concat([text(nameOf(tensor)), u32(tensor.shape.length), ...tensor.shape.toReversed().map(u64), u32(FLOAT32_TENSOR), u64(offset)])
    offset += aligned(elementCount(tensor) * 4)
    return info
  })
  const head = Buffer.concat([
    Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(entries.length),
    ...entries.map(([key, value]) => Buffer.concat([text(key), encode(value)])), ...infos,
  ])
  return Buffer.concat([pad(head), ...tensors.map((tensor) => pad(rotated(tensor, shape, float32Weights(seed, tensor))))])
}

function metadata(size: Size, shape: Shape, { tokens, merges }: Vocabulary): Record<string, Value> {
  return {
    'general.architecture': { string: 'llama' },
    'general.name': { string: size },
    'general.file_type': { uint32: 0 },
    'llama.context_length': { uint32: POSITIONS },
    'llama.vocab_size': { uint32: tokens.length },
    'llama.embedding_length': { uint32: shape.hidden },
    'llama.block_count': { uint32: shape.layers },
    'llama.feed_forward_length': { uint32: shape.intermediate },
    'llama.attention.head_count': { uint32: shape.heads },
    'llama.attention.head_count_kv': { uint32: shape.keyValueHeads },
    'llama.attention.key_length': { uint32: HEAD_SIZE },
    'llama.attention.value_length': { uint32: HEAD_SIZE },
    'llama.attention.layer_norm_rms_epsilon': { float32: NORM_EPSILON },
    'llama.rope.dimension_count': { uint32: HEAD_SIZE },
    'llama.rope.freq_base': { float32: ROPE_BASE },
    'tokenizer.ggml.model': { string: 'gpt2' },
    'tokenizer.ggml.pre': { string: 'gpt-2' },
    'tokenizer.ggml.tokens': { strings: tokens },
    'tokenizer.ggml.token_type': { int32s: tokens.map((_, id) => (id < SPECIAL.length ? CONTROL_TOKEN : NORMAL_TOKEN)) },
    'tokenizer.ggml.merges': { strings: merges.map((pair) => pair.join(' ')) },
    'tokenizer.ggml.bos_token_id': { uint32: BOS },
    'tokenizer.ggml.eos_token_id': { uint32: EOS },
    'tokenizer.ggml.padding_token_id': { uint32: PAD },
    'tokenizer.ggml.add_bos_token': { bool: false },
    'tokenizer.chat_template': { string: CHAT_TEMPLATE },
  }
}

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^model\.embed_tokens/, 'token_embd'], [/^model\.norm/, 'output_norm'], [/^lm_head/, 'output'], [/^model\.layers\.(\d+)\./, 'blk.$1.'],
  [/input_layernorm/, 'attn_norm'], [/post_attention_layernorm/, 'ffn_norm'], [/self_attn\.([qkv])_proj/, 'attn_$1'], [/self_attn\.o_proj/, 'attn_output'], [/mlp\.(gate|up|down)_proj/, 'ffn_$1'],
]

function nameOf({ name }: Tensor): string {
  return NAMES.reduce((renamed, [pattern, replacement]) => renamed.replace(pattern, replacement), name)
}

/** llama.cpp turns neighbouring pairs of a head, the hub's Llama the two halves: the rows of queries and keys change places accordingly. */
function rotated({ name, shape: [rows = 0, columns = 0] }: Tensor, shape: Shape, data: Buffer): Buffer {
  if (!/[qk]_proj/.test(name)) return data
  const heads = name.includes('q_proj') ? shape.heads : shape.keyValueHeads
  const [width, size] = [columns * 4, rows / heads]
  const turned = Buffer.alloc(data.length)
  for (let row = 0; row < rows; row++) {
    const [head, place] = [Math.floor(row / size), row % size]
    const source = head * size + (place % 2) * (size / 2) + Math.floor(place / 2)
    data.copy(turned, row * width, source * width, (source + 1) * width)
  }
  return turned
}

function encode(value: Value): Buffer {
  if ('uint32' in value) return Buffer.concat([u32(TYPE.uint32), u32(value.uint32)])
  if ('float32' in value) return Buffer.concat([u32(TYPE.float32), Buffer.from(new Float32Array([value.float32]).buffer)])
  if ('bool' in value) return Buffer.concat([u32(TYPE.bool), Buffer.from([Number(value.bool)])])
  if ('string' in value) return Buffer.concat([u32(TYPE.string), text(value.string)])
  if ('strings' in value) return Buffer.concat([u32(TYPE.array), u32(TYPE.string), u64(value.strings.length), ...value.strings.map(text)])
  return Buffer.concat([u32(TYPE.array), u32(TYPE.int32), u64(value.int32s.length), Buffer.from(Int32Array.from(value.int32s).buffer)])
}

function u32(value: number): Buffer { return Buffer.from(Uint32Array.of(value).buffer) }
function u64(value: number): Buffer { return Buffer.from(BigUint64Array.of(BigInt(value)).buffer) }
function text(value: string): Buffer { const bytes = Buffer.from(value); return Buffer.concat([u64(bytes.length), bytes]) }
function aligned(length: number): number { return Math.ceil(length / ALIGNMENT) * ALIGNMENT }
function pad(data: Buffer): Buffer { return Buffer.concat([data, Buffer.alloc(aligned(data.length) - data.length)]) }
