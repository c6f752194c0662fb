// SPDX-License-Identifier: Apache-2.0
/** An Experiment over models and number formats in the tool's own process, for tests and for looking at leaderboards: measured by the real code, with one combination that failed. */
import { measureTrial } from '../../measure/measure-trial.ts'
import { ORIGIN, failed as failedRequest, trialJob } from '../../measure/testdata/trial.ts'
import type { Findings } from '../../model/findings.ts'
import type { Claim, Score, StageWindow } from '../../model/record.ts'
import { analyze } from '../../report/analyze.ts'
import type { ExperimentInput, ExperimentResults } from '../../report/results.ts'

export interface BoardSample {
  readonly name?: string
  readonly models?: readonly (readonly [name: string, billions: number])[]
  readonly dtypes?: readonly string[]
  readonly stacks?: number
  /** Model and dtype of the combination that fails; none by default of nothing. */
  readonly failing?: readonly [string, string]
  readonly scores?: (model: string) => readonly Score[]
  readonly gpus?: number
}

export const MODELS = [['openai-community/gpt2', 0.124], ['distilbert/distilgpt2', 0.082], ['facebook/opt-1.3b', 1.3]] as const
export const TRACEBACK = 'Traceback (most recent call last):\n  File "backend.py", line 12, in load\nMemoryError: Unable to allocate 9.8 GiB for "lm_head", shape (50272, 2048)'

const SCENARIO = {
  model: { name: 'openai-community/gpt2', dtype: 'float32' }, accelerator: { resource: 'nvidia.com/gpu', perReplica: 0 },
  serving: { engine: 'pytorch', args: { attn_implementation: 'sdpa', no_weights: true } },
}
const WORKLOAD = { data: { synthetic: { input: { fixed: 256 }, output: { fixed: 64 } } }, load: { concurrent: { stages: [{ name: 'main', concurrency: 1, requests: 10 }] } } }

export async function boardInput({ name = 'llm-perf', models = MODELS, dtypes = ['float32', 'bfloat16'], stacks = 3, failing, scores, gpus = 0 }: BoardSample = {}): Promise<ExperimentInput> {
  const trials: Findings[] = []
  for (const [m, [model, billions]] of models.entries()) {
    for (const [d, dtype] of dtypes.entries()) {
      const fails = failing?.[0] === model && failing[1] === dtype
      for (const stack of Array.from({ length: fails ? 1 : stacks }, (_, i) => i + 1)) {
        const speed = billions * (dtype === 'float32' ? 1 : 0.62) * (1 + 0.02 * ((stack * 7 + m * 3 + d) % 5))
        trials.push(await sampleTrial({ name, model, dtype, stack, place: m * 2 + d, speed, billions, fails, scores: scores?.(model) ?? [], gpus }))
      }
    }
  }
  const design = {
    fullFactorial: { factors: [{ name: 'model', path: 'scenario.model.name', levels: models.map(([n]) => n) }, { name: 'dtype', path: 'scenario.model.dtype', levels: [...dtypes] }] },
    constants: {}, constraints: [], replicates: { stacks, runs: 1 }, order: { randomize: true, seed: 7 },
  }
  return {
    experiment: { name, namespace: 'bench', spec: { design, harnessRef: { name: 'optimum-benchmark' } }, status: { phase: 'Succeeded', run: 1 } },
    trials, failed: [], library: { scenario: SCENARIO, workload: WORKLOAD, harness: { inProcess: true, version: '0.6.0' } },
  }
}

export async function boardResults(sample: BoardSample = {}, over: Partial<ExperimentInput> = {}): Promise<ExperimentResults> {
  return analyze({ ...(await boardInput(sample)), ...over })
}

interface One {
  readonly name: string; readonly model: string; readonly dtype: string; readonly stack: number; readonly place: number
  readonly speed: number; readonly billions: number; readonly fails: boolean; readonly scores: readonly Score[]; readonly gpus: number
}

async function sampleTrial({ name, model, dtype, stack, place, speed, billions, fails, scores, gpus }: One): Promise<Findings> {
  const job = trialJob({
    trial: { name: `${name}-1-${place}-s${stack}-r1`, uid: `${place}-${stack}`, experiment: name },
    spec: {
      treatment: { model, dtype }, replicate: { stack, run: 1 }, harnessName: 'optimum-benchmark',
      harness: { image: 'ghcr.io/assay-dev/harness-optimum-benchmark:0.1.0', version: '0.6.0', inProcess: true, supports: { load: [], data: [] }, results: { adapter: 'optimum-benchmark' } },
    },
    stack: { name: `${name}-1-${place}-s${stack}`, gpus, scrape: [], startup: undefined, nodes: [{ node: 'node-1', cpu: 8 }], engine: 'pytorch', replicas: 1 },
  })
  const bytes = billions * (dtype === 'float32' ? 4 : 2)
  const stages = fails ? [stage('load_model', 1, 1)] : ['load_model', 'first_generate', 'prefill', 'decode', 'generate', 'per_token'].map((s) => stage(s, s === 'per_token' ? 640 : 10, 0))
  const { findings } = await measureTrial({
    job, scrapes: [], harness: { exitCode: fails ? 1 : 0, timedOut: false, oomKilled: false }, artifacts: [],
    time: { startEpochMs: ORIGIN + place * 600_000 + stack * 60_000, endEpochMs: ORIGIN + place * 600_000 + stack * 60_000 + 30_000 },
    adapter: {
      records: fails ? [failedRequest({ id: 'load', stage: 'load_model', sentMs: 0, error: { class: 'client', message: TRACEBACK } })] : [],
      stages, claims: fails ? [] : claimsOf({ speed, bytes, gpus }), scores: fails ? [] : scores, tool: { name: 'optimum-benchmark', version: '0.6.0' }, notes: [],
    },
  })
  return { ...findings, treatment: { model, dtype } }
}

const stage = (name: string, n: number, failures: number): StageWindow => ({
  name, kind: 'in-process', startMs: 0, sendEndMs: 0, endMs: 1000, ...(failures === 0 ? { counted: { total: n, ok: n, failed: 0, cancelled: 0 } } : {}),
})

function claimsOf({ speed, bytes, gpus }: { readonly speed: number; readonly bytes: number; readonly gpus: number }): Claim[] {
  const claim = (stage: string, metric: string, [statistic, value, unit]: readonly [string, number, string]): Claim => ({ stage, metric, statistic, value, unit, nativeName: `${stage}.${metric}` })
  const spread = (stage: string, metric: string, [mean, unit, n]: readonly [number, string, number]) => [
    claim(stage, metric, ['mean', mean, unit]), claim(stage, metric, ['stddev', mean * 0.05, unit]), claim(stage, metric, ['p50', mean * 0.98, unit]),
    claim(stage, metric, ['p90', mean * 1.06, unit]), claim(stage, metric, ['p95', mean * 1.09, unit]), claim(stage, metric, ['p99', mean * 1.2, unit]), claim(stage, metric, ['n', n, 'count']),
  ]
  const perToken = 0.04 * speed
  const memory = ['load_model', 'first_generate', 'prefill', 'decode'].map((s, i) => claim(s, 'peak_ram', ['value', 0.9 + bytes + 0.05 * i, 'GiB']))
  const gpu = gpus === 0 ? [] : ['load_model', 'prefill', 'decode'].map((s, i) => claim(s, 'peak_gpu_memory_allocated', ['value', bytes * (1 + 0.1 * i), 'GiB']))
  return [
    ...spread('load_model', 'engine_start', [0.4 + 2 * speed, 's', 1]), ...spread('first_generate', 'batch_latency', [0.1 + 3 * speed, 's', 1]),
    ...spread('prefill', 'batch_latency', [0.2 * speed, 's', 10]), ...spread('decode', 'batch_latency', [63 * perToken, 's', 10]), ...spread('generate', 'batch_latency', [63 * perToken + 0.2 * speed, 's', 10]),
    ...spread('per_token', 'itl', [perToken, 's', 640]),
    claim('decode', 'output_throughput', ['value', 1 / perToken, 'tokens/s']), claim('generate', 'request_throughput', ['value', 1 / (63 * perToken + 0.2 * speed), 'req/s']),
    claim('prefill', 'request_throughput', ['value', 1 / (0.2 * speed), 'req/s']),
    ...memory, ...gpu, claim('decode', 'process_energy', ['value', 30 * speed, 'J']), claim('decode', 'cpu_energy', ['value', 20 * speed, 'J']),
    claim('decode', 'energy_per_output_token', ['value', 30 * speed / 63, 'J/token']),
  ]
}
