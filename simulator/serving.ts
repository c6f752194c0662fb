// SPDX-License-Identifier: Apache-2.0
/** What all handlers share: the running model and its parts. It only names them; main.ts puts them together. */
import type { Clock } from './clock.ts'
import type { SimulatorConfig } from './config.ts'
import type { Engine } from './engine.ts'
import type { Scheduler } from './scheduler.ts'
import type { Tokenizer } from './tokens.ts'
import type { Truth } from './truth.ts'
import type { VllmMetrics } from './vllm-metrics.ts'

export type Serving = {
  /** With effects applied. */
  readonly config: SimulatorConfig
  /** Names by which the model may be asked for; the first is echoed in metrics. */
  readonly names: readonly string[]
  readonly tokenizer: Tokenizer
  readonly engine: Engine
  readonly scheduler: Scheduler
  readonly metrics: VllmMetrics
  readonly truth: Truth
  readonly clock: Clock
  readonly fingerprint: string
  /** Number of the next generation request, from 0 since start or since POST /truth/reset. */
  readonly ordinals: { readonly next: () => number; readonly reset: () => void }
  readonly state: { phase: 'starting' | 'ready' | 'draining'; readonly startedSeconds: number }
  /** Ends the process as the failure model says. */
  readonly crash: () => void
  readonly log: (message: string) => void
}
