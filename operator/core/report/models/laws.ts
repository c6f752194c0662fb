// SPDX-License-Identifier: Apache-2.0
/** How responses grow with the size of a model: a power law for models that are alike in everything else, and why there is none for others. */
import { holm } from '../../stats/compare/holm.ts'
import { FEWEST_SIZES, fitPowerLaw, type PowerLaw } from '../../stats/linear/power-law.ts'
import { mean } from '../../stats/summary.ts'
import type { Response } from '../response.ts'
import type { Cell } from '../results.ts'
import { circumstancesOf, stackOf } from './circumstances.ts'
import type { Group, Model } from './groups.ts'
import { FOLLOWS_ARRIVALS, SCALED } from './responses.ts'
import type { Condition, Study } from './study.ts'

export interface LawPoint { readonly group: Group; readonly size: number; readonly cell: Cell }
export interface Law {
  readonly response: Response
  readonly unit: string
  readonly condition: Condition
  /** What all of its models share. */
  readonly alike: Alike
  readonly points: readonly LawPoint[]
  readonly law: PowerLaw
  /** What the tools claim, by their own definitions. */
  readonly claimed: boolean
  /** Of lack of fit, after Holm over all laws; null where no model was stood up twice. */
  readonly lackP: number | null
}
export interface Alike { readonly form: string; readonly dtype: string; readonly stack: string }
/** Models of one kind, of which there are too few sizes. */
export interface TooFew extends Alike { readonly sizes: number; readonly models: readonly string[] }

export interface Laws {
  readonly laws: readonly Law[]
  readonly tooFew: readonly TooFew[]
  /** Models without a known size, and mixtures of experts, which are no point of a law of dense ones. */
  readonly unsized: readonly Group[]
  readonly mixtures: readonly Group[]
  /** Sizes that were read from names. */
  readonly fromNames: readonly Group[]
  /** Throughputs of an open loop were left out. */
  readonly openLoop: boolean
  /** E2E was left out, since answers have other lengths from model to model. */
  readonly lengthsDiffer: boolean
}

type Sized = { readonly group: Group; readonly model: Model; readonly size: number }
interface Place extends Sized { readonly condition: Condition; readonly alike: Alike }

export function lawsOf(study: Study): Laws {
  const models = study.groups.flatMap((group) => (group.model === null ? [] : [{ group, model: group.model }]))
  const sized = models.flatMap(({ group, model }): Sized[] => (model.size === null || model.mixture ? [] : [{ group, model, size: model.size.parameters }]))
  const places = study.conditions.flatMap((condition) => sized.flatMap((s) => placeOf(study, s, condition)))
  const alike = [...Map.groupBy(places, (p) => JSON.stringify(p.alike)).values()]
  const strataOf = (own: readonly Place[]) => [...Map.groupBy(own, (p) => p.condition.index).values()]
  const strata = alike.flatMap(strataOf)
  const sizesOf = (own: readonly Place[]) => new Set(own.map((p) => p.size)).size
  const enough = (own: readonly Place[]) => sizesOf(own) >= FEWEST_SIZES
  const most = (own: readonly Place[]) => Math.max(...strataOf(own).map(sizesOf))
  return {
    laws: withLack(strata.filter(enough).flatMap((own) => SCALED.flatMap((response) => lawOf(study, own, response) ?? []))),
    tooFew: alike.filter((own) => most(own) < FEWEST_SIZES).map((own) => ({ ...(own[0] as Place).alike, sizes: most(own), models: [...new Set(own.map((p) => p.group.label))] })),
    unsized: models.filter(({ model }) => model.size === null).map((m) => m.group),
    mixtures: models.filter(({ model }) => model.mixture && model.size !== null).map((m) => m.group),
    fromNames: sized.filter(({ model }) => model.size?.fromName === true).map((m) => m.group),
    openLoop: strata.some((own) => enough(own) && isOpen(own[0]?.condition)),
    lengthsDiffer: strata.some((own) => enough(own) && !sameLengths(study, own)),
  }
}

function placeOf(study: Study, sized: Sized, condition: Condition): Place[] {
  const trials = study.trials(sized.group, condition)
  if (trials.length === 0) return []
  const { form, dtype } = sized.model
  return [{ ...sized, condition, alike: { form, dtype, stack: stackOf(circumstancesOf(trials, condition.stage)) } }]
}

/** Many lines are asked at once whether something lies off them. */
function withLack(laws: readonly Omit<Law, 'lackP'>[]): Law[] {
  const ps = laws.map((l) => l.law.lack?.p ?? null)
  const adjusted = holm(ps.filter((p) => p !== null))
  const before = (i: number) => ps.slice(0, i).filter((p) => p !== null).length
  return laws.map((l, i) => ({ ...l, lackP: ps[i] === null ? null : (adjusted[before(i)] ?? null) }))
}

function lawOf(study: Study, places: readonly Place[], response: Response): Omit<Law, 'lackP'> | null {
  const { condition, alike } = places[0] as Place
  if (FOLLOWS_ARRIVALS.has(response.metric) && isOpen(condition)) return null
  if (response.metric === 'e2e' && !sameLengths(study, places)) return null
  const points = places.flatMap(({ group, size }): LawPoint[] => {
    const cell = study.cell(group, condition, response)
    return cell === null || cell.weak ? [] : [{ group, size, cell }]
  })
  // What tools claim and what records show are two definitions.
  if (new Set(points.map((p) => p.cell.claimed === true)).size > 1) return null
  const law = fitPowerLaw(points.map(({ size, cell }) => ({ size, values: standUpMeans(cell) })))
  const [first] = points
  return law.kind === 'none' || first === undefined ? null : { response, unit: first.cell.unit, condition, alike, points, law, claimed: first.cell.claimed === true }
}

/** Runs on one stand-up are no replicates of it. */
export function standUpMeans({ values }: Pick<Cell, 'values'>): number[] {
  return [...Map.groupBy(values, (v) => v.stack).values()].map((own) => mean(own.map((v) => v.value)) as number)
}

export const isOpen = (condition: Condition | undefined): boolean => condition?.offered.rate !== undefined

/** Longer answers take longer, whatever the model. */
const SAME_LENGTH = 1.1

function sameLengths(study: Study, places: readonly Place[]): boolean {
  const lengths = places.flatMap(({ group, condition }) => study.cell(group, condition, { metric: 'output_length', statistic: 'mean' })?.mean ?? [])
  return lengths.length < 2 || Math.max(...lengths) <= SAME_LENGTH * Math.min(...lengths)
}
