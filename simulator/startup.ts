// SPDX-License-Identifier: Apache-2.0
/** The phases before readiness, logged in the words of vLLM, so that what reads start-up times reads these too. */
import type { Clock } from './clock.ts'
import type { SimulatorConfig, StartupPhase } from './config.ts'

type Log = (message: string, source?: string) => void

/** Goes through the phases and returns when the server may answer. */
export async function startUp(config: SimulatorConfig, clock: Clock, log: Log): Promise<void> {
  const total = config.startup.reduce((sum, phase) => sum + phase.seconds, 0)
  log(`Initializing a V1 LLM engine (v${config.server.version}) with config: model='${config.model.name}', max_seq_len=${config.model.maxLength}, `
    + `tensor_parallel_size=${String(config.parameters['tensorParallel'] ?? 1)}, enable_prefix_caching=${config.cache.prefixCaching}`, 'core.py')
  for (const phase of config.startup) {
    if (phase.name === 'weights') log(`Starting to load model ${config.model.name}...`, 'gpu_model_runner.py')
    await sleep(clock, phase.seconds * 1000)
    for (const [message, source] of phaseLines(phase, config)) log(message, source)
  }
  if (!config.startup.some((phase) => phase.name === 'profile')) cacheLines(config).forEach(([message, source]) => log(message, source))
  log(`init engine (profile, create kv cache, warmup model) took ${total.toFixed(2)} s`, 'core.py')
}

function phaseLines({ name, seconds }: StartupPhase, config: SimulatorConfig): [string, string][] {
  const took = seconds.toFixed(2)
  switch (name) {
    case 'init': return [[`Engine initialised in ${took} s`, 'core.py']]
    case 'weights': return [[`Loading weights took ${took} seconds`, 'default_loader.py'], [`Model loading took 0.00 GiB memory and ${took} seconds`, 'gpu_model_runner.py']]
    case 'profile': return [[`Memory profiling takes ${took} seconds`, 'gpu_worker.py'], ...cacheLines(config)]
    case 'compile': return [[`torch.compile takes ${took} s in total`, 'monitor.py']]
    case 'graphs': return [[`Graph capturing finished in ${took} secs, took 0.00 GiB`, 'gpu_model_runner.py']]
    case 'warmup': return [[`Warming up took ${took} s`, 'gpu_worker.py']]
  }
}

function cacheLines(config: SimulatorConfig): [string, string][] {
  const tokens = config.cache.blocks * config.cache.blockTokens
  const group = (n: number) => n.toLocaleString('en-US')
  return [
    [`GPU KV cache size: ${group(tokens)} tokens`, 'kv_cache_utils.py'],
    [`Maximum concurrency for ${group(config.model.maxLength)} tokens per request: ${(tokens / config.model.maxLength).toFixed(2)}x`, 'kv_cache_utils.py'],
  ]
}

function sleep(clock: Clock, delayMs: number): Promise<void> {
  return delayMs === 0 ? Promise.resolve() : new Promise((resolve) => clock.timer(delayMs, resolve))
}
