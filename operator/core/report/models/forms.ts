// SPDX-License-Identifier: Apache-2.0
/** One model in two forms of its weights: what the smaller form gains, and what it costs in answers where that was measured. */
import { type Circumstance, circumstancesOf, differing } from './circumstances.ts'
import type { Group, Model } from './groups.ts'
import { judgePairs, type Pair, type PairRow } from './pairs.ts'
import { type QualityDifference, qualityDifferences } from './quality.ts'
import { GAINED } from './responses.ts'
import type { Study } from './study.ts'

export interface FormPair {
  readonly base: Group
  readonly other: Group
  readonly rows: readonly PairRow[]
  readonly quality: readonly QualityDifference[]
  /** What else differs between them; nothing is judged then. */
  readonly notAlone: readonly Circumstance[]
  /** Their names differ, and were taken to mean one model. */
  readonly byName: boolean
}

/** Nothing where no model was served in two forms. */
export function formPairsOf(study: Study): FormPair[] {
  const pairs = candidatesOf(study.groups)
  const differences = new Map(pairs.map((pair) => [pair, elseDiffering(study, pair)]))
  const alone = pairs.filter((pair) => differences.get(pair)?.length === 0)
  const { rows } = judgePairs(study, alone, { responses: GAINED })
  return pairs.map((pair) => ({
    base: pair[0], other: pair[1], notAlone: differences.get(pair) ?? [], byName: pair[0].model?.name !== pair[1].model?.name,
    rows: rows.filter((r) => r.baseGroup === pair[0] && r.otherGroup === pair[1]), quality: qualityDifferences(pair[0], pair[1]),
  }))
}

/** The form with more bits is the base. Several smaller forms are each held against it, not against each other. */
function candidatesOf(groups: readonly Group[]): Pair[] {
  const models = groups.flatMap((group) => (group.model === null ? [] : [{ group, model: group.model }]))
  return [...Map.groupBy(models, ({ model }) => model.plain).values()].flatMap((own) => {
    const [base, ...others] = own.toSorted((a, b) => bitsOf(b.model) - bitsOf(a.model))
    return base === undefined ? [] : others.filter((o) => isOtherForm(base.model, o.model)).map((o): Pair => [base.group, o.group])
  })
}

/** A quantised repository has revisions of its own: where the names differ, these say nothing. */
function isOtherForm(a: Model, b: Model): boolean {
  return (a.form !== b.form || a.dtype !== b.dtype) && (a.name !== b.name || a.revision === b.revision)
}

/** Only to tell which is the larger form. */
function bitsOf({ form, dtype }: Model): number {
  if (form === 'none') return /32/.test(dtype) ? 32 : 16
  if (/8/.test(form) && !/w4|4bit|int4|fp4/.test(form)) return 8
  return /2bit|q2/.test(form) ? 2 : 4
}

function elseDiffering(study: Study, [base, other]: Pair): Circumstance[] {
  const both = study.conditions.filter((c) => study.trials(base, c).length > 0 && study.trials(other, c).length > 0)
  return [...new Set(both.flatMap((c) => differing(circumstancesOf(study.trials(base, c), c.stage), circumstancesOf(study.trials(other, c), c.stage))))]
}
