// SPDX-License-Identifier: Apache-2.0
/** Puts the parts together into one server. Clock and tokenizer are handed in, so that tests run it in their own time. */
import { hostname } from 'node:os'
import type { Server } from 'node:http'
import type { Clock } from './clock.ts'
import type { SimulatorConfig } from './config.ts'
import { applyEffects } from './effects.ts'
import { createEngine } from './engine.ts'
import { instanceFactor } from './latency-model.ts'
import { createDraws, keyOfText } from './random.ts'
import { createScheduler } from './scheduler.ts'
import { createSimulatorServer } from './server.ts'
import type { Serving } from './serving.ts'
import type { Tokenizer } from './tokens.ts'
import { createTruth } from './truth.ts'
import { createVllmMetrics } from './vllm-metrics.ts'

export type Simulator = { readonly server: Server; readonly serving: Serving; readonly ready: () => void }

export type Parts = {
  readonly clock: Clock
  readonly tokenizer: Tokenizer
  readonly log: (message: string) => void
  readonly crash: () => void
}

/** Builds a server that answers 503 until `ready` is called. */
export function createSimulator(declared: SimulatorConfig, parts: Parts): Simulator {
  const config = applyEffects(declared)
  const { clock, tokenizer, log, crash } = parts
  const draws = createDraws(config.random.seed, keyOfText(config.instance.key || hostname()))
  const engine = createEngine(config, { instanceFactor: instanceFactor(config, draws), startedAt: clock.nowNs() / 1e6 })
  const serving: Serving = {
    config, tokenizer, engine, clock, log, crash,
    names: config.model.aliases.length > 0 ? config.model.aliases : [config.model.name],
    scheduler: createScheduler(engine, clock),
    metrics: createVllmMetrics(config, engine.load),
    truth: createTruth(config.truth),
    fingerprint: `vllm-${config.server.version}-simulated`,
    ordinals: countUp(),
    state: { phase: 'starting', startedSeconds: Math.floor(clock.wallMs() / 1000) },
  }
  return {
    serving,
    server: createSimulatorServer(serving),
    ready: () => {
      serving.state.phase = 'ready'
      const { afterSeconds } = config.failures.crash
      if (afterSeconds > 0) clock.timer(afterSeconds * 1000, crash)
    },
  }
}

function countUp(): Serving['ordinals'] {
  let next = 0
  return { next: () => next++, reset: () => { next = 0 } }
}
