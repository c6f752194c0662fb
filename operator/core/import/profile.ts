// SPDX-License-Identifier: Apache-2.0
/** A profile of any tool that llm-d-benchmark runs, as a WorkloadProfile. */
import { isObject } from '../design/path.ts'
import { isGuidellm, readGuidellm } from './guidellm.ts'
import { readInferencePerf } from './inference-perf.ts'
import { openLedger, type Outcome } from './ledger.ts'
import type { ReadProfile } from './profile-draft.ts'
import { readAiperf, readVllmBench } from './vllm-bench.ts'

export interface ConvertedProfile extends Outcome {
  /** The specification; undefined when the whole file cannot be expressed. */
  readonly spec?: Record<string, unknown>
}

const READERS: Readonly<Record<string, ReadProfile>> = {
  'inference-perf': readInferencePerf, guidellm: readGuidellm, 'vllm-benchmark': readVllmBench, inferencemax: readVllmBench, aiperf: readAiperf,
}
const REFUSED: Readonly<Record<string, string>> = {
  nop: 'it sends nothing: with harness nop any WorkloadProfile will do',
  'lm-eval': 'it asks for the accuracy of answers, which is not measured yet',
  'priority-mix': 'classes of traffic with their own prompts and priorities cannot be expressed yet',
  'eval-containers': 'agents in containers are no load that can be expressed',
}

/** Tools whose profiles are known, of which some can be expressed. */
export const PROFILE_TOOLS: readonly string[] = [...Object.keys(READERS), ...Object.keys(REFUSED)]

export function convertProfile(tool: string, value: unknown): ConvertedProfile {
  const ledger = openLedger(value)
  const reading = READERS[tool]?.(ledger) ?? { refusal: REFUSED[tool] ?? `${tool} is no tool whose profiles are known (${Object.keys(READERS).join(', ')})` }
  if ('refusal' in reading) return { dropped: [{ path: 'the whole profile', reason: reading.refusal }], notes: [] }
  const own = ledger.kept()
  const { dropped, notes } = ledger.close()
  return { spec: { ...reading.draft, ...(Object.keys(own).length === 0 ? {} : { overrides: { [tool]: { config: own } } }) }, dropped, notes }
}

/** Whose profile it is, by its members; undefined when it is none that is known. */
export function toolOf(value: unknown): string | undefined {
  if (!isObject(value)) return undefined
  if (isGuidellm(value)) return 'guidellm'
  if (isObject(value['load']) && isObject(value['data'])) return 'inference-perf'
  if ('num-prompts' in value) return 'vllm-benchmark'
  if ('request-count' in value || 'benchmark-duration' in value) return 'aiperf'
  if (isObject(value['evaluation'])) return 'lm-eval'
  return Array.isArray(value['trafficClasses']) ? 'priority-mix' : undefined
}
