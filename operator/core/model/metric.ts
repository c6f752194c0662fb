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
  schedule_lag: dist('Schedule lag of the client', ['ms', 'lower'], 'send − scheduled send, without a pause that the server had asked for'),
  rate_limit_wait: dist('Wait that the server asked for', ['ms', 'lower'], 'time that a request was held back after a 429 or 503 with Retry-After, of those that were; in no latency but the one from the schedule'),
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
  ttft_over_share: scalar('Share of late first tokens', ['ratio', 'lower'], 'requests that waited longer than load.overload.ttft (3 s) for their first token ÷ those whose wait is known: answered ones, and failed or cancelled ones that had waited longer'),
  mismatch_rate: scalar('Share of wrong answers', ['ratio', 'lower'], 'answers without the right number ÷ answers checked (data.correctness)'),
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
  peak_ram: scalar('Peak memory of the tool\'s process', ['GiB', 'lower'], 'greatest resident memory of the process that runs the engine, while the stage ran'),
  peak_gpu_memory: scalar('Peak GPU memory of the device', ['GiB', 'lower'], 'greatest used memory of the GPU, whoever used it, while the stage ran'),
  peak_gpu_memory_process: scalar('Peak GPU memory of the tool\'s process', ['GiB', 'lower'], 'greatest GPU memory that the driver counts for the process'),
  peak_gpu_memory_reserved: scalar('Peak GPU memory reserved', ['GiB', 'lower'], 'greatest memory that the framework\'s allocator held'),
  peak_gpu_memory_allocated: scalar('Peak GPU memory allocated', ['GiB', 'lower'], 'greatest memory that tensors took of what the allocator held'),
  cpu_energy: scalar('CPU energy', ['J', 'none'], 'as the tool says it, for one iteration of the stage; its note says whether a counter was read or a power assumed'),
  ram_energy: scalar('Memory energy', ['J', 'none'], 'as cpu_energy, of the main memory'),
  process_energy: scalar('Energy of the machine', ['J', 'lower'], 'CPU + memory + GPU energy as the tool says it, for one iteration of the stage'),
  kv_cache_usage: dist('KV-cache usage', ['ratio', 'none'], 'gauge over the window, all replicas'),
  prefix_cache_hit_rate: scalar('Prefix-cache hit rate', ['ratio', 'higher'], 'Δ hit tokens ÷ Δ queried tokens over the window'),
  preemptions: scalar('Preemptions', ['count', 'lower'], 'Δ counter over the window, all replicas'),
  queue_length: dist('Requests waiting in the server', ['requests', 'lower'], 'gauge over the window, summed over replicas'),
  running_requests: dist('Requests running in the server', ['requests', 'none'], 'gauge over the window, summed over replicas'),
  server_ttft: dist('Time to first token, by the server', ['ms', 'lower'], 'the server\'s histogram: growth of its buckets over the window, all replicas; requests of any kind, warm-up too where it falls into the window'),
  server_itl: dist('Inter-token latency, by the server', ['ms', 'lower'], 'the server\'s histogram of gaps between its iterations that gave a request tokens'),
  server_tpot: dist('Time per output token, by the server', ['ms/token', 'lower'], 'the server\'s histogram of (end − first token) ÷ (output tokens − 1) of each request'),
  server_e2e: dist('End-to-end latency, by the server', ['ms', 'lower'], 'the server\'s histogram, arrival → last token'),
  queue_time: dist('Time waiting in the server', ['ms', 'lower'], 'the server\'s histogram, arrival → first scheduled'),
  prefill_time: dist('Prefill time', ['ms', 'lower'], 'the server\'s histogram, first scheduled → first token'),
  decode_time: dist('Decode time', ['ms', 'lower'], 'the server\'s histogram, first token → last token'),
  ttft_beyond_server: scalar('TTFT beyond the server', ['ms', 'lower'], 'mean(ttft) − mean(server_ttft): network, gateway and client'),
  server_prompt_tokens: scalar('Prompt tokens, by the server', ['tokens', 'none'], 'Δ counter over the window, all replicas'),
  server_generation_tokens: scalar('Generated tokens, by the server', ['tokens', 'none'], 'Δ counter over the window, all replicas'),
  spec_acceptance_rate: scalar('Speculative acceptance rate', ['ratio', 'higher'], 'Δ accepted draft tokens ÷ Δ draft tokens over the window'),
  spec_acceptance_length: scalar('Speculative acceptance length', ['tokens', 'higher'], '1 + Δ accepted draft tokens ÷ Δ drafts over the window'),
  router_scheduling_time: dist('Scheduling time of the router', ['ms', 'lower'], 'the endpoint picker\'s histogram, over the window'),
  router_queue_time: dist('Time in the router\'s flow control', ['ms', 'lower'], 'the endpoint picker\'s histogram, enqueued → decided, over the window'),
  pool_kv_cache_usage: dist('KV-cache usage of the pool, by the router', ['ratio', 'none'], 'gauge of the endpoint picker over the window: mean over its endpoints'),
  pool_queue_length: dist('Queue of the pool, by the router', ['requests', 'lower'], 'gauge of the endpoint picker over the window: mean over its endpoints'),
  pool_ready_pods: dist('Ready pods of the pool, by the router', ['count', 'none'], 'gauge of the endpoint picker over the window'),
  gpu_utilization: dist('GPU utilisation', ['ratio', 'none'], 'DCGM gauge over the window, each GPU of the stack by itself: share of time in which any kernel ran, not how full the GPU was'),
  gpu_power: dist('GPU power', ['W', 'none'], 'DCGM gauge over the window, summed over the GPUs of the stack'),
  gpu_memory_used: dist('GPU memory used', ['GiB', 'none'], 'DCGM gauge over the window, each GPU of the stack by itself'),
  gpu_clock: dist('GPU clock', ['MHz', 'none'], 'DCGM gauge of the SM clock over the window, each GPU of the stack by itself'),
  gpu_temperature: dist('GPU temperature', ['°C', 'none'], 'DCGM gauge over the window, each GPU of the stack by itself'),
  gpu_energy: scalar('GPU energy', ['J', 'none'], 'Δ of DCGM\'s energy counter over the window, else the integral of its power gauge, summed over the GPUs of the stack; not the host'),
  energy_per_output_token: scalar('Energy per output token', ['J/token', 'lower'], 'GPU energy ÷ output tokens of successful requests'),
  energy_per_million_tokens: scalar('Energy per million tokens', ['J/Mtok', 'lower'], 'GPU energy ÷ (input + output tokens of successful requests), times a million'),
  cost_per_million_output_tokens: scalar('Cost per million output tokens', ['¤/Mtok', 'lower'], 'hourly cost of an accelerator × accelerators × window ÷ output tokens of successful requests, times a million'),
  cost_per_million_tokens: scalar('Cost per million tokens', ['¤/Mtok', 'lower'], 'as above, ÷ (input + output tokens)'),
  cost_per_request: scalar('Cost per request', ['¤/req', 'lower'], 'hourly cost of an accelerator × accelerators × window ÷ successful requests; of a hosted endpoint, price of its input and output tokens ÷ requests'),
  startup_total: scalar('Start-up, total', ['s', 'lower'], 'release installed → stack ready'),
  startup_schedule: scalar('Start-up, scheduling', ['s', 'lower'], 'pod created → scheduled'),
  startup_pull: scalar('Start-up, until the container starts', ['s', 'lower'], 'scheduled → container started: images, volumes, init containers'),
  startup_image: scalar('Start-up, image pull by the kubelet', ['s', 'lower'], 'as the kubelet says it; 0 where the image was on the node'),
  startup_load: scalar('Start-up, container to ready', ['s', 'lower'], 'container started → pod ready'),
  startup_process: scalar('Start-up, process and imports', ['s', 'lower'], 'container started → engine begins to initialise: imports, configuration, child processes; by the time stamps of its log'),
  startup_download: scalar('Start-up, download of weights', ['s', 'lower'], 'as the engine logs it; absent where it found them on a disk'),
  startup_weights: scalar('Start-up, weights', ['s', 'lower'], 'reading the weights, as the engine logs it; the slowest worker'),
  startup_model: scalar('Start-up, model', ['s', 'lower'], 'building the model and loading its weights, as the engine logs it; the slowest worker'),
  startup_compile: scalar('Start-up, compilation', ['s', 'lower'], 'torch.compile, as the engine logs it; a compilation cache makes it short'),
  startup_graphs: scalar('Start-up, graph capture', ['s', 'lower'], 'CUDA graph capture, as the engine logs it, in whole seconds'),
  startup_kv_cache: scalar('Start-up, profiling and KV cache', ['s', 'lower'], 'engine initialisation − compilation − graph capture: memory profiling, KV-cache allocation, warm-up'),
  startup_engine: scalar('Start-up, engine initialisation', ['s', 'lower'], 'profiling, KV-cache allocation, compilation, graph capture and warm-up, as the engine logs it'),
  startup_api: scalar('Start-up, API server', ['s', 'lower'], 'engine initialised → API server listens, by the time stamps of its log'),
} as const satisfies Readonly<Record<string, MetricInfo>>
export type MetricName = keyof typeof METRICS
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[]

/** Percentiles that every distribution carries, as report keys and fractions. */
export const PERCENTILES = { p0p1: 0.001, p1: 0.01, p5: 0.05, p10: 0.1, p25: 0.25, p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99, p99p9: 0.999 } as const
export type PercentileName = keyof typeof PERCENTILES
export const STATISTICS = ['mean', 'stddev', 'min', 'max', ...(Object.keys(PERCENTILES) as PercentileName[])] as const
export type StatisticName = (typeof STATISTICS)[number]
