// SPDX-License-Identifier: Apache-2.0
/**
 * The search for the highest load that meets the objectives, on one stand-up: from what was measured to the next load, or to the answer.
 * It remembers nothing, so that the same trials always lead to the same step. How a load is sent it does not know.
 */
import { zeroCrossing } from './crossing.ts'
import { type JudgedProbe, judgeProbes, type Patience, type Probe } from './probe-verdict.ts'

export interface SearchRules extends Patience {
  readonly start: number
  readonly lower?: number | undefined
  readonly upper?: number | undefined
  /** Whether only whole loads exist, such as concurrencies. */
  readonly whole: boolean
  /** Relative width of the interval at which the search ends. */
  readonly tolerance: number
  /** Most loads that are tried. */
  readonly probes: number
}

export const ENDINGS = ['found', 'unresolved', 'aboveUpper', 'belowLower', 'insufficient'] as const
/** found: within the tolerance. unresolved: probes or replicates were used up before. */
export type Ending = (typeof ENDINGS)[number]
export interface SearchResult {
  readonly ending: Ending
  /** Highest load that surely met the objectives, below every load that was not; null when none did. */
  readonly met: number | null
  /** Lowest load above it that surely did not; null when none did. */
  readonly missed: number | null
  /** Where the means cross their bounds; between the two, and null where one of them is. */
  readonly estimate: number | null
  readonly probes: number
  readonly trials: number
  /** Loads whose trials could not tell: they count as not met. */
  readonly undecided: readonly number[]
  /** Loads of which no trial could be used: they count as not met. */
  readonly unmeasured: readonly number[]
  /** Loads that met the objectives although a lower one did not. */
  readonly contradictions: readonly number[]
}
export type SearchStep =
  | { readonly kind: 'measure'; readonly load: number; /** Run replicates that it needs, from 1. */ readonly runs: readonly number[] }
  | { readonly kind: 'done'; readonly result: SearchResult }

const FACTOR = 2

export function searchStep(rules: SearchRules, probes: readonly Probe[]): SearchStep {
  const judged = judgeProbes(probes, rules)
  const open = judged.find((p) => p.verdict === null)
  if (open !== undefined) return { kind: 'measure', load: open.load, runs: open.missing }
  const next = nextLoad(rules, judged)
  if (next !== null && judged.length < rules.probes) return { kind: 'measure', load: next, runs: Array.from({ length: rules.replicates }, (_, i) => i + 1) }
  return { kind: 'done', result: resultOf(rules, judged, probes) }
}

/** Answer from what there is, whether or not the search has ended. */
export function searchResult(rules: SearchRules, probes: readonly Probe[]): SearchResult {
  return resultOf(rules, judgeProbes(probes, rules).filter((p) => p.verdict !== null), probes)
}

interface Bracket {
  readonly met: number | undefined
  /** Lowest load that was not met, given up ones included. */
  readonly unmet: number | undefined
  /** Lowest load above it that surely was not. */
  readonly missed: number | undefined
}

function bracketOf(judged: readonly JudgedProbe[]): Bracket {
  const unmet = judged.find((p) => p.verdict !== 'met')?.load
  const met = judged.findLast((p) => p.verdict === 'met' && p.load < (unmet ?? Number.POSITIVE_INFINITY))?.load
  const missed = judged.find((p) => p.verdict === 'missed' && p.load > (met ?? 0))?.load
  return { met, unmet, missed }
}

/** Null when there is nothing left to ask. First the load that surely is met is closed in on, then the one that surely is not. */
function nextLoad(rules: SearchRules, judged: readonly JudgedProbe[]): number | null {
  if (judged.length === 0) return rules.start
  if (isHopeless(judged)) return null
  const { met, unmet, missed } = bracketOf(judged)
  if (unmet === undefined) return upwards(rules, met ?? rules.start)
  if (met === undefined) return downwards(rules, unmet)
  if (!isNarrow(rules, met, unmet)) return middle(rules, met, unmet)
  if (missed === unmet) return null
  // Between the two lie loads that could not be told.
  const doubtful = judged.findLast((p) => p.load < (missed ?? Number.POSITIVE_INFINITY))?.load ?? unmet
  if (missed === undefined) return upwards(rules, doubtful)
  return isNarrow(rules, doubtful, missed) ? null : middle(rules, doubtful, missed)
}

/** Two loads without one usable trial: a third would be no better. */
const isHopeless = (judged: readonly JudgedProbe[]) => judged.length > 1 && judged.every((p) => p.verdict === 'unmeasured')

const floorOf = ({ lower, whole }: SearchRules) => lower ?? (whole ? 1 : 0)

function upwards(rules: SearchRules, load: number): number | null {
  const top = rules.upper ?? Number.POSITIVE_INFINITY
  return load >= top ? null : Math.min(rounded(rules, load * FACTOR), top)
}

function downwards(rules: SearchRules, load: number): number | null {
  return load <= floorOf(rules) ? null : Math.max(rounded(rules, load / FACTOR), floorOf(rules))
}

function isNarrow({ tolerance, whole }: SearchRules, low: number, high: number): boolean {
  return high <= low * (1 + tolerance) || (whole && high - low <= 1)
}

function middle(rules: SearchRules, low: number, high: number): number {
  const load = rounded(rules, Math.sqrt(low * high))
  return rules.whole ? Math.min(Math.max(load, low + 1), high - 1) : load
}

/** Loads are names too: four digits are finer than any tolerance that is allowed. */
function rounded({ whole }: SearchRules, load: number): number {
  return whole ? Math.round(load) : Number(load.toPrecision(4))
}

function resultOf(rules: SearchRules, judged: readonly JudgedProbe[], probes: readonly Probe[]): SearchResult {
  const bracket = bracketOf(judged)
  const loads = (verdict: JudgedProbe['verdict']) => judged.filter((p) => p.verdict === verdict).map((p) => p.load)
  return {
    ending: endingOf(rules, judged, bracket), met: bracket.met ?? null, missed: bracket.missed ?? null, estimate: estimateOf(judged, bracket),
    probes: judged.length, trials: probes.reduce((sum, p) => sum + p.trials.filter((t) => t !== undefined).length, 0),
    undecided: loads('undecided'), unmeasured: loads('unmeasured'), contradictions: loads('met').filter((load) => load > (bracket.unmet ?? Number.POSITIVE_INFINITY)),
  }
}

function endingOf(rules: SearchRules, judged: readonly JudgedProbe[], { met, unmet, missed }: Bracket): Ending {
  if (judged.length === 0 || isHopeless(judged)) return 'insufficient'
  if (met !== undefined && unmet === undefined && met >= (rules.upper ?? Number.POSITIVE_INFINITY)) return 'aboveUpper'
  if (met === undefined && missed !== undefined && missed <= floorOf(rules)) return 'belowLower'
  return met !== undefined && missed !== undefined && isNarrow(rules, met, missed) ? 'found' : 'unresolved'
}

/** Each objective crosses its bound somewhere; the first crossing is where the load stops meeting them all. */
function estimateOf(judged: readonly JudgedProbe[], { met, missed }: Bracket): number | null {
  if (met === undefined || missed === undefined) return null
  const counted = judged.filter((p) => p.counted > 0)
  const objectives = counted[0]?.means ?? []
  const crossings = objectives.map((_, i) => zeroCrossing(counted.map(({ load, means, counted: weight }) => ({ load, mean: means[i] ?? 0, weight }))))
  const first = Math.min(...crossings.filter((c) => c !== null))
  return Math.min(Math.max(Number.isFinite(first) ? first : Math.sqrt(met * missed), met), missed)
}
