// SPDX-License-Identifier: Apache-2.0
/** Samples of optimum-benchmark 0.6.0 as it ran: in our image on CPUs, with a model that it cannot run, without the GPU that was asked for, and by its own launcher; lists of values are cut to three. */
import type { Conformance } from '../../testing/conformance-case.ts'

const ONCE = ['cpu_energy', 'peak_ram', 'process_energy', 'ram_energy']
const DECODE = ['batch_latency', 'cpu_energy', 'energy_per_output_token', 'output_throughput', 'peak_ram', 'process_energy', 'ram_energy']
const GENERATE = ['batch_latency', 'cpu_energy', 'process_energy', 'ram_energy', 'request_throughput']
const few = ['FewRequests'] as const
const phase = (latency: object) => JSON.stringify({ config: { backend: { model: 'm' }, scenario: { input_shapes: { batch_size: 2 }, generate_kwargs: { max_new_tokens: 5 } }, environment: { optimum_benchmark_version: '0.9.1' } }, report: { generate: { latency } } })

export const conformance: Conformance = {
  adapter: 'optimum-benchmark',
  absent: { 'partial failure': 'what fails leaves no numbers of any phase', 'server down': 'it has no server' },
  cases: [
    {
      kind: 'success', name: 'ONNX Runtime', files: 'onnxruntime', reasons: few,
      stages: {
        load_model: { ok: 1, claimed: ['cpu_energy', 'engine_start', 'peak_ram', 'process_energy', 'ram_energy'], measured: { 'engine_start mean': 4.327282, peak_ram: 694.738944e6 / 2 ** 30, process_energy: 122.7108 } },
        first_generate: { ok: 1, claimed: ['batch_latency', ...ONCE] },
        prefill: { ok: 10, claimed: ['batch_latency', ...ONCE, 'request_throughput'], measured: { 'batch_latency p50': 95.652175, request_throughput: 9.328516 } },
        decode: { ok: 10, claimed: DECODE, measured: { output_throughput: 66.018696, energy_per_output_token: 3.6e6 / 7500445.563671846, process_energy: 8.399500998e-6 * 3.6e6 } },
        generate: { ok: 10, claimed: GENERATE, measured: { 'batch_latency mean': 1061.47331, request_throughput: 1 / 1.0614733100002922 } },
        per_token: { ok: 630, claimed: ['itl'], measured: { 'itl mean': 15.1437954, 'itl p99': 130.445546 } },
      },
      notes: [/^generate: the tool says 59.35 samples\/s and counts tokens after the first for samples; 0.9421 is/, /^the weights were made up/, /^first_generate: it is the second/, /^energy is CodeCarbon's, of the whole machine, whoever used it: CPU estimated from a power of 7.98 to 7.99 W that was assumed, not measured \(cpu_load: no RAPL\); memory estimated: 20 W whatever it does; GPU none seen$/],
    },
    {
      kind: 'success', name: 'by its own launcher, unrepaired', files: 'own-launcher', reasons: few,
      stages: {
        load_model: { ok: 1, claimed: ['engine_start', 'peak_ram'] }, first_generate: { ok: 1, claimed: ['batch_latency', 'peak_ram'] },
        prefill: { ok: 56, claimed: ['batch_latency', ...ONCE, 'request_throughput'] }, decode: { ok: 56, claimed: DECODE, measured: { output_throughput: 457.254135 } }, generate: { ok: 56, claimed: GENERATE },
        per_token: { ok: 12712, claimed: ['itl'], measured: { 'itl mean': 15.308774 / 7 } },
      },
      notes: [/^per_token: the tool counted 12712 gaps where 56 iterations have 392/, /^load_model: its energy is left out: it covers 9.89 s, of which the phase took 0.0748 s/, /^first_generate: its energy is left out/, /launcher process/, /CPU estimated: its power of 8 W is the same in all phases/],
    },
    {
      kind: 'wrong model', name: 'whose heads the exporter takes for others', files: 'onnxruntime-failed', reasons: ['NoSuccessfulRequest'],
      stages: { first_generate: { ok: 0, failed: 1, errors: { client: 1 } } }, notes: [/^first_generate failed: [^]*past_key_values\.0\.key[^]*Expected: 32/],
    },
    {
      kind: 'other', name: 'no GPU', files: 'no-gpu', reasons: ['NoSuccessfulRequest'],
      stages: { load_model: { ok: 0, failed: 1, errors: { client: 1 } } }, notes: [/^load_model failed: [^]*Couldn't infer GPU device ids/],
    },
    {
      kind: 'unknown version', name: '0.9', files: { 'benchmark.json': phase({ count: 30, total: 3, mean: 0.1 }) }, stages: { generate: { ok: 30, claimed: ['batch_latency', 'request_throughput'], measured: { request_throughput: 20 } } },
      notes: [/optimum-benchmark 0.9.1 is not known/],
    },
    {
      kind: 'other', name: 'the report alone', files: { 'benchmark_report.json': '{"load_model":null,"decode":{"latency":{"count":40,"total":4,"mean":0.1},"throughput":{"unit":"tokens/s","value":630}}}' },
      stages: { decode: { ok: 40, claimed: ['batch_latency', 'output_throughput'] } }, notes: [/^missing: benchmark.json/],
    },
    {
      kind: 'other', name: 'energy below zero', files: { 'benchmark.json': '{"config":{},"report":{"decode":{"latency":{"count":40,"mean":0.1},"energy":{"unit":"kWh","cpu":-1e-9,"ram":1e-9,"gpu":0,"total":-1e-10}}}}' },
      stages: { decode: { ok: 40, claimed: ['batch_latency'] } }, notes: [/^decode: its energy is left out: the tool subtracts/],
    },
    {
      kind: 'other', name: 'on a GPU', reasons: [],
      files: {
        'energy_sources.json': '{"cpu":"RAPL","gpu":"pynvml","ram":"RAM power estimation model"}', 'generate_codecarbon.json': '{"duration":9,"cpu_power":61.2,"ram_power":40,"gpu_power":200,"tracking_mode":"machine"}',
        'benchmark.json': '{"config":{"backend":{"device":"cuda"}},"report":{"decode":{"latency":{"count":40,"mean":0.1},"memory":{"unit":"MB","max_ram":1000,"max_global_vram":2147.483648,"max_process_vram":1073.741824,"max_reserved":1073.741824,"max_allocated":536.870912},"energy":{"unit":"kWh","cpu":1e-6,"ram":1e-6,"gpu":2e-6,"total":4e-6},"efficiency":{"unit":"tokens/kWh","value":36e5}}}}',
      },
      stages: { decode: { ok: 40, claimed: ['batch_latency', 'cpu_energy', 'energy_per_output_token', 'gpu_energy', 'peak_gpu_memory', 'peak_gpu_memory_allocated', 'peak_gpu_memory_process', 'peak_gpu_memory_reserved', ...ONCE.slice(1)], measured: { peak_gpu_memory: 2, peak_gpu_memory_process: 1, peak_gpu_memory_reserved: 1, peak_gpu_memory_allocated: 0.5, gpu_energy: 7.2, process_energy: 14.4, energy_per_output_token: 1 } } },
      notes: [/CPU measured \(RAPL\); memory estimated: 40 W whatever it does; GPU measured \(NVML\)/],
    },
    { kind: 'other', name: 'several results', files: { 'a/benchmark.json': '{"config":{},"report":{"traceback":"x"}}', 'b/benchmark.json': '{"config":{},"report":{"traceback":"x"}}' }, error: /there are 2 results of optimum-benchmark \(a\/benchmark.json, b\/benchmark.json/ },
    { kind: 'other', name: 'another file', files: { 'other.json': '{"a":1}' }, error: /there is no result of optimum-benchmark: found other.json, expected/ },
    { kind: 'other', name: 'another type', files: { 'benchmark.json': '{"config":{},"report":{"decode":{"latency":{"count":"ten"}}}}' }, error: /benchmark.json: decode.latency.count: .*expected number/ },
  ],
}
