// SPDX-License-Identifier: Apache-2.0
/** What a workload or an endpoint may ask of a harness beyond its kinds of API, load and data. It knows no harness. */

/** Open loops ask neither for `duration` nor for `requests`: where the rate is known, each follows from the other. */
export const FEATURE_TEXTS = {
  stages: 'several operating points in one run',
  stageGap: 'a pause between stages',
  duration: 'closed loops that end after a time',
  requests: 'closed loops that end after a number of requests',
  whicheverFirst: 'closed loops that end after a time or a number of requests, whichever comes first',
  ramp: 'a rate that changes within a stage',
  warmup: 'a time before the first stage that is not measured',
  maxConcurrency: 'a cap on the requests of an open loop that are in flight',
  stop: 'giving up when too many requests fail',
  drain: 'another time than 30s for what still runs when sending ends',
  timeout: 'another time than 300s after which a request is given up',
  nonStreaming: 'answers that come in one piece',
  eos: 'answers that may end before their wanted length',
  sampling: 'sampling parameters other than temperature 0',
  extraBody: 'further members of the request body',
  headers: 'further headers',
  turns: 'conversations outside of sessions: turns that are sent by rate or in slots',
  thinkTime: 'a pause between an answer and the next turn',
  redraw: 'lengths that are drawn again where they fall outside of their bounds',
  answers: 'answers that are kept and checked',
  prefix: 'a prefix that prompts share',
  prefixGroups: 'several such prefixes',
  credentials: 'an endpoint that wants a bearer token',
  credentialHeader: 'an endpoint that wants a credential in another header or form',
  ca: 'an endpoint with a certificate authority of its own',
} as const

export type Feature = keyof typeof FEATURE_TEXTS
export const FEATURES = Object.keys(FEATURE_TEXTS) as [Feature, ...Feature[]]

/** What nearly every load generator can do. */
export const USUAL_FEATURES: readonly Feature[] = ['stages', 'duration', 'requests', 'sampling', 'eos']

/** The Harnesses that come with Assay: profiles may speak of them where they are not installed. */
export const BUNDLED_HARNESSES = [
  'native', 'nop', 'inference-perf', 'guidellm', 'guidellm-0.5', 'vllm-bench', 'vllm-bench-latency', 'vllm-bench-throughput', 'vllm-bench-startup',
  'aiperf', 'genai-bench', 'fmperf', 'lm-eval', 'optimum-benchmark', 'transformers',
] as const
