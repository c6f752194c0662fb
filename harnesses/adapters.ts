// SPDX-License-Identifier: Apache-2.0
/** Which adapter reads the native files of which tool. It reads nothing itself. */
import type { ADAPTERS } from '../operator/core/model/harness.ts'
import { didYouMean } from '../operator/core/model/nearest.ts'
import type { AdapterResult, AdapterSetting } from '../operator/core/model/record.ts'
import type { ResultFiles } from '../operator/core/model/result-files.ts'
import type { TrialJob } from '../operator/core/model/trial-job.ts'

/** Turns a tool's files into request records. It takes what is there, also of a run that was cut off; notes say what is missing. */
export type Adapter = (files: ResultFiles, job: TrialJob, setting: AdapterSetting) => Promise<AdapterResult>

const LOADERS: Readonly<Record<(typeof ADAPTERS)[number], () => Promise<Adapter>>> = {
  native: async () => (await import('./native/adapter.ts')).adaptNative,
  nop: async () => (await import('./nop/adapter.ts')).adaptNop,
  'inference-perf': async () => (await import('./inference-perf/adapter.ts')).adaptInferencePerf,
  aiperf: async () => (await import('./aiperf/adapter.ts')).adaptAiperf,
  'genai-bench': async () => (await import('./genai-bench/adapter.ts')).adaptGenaiBench,
  fmperf: async () => (await import('./fmperf/adapter.ts')).adaptFmperf,
  'lm-eval': async () => (await import('./lm-eval/adapter.ts')).adaptLmEval,
  'optimum-benchmark': async () => (await import('./optimum-benchmark/adapter.ts')).adaptOptimumBenchmark,
  'benchmark-report': async () => (await import('./benchmark-report/adapter.ts')).adaptBenchmarkReport,
  mapping: async () => (await import('./mapping/adapter.ts')).adaptByMapping,
  guidellm: async () => (await import('./guidellm/adapter.ts')).adaptGuidellm,
  transformers: async () => (await import('./transformers/adapter.ts')).adaptTransformers,
  'vllm-bench': async () => (await import('./vllm-bench/adapter.ts')).adaptVllmBench,
}

export const ADAPTER_NAMES: readonly string[] = Object.keys(LOADERS)

/** The adapter of that name; only it is loaded. */
export async function findAdapter(name: string): Promise<Adapter> {
  if (isAdapter(name)) return LOADERS[name]()
  throw Object.assign(new Error(`harness.results.adapter: there is no adapter "${name}"${didYouMean(name, ADAPTER_NAMES)}`), {
    code: 'UnknownAdapter',
    hint: `adapters: ${ADAPTER_NAMES.join(', ')}`,
  })
}

function isAdapter(name: string): name is keyof typeof LOADERS {
  return Object.hasOwn(LOADERS, name)
}
