// SPDX-License-Identifier: Apache-2.0
/** By what the files of every tool are known. nop leaves none, and files of a mapping are known to whoever wrote it. */
import type { ADAPTERS } from '../operator/core/model/harness.ts'
import { signature as aiperf } from './aiperf/signature.ts'
import { signature as benchmarkReport } from './benchmark-report/signature.ts'
import { signature as fmperf } from './fmperf/signature.ts'
import { signature as genaiBench } from './genai-bench/signature.ts'
import { signature as guidellm } from './guidellm/signature.ts'
import { signature as inferencePerf } from './inference-perf/signature.ts'
import { signature as lmEval } from './lm-eval/signature.ts'
import { signature as native } from './native/signature.ts'
import { signature as optimumBenchmark } from './optimum-benchmark/signature.ts'
import type { Signature } from './reading/signature.ts'
import { signature as transformers } from './transformers/signature.ts'
import { signature as vllmBench } from './vllm-bench/signature.ts'

export const SIGNATURES: Readonly<Record<Exclude<(typeof ADAPTERS)[number], 'nop' | 'mapping'>, Signature>> = {
  native, 'inference-perf': inferencePerf, guidellm, 'vllm-bench': vllmBench, fmperf, aiperf, 'genai-bench': genaiBench, 'lm-eval': lmEval, 'optimum-benchmark': optimumBenchmark, transformers, 'benchmark-report': benchmarkReport,
}
