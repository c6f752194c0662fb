// SPDX-License-Identifier: Apache-2.0
/**
 * Grows the plan of an adaptive design by what its trials have shown. Nothing is kept that is not in the Trials and their ConfigMaps:
 * what is remembered here only saves reading them again.
 */
import { type Measured, type MeasuredTrial, valuesOf } from '../../core/adaptive/measured.ts'
import { type Question, questionsOf } from '../../core/adaptive/question.ts'
import { isTrue } from '../../core/model/conditions.ts'
import { Findings } from '../../core/model/findings.ts'
import type { Experiment, Trial } from '../../core/model/kinds.ts'
import { formatProblem } from '../../core/model/problem.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { CONFIG_MAPS } from '../kube/builtin-resources.ts'
import type { Children } from './experiment-observe.ts'
import { planOf } from './experiment-snapshot.ts'
import type { PlannedRun } from './plan-book.ts'
import { hasEnded } from './trial-observe.ts'
import type { World } from './world.ts'

export interface PlanGrowth {
  /** The run with all trials that are wanted so far; the very same where the design is fixed. */
  readonly grow: (world: World, experiment: Experiment, at: { readonly planned: PlannedRun; readonly children: Children }) => Promise<PlannedRun>
  readonly forget: (uid: string) => void
}

interface Grown { readonly base: Plan; readonly key: string; readonly plan: Plan }
interface Evidence { readonly uid: string; readonly trial: MeasuredTrial }

export function createPlanGrowth(): PlanGrowth {
  const grown = new Map<string, Grown>()
  const evidence = new Map<string, Map<string, Evidence>>()
  return {
    grow: async (world, experiment, { planned, children }) => {
      const { plan: base, snapshot } = planned
      if (base.adaptive === undefined) return planned
      const uid = experiment.metadata.uid ?? ''
      const ended = [...children.trials.values()].filter((t) => t.metadata.deletionTimestamp === undefined && hasEnded(t))
      const key = ended.map((t) => t.metadata.uid ?? t.metadata.name).sort().join()
      const before = grown.get(uid)
      if (before?.base === base && (before.key === key || !mayGrow(before.plan, ended))) return { snapshot, plan: before.plan }
      const known = evidence.get(uid) ?? new Map<string, Evidence>()
      evidence.set(uid, known)
      const measured = await read(world, ended, { known, questions: questionsOf(base.experiment) })
      const result = planOf(experiment, snapshot, { measured })
      if (!result.ok) throw new Error(`the plan no longer grows: ${result.problems.map(formatProblem).join('; ')}`)
      grown.set(uid, { base, key, plan: result.plan })
      return { snapshot, plan: result.plan }
    },
    forget: (uid) => {
      grown.delete(uid)
      evidence.delete(uid)
    },
  }
}

/** Whole blocks decide where stand-ups are repeated: until one has ended, thousands of trials need not be planned again for each that ends. */
function mayGrow({ adaptive, trials }: Plan, ended: readonly Trial[]): boolean {
  if (adaptive === undefined || adaptive.kind === 'search' || adaptive.unit === 'runs') return true
  const names = new Set(ended.map((t) => t.metadata.name))
  return trials.every((t) => names.has(t.name))
}

interface Reading { readonly known: Map<string, Evidence>; readonly questions: readonly Question[] }

/** Each ended trial is read once; a few numbers of it are kept. */
async function read(world: World, ended: readonly Trial[], { known, questions }: Reading): Promise<Measured> {
  const measured: MeasuredTrial[] = []
  for (const trial of ended) {
    const { name, uid = '' } = trial.metadata
    const before = known.get(name)
    const own = before?.uid === uid ? before.trial : await measuredTrial(world, trial, questions)
    known.set(name, { uid, trial: own })
    measured.push(own)
  }
  return measured
}

/** A trial that failed, is invalid or left nothing is no evidence; that it has ended is. */
async function measuredTrial(world: World, { metadata, spec, status }: Trial, questions: readonly Question[]): Promise<MeasuredTrial> {
  const place = { levels: spec.treatment, stack: spec.replicate.stack, run: spec.replicate.run }
  if (!isTrue(status?.conditions, 'Complete')) return { ...place, values: null }
  const map = await world.api.find(CONFIG_MAPS, { namespace: metadata.namespace, name: metadata.name })
  const text = map?.data?.['findings.json']
  return { ...place, values: text === undefined ? null : valuesOf(Findings.parse(JSON.parse(text)), questions) }
}
