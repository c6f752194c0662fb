// SPDX-License-Identifier: Apache-2.0
/** The files of a model as the hub keeps them: configuration, tokenizer, weights in bfloat16 or with projections in 8 bits. */
import { safetensors, type StoredTensor } from './safetensors.ts'
import { HEAD_SIZE, NORM_EPSILON, POSITIONS, ROPE_BASE, SHAPES, type Shape, type Size, type Tensor, tensorsOf } from './shape.ts'
import { BOS, EOS, PAD, tokenizerFiles, type Vocabulary } from './tokenizer.ts'
import { bfloat16Weights, int8Weights, toBfloat16 } from './weights.ts'

export const PRECISIONS = ['bf16', 'int8'] as const
export type Precision = (typeof PRECISIONS)[number]

export interface Wanted { readonly size: Size; readonly precision: Precision; readonly seed: number }

export function hubModelFiles({ size, precision, seed }: Wanted, vocabulary: Vocabulary): Record<string, Buffer> {
  const shape = SHAPES[size]
  const json = (value: object) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`)
  const tensors = tensorsOf(shape, vocabulary.tokens.length).flatMap((tensor) => store(tensor, precision, seed))
  return {
    'config.json': json({ ...configuration(shape, vocabulary.tokens.length), ...(precision === 'int8' && { quantization_config: INT8 }) }),
    'generation_config.json': json({ bos_token_id: BOS, eos_token_id: EOS, pad_token_id: PAD }),
    'model.safetensors': safetensors(tensors),
    ...Object.fromEntries(Object.entries(tokenizerFiles(vocabulary)).map(([name, value]) => [name, json(value)])),
  }
}

function configuration(shape: Shape, vocabularySize: number): object {
  return {
    architectures: ['LlamaForCausalLM'], model_type: 'llama', torch_dtype: 'bfloat16', vocab_size: vocabularySize,
    hidden_size: shape.hidden, intermediate_size: shape.intermediate, num_hidden_layers: shape.layers, num_attention_heads: shape.heads, num_key_value_heads: shape.keyValueHeads,
    head_dim: HEAD_SIZE, hidden_act: 'silu', max_position_embeddings: POSITIONS, rms_norm_eps: NORM_EPSILON, rope_theta: ROPE_BASE,
    tie_word_embeddings: false, attention_bias: false, mlp_bias: false, bos_token_id: BOS, eos_token_id: EOS, pad_token_id: PAD,
  }
}

/** What compressed-tensors calls W8A8: weights by row, activations by token as they come. */
const INT8 = {
  quant_method: 'compressed-tensors', format: 'int-quantized', quantization_status: 'compressed', ignore: ['lm_head'], kv_cache_scheme: null, global_compression_ratio: null,
  config_groups: {
    group_0: {
      targets: ['Linear'],
      weights: { num_bits: 8, type: 'int', symmetric: true, strategy: 'channel', dynamic: false, group_size: null, block_structure: null, actorder: null, observer: 'minmax', observer_kwargs: {} },
      input_activations: { num_bits: 8, type: 'int', symmetric: true, strategy: 'token', dynamic: true, group_size: null, block_structure: null, actorder: null, observer: null, observer_kwargs: {} },
      output_activations: null,
    },
  },
}

function store(tensor: Tensor, precision: Precision, seed: number): StoredTensor[] {
  const { name, shape } = tensor
  if (precision === 'bf16' || tensor.role !== 'projection') return [{ name, dtype: 'BF16', shape, data: bfloat16Weights(seed, tensor) }]
  const { integers, scale } = int8Weights(seed, tensor)
  const rows = shape[0] ?? 0
  const scales = Buffer.from(new Uint16Array(rows).fill(toBfloat16(scale)).buffer)
  return [{ name, dtype: 'I8', shape, data: integers }, { name: `${name}_scale`, dtype: 'BF16', shape: [rows, 1], data: scales }]
}
