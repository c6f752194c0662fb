// SPDX-License-Identifier: Apache-2.0
/** Draws which planted failures hit a request. It only decides; what they do is done where answers are written. */
import type { FailureModel } from './config-failures.ts'
import { STREAMS } from './random.ts'
import type { Draws } from './random.ts'

const KINDS = ['httpError', 'rateLimit', 'dropConnection', 'hang', 'slowFirstToken', 'shortAnswer', 'wrongUsage'] as const
type Kind = (typeof KINDS)[number]

/** Which failures hit one request; several may. */
export type PlantedFailures = Readonly<Record<Kind, boolean>>

export function drawFailures(model: FailureModel, draws: Draws): PlantedFailures {
  const hit = (kind: Kind) => model[kind].share > 0 && draws.uniform(STREAMS[kind], 0) < model[kind].share
  return Object.fromEntries(KINDS.map((kind) => [kind, hit(kind)])) as PlantedFailures
}

/** Whether the request with this number (from 0) is the one at which the process ends. */
export function crashesAt(model: FailureModel, ordinal: number): boolean {
  return model.crash.afterRequests > 0 && ordinal >= model.crash.afterRequests
}
