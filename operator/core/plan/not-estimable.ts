// SPDX-License-Identifier: Apache-2.0
/** What a design cannot answer, in words; and what it would take. */
import { effectsUpToTwo } from '../design/aliases.ts'
import { effectName } from '../design/effects.ts'
import { centerRuns, type ConstructionFacts } from './construction-facts.ts'
import type { PlanFacts } from './design-properties.ts'
import type { ModelFacts } from './model-facts.ts'
import { sharedByStack, type Stratum } from './strata.ts'

export interface EstimableInput {
  readonly facts: PlanFacts
  readonly constructed: ConstructionFacts
  readonly model: ModelFacts
  readonly strata: readonly Stratum[]
}

const LISTED = 6
const listed = (names: readonly string[]) => (names.length > LISTED ? `${names.slice(0, LISTED).join(', ')} and ${names.length - LISTED} more` : names.join(', '))

export function notEstimable({ facts, constructed, model, strata }: EstimableInput): string[] {
  return [...interactions(facts, model), ...dependents(facts, model), ...curvature(facts), ...confounded(constructed), ...uncertainty(facts, strata)]
}

function interactions({ kind, factors, construction, whole }: PlanFacts, { aliases }: ModelFacts): string[] {
  if (kind === 'oneFactorAtATime' && factors.length > 1) return ['interactions: factors are never changed together (a fullFactorial or fractionalFactorial changes them together)']
  if (construction?.kind === 'plackettBurman') return ['two-factor interactions: each is spread over main effects, which it shifts by its weight in the alias table']
  if (construction?.kind !== 'regular' || !whole) return []
  const names = factors.map((f) => f.name)
  const mains = new Set(names)
  const all = effectsUpToTwo(factors.length).filter((effect) => effect.length === 2).map((effect) => effectName(effect, names))
  const groups = aliases.map((row) => [row.effect, ...row.with.map((w) => w.effect)])
  const withMains = groups.filter((group) => group.some((effect) => mains.has(effect))).flat().filter((effect) => !mains.has(effect))
  const aliased = groups.flat().filter((effect) => !mains.has(effect) && effect !== 'mean')
  const clear = all.filter((effect) => !aliased.includes(effect))
  if (aliased.length === 0) return []
  return [
    ...(withMains.length > 0 ? [`${withMains.length} of ${all.length} two-factor interactions apart from main effects`] : []),
    ...(aliased.length > withMains.length ? [`${aliased.length - withMains.length} of ${all.length} two-factor interactions apart from each other`] : []),
    ...(clear.length > 0 && clear.length < all.length ? [`(clear of both: ${listed(clear)})`] : []),
  ]
}

function dependents({ construction, whole }: PlanFacts, { dependent }: ModelFacts): string[] {
  if (dependent === null) return ['(too many terms to look at them all)']
  if (dependent.length === 0 || (construction?.kind === 'regular' && whole)) return []
  return [`${listed(dependent)}: a combination of other effects in this design`]
}

/** Two levels draw a straight line between them, whatever is there. */
function curvature(facts: PlanFacts): string[] {
  const { factors, construction } = facts
  const straight = construction?.kind === 'regular' || construction?.kind === 'plackettBurman'
  if (!straight) return []
  if (centerRuns(facts) > 0) return factors.filter((f) => f.levels.length > 2).length > 1 ? ['which factor a curvature belongs to: centre points show only that there is one (a centralComposite tells)'] : []
  const numeric = factors.filter((f) => f.levels.every((level) => typeof level.value === 'number')).map((f) => f.name)
  return numeric.length > 0 ? [`curvature of ${listed(numeric)}: two levels draw a straight line (centerPoints shows whether it holds)`] : []
}

function confounded({ blocks }: ConstructionFacts): string[] {
  return blocks === undefined ? [] : [`${listed(blocks.confounded)}: confounded with blocks`]
}

function uncertainty(facts: PlanFacts, strata: readonly Stratum[]): string[] {
  const { factors, picks } = facts
  const varied = factors.flatMap((factor, f) => (new Set(picks.map((row) => row[f])).size > 1 ? [{ ...factor, shared: isShared(facts, f) }] : []))
  const between = varied.filter((factor) => factor.shared)
  const runs = between.filter((factor) => factor.role === 'run').map((factor) => factor.name)
  const alike = runs.length === 0 ? [] : [`${listed(runs)} on one stack: here ${runs.length > 1 ? 'they change' : 'it changes'} only from stack to stack, as setup factors do`]
  const stratum = strata.find((s) => s.between === 'stand-ups')
  if (between.length === 0 || (stratum !== undefined && stratum.df.error > 0)) return alike
  return [...alike, `the uncertainty of ${listed(between.map((factor) => factor.name))}: each stack is stood up once (replicates.stacks: 2 or more)`]
}

const isShared = ({ picks, setups }: PlanFacts, f: number) => sharedByStack(f, picks.map((row, i) => ({ picks: row, setup: setups[i] ?? '' })))
