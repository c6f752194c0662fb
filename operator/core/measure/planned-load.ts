// SPDX-License-Identifier: Apache-2.0
/** What the workload asks of one stage: its load and the scatter of its gaps. It knows nothing that was measured. */
import type { PlannedOffer } from '../model/record.ts'
import { loadKind, type LoadKind, type WorkloadProfileSpec } from '../model/workload-profile.ts'
import { stageRequests } from '../plan/load-time.ts'

type LoadSpec = WorkloadProfileSpec['load']

export interface PlannedStage {
  readonly kind: LoadKind
  /** Place among the stages, from 0. */
  readonly index: number
  readonly rate?: number
  readonly concurrency?: number
  /** Coefficient of variation of the gaps; undefined where they follow no steady process (bursts, ramps, traces, closed loops). */
  readonly gapCv?: number
}

/** undefined for a stage that the workload does not name. */
export function plannedStage(load: LoadSpec, stage: string): PlannedStage | undefined {
  return PLANS[loadKind(load)](load, stage)
}

/** All stages of the workload in order, as adapters are told of them. */
export function plannedOffers(load: LoadSpec): PlannedOffer[] {
  return stageRequests(load).map(({ name }) => {
    const { kind, rate, concurrency } = plannedStage(load, name) ?? {}
    return { name, kind, rate, concurrency }
  })
}

type Plan = (load: LoadSpec, stage: string) => PlannedStage | undefined

const PLANS: Readonly<Record<LoadKind, Plan>> = {
  constant: (load, stage) => rated(load.constant?.stages, stage, { kind: 'constant', gapCv: 0 }),
  poisson: (load, stage) => rated(load.poisson?.stages, stage, { kind: 'poisson', gapCv: 1 }),
  gamma: (load, stage) => rated(load.gamma?.stages, stage, { kind: 'gamma', gapCv: load.gamma?.cv ?? 1 }),
  burst: (load, stage) => rated(load.burst?.stages, stage, { kind: 'burst' }),
  concurrent: (load, stage) => concurrent(load.concurrent?.stages, stage, 'concurrent'),
  sessions: (load, stage) => concurrent(load.sessions?.stages, stage, 'sessions'),
  synchronous: (_, stage) => only(stage, { kind: 'synchronous', index: 0, concurrency: 1 }),
  throughput: ({ maxConcurrency }, stage) =>
    only(stage, { kind: 'throughput', index: 0, ...(maxConcurrency === undefined ? {} : { concurrency: maxConcurrency }) }),
  trace: (_, stage) => only(stage, { kind: 'trace', index: 0 }),
  sweep: (load, stage) => sweepStep(load.sweep, stage),
  toolProfile: (load, stage) => named(load.toolProfile?.stages, stage),
}

interface Rated { readonly name: string; readonly rate: number; readonly rampTo?: number | undefined }
interface Process { readonly kind: LoadKind; readonly gapCv?: number }

function rated(stages: readonly Rated[] = [], name: string, process: Process): PlannedStage | undefined {
  const index = stages.findIndex((s) => s.name === name)
  const stage = stages[index]
  if (stage === undefined) return undefined
  // A ramp's gaps are no steady process, and its rate is the mean of its ends.
  if (stage.rampTo !== undefined) return { kind: process.kind, index, rate: (stage.rate + stage.rampTo) / 2 }
  return { ...process, index, rate: stage.rate }
}

function concurrent(stages: readonly { name: string; concurrency: number }[] = [], name: string, kind: LoadKind): PlannedStage | undefined {
  const index = stages.findIndex((s) => s.name === name)
  const stage = stages[index]
  return stage === undefined ? undefined : { kind, index, concurrency: stage.concurrency }
}

/** What a tool's own profile offers is not known. */
function named(stages: readonly string[] = [], name: string): PlannedStage | undefined {
  const index = stages.indexOf(name)
  return index < 0 ? undefined : { kind: 'toolProfile', index }
}

/** Loads of one stage call it by their own name. */
function only(name: string, stage: PlannedStage): PlannedStage | undefined {
  return name === stage.kind ? stage : undefined
}

const SWEEP_STAGE = /^sweep-([1-9][0-9]*)$/

function sweepStep(spec: LoadSpec['sweep'], name: string): PlannedStage | undefined {
  const step = Number(SWEEP_STAGE.exec(name)?.[1])
  if (spec === undefined || !(step <= spec.steps)) return undefined
  const fraction = (step - 1) / (spec.steps - 1)
  const rate = spec.scale === 'linear' ? spec.from + (spec.to - spec.from) * fraction : spec.from * (spec.to / spec.from) ** fraction
  return { kind: spec.process, index: step - 1, rate, gapCv: spec.process === 'poisson' ? 1 : 0 }
}
