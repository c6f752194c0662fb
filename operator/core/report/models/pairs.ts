// SPDX-License-Identifier: Apache-2.0
/** Groups against each other, two by two: all pairs or each against a reference, judged as two Experiments are, with Holm over everything that was asked. */
import type { Margin } from '../../stats/compare/margin.ts'
import { armOfCell } from '../compare/arm.ts'
import { judge, type Sampled } from '../compare/compare-results.ts'
import type { ComparisonRow, MetricMargin } from '../compare/comparison.ts'
import { marginsOf } from '../compare/default-margin.ts'
import { responseName } from '../primary.ts'
import type { Response } from '../response.ts'
import type { Group } from './groups.ts'
import type { Condition, Study } from './study.ts'

export interface PairRow extends ComparisonRow {
  /** What is held against what: the shift is of `other` against `base`. */
  readonly baseGroup: Group
  readonly otherGroup: Group
  readonly condition: Condition
}
export interface PairVerdicts {
  readonly rows: readonly PairRow[]
  readonly margins: readonly MetricMargin[]
  readonly alpha: number
  readonly family: number
}
export type Pair = readonly [base: Group, other: Group]
export interface PairOptions {
  readonly responses: readonly Response[]
  readonly margin?: Margin | undefined
  readonly alpha?: number
}

/** Each after the first of them; against the reference where one is named. */
export function pairsOf(groups: readonly Group[], reference?: Group): Pair[] {
  if (reference !== undefined) return groups.filter((g) => g !== reference).map((g) => [reference, g])
  return groups.flatMap((base, i) => groups.slice(i + 1).map((other): Pair => [base, other]))
}

interface Asked { readonly sampled: Sampled; readonly pair: Pair; readonly condition: Condition }

export function judgePairs(study: Study, pairs: readonly Pair[], { responses, margin, alpha = 0.05 }: PairOptions): PairVerdicts {
  const asked = responses.flatMap((response) => study.conditions.flatMap((condition) => pairs.flatMap((pair) => ask(study, pair, { response, condition }))))
  const margins = marginsOf(distinctArms(asked.map((a) => a.sampled)), { given: margin, sameStandUp: false })
  const rows = judge(asked.map((a) => a.sampled), { margins, alpha, sameStandUp: false })
  return {
    margins, alpha, family: rows.filter((r) => r.base.weak + r.candidate.weak === 0).length,
    rows: rows.map((row, i) => ({ ...row, baseGroup: (asked[i] as Asked).pair[0], otherGroup: (asked[i] as Asked).pair[1], condition: (asked[i] as Asked).condition })),
  }
}

/** Nothing where one side did not measure it, has no direction, another unit, or only what its tool claims. */
function ask(study: Study, pair: Pair, { response, condition }: { readonly response: Response; readonly condition: Condition }): Asked[] {
  const [base, candidate] = [study.cell(pair[0], condition, response), study.cell(pair[1], condition, response)]
  if (base === null || candidate === null || base.better === 'none' || base.unit !== candidate.unit || base.claimed !== candidate.claimed) return []
  const sampled = {
    pair: { ...response, name: responseName(response), treatment: condition.label, stage: condition.stage, base, candidate },
    base: armOfCell(base, study.blocks), candidate: armOfCell(candidate, study.blocks),
  }
  return [{ sampled, pair, condition }]
}

/** Each group is in several pairs, and its replicates tell of the noise only once. */
function distinctArms(samples: readonly Sampled[]): Sampled[] {
  const seen = new Set<unknown>()
  return samples.map((sample): Sampled => {
    const arm = (side: 'base' | 'candidate') => {
      const isNew = !seen.has(sample.pair[side])
      seen.add(sample.pair[side])
      return isNew ? sample[side] : { unit: 'run' as const, values: [] }
    }
    return { ...sample, base: arm('base'), candidate: arm('candidate') }
  })
}
