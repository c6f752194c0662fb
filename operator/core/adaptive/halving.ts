// SPDX-License-Identifier: Apache-2.0
/** Successive halving: which treatments are measured in which rung, from what was measured so far. Only evidence drops one. */
import { summarizeReplicates } from '../stats/mean-interval.ts'
import type { Replicated } from './until.ts'

export interface HalvingRules {
  readonly eta: number
  readonly rungs: number
  /** Replicates of the first rung; each further one has eta times as many, those before included. */
  readonly min: number
  readonly better: 'lower' | 'higher'
  /** Share of the last value that goes on within which others go on too. */
  readonly margin: number
}

export interface Rung {
  readonly replicates: number
  readonly treatments: readonly number[]
  /** Treatments that went on for want of evidence or as ties, beyond the share that was wanted. */
  readonly spared: readonly number[]
  /** Whether all its trials have ended. */
  readonly ended: boolean
}

/** As many as leave two treatments or more to the last. */
export function rungsFor(treatments: number, eta: number): number {
  let [rungs, left] = [1, treatments]
  while (Math.ceil(left / eta) >= 2) {
    left = Math.ceil(left / eta)
    rungs += 1
  }
  return Math.max(2, rungs)
}

export const rungReplicates = ({ min, eta }: Pick<HalvingRules, 'min' | 'eta'>, rung: number) => min * eta ** rung

/** Rungs up to the one that is being measured. `complete` says whether a treatment's first n replicates have all ended. */
export function rungsSoFar(rules: HalvingRules, treatments: readonly number[], { values, complete }: { readonly values: readonly Replicated[]; readonly complete: (treatment: number, n: number) => boolean }): Rung[] {
  const byTreatment = Map.groupBy(values, (v) => v.treatment)
  const rungs: Rung[] = []
  let [field, spared]: [readonly number[], readonly number[]] = [treatments, []]
  for (let rung = 0; rung < rules.rungs; rung++) {
    const replicates = rungReplicates(rules, rung)
    const ended = field.every((t) => complete(t, replicates))
    rungs.push({ replicates, treatments: field, spared, ended })
    if (!ended) break
    const scores = new Map(field.map((t) => [t, scoreOf((byTreatment.get(t) ?? []).filter((v) => v.replicate <= replicates))]))
    ;({ field, spared } = goOn(rules, scores))
  }
  return rungs
}

/** Mean over replicates, each of which counts once. */
function scoreOf(values: readonly Replicated[]): number | null {
  const groups = Map.groupBy(values.filter((v) => v.value !== null), (v) => v.replicate)
  return summarizeReplicates([...groups.values()].map((own) => own.map((v) => v.value as number)))?.mean ?? null
}

function goOn({ eta, better, margin }: HalvingRules, scores: ReadonlyMap<number, number | null>): { readonly field: readonly number[]; readonly spared: readonly number[] } {
  const wanted = Math.ceil(scores.size / eta)
  const sign = better === 'lower' ? 1 : -1
  const ranked = [...scores].flatMap(([treatment, score]) => (score === null ? [] : [{ treatment, score }])).sort((a, b) => sign * (a.score - b.score) || a.treatment - b.treatment)
  const last = ranked[wanted - 1]
  const near = ({ score }: { readonly score: number }) => last === undefined || sign * (score - last.score) <= margin * Math.abs(last.score)
  const best = new Set(ranked.slice(0, wanted).map((r) => r.treatment))
  const ties = ranked.slice(wanted).filter(near).map((r) => r.treatment)
  const unknown = [...scores].flatMap(([treatment, score]) => (score === null ? [treatment] : []))
  const spared = new Set([...ties, ...unknown])
  return { field: [...scores.keys()].filter((t) => best.has(t) || spared.has(t)), spared: [...spared] }
}
