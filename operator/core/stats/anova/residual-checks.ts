// SPDX-License-Identifier: Apache-2.0
/** What residuals say about the assumptions behind an analysis of variance. It finds doubts; it changes nothing. */
import { normalSurvival } from '../distribution/normal.ts'
import { midranks } from '../ranks.ts'
import { assessSteadiness } from '../series/steadiness.ts'
import { twoSidedP } from '../student-t.ts'
import { sum } from '../summary.ts'
import { andersonDarling } from './anderson-darling.ts'
import { brownForsythe } from './brown-forsythe.ts'

export interface ResidualCheck {
  readonly assumption: 'normal residuals' | 'equal spread' | 'no trend over the order of runs' | 'neighbouring runs independent' | 'no outlier'
  readonly method: string
  /** null where the data cannot say. */
  readonly p: number | null
  readonly verdict: 'no doubt' | 'doubt' | 'cannot be checked'
  readonly detail: string
}

export interface Residuals {
  /** In the order in which the runs were made. */
  readonly residuals: readonly number[]
  readonly leverages: readonly number[]
  readonly df: number
  /** Groups whose spread is compared, by the index of each residual's group. */
  readonly groups: readonly number[]
  readonly groupsAre: string
  /** False where the order of the runs is not known. */
  readonly ordered?: boolean
  readonly alpha?: number
}

export function checkResiduals(input: Residuals): ResidualCheck[] {
  return [normality(input), spread(input), trend(input), independence(input), outliers(input)]
}

type Found = Pick<ResidualCheck, 'assumption' | 'method' | 'p' | 'detail'>

function judged(found: Found, alpha = 0.05): ResidualCheck {
  return { ...found, verdict: found.p === null ? 'cannot be checked' : found.p <= alpha ? 'doubt' : 'no doubt' }
}

function normality({ residuals, df, alpha }: Residuals): ResidualCheck {
  const found = df < 4 ? null : andersonDarling(residuals)
  const detail = found === null ? 'needs eight residuals with four degrees of freedom that are not all equal' : `A² = ${found.statistic.toPrecision(3)}`
  return judged({ assumption: 'normal residuals', method: 'Anderson–Darling', p: found?.p ?? null, detail }, alpha)
}

function spread({ residuals, groups, groupsAre, alpha }: Residuals): ResidualCheck {
  const members = residuals.map((residual, i) => ({ residual, group: groups[i] as number }))
  const found = brownForsythe([...Map.groupBy(members, (x) => x.group).values()].map((own) => own.map((x) => x.residual)))
  const statistic = found === null ? '' : `F(${found.df.join(', ')}) = ${found.f.toPrecision(3)} between ${groupsAre}`
  const detail = found === null ? `needs two ${groupsAre} with three runs each` : statistic
  return judged({ assumption: 'equal spread', method: 'Brown–Forsythe', p: found?.p ?? null, detail }, alpha)
}

const UNORDERED = 'the rows are sorted by the design, so that the order of the runs is unknown (--run-order)'

function trend({ residuals, alpha, ordered = true }: Residuals): ResidualCheck {
  const common = { assumption: 'no trend over the order of runs', method: 'Mann–Kendall and Pettitt, Holm' } as const
  if (!ordered || residuals.length < 8) return judged({ ...common, p: null, detail: ordered ? 'needs eight runs' : UNORDERED }, alpha)
  const found = assessSteadiness(residuals, { alpha })
  const where = found.at === undefined ? '' : ` at run ${found.at + 1}`
  const detail = found.verdict === 'steady' ? 'neither drift nor shift' : `${found.verdict}${where} of ${found.change.toPrecision(3)}`
  return judged({ ...common, method: found.method, p: found.p, detail }, alpha)
}

/**
 * Bartels' rank version of von Neumann's ratio (1982): the squares of steps between neighbours over those about the mean; 2 if independent.
 * Only likeness of neighbours counts: residuals of blocks add up to zero, which makes neighbours differ without any fault of the runs.
 */
function independence({ residuals, alpha, ordered = true }: Residuals): ResidualCheck {
  const n = residuals.length
  const common = { assumption: 'neighbouring runs independent', method: 'Bartels’ rank ratio' } as const
  if (!ordered || n < 10) return judged({ ...common, p: null, detail: ordered ? 'needs ten runs' : UNORDERED }, alpha)
  const ranks = midranks(residuals)
  const steps = sum(ranks.slice(1).map((r, i) => (r - (ranks[i] as number)) ** 2))
  const about = sum(ranks.map((r) => (r - (n + 1) / 2) ** 2))
  if (about === 0) return judged({ ...common, p: null, detail: 'all residuals are equal' }, alpha)
  const ratio = steps / about
  const variance = (4 * (n - 2) * (5 * n * n - 2 * n - 9)) / (5 * n * (n + 1) * (n - 1) ** 2)
  const detail = `ratio ${ratio.toPrecision(3)}, 2 where independent, less where alike`
  return judged({ ...common, p: normalSurvival((2 - ratio) / Math.sqrt(variance)), detail }, alpha)
}

/** The largest residual against the deviation without it, Bonferroni over all. */
function outliers({ residuals, leverages, df, alpha }: Residuals): ResidualCheck {
  const common = { assumption: 'no outlier', method: 'largest studentised residual, Bonferroni' } as const
  const squares = sum(residuals.map((r) => r * r))
  const sizes = residuals.map((r, i) => {
    const free = 1 - (leverages[i] as number)
    const rest = squares - (free > 1e-9 ? (r * r) / free : 0)
    return free > 1e-9 && rest > squares * 1e-12 ? Math.abs(r) / Math.sqrt((free * rest) / (df - 1)) : 0
  })
  if (df < 3 || squares === 0) return judged({ ...common, p: null, detail: 'needs three degrees of freedom' }, alpha)
  const largest = Math.max(...sizes)
  const p = Math.min(1, residuals.length * twoSidedP(largest, df - 1))
  return judged({ ...common, p, detail: `run ${sizes.indexOf(largest) + 1}, ${largest.toPrecision(3)} deviations` }, alpha)
}
