// SPDX-License-Identifier: Apache-2.0
/** One search among the trials of an Experiment: of one combination of factors, on one stand-up. */
import type { Design } from '../model/design.ts'
import { type SearchRules, searchResult, type SearchResult, searchStep, type SearchStep } from './capacity-search.ts'
import { levelsKey, type Measured, type MeasuredTrial } from './measured.ts'
import type { Probe } from './probe-verdict.ts'
import { marginOf, type Objective } from './question.ts'

export type SearchDesign = NonNullable<Design['search']>

/** Levels of the crossed factors, and the stand-up. */
export interface Arm { readonly levels: Readonly<Record<string, unknown>>; readonly stack: number }
export interface ArmState extends Arm { readonly probes: readonly Probe[] }

export function rulesOf({ load, tolerance, probes, replicates, maxReplicates }: SearchDesign, whole: boolean): SearchRules {
  const { lower, upper, start = Math.sqrt((lower ?? 1) * (upper ?? 1)) } = load
  return { lower, upper, start: whole ? Math.max(1, Math.round(start)) : Number(start.toPrecision(4)), whole, tolerance, probes, replicates, maxReplicates }
}

/** What was measured, search by search, in the order in which they are found. */
export function armsOf({ load }: SearchDesign, objectives: readonly Objective[], measured: Measured): ArmState[] {
  const byArm = Map.groupBy(measured, ({ levels, stack }) => `${levelsKey(without(levels, load.name))}/${stack}`)
  return [...byArm.values()].flatMap((trials) => {
    const [first] = trials
    return first === undefined ? [] : [{ levels: without(first.levels, load.name), stack: first.stack, probes: probesOf(load.name, objectives, trials) }]
  })
}

export const armKey = ({ levels, stack }: Arm): string => `${levelsKey(levels)}/${stack}`

function without(levels: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(levels).filter(([key]) => key !== name))
}

function probesOf(load: string, objectives: readonly Objective[], trials: readonly MeasuredTrial[]): Probe[] {
  const byLoad = Map.groupBy(trials.filter((t) => typeof t.levels[load] === 'number'), (t) => t.levels[load] as number)
  return [...byLoad].sort(([a], [b]) => a - b).map(([at, own]) => {
    const slots = Array.from<Probe['trials'][number]>({ length: Math.max(...own.map((t) => t.run)) })
    for (const { run, values } of own) slots[run - 1] = marginsOf(objectives, values)
    return { load: at, trials: slots }
  })
}

/** An objective that a trial does not show makes it no evidence for the others either: a load must meet all of them. */
function marginsOf(objectives: readonly Objective[], values: MeasuredTrial['values']): readonly number[] | null {
  const margins = (values ?? []).flatMap((value, i) => {
    const objective = objectives[i]
    return value === null || objective === undefined ? [] : [marginOf(objective, value)]
  })
  return margins.length === objectives.length ? margins : null
}

export interface ArmStep { readonly arm: ArmState; readonly step: SearchStep; /** As of now. */ readonly result: SearchResult }

export function stepOf(rules: SearchRules, arm: ArmState): ArmStep {
  const step = searchStep(rules, arm.probes)
  return { arm, step, result: step.kind === 'done' ? step.result : searchResult(rules, arm.probes) }
}

/** Loads that a search without noise tries before it ends: likely for a knee anywhere in its range, and at most. */
export function lengthOf(rules: SearchRules): { readonly likely: number; readonly most: number } {
  const [low, high] = [rules.lower ?? rules.start / SPAN, rules.upper ?? rules.start * SPAN]
  const counts = Array.from({ length: KNEES }, (_, i) => probesFor(rules, low * (high / low) ** ((i + 0.5) / KNEES))).sort((a, b) => a - b)
  return { likely: counts[Math.floor(KNEES / 2)] ?? rules.probes, most: counts.at(-1) ?? rules.probes }
}
const KNEES = 64
/** Without a limit the capacity is taken to lie within this factor of the start. */
const SPAN = 16

function probesFor(rules: SearchRules, knee: number): number {
  const once = { ...rules, probes: Number.MAX_SAFE_INTEGER, replicates: 1, maxReplicates: 1 }
  const probes: Probe[] = []
  for (;;) {
    const step = searchStep(once, probes)
    if (step.kind === 'done') return probes.length
    probes.push({ load: step.load, trials: [[knee - step.load]] })
  }
}
