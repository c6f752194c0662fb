// SPDX-License-Identifier: Apache-2.0
/** What a design can tell and what it cannot: runs, resolution, aliases, error terms, power, evenness. Computed for people who look at a plan; it decides nothing. */
import type { Construction } from '../design/design-points.ts'
import { letterOf } from '../design/effects.ts'
import type { PlannedFactor } from '../design/factors.ts'
import type { AliasRow } from './alias-table.ts'
import { constructionFacts, type FractionFacts } from './construction-facts.ts'
import { modelFacts } from './model-facts.ts'
import { notEstimable } from './not-estimable.ts'
import type { Plan } from './plan-model.ts'
import { searchProperties } from './search-facts.ts'
import { spaceQuality, type SpaceQuality } from './space-quality.ts'
import { type Stratum, strataOf } from './strata.ts'

export interface DesignProperties {
  /** Such as "fractional factorial 2^(7-4), resolution III". */
  readonly title: string
  /** Measurements of one replicate, and how many different treatments they are. */
  readonly runs: number
  readonly distinct: number
  /** All combinations of the levels; null for ranges. */
  readonly combinations: number | null
  /** Letter of every factor, as generators and words use them. */
  readonly letters: readonly { readonly letter: string; readonly factor: string }[]
  readonly fraction?: FractionFacts
  readonly blocks?: { readonly count: number; readonly confounded: readonly string[] }
  /** Distance of axial points from the centre, in units of the corners'. */
  readonly axialDistance?: number
  /** Up to interactions of two factors. */
  readonly aliases: readonly AliasRow[]
  readonly notEstimable: readonly string[]
  /** Of the model that it speaks of; 100 is an orthogonal design of as many runs. */
  readonly dEfficiency?: { readonly percent: number; readonly model: string }
  readonly space?: SpaceQuality
  readonly strata: readonly Stratum[]
  /** The difference that power is stated for, in standard deviations of the error term. */
  readonly effect: number
}

export const DEFAULT_EFFECT = 2

export function designProperties(plan: Plan, effect: number = DEFAULT_EFFECT): DesignProperties {
  const search = searchProperties(plan, effect)
  if (search !== undefined) return search
  const facts = planFacts(plan)
  const strata = strataOf(strataInput(plan, facts, effect))
  const constructed = constructionFacts(facts)
  const model = modelFacts(facts)
  const space = facts.construction?.kind === 'latinHypercube' || facts.construction?.kind === 'sobol' ? spaceQuality(unitPoints(facts)) : null
  const properties = {
    ...constructed, runs: facts.runs, distinct: plan.treatments.length, combinations: combinationsOf(plan.factors, facts.construction),
    letters: plan.factors.map(({ name }, f) => ({ letter: letterOf(f), factor: name })),
    aliases: model.aliases, notEstimable: notEstimable({ facts, constructed, model, strata }), ...(model.dEfficiency === undefined ? {} : { dEfficiency: model.dEfficiency }),
    ...(space === null ? {} : { space }), strata, effect,
  }
  // How often each is measured follows from results: no error term can be told beforehand.
  return plan.adaptive?.kind === 'successiveHalving' ? { ...properties, strata: [], notEstimable: [] } : properties
}

/** What all properties are made of. */
export interface PlanFacts {
  readonly kind: Plan['design']['kind']
  readonly factors: readonly PlannedFactor[]
  readonly construction?: Construction
  readonly blocks: number
  /** Picks of every treatment, and its setup. */
  readonly picks: readonly (readonly number[])[]
  readonly setups: readonly string[]
  /** How often one replicate measures each treatment. */
  readonly weights: readonly number[]
  readonly runs: number
  /** Whether every combination that was constructed is there, once. */
  readonly whole: boolean
}

function planFacts({ design, factors, construction, treatments, resolved }: Plan): PlanFacts {
  const weights = treatments.map((t) => t.repeats?.reduce((a, b) => a + b, 0) ?? 1)
  return {
    kind: design.kind, factors, ...(construction === undefined ? {} : { construction }), blocks: design.blocks, picks: treatments.map((t) => resolved.picks(t.index)), setups: treatments.map((t) => t.setupHash), weights,
    runs: weights.reduce((a, b) => a + b, 0), whole: design.excluded + design.collapsed + design.notApplicable + (design.measured ?? 0) === 0,
  }
}

function strataInput({ factors, treatments, stacks, trials, experiment }: Plan, { picks }: PlanFacts, effect: number) {
  const counts = treatments.map(() => 0)
  for (const trial of trials) counts[trial.treatment] = (counts[trial.treatment] ?? 0) + 1
  return {
    factors, effect, replicates: experiment.design.replicates.stacks,
    treatments: treatments.map((t, i) => ({ picks: picks[i] ?? [], setup: t.setupHash, trials: counts[i] ?? 0 })),
    stacks: stacks.map((s) => ({ setup: s.setupHash, block: `${s.block}/${s.replicate}`, trials: s.trials.length, treatments: [...new Set(s.trials.map((t) => trials[t]?.treatment ?? -1))] })),
  }
}

function combinationsOf(factors: readonly PlannedFactor[], construction: Construction | undefined): number | null {
  if (construction !== undefined && construction.kind !== 'regular' && construction.kind !== 'plackettBurman') return null
  return factors.reduce((product, factor) => product * (construction === undefined ? factor.levels.length : 2), 1)
}

/** Levels as places in the unit cube. */
function unitPoints({ factors, picks }: PlanFacts): number[][] {
  return picks.map((row) => row.map((pick, f) => {
    const { levels = [] } = factors[f] ?? {}
    const coded = levels[pick]?.coded
    return coded === undefined ? (pick + 0.5) / Math.max(1, levels.length) : (coded + 1) / 2
  }))
}
