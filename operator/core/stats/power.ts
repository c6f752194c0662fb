// SPDX-License-Identifier: Apache-2.0
/** How likely a design finds an effect that is there, and how many replicates it takes: by the non-central t and F distributions. */
import { fQuantile, noncentralFSurvival } from './distribution/f.ts'
import { noncentralTSurvival } from './distribution/noncentral-t.ts'
import { normalCdf } from './distribution/normal.ts'
import { averageOverScale } from './distribution/scale-average.ts'
import { solveIncreasing } from './distribution/tails.ts'
import { studentQuantile, twoSidedCritical } from './student-t.ts'

/** A difference in the unit of the standard deviation of single replicates. */
export interface TwoSamplePlan {
  readonly shift: number
  readonly sd: number
  /** Replicates on each side. */
  readonly n: number
  readonly alpha?: number
}

/** Chance that a two-sided t test of two equal samples calls this shift different from none. */
export function twoSamplePower({ shift, sd, n, alpha = 0.05 }: TwoSamplePlan): number {
  if (n < 2) return 0
  const df = 2 * n - 2
  const delta = Math.abs(shift) / (sd * Math.sqrt(2 / n))
  const critical = twoSidedCritical(1 - alpha, df)
  return noncentralTSurvival(critical, df, delta) + noncentralTSurvival(critical, df, -delta)
}

/** Chance that two one-sided t tests call samples the same within ± margin when they differ by `shift` (Phillips 1990). */
export function equivalencePower({ shift, sd, n, alpha = 0.05, margin }: TwoSamplePlan & { readonly margin: number }): number {
  if (n < 2) return 0
  const df = 2 * n - 2
  const error = sd * Math.sqrt(2 / n)
  const critical = studentQuantile(1 - alpha, df)
  const accepted = (scale: number) => normalCdf((margin - shift) / error - critical * scale) - normalCdf((-margin - shift) / error + critical * scale)
  return averageOverScale({ df, fineness: 6 }, (scale) => Math.max(0, accepted(scale)))
}

/** One factor (or block-free contrast) of a design, as it enters its F test. */
export interface EffectPlan {
  /** Distance between the highest and the lowest level mean. */
  readonly effect: number
  /** Of the error that tests the factor: between stand-ups for setup factors, between runs for run factors. */
  readonly sd: number
  readonly levels: number
  /** Independent units at each level: stand-ups for setup factors, runs for run factors, over all levels of the other factors. */
  readonly unitsPerLevel: number
  readonly errorDf: number
  readonly alpha?: number
}

/** Chance that the F test finds it, where the other levels lie in the middle: the least favourable way to have that distance. */
export function effectPower({ effect, sd, levels, unitsPerLevel, errorDf, alpha = 0.05 }: EffectPlan): number {
  if (errorDf < 1) return 0
  const df = [levels - 1, errorDf] as const
  return noncentralFSurvival(fQuantile(1 - alpha, df), df, (unitsPerLevel * effect ** 2) / (2 * sd ** 2))
}

/** Smallest distance that is found with that probability. */
export function detectableEffect(plan: Omit<EffectPlan, 'effect'>, power = 0.8): number | null {
  if (plan.errorDf < 1 || plan.unitsPerLevel <= 0) return null
  return Math.exp(solveIncreasing((u) => effectPower({ ...plan, effect: Math.exp(u) }) - power, Math.log(plan.sd)))
}

export interface ReplicateSearch {
  readonly power?: number
  /** Where to begin, as near as is known. */
  readonly start?: number
  readonly most?: number
}

/** The fewest n, from 2, with that power; null where even `most` do not do. Power must grow with n. */
export function fewestReplicates(powerOf: (n: number) => number, { power = 0.8, start = 2, most = 10_000 }: ReplicateSearch = {}): number | null {
  let [short, enough] = [1, Math.max(2, Math.min(most, Math.round(start)))]
  if (powerOf(enough) < power) {
    for (let step = 1; ; step *= 2) {
      if (enough >= most) return null
      ;[short, enough] = [enough, Math.min(most, enough + step)]
      if (powerOf(enough) >= power) break
    }
  } else {
    for (let step = 1; enough > 2; step *= 2) {
      short = Math.max(1, enough - step)
      if (short === 1 || powerOf(short) < power) break
      enough = short
    }
  }
  while (enough - short > 1) {
    const middle = Math.floor((short + enough) / 2)
    if (powerOf(middle) >= power) enough = middle
    else short = middle
  }
  return enough
}
