// SPDX-License-Identifier: Apache-2.0
/** The metric catalogue: name, unit, direction, formula and source of every response; the same for all harnesses. */

export type Better = 'lower' | 'higher' | 'none'
export type MetricShape = 'distribution' | 'scalar'
export interface MetricInfo {
  readonly label: string
  readonly unit: string
  readonly better: Better
  readonly shape: MetricShape
  readonly formula: string
}

const info = (shape: MetricShape, label: string, [unit, better]: readonly [string, Better], formula: string): MetricInfo => ({ shape, label, unit, better, formula })
const dist = (label: string, of: readonly [string, Better], formula: string) => info('distribution', label, of, formula)
const scalar = (label: string, of: readonly [string, Better], formula: string) => info('scalar', label, of, formula)

/** Latencies use successful requests only; throughputs cover the measured window (first send after warm-up to last end). */
export const METRICS = {
  ttft: dist('Time to first token', ['ms', 'lower'], 'first content event − send'),
  ttft_response: dist('Time to first token, from the schedule', ['ms', 'lower'], 'first content event − scheduled send'),
  itl: dist('Inter-token latency (per event)', ['ms', 'lower'], 'gaps between content events, pooled over requests'),
  itl_per_token: dist('Inter-token latency (per token)', ['ms/token', 'lower'], 'gap ÷ tokens of the event, each counted once per token'),
  tpot: dist('Time per output token', ['ms/token', 'lower'], '(E2E − TTFT) ÷ (output tokens − 1); undefined below two tokens'),
  ntpot: dist('Normalised time per output token', ['ms/token', 'lower'], 'E2E ÷ output tokens'),
  e2e: dist('End-to-end latency', ['ms', 'lower'], 'last content event − send'),
  schedule_lag: dist('Schedule lag of the client', ['ms', 'lower'], 'send − scheduled send'),
  input_length: dist('Input length', ['tokens', 'none'], 'prompt tokens by usage, else by tokenizer'),
  output_length: dist('Output length', ['tokens', 'none'], 'answer tokens by usage, else by tokenizer'),
  tokens_per_second_per_user: dist('Tokens per second per user', ['tokens/s', 'higher'], '1000 ÷ TPOT of each request'),
  request_throughput: scalar('Request throughput', ['req/s', 'higher'], 'successful requests ÷ window'),
  output_throughput: scalar('Output token throughput', ['tokens/s', 'higher'], 'output tokens of successful requests ÷ window'),
  input_throughput: scalar('Input token throughput', ['tokens/s', 'higher'], 'input tokens of successful requests ÷ window'),
  total_throughput: scalar('Total token throughput', ['tokens/s', 'higher'], '(input + output tokens) ÷ window'),
  output_throughput_per_gpu: scalar('Output tokens per second per GPU', ['tokens/s/GPU', 'higher'], 'output token throughput ÷ GPUs of the stack'),
  goodput: scalar('Goodput', ['req/s', 'higher'], 'successful requests that meet every SLO ÷ window'),
  attainment: scalar('SLO attainment', ['ratio', 'higher'], 'requests that meet every SLO ÷ requests sent'),
  error_rate: scalar('Error rate', ['ratio', 'lower'], 'failed requests ÷ (sent requests − those that we cancelled)'),
  offered_rate: scalar('Offered rate', ['req/s', 'none'], 'scheduled requests ÷ scheduled window'),
  achieved_rate: scalar('Achieved rate', ['req/s', 'none'], 'sent requests ÷ sending window'),
  concurrency: scalar('Mean concurrency', ['requests', 'none'], 'sum of request durations ÷ window (Little)'),
  sessions: scalar('Sessions', ['count', 'none'], 'sessions with a measured request'),
  sessions_failed: scalar('Failed sessions', ['count', 'lower'], 'sessions in which a request failed or was cancelled'),
  session_duration: dist('Session duration', ['s', 'lower'], 'first send → last content event of a session without failures'),
  session_requests: dist('Requests of a session', ['requests', 'none'], 'requests of a session without failures'),
  session_input_length: dist('Input tokens of a session', ['tokens', 'none'], 'sum over the requests of a session without failures'),
  session_output_length: dist('Output tokens of a session', ['tokens', 'none'], 'sum over the requests of a session without failures'),
  batch_latency: dist('Latency of a batch', ['ms', 'lower'], 'one whole batch through an engine in the tool\'s own process; each iteration is one value'),
  engine_start: dist('Start of an engine', ['s', 'lower'], 'an engine made in the tool\'s own process, cold or warm caches by stage; each iteration is one value'),
  engine_compile: dist('Compilation of an engine', ['s', 'lower'], 'the share of compilation in engine_start'),
  kv_cache_usage: dist('KV-cache usage', ['ratio', 'none'], 'gauge over the window, all replicas'),
  prefix_cache_hit_rate: scalar('Prefix-cache hit rate', ['ratio', 'higher'], 'Δ hit tokens ÷ Δ queried tokens over the window'),
  preemptions: scalar('Preemptions', ['count', 'lower'], 'Δ counter over the window, all replicas'),
  queue_length: dist('Requests waiting in the server', ['requests', 'lower'], 'gauge over the window, summed over replicas'),
  running_requests: dist('Requests running in the server', ['requests', 'none'], 'gauge over the window, summed over replicas'),
  startup_total: scalar('Start-up, total', ['s', 'lower'], 'release installed → stack ready'),
  startup_schedule: scalar('Start-up, scheduling', ['s', 'lower'], 'pod created → scheduled'),
  startup_pull: scalar('Start-up, image pull', ['s', 'lower'], 'scheduled → container started'),
  startup_load: scalar('Start-up, engine', ['s', 'lower'], 'container started → pod ready'),
} as const satisfies Readonly<Record<string, MetricInfo>>
export type MetricName = keyof typeof METRICS
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[]

/** Percentiles that every distribution carries, as report keys and fractions. */
export const PERCENTILES = { p0p1: 0.001, p1: 0.01, p5: 0.05, p10: 0.1, p25: 0.25, p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99, p99p9: 0.999 } as const
export type PercentileName = keyof typeof PERCENTILES
export const STATISTICS = ['mean', 'stddev', 'min', 'max', ...(Object.keys(PERCENTILES) as PercentileName[])] as const
export type StatisticName = (typeof STATISTICS)[number]
