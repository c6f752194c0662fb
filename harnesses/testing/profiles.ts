// SPDX-License-Identifier: Apache-2.0
/** Workloads that goldens tell every harness of: each kind of load and of data once, and what is asked beside them. */
import { WorkloadProfileSpec } from '../../operator/core/model/workload-profile.ts'

const synthetic = { input: { fixed: 64 }, output: { fixed: 16 } }
const rated = { stages: [{ name: 'main', rate: 4, duration: '30s' }] }
const MOONCAKE = '{"timestamp":0,"input_length":40,"output_length":5,"hash_ids":[1]}\n{"timestamp":500,"input_length":60,"output_length":6,"hash_ids":[1]}\n'
const AZURE = 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,40,5\n2023-11-16 18:17:04.0319569,60,6\n'
const BURSTGPT = 'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,ChatGPT,40,5,45,Conversation log\n45,ChatGPT,60,6,66,Conversation log\n'
const SHAREGPT = '[{"conversations":[{"from":"human","value":"What is a pod?"},{"from":"gpt","value":"A group of containers."},{"from":"human","value":"And a node?"},{"from":"gpt","value":"A machine."}]}]'
const PROMPTS = '{"prompt":"What is a pod?","output_tokens":8}\n{"prompt":"And a node?","output_tokens":4}\n'

const SPECS: Readonly<Record<string, object>> = {
  constant: { data: { synthetic }, load: { constant: rated } },
  'poisson, warm-up, capped': { data: { synthetic }, load: { poisson: rated, warmup: '5s', maxConcurrency: 32 } },
  'gamma, two stages, a pause': { data: { synthetic }, load: { gamma: { cv: 2, stages: [{ name: 'low', rate: 2, requests: 50 }, { name: 'high', rate: 8, requests: 50 }] }, stageGap: '3s' } },
  burst: { data: { synthetic }, load: { burst: { size: 5, ...rated } } },
  'ramp over chat': { api: { kind: 'chat' }, data: { synthetic }, load: { constant: { stages: [{ name: 'up', rate: 1, rampTo: 9, duration: '20s' }] } } },
  'concurrent, two stages over chat': { api: { kind: 'chat' }, data: { synthetic }, load: { concurrent: { stages: [{ name: 'few', concurrency: 2, requests: 20 }, { name: 'many', concurrency: 16, requests: 160 }] } } },
  'concurrent by time, warm-up': { data: { synthetic }, load: { concurrent: { stages: [{ name: 'main', concurrency: 4, duration: '60s' }] }, warmup: '10s' } },
  synchronous: { data: { synthetic }, load: { synchronous: { requests: 10 } } },
  throughput: { data: { synthetic }, load: { throughput: { requests: 200 }, maxConcurrency: 64 } },
  'sweep of normal lengths': { data: { synthetic: { input: { normal: { mean: 64, stddev: 8 } }, output: { uniform: { min: 8, max: 24 } } } }, load: { sweep: { from: 1, to: 4, steps: 3, scale: 'geometric', process: 'poisson', duration: '30s' } } },
  'sessions over chat': { api: { kind: 'chat' }, data: { synthetic: { ...synthetic, turns: { count: 3, thinkTime: '2s' } } }, load: { sessions: { stages: [{ name: 'main', concurrency: 4, requests: 8 }] } } },
  'conversations over completions': { data: { conversation: { source: { inline: SHAREGPT } } }, load: { sessions: { stages: [{ name: 'main', concurrency: 2, requests: 4 }] } } },
  'shared prefixes over chat': { api: { kind: 'chat' }, data: { synthetic: { ...synthetic, prefix: { groups: 4, length: 32 } } }, load: { concurrent: { stages: [{ name: 'main', concurrency: 4, requests: 40 }] } } },
  'one shared prefix over chat, lengths': { api: { kind: 'chat' }, data: { synthetic: { input: { normal: { mean: 64, stddev: 8 } }, output: { fixed: 16 }, prefix: { groups: 1, length: 32 } } }, load: { concurrent: { stages: [{ name: 'main', concurrency: 4, duration: '2m' }] } } },
  sharegpt: { data: { sharegpt: { source: { inline: SHAREGPT } } }, load: { poisson: rated } },
  'prompts over chat, everything asked of the API': {
    api: { kind: 'chat', streaming: false, ignoreEos: false, sampling: { temperature: 0.7, top_p: 0.9 }, extraBody: { seed: 7 }, headers: { 'x-team': "the team's" }, timeout: '60s' },
    data: { prompts: { source: { inline: PROMPTS } } }, load: { constant: rated, drain: '10s', stop: { errorRate: 0.5 } },
  },
  'trace of Azure': { data: { trace: { format: 'azure', source: { inline: AZURE } } }, load: { trace: {} } },
  'trace of Mooncake, twice as fast': { data: { trace: { format: 'mooncake', source: { inline: MOONCAKE } } }, load: { trace: { speed: 2 }, warmup: '100ms' } },
  'lengths of BurstGPT at a rate': { data: { trace: { format: 'burstgpt', source: { inline: BURSTGPT } } }, load: { poisson: rated } },
}

/** Profiles in a tool's own format, for each tool that takes one. */
const OWN = ['inference-perf', 'guidellm', 'guidellm-0.5', 'aiperf', 'lm-eval'] as const

export const PROFILES: ReadonlyMap<string, WorkloadProfileSpec> = new Map([
  ...Object.entries(SPECS).map(([name, spec]) => [name, WorkloadProfileSpec.parse(spec)] as const),
  ...OWN.map((harness) => [`${harness}'s own`, WorkloadProfileSpec.parse({ data: { toolProfile: { harness, source: { inline: '…' } } }, load: { toolProfile: {} }, overrides: { [harness]: { args: ['--more', "it's"] } } })] as const),
])
