// SPDX-License-Identifier: Apache-2.0
/** Sequential stopping: how many replicates are wanted until the interval of a response is narrow enough for everything that is judged together. */
import { summarizeReplicates } from '../stats/mean-interval.ts'

export interface StopRule {
  readonly min: number
  readonly max: number
  readonly confidence: number
  /** Half width that is wanted, as a share of the mean or in the unit of the response. */
  readonly half: { readonly relative: number } | { readonly absolute: number }
}

/** A value of one treatment: of which replicate; null is no evidence. */
export interface Replicated { readonly treatment: number; readonly replicate: number; readonly value: number | null }

export interface Wanted {
  /** Replicates that are wanted so far. */
  readonly replicates: number
  readonly ended: boolean
  /** Treatments whose interval is still too wide. */
  readonly wide: readonly number[]
}

/** `complete` says whether all trials of the first n replicates have ended: half a block decides nothing. */
export function wantedReplicates(rule: StopRule, complete: (n: number) => boolean, { treatments, values }: { readonly treatments: readonly number[]; readonly values: readonly Replicated[] }): Wanted {
  const byTreatment = Map.groupBy(values, (v) => v.treatment)
  const wideAfter = (n: number) => treatments.filter((t) => !isNarrow(rule, (byTreatment.get(t) ?? []).filter((v) => v.replicate <= n)))
  for (let n = Math.min(rule.min, rule.max); ; n++) {
    if (!complete(n)) return { replicates: n, ended: false, wide: [...treatments] }
    const wide = wideAfter(n)
    if (wide.length === 0 || n >= rule.max) return { replicates: n, ended: true, wide }
  }
}

/** The half width of the mean over replicates, each of which counts once; undefined without an interval. */
export function halfWidth(values: readonly Replicated[], confidence: number): { readonly mean: number; readonly half: number } | undefined {
  const byReplicate = Map.groupBy(values.filter((v) => v.value !== null), (v) => v.replicate)
  const summary = summarizeReplicates([...byReplicate.values()].map((own) => own.map((v) => v.value as number)), confidence)
  if (summary === null || byReplicate.size < 2 || summary.interval.kind === 'none') return undefined
  return { mean: summary.mean, half: (summary.interval.high - summary.interval.low) / 2 }
}

function isNarrow({ half: wanted, confidence }: StopRule, values: readonly Replicated[]): boolean {
  const found = halfWidth(values, confidence)
  if (found === undefined) return false
  return found.half <= ('absolute' in wanted ? wanted.absolute : wanted.relative * Math.abs(found.mean))
}
