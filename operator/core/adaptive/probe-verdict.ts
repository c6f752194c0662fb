// SPDX-License-Identifier: Apache-2.0
/** Whether the trials of one load meet the objectives: surely, surely not, or not to be told from their scatter. It chooses no load. */
import { twoSidedCritical } from '../stats/student-t.ts'
import { mean } from '../stats/summary.ts'

/**
 * By how much one trial meets each objective, in the unit of its metric: above 0 it is met. Null says nothing: the trial failed, is invalid,
 * or does not show the metric well enough.
 */
export type Margins = readonly number[] | null
/** What was measured at one load, by run replicate, the first at 0; undefined has not ended. */
export interface Probe { readonly load: number; readonly trials: readonly (Margins | undefined)[] }

export interface Patience {
  /** Trials of each load before it is judged. */
  readonly replicates: number
  /** Most trials of one load. */
  readonly maxReplicates: number
}

/** undecided and unmeasured loads are given up, and count as not met. */
export type ProbeVerdict = 'met' | 'missed' | 'undecided' | 'unmeasured'
export interface JudgedProbe {
  readonly load: number
  /** Mean margin of each objective over the trials that count; none where no trial does. */
  readonly means: readonly number[]
  readonly counted: number
  /** null while it needs more trials. */
  readonly verdict: ProbeVerdict | null
  /** Run replicates that it needs, from 1. */
  readonly missing: readonly number[]
}

/** Probability with which a mean on one side of the bound is there by more than chance; one-sided. */
const SURE = 0.9
/** Loads within this factor scatter alike: two or three trials alone say little about their spread. */
const NEIGHBOUR = 1.3

export function judgeProbes(probes: readonly Probe[], patience: Patience): JudgedProbe[] {
  // A load that is being measured says nothing yet: else every trial that ends could change what is asked while others of it run.
  const whole = probes.filter((probe) => missingOf(probe, patience).length === 0)
  const near = (load: number) => whole.filter((other) => Math.abs(Math.log(other.load / load)) <= Math.log(NEIGHBOUR))
  return probes.map((probe) => judge(probe, near(probe.load), patience)).sort((a, b) => a.load - b.load)
}

const missingOf = ({ trials }: Probe, { replicates }: Patience) => counting(Math.max(replicates, trials.length)).filter((run) => trials[run - 1] === undefined)

const counting = (count: number) => Array.from({ length: count }, (_, i) => i + 1)
const usable = ({ trials }: Probe) => trials.filter((t) => t !== undefined && t !== null)

function judge(probe: Probe, neighbours: readonly Probe[], { replicates, maxReplicates }: Patience): JudgedProbe {
  const { load, trials } = probe
  const counted = usable(probe)
  const [first] = counted
  const means = first === undefined ? [] : first.map((_, objective) => mean(counted.map((margins) => margins[objective] ?? 0)) ?? 0)
  const base = { load, means, counted: counted.length, missing: [] }
  const missing = missingOf(probe, { replicates, maxReplicates })
  if (missing.length > 0) return { ...base, verdict: null, missing }
  const decided = counted.length >= replicates ? decide(means, means.map((_, objective) => standardError(neighbours, objective, counted.length))) : null
  if (decided !== null) return { ...base, verdict: decided }
  const hopeless = counted.length === 0 && trials.length >= replicates
  if (!hopeless && trials.length < maxReplicates) return { ...base, verdict: null, missing: [trials.length + 1] }
  return { ...base, verdict: counted.length === 0 ? 'unmeasured' : 'undecided' }
}

/** One objective that is surely missed settles it; all must surely be met. null cannot tell. */
function decide(means: readonly number[], doubts: readonly number[]): 'met' | 'missed' | null {
  const surely = means.map((value, i) => (Math.abs(value) >= (doubts[i] ?? 0) ? (value >= 0 ? 'met' : 'missed') : null))
  if (surely.includes('missed')) return 'missed'
  return surely.every((s) => s === 'met') ? 'met' : null
}

/** Half the interval of a mean of n trials, whose spread is pooled over neighbouring loads; 0 where nothing was repeated or nothing scatters. */
function standardError(neighbours: readonly Probe[], objective: number, n: number): number {
  let [squares, df] = [0, 0]
  for (const probe of neighbours) {
    const values = usable(probe).map((margins) => margins[objective] ?? 0)
    const centre = mean(values)
    if (centre === null) continue
    squares += values.reduce((sum, value) => sum + (value - centre) ** 2, 0)
    df += values.length - 1
  }
  return df === 0 ? 0 : twoSidedCritical(2 * SURE - 1, df) * Math.sqrt(squares / df / n)
}
