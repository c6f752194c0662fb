// SPDX-License-Identifier: Apache-2.0
/** How much memory a model takes on each accelerator: weights by parameters and number format, KV cache by its attention. Sources of the formulas: docs/guides/standup.md. */
import type { ScenarioSpec } from '../model/scenario.ts'

type Serving = Pick<ScenarioSpec, 'model' | 'serving'>
export interface Parallel { readonly tensor: number; readonly pipeline: number; readonly data: number }

/** Bytes of one weight. Four-bit formats carry scales and zero points of about half a bit. */
const FORMATS: readonly (readonly [format: RegExp, bytes: number])[] = [
  [/^(float32|fp32)$/, 4], [/^(bfloat16|bf16|float16|fp16|half|auto)$/, 2], [/fp8|int8|w8a8|w8a16|^8bit/, 1], [/mxfp4|nvfp4|fp4|awq|gptq|int4|w4a16|w4a8|nf4|^4bit/, 0.56],
]
const bytesOf = (format: string): number | undefined => FORMATS.find(([name]) => name.test(format.toLowerCase()))?.[1]

/** An argument of the engine by either spelling; flags that were removed with null are not set. */
export function argumentOf({ serving }: { readonly serving: Pick<ScenarioSpec['serving'], 'args'> }, ...names: readonly string[]): string | undefined {
  const value = names.flatMap((name) => [serving.args[name], serving.args[name.replaceAll('-', '_')], serving.args[`--${name}`]]).find((v) => v !== undefined && v !== null)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

/** Bytes of all weights together; undefined where the number of parameters or their format is not known. */
export function weightBytes(scenario: Serving): number | undefined {
  const { parameters, dtype, quantization } = scenario.model
  if (parameters === undefined) return undefined
  const quantized = argumentOf(scenario, 'quantization') ?? quantization
  const format = quantized === undefined || quantized === 'none' ? (argumentOf(scenario, 'dtype') ?? dtype ?? 'auto') : quantized
  const each = bytesOf(format)
  return each === undefined ? undefined : parameters * each
}

/** Bytes that one token takes in the KV cache of each accelerator; undefined where the architecture is not known. Heads are split over the tensor-parallel group, and repeated where there are fewer. */
export function kvBytesPerToken(scenario: Serving, { tensor, pipeline }: Parallel): number | undefined {
  const { architecture } = scenario.model
  if (architecture === undefined) return undefined
  const format = argumentOf(scenario, 'kv-cache-dtype') ?? 'auto'
  const each = format === 'auto' ? 2 : (bytesOf(format) ?? 2)
  if (architecture.kvBytesPerToken !== undefined) return architecture.kvBytesPerToken / pipeline
  const { layers, keyValueHeads, headSize } = architecture
  return 2 * Math.ceil(layers / pipeline) * Math.max(1, keyValueHeads / tensor) * headSize * each
}

/** The least that weights take on each accelerator: experts may be spread over data-parallel ranks too, everything else is repeated there. */
export function leastWeightsEach(bytes: number, { tensor, pipeline, data }: Parallel, spread: boolean): number {
  return bytes / (tensor * pipeline * (spread ? data : 1))
}

/** Share of the memory that the engine may take. */
export function usableShare(scenario: Pick<ScenarioSpec, 'serving'>): number {
  const given = Number(argumentOf(scenario, 'gpu-memory-utilization', 'mem-fraction-static'))
  return given > 0 && given <= 1 ? given : DEFAULT_SHARE
}

/** What vLLM and SGLang take by default, about. */
const DEFAULT_SHARE = 0.9
