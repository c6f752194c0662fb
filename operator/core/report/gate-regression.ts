// SPDX-License-Identifier: Apache-2.0
/** A rule on a regression against one treatment: by how much it got worse than the baseline, and whether that is known well enough. */
import { measureDifference, type Difference } from '../stats/compare/difference.ts'
import type { Arm } from '../stats/compare/verdict.ts'
import { fewestReplicates, twoSamplePower } from '../stats/power.ts'
import { mean } from '../stats/summary.ts'
import { armOfCell } from './compare/arm.ts'
import { formatShare } from './format.ts'
import { message, type Part } from './messages.ts'
import type { RegressionRule } from './gate-rule.ts'
import type { Cell, RuleOutcome } from './results.ts'

export interface RegressionJudgement {
  readonly outcome: RuleOutcome['result']
  readonly why: Part
  /** How many more stand-ups would decide, in words; empty where that is not the question. */
  readonly more: Part
  /** The regression by its estimate, as a share of the baseline. */
  readonly share: number
}

const ALPHA = 0.05
const MOST_REPLICATES = 1000

/**
 * It passes where the regression surely stays within the bound and fails where it surely does not, each at 5 %; in between nobody knows. A
 * pass needs every treatment to pass, which needs no correction; one failure among many treatments does: `family` is their number.
 */
export function judgeRegression(
  rule: RegressionRule,
  { base, candidate }: { readonly base: Cell; readonly candidate: Cell },
  family: number,
): RegressionJudgement {
  const open = (why: Part): RegressionJudgement => ({ outcome: 'insufficient', why, more: '', share: 0 })
  if (base.unit !== candidate.unit) return open(message('gate.units', { base: base.unit, own: candidate.unit }))
  if (base.claimed !== candidate.claimed)
    return open(message(base.claimed === true ? 'gate.claimedBase' : 'gate.claimedOwn'))
  if (base.weak || candidate.weak) return open(message('gate.few', { statistic: rule.statistic }))
  const arms = [armOfCell(base), armOfCell(candidate)] as const
  const once = arms.map((arm) => arm.unit === 'run')
  if (once[0] === true || once[1] === true)
    return open(message(once[0] !== true ? 'gate.onceOwn' : once[1] !== true ? 'gate.onceBase' : 'gate.onceBoth'))
  return decide(rule, { arms, better: candidate.better, family })
}

interface Case { readonly arms: readonly [Arm, Arm]; readonly better: Cell['better']; readonly family: number }

function decide(rule: RegressionRule, { arms: [base, candidate], better, family }: Case): RegressionJudgement {
  const [single, corrected] = [
    measureDifference(base, candidate, { alpha: ALPHA, family }),
    measureDifference(base, candidate, { alpha: ALPHA / family }),
  ]
  const worse = shareOf(single, base, better)
  const { estimate } = single.shift
  if (worse === null || estimate === null)
    return { outcome: 'insufficient', why: message('gate.zero'), more: '', share: 0 }
  const share = worse(estimate)
  // Two one-sided tests share the inner interval, whose level is 1 − 2 alpha.
  const ends = single.inner.kind === 'interval' ? [worse(single.inner.low), worse(single.inner.high)] : null
  if (ends === null)
    return {
      outcome: 'insufficient',
      why: message('gate.worseUnknown', { share: formatShare(share), reason: { stored: single.inner.kind === 'none' ? single.inner.reason : '' } }),
      more: '',
      share,
    }
  const why = message('gate.worse', { share: formatShare(share), range: ends.toSorted((a, b) => a - b).map(formatShare).join(', ') })
  const within = (x: number) => (rule.operator === '<' ? x < rule.bound : x <= rule.bound)
  if (ends.every(within)) return { outcome: 'passed', why, more: '', share }
  const least = corrected.inner.kind === 'interval' ? Math.min(worse(corrected.inner.low), worse(corrected.inner.high)) : -Infinity
  if (!within(least)) return { outcome: 'failed', why, more: '', share }
  return { outcome: 'insufficient', why, more: moreText(rule, single, { share, better }), share }
}

/** By how much a shift is worse, as a share of the base; null where there is no share to take. */
function shareOf({ scale }: Difference, base: Arm, better: Cell['better']): ((shift: number) => number) | null {
  const sign = better === 'higher' ? -1 : 1
  if (scale === 'ratio') return (shift) => sign * (shift - 1)
  const level = Math.abs(mean(base.values) ?? 0)
  return level === 0 ? null : (shift) => (sign * shift) / level
}

/** Stand-ups that would decide in four of five cases, if the truth is what was seen. */
function moreText(
  { bound }: RegressionRule,
  { sd, scale, base, candidate }: Difference,
  { share, better }: { readonly share: number; readonly better: Cell['better'] },
): Part {
  if (sd === null || sd === 0 || scale !== 'ratio') return ''
  const sign = better === 'higher' ? -1 : 1
  const distance = Math.abs(Math.log(Math.max(1e-9, 1 + sign * share) / Math.max(1e-9, 1 + sign * bound)))
  if (!(distance > 0)) return ''
  const needed = fewestReplicates((n) => twoSamplePower({ shift: distance, sd, n, alpha: 2 * ALPHA }), { most: MOST_REPLICATES })
  const more = needed === null ? null : needed - Math.min(base, candidate)
  if (more !== null && more <= 0) return ''
  return more === null
    ? message('gate.moreThan', { count: MOST_REPLICATES })
    : message('gate.more', { count: more })
}
