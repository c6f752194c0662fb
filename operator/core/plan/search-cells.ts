// SPDX-License-Identifier: Apache-2.0
/** From a search and what was measured of it to the combinations that are wanted so far: every combination of factors at its own loads. */
import { type Arm, armKey, armsOf, type ArmStep, rulesOf, stepOf } from '../adaptive/capacity-arm.ts'
import type { SearchRules } from '../adaptive/capacity-search.ts'
import type { Measured } from '../adaptive/measured.ts'
import { type Objective, objectivesOf } from '../adaptive/question.ts'
import { compileApplicability, compileConstraints } from '../design/constraints.ts'
import { checkCardinality, checkTrials, expandCells } from '../design/expand.ts'
import { type Cell, type FactorPlan, type PlannedLevel } from '../design/factors.ts'
import type { Bases } from '../design/path-schema.ts'
import type { ExperimentSpec } from '../model/experiment.ts'
import { type Checked, refused, valid } from '../model/problem.ts'
import { checkAlike, levelsOf } from './labels.ts'
import { type DesignReading, readDesign } from './read-design.ts'

export interface SearchCells {
  readonly rules: SearchRules
  readonly objectives: readonly Objective[]
  /** Every combination of factors that the constraints leave. */
  readonly configurations: readonly Readonly<Record<string, unknown>>[]
  /** One for each of them and each stand-up. */
  readonly arms: readonly ArmStep[]
}

export interface GrowingDesign { readonly design: DesignReading; readonly search?: SearchCells }

/** The design as it is written; of a search with the loads that are wanted so far as levels. */
export function readGrowing(spec: ExperimentSpec, bases: Bases, measured: Measured): Checked<GrowingDesign> {
  const read = readDesign(spec.design, bases)
  return read.ok ? searchCells(spec, read.value, measured) : read
}

function searchCells(spec: ExperimentSpec, design: DesignReading, measured: Measured): Checked<GrowingDesign> {
  const { search } = spec.design
  const load = design.factors.search
  if (search === undefined || load === undefined) return valid({ design })
  const objectives = objectivesOf(spec)
  const problems = objectives.flatMap((o) => (o.ok ? [] : o.problems))
  if (problems.length > 0) return refused(...problems)
  const kept = keptConfigurations(spec, design)
  if (!kept.ok) return kept
  const rules = rulesOf(search, load.whole)
  const known = objectives.flatMap((o) => (o.ok ? [o.value] : []))
  const { stacks } = spec.design.replicates
  const tooMany = checkTrials(kept.value.length, { stacks, runs: search.probes * search.maxReplicates }, `${kept.value.length} configurations × ${search.probes} loads of ${search.maxReplicates} trials:`)
  if (tooMany !== undefined) return refused({ ...tooMany, message: `the search may grow too large: ${kept.value.length} configurations × ${stacks} stand-ups × ${search.probes} loads × ${search.maxReplicates} trials`, expected: 'fewer levels, search.probes or search.maxReplicates' })
  const found = new Map(armsOf(search, known, measured).map((arm) => [armKey(arm), arm]))
  const arms = kept.value.flatMap(({ levels }) => Array.from({ length: stacks }, (_, i) => {
    const arm: Arm = { levels, stack: i + 1 }
    return stepOf(rules, { probes: [], ...found.get(armKey(arm)), ...arm })
  }))
  return valid({ design: withLoads(design, kept.value, arms), search: { rules, objectives: known, configurations: kept.value.map((k) => k.levels), arms } })
}

interface Configuration { readonly picks: readonly number[]; readonly levels: Readonly<Record<string, unknown>> }

/** Constraints and conditions speak of the crossed factors: which loads there will be, nobody knows. */
function keptConfigurations({ design: { constraints, replicates } }: ExperimentSpec, { factors, constants }: DesignReading): Checked<readonly Configuration[]> {
  const crossed: FactorPlan = { kind: factors.kind, factors: factors.factors.slice(0, -1) }
  const tooLarge = checkCardinality(crossed, replicates, constraints.length > 0)
  if (tooLarge !== undefined) return refused(tooLarge)
  const compiled = compileConstraints(constraints, crossed, constants)
  if (!compiled.ok) return compiled
  const where = compileApplicability(crossed, constants)
  if (!where.ok) return where
  const kept = new Map<string, Configuration>()
  for (const whole of expandCells(crossed)) {
    const cell = where.applicability.apply(whole)
    if ('reason' in cell) return refused(cell)
    const unmet = compiled.constraints.firstUnmet(cell)
    if (typeof unmet === 'object') return refused(unmet)
    const key = cell.picks.join()
    if (unmet < 0 && !kept.has(key)) kept.set(key, { picks: whole.picks, levels: levelsOf(crossed.factors, cell.picks) })
  }
  const alike = checkAlike([...kept.values()].map((k) => k.levels))
  if (alike !== undefined) return refused(alike)
  if (kept.size === 0) return refused({ reason: 'EmptyDesign', path: 'spec.design.constraints', message: 'the constraints leave no combination of factors to search', expected: 'at least one combination that meets them all' })
  return valid([...kept.values()])
}

/** Loads that were measured or are wanted, upwards. */
const loadsOf = ({ arm, step }: ArmStep) => [...arm.probes.map((p) => p.load), ...(step.kind === 'measure' ? [step.load] : [])]

function withLoads(design: DesignReading, configurations: readonly Configuration[], arms: readonly ArmStep[]): DesignReading {
  const { factors } = design
  const { search } = factors
  if (search === undefined) return design
  const loads = [...new Set(arms.flatMap(loadsOf))].sort((a, b) => a - b)
  const levels = loads.map((value): PlannedLevel => ({ value, assignments: [{ path: search.path, level: value }] }))
  const place = new Map(loads.map((load, i) => [load, i]))
  const own = Map.groupBy(arms, ({ arm }) => arm.levels)
  const cells = configurations.flatMap((c): Cell[] => [...new Set((own.get(c.levels) ?? []).flatMap(loadsOf))].map((load) => ({ picks: [...c.picks, place.get(load) ?? -1] })))
  return { ...design, factors: { ...factors, factors: factors.factors.map((f, i, all) => (i === all.length - 1 ? { ...f, levels } : f)), cells } }
}
