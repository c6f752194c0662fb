// SPDX-License-Identifier: Apache-2.0
/** The line that vLLM logs every ten seconds while there is load. */
import type { Serving } from './serving.ts'

const EVERY_MS = 10_000

/** Starts the report; returns how to end it. */
export function reportLoad(serving: Serving): () => void {
  let wasBusy = false
  const timer = setInterval(() => {
    const load = serving.engine.load()
    const busy = load.running + load.waiting > 0
    if (busy || wasBusy) {
      const hitRate = load.prefixQueries === 0 ? 0 : load.prefixHits / load.prefixQueries
      serving.log(`Engine 000: Running: ${load.running} reqs, Waiting: ${load.waiting} reqs, GPU KV cache usage: ${percent(load.kvUsage)}, `
        + `Prefix cache hit rate: ${percent(hitRate)}`)
    }
    wasBusy = busy
  }, EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)}%`
}
