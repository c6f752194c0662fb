// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EngineStartup } from '../model/startup.ts'
import { parseVllmLog } from './engine-log.ts'

const real = readFileSync(new URL('testdata/vllm-0.32-cpu-start.txt', import.meta.url), 'utf8')
const phases = (text: string, options = {}) => Object.fromEntries((parseVllmLog(text, options)?.phases ?? []).map((p) => [p.name, p.seconds]))

describe('a real log of vLLM 0.32 on CPU', () => {
  it('tells its phases, and what it loaded', () => {
    expect(EngineStartup.parse(parseVllmLog(real))).toEqual({
      engine: 'vllm', version: '0.32.0', weights: 'local', weightsGiB: 0, filesystem: 'EXT4', kvCacheGiB: 1, kvCacheTokens: 1_048_576, maxConcurrency: 512, workers: 1,
      phases: [
        { name: 'process', seconds: 29, resolution: 1 }, { name: 'weights', seconds: 0.01, resolution: 0.01 },
        { name: 'kvCache', seconds: 2.11, resolution: 0.01 }, { name: 'engine', seconds: 2.11, resolution: 0.01 }, { name: 'api', seconds: 1, resolution: 1 },
      ],
    })
  })

  it('is finer by the stamps that the runtime puts before its lines, and begins with the container', () => {
    const at = (i: number) => new Date(Date.UTC(2026, 10, 22, 10, 59, 0) + i * 250).toISOString().replace('Z', '123456Z')
    const stamped = real.split('\n').map((line, i) => `${at(i)} ${line}`).join('\n')
    const began = { startedEpochMs: Date.UTC(2026, 10, 22, 10, 58, 55) }
    const process = parseVllmLog(stamped, began)?.phases[0]
    const line = real.split('\n').findIndex((l) => l.includes('Initializing a V1 LLM engine'))
    expect(process).toEqual({ name: 'process', seconds: Number((5 + line * 0.25).toFixed(3)), resolution: 1 })
    expect(parseVllmLog(stamped)?.phases[0]).toEqual({ name: 'process', seconds: Number((line * 0.25).toFixed(3)), resolution: 0.001 })
  })

  it('cut off anywhere gives what there was, and never throws', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: real.length }), (end) => {
      const found = parseVllmLog(real.slice(0, end))
      if (found !== undefined) EngineStartup.parse(found)
      expect(Object.keys(phases(real)).slice(0, Object.keys(phases(real.slice(0, end))).length)).toEqual(Object.keys(phases(real.slice(0, end))))
    }), { numRuns: 60 })
  })
})

// Formats as the sources of these versions have them.
const GPU_0_11 = `
(APIServer pid=1) INFO 11-02 09:00:00 [api_server.py:1977] vLLM API server version 0.11.2
(EngineCore_DP0 pid=120) INFO 11-02 09:00:12 [core.py:94] Initializing a V1 LLM engine (v0.11.2) with config: model='meta-llama/Llama-3.1-70B-Instruct'
(Worker_TP0 pid=200) INFO 11-02 09:00:20 [gpu_model_runner.py:3260] Starting to load model meta-llama/Llama-3.1-70B-Instruct...
(Worker_TP0 pid=200) INFO 11-02 09:03:00 [weight_utils.py:442] Time spent downloading weights for meta-llama/Llama-3.1-70B-Instruct: 158.204153 seconds
(Worker_TP1 pid=201) INFO 11-02 09:03:40 [default_loader.py:315] Loading weights took 38.42 seconds
(Worker_TP0 pid=200) INFO 11-02 09:03:41 [default_loader.py:315] Loading weights took 39.87 seconds
(Worker_TP0 pid=200) INFO 11-02 09:03:42 [gpu_model_runner.py:3339] Model loading took 65.7422 GiB memory and 200.123456 seconds
(Worker_TP1 pid=201) INFO 11-02 09:03:42 [gpu_model_runner.py:3339] Model loading took 65.7419 GiB memory and 199.500000 seconds
(Worker_TP0 pid=200) INFO 11-02 09:03:53 [backends.py:648] Dynamo bytecode transform time: 10.91 s
(Worker_TP0 pid=200) INFO 11-02 09:04:20 [monitor.py:35] torch.compile takes 37.55 s in total
(Worker_TP0 pid=200) INFO 11-02 09:04:22 [gpu_worker.py:360] Available KV cache memory: 4.87 GiB
(Worker_TP1 pid=201) INFO 11-02 09:04:22 [gpu_worker.py:360] Available KV cache memory: 4.85 GiB
(EngineCore_DP0 pid=120) INFO 11-02 09:04:22 [kv_cache_utils.py:1229] GPU KV cache size: 31,920 tokens
(EngineCore_DP0 pid=120) INFO 11-02 09:04:22 [kv_cache_utils.py:1235] Maximum concurrency for 16,384 tokens per request: 1.95x
(Worker_TP0 pid=200) INFO 11-02 09:04:43 [gpu_model_runner.py:4245] Graph capturing finished in 19 secs, took 0.84 GiB
(EngineCore_DP0 pid=120) INFO 11-02 09:04:44 [core.py:251] init engine (profile, create kv cache, warmup model) took 61.80 seconds
(APIServer pid=1) INFO 11-02 09:04:46 [api_server.py:2053] Starting vLLM API server 0 on http://0.0.0.0:8000
(EngineCore_DP0 pid=120) INFO 11-02 10:00:00 [abstract.py:307] It took 2.345678 seconds to fall asleep.
(EngineCore_DP0 pid=120) INFO 11-02 10:10:00 [abstract.py:325] It took 0.987654 seconds to wake up tags {'weights', 'kv_cache'}.
`
const GPU_0_20 = `
(EngineCore pid=9) INFO 04-01 12:00:00 [core.py:110] Initializing a V1 LLM engine (v0.20.1) with config: model='m'
(EngineCore pid=9) INFO 04-01 12:00:09 [default_loader.py:385] Loading weights took 4.10 seconds
(EngineCore pid=9) INFO 04-01 12:00:10 [model_runner.py:291] Model loading took 14.99 GiB and 5.432100 seconds
(EngineCore pid=9) INFO 04-01 12:00:30 [monitor.py:20] torch.compile took 15.21 s in total
(EngineCore pid=9) INFO 04-01 12:00:40 [gpu_model_runner.py:6134] Graph capturing finished in 6 secs, took 0.50 GiB
(EngineCore pid=9) INFO 04-01 12:00:41 [encoder_runner.py:95] Encoder graph capturing finished in 99 secs, took 9.00 GiB (3 graphs)
(EngineCore pid=9) INFO 04-01 12:00:42 [core.py:290] init engine (profile, create kv cache, warmup model) took 31.50 s (compilation: 16.00 s)
(APIServer pid=1) INFO 04-01 12:00:43 [api_server.py:602] Starting vLLM server on http://0.0.0.0:8000
`
const V0 = `
INFO 05-01 08:00:00 api_server.py:1034] vLLM API server version 0.8.5
INFO 05-01 08:00:05 [llm_engine.py:240] Initializing a V0 LLM engine (v0.8.5) with config: model='m'
INFO 05-01 08:00:20 [loader.py:458] Loading weights took 3.21 seconds
INFO 05-01 08:00:21 [model_runner.py:1140] Model loading took 14.9889 GiB and 4.500000 seconds
INFO 05-01 08:00:25 [worker.py:287] Memory profiling takes 1.72 seconds
INFO 05-01 08:00:25 [executor_base.py:112] # cuda blocks: 27134, # CPU blocks: 2048
INFO 05-01 08:00:25 [executor_base.py:117] Maximum concurrency for 8192 tokens per request: 52.99x
INFO 05-01 08:00:40 [model_runner.py:1592] Graph capturing finished in 14 secs, took 0.23 GiB
INFO 05-01 08:00:40 [llm_engine.py:437] init engine (profile, create kv cache, warmup model) took 19.08 seconds
INFO 05-01 08:00:41 [api_server.py:1090] Starting vLLM API server on http://0.0.0.0:8000
`

describe('older versions', () => {
  it('0.11 on two GPUs: the slowest worker, the smallest cache, downloaded weights, sleep and wake', () => {
    expect(parseVllmLog(GPU_0_11)).toEqual({
      engine: 'vllm', version: '0.11.2', weights: 'downloaded', modelGiB: 65.7422, graphsGiB: 0.84, kvCacheGiB: 4.85, kvCacheTokens: 31_920, maxConcurrency: 1.95, workers: 2,
      phases: [
        { name: 'process', seconds: 12, resolution: 1 }, { name: 'download', seconds: 158.204153, resolution: 1e-6 }, { name: 'weights', seconds: 39.87, resolution: 0.01 },
        { name: 'model', seconds: 200.123456, resolution: 1e-6 }, { name: 'compile', seconds: 37.55, resolution: 0.01 }, { name: 'graphs', seconds: 19, resolution: 1 },
        { name: 'kvCache', seconds: 5.25, resolution: 1 }, { name: 'engine', seconds: 61.8, resolution: 0.01 }, { name: 'api', seconds: 2, resolution: 1 },
        { name: 'sleep', seconds: 2.345678, resolution: 1e-6 }, { name: 'wake', seconds: 0.987654, resolution: 1e-6 },
      ],
    })
  })

  it('0.20: the compilation that the engine sums up, without the capture of an encoder', () => {
    expect(phases(GPU_0_20)).toEqual({ weights: 4.1, model: 5.4321, compile: 16, graphs: 6, kvCache: 9.5, engine: 31.5, api: 1 })
    expect(parseVllmLog(GPU_0_20)?.graphsGiB).toBe(0.5)
  })

  it('0.8 with its first engine', () => {
    expect(phases(V0)).toEqual({ process: 5, weights: 3.21, model: 4.5, profiling: 1.72, graphs: 14, kvCache: 5.08, engine: 19.08, api: 1 })
    expect(parseVllmLog(V0)).toMatchObject({ version: '0.8.5', maxConcurrency: 52.99 })
  })
})

it.each([
  ['nothing', ''],
  ['another server', 'llama_model_loader: loaded meta data\nmain: server is listening on http://0.0.0.0:8080\n'],
  ['a simulator', '{"level":30,"msg":"listening"}\n'],
])('of %s there is nothing to tell', (_, text) => expect(parseVllmLog(text)).toBeUndefined())
