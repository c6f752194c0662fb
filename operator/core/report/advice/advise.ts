// SPDX-License-Identifier: Apache-2.0
/**
 * What to take from an Experiment: which operating point gives most within the bounds, by how much it is ahead, and where another one is
 * better. Everything is quoted with its uncertainty; nothing is said of percentiles that too few requests were measured for.
 */
import type { Better } from '../../model/metric.ts'
import { compareMetrics, type Verdict } from '../../stats/compare/verdict.ts'
import { toolFactorOf } from '../agreement/tools-of.ts'
import { armOfCell, blocksOf } from '../compare/arm.ts'
import { frontOf, trustedLatency } from './front.ts'
import { type Candidate, type Candidates, candidatesOf, excess, bestOf, type ObjectiveKind } from './candidates.ts'
import type { Response } from '../response.ts'
import type { ExperimentResults } from '../results.ts'
import { type OperatingPoint } from '../operating-points.ts'

export interface Rank {
  readonly candidate: Candidate
  /** Against the first: null for itself. */
  readonly verdict: Verdict | null
}
/** Another configuration that is surely better than the first at some loads. */
export interface Range {
  readonly configuration: string
  readonly loads: readonly number[]
  /** At the load where it is least ahead. */
  readonly verdict: Verdict
}

export interface Advice {
  readonly objective: ObjectiveKind
  readonly better: Better
  readonly candidates: Candidates
  /** The best point of each configuration that meets the bounds, best first; empty where none does. */
  readonly ranking: readonly Rank[]
  /** Whether the bounds are met only by estimates. */
  readonly byEstimate: boolean
  readonly closest: Candidate | null
  readonly ranges: readonly Range[]
  readonly knee: { readonly point: OperatingPoint; readonly x: Candidate['objective']; readonly y: Candidate['objective'] } | null
}

const LATENCIES: readonly Response[] = (['ttft', 'e2e'] as const).flatMap((metric) =>
  (['p99', 'p95', 'p90', 'p50'] as const).map((statistic) => ({ metric, statistic })),
)
const known = new WeakMap<ExperimentResults, Advice | null>()

/** null where there is nothing to choose between, or nothing to choose by. Every rendering asks for the same. */
export function adviceOf(results: ExperimentResults): Advice | null {
  const found = known.get(results)
  if (found !== undefined) return found
  const advice = advise(results)
  known.set(results, advice)
  return advice
}

function advise(results: ExperimentResults): Advice | null {
  // Of tools that measure the same none gives more tokens: whether they agree is another section.
  if (toolFactorOf(results) !== null) return null
  const candidates = candidatesOf(results)
  if (candidates === null || candidates.total < 2) return null
  const surely = candidates.usable.filter((c) => c.standing === 'surely')
  const met = surely.length > 0 ? surely : candidates.usable.filter((c) => c.standing === 'by estimate')
  const byConfiguration = [...Map.groupBy(met, (c) => c.point.configuration).values()].flatMap((own) => bestOf(own) ?? [])
  const ranking = ranked(byConfiguration, results)
  const closest = met.length > 0 ? null : candidates.usable.toSorted((a, b) => excess(a) - excess(b))[0] ?? null
  const [first] = ranking
  return {
    objective: candidates.objective.kind, better: candidates.usable[0]?.objective.better ?? 'none', candidates, ranking, closest,
    byEstimate: surely.length === 0 && met.length > 0 && results.requirements.length > 0,
    ranges: first === undefined ? [] : rangesOf(met, first.candidate.point.configuration, results), knee: kneeOf(results, candidates),
  }
}

function ranked(best: readonly Candidate[], results: ExperimentResults): Rank[] {
  const first = bestOf(best)
  if (first === undefined) return []
  const others = best
    .filter((c) => c !== first)
    .toSorted((a, b) => (first.objective.better === 'lower' ? a.objective.mean - b.objective.mean : b.objective.mean - a.objective.mean))
  const verdicts = against(others.map((other) => [other, first] as const), results)
  return [{ candidate: first, verdict: null }, ...others.map((candidate, i) => ({ candidate, verdict: verdicts[i] ?? null }))]
}

/** The second of each pair against the first, Holm over all. Within one Experiment stand-up replicates are blocks. */
function against(pairs: readonly (readonly [Candidate, Candidate])[], results: ExperimentResults): Verdict[] {
  const blocks = blocksOf(results)
  return compareMetrics(
    pairs.map(([base, candidate], i) => ({
      name: String(i),
      base: armOfCell(base.objective, blocks),
      candidate: armOfCell(candidate.objective, blocks),
      better: candidate.objective.better === 'lower' ? 'lower' : 'higher',
    })),
  )
}

/** Loads at which another configuration that meets the bounds is surely better than the first one, joined to ranges. */
function rangesOf(met: readonly Candidate[], first: string, results: ExperimentResults): Range[] {
  const atLoad = Map.groupBy(met.filter((c) => typeof c.point.load === 'number'), (c) => c.point.load as number)
  const loads = [...atLoad.keys()].sort((a, b) => a - b)
  const pairs = loads.flatMap((load) => {
    const own = atLoad.get(load) ?? []
    const base = own.find((c) => c.point.configuration === first)
    const best = bestOf(own)
    return base === undefined || best === undefined || best.point.configuration === first ? [] : [{ load, base, best }]
  })
  const verdicts = against(pairs.map(({ base, best }) => [base, best] as const), results)
  const sure = pairs.flatMap(({ load, best }, i) =>
    verdicts[i]?.verdict === 'better' ? [{ load, configuration: best.point.configuration, verdict: verdicts[i] }] : [],
  )
  const ranges: { configuration: string; loads: number[]; verdict: Verdict }[] = []
  for (const { load, configuration, verdict } of sure) {
    const last = ranges.at(-1)
    const isNext =
      last !== undefined && last.configuration === configuration && loads.indexOf(load) === loads.indexOf(last.loads.at(-1) ?? load) + 1
    if (!isNext) ranges.push({ configuration, loads: [load], verdict })
    else {
      last.loads.push(load)
      if (advantage(verdict) < advantage(last.verdict)) last.verdict = verdict
    }
  }
  return ranges
}

/** Distance from no difference, on logarithms where ratios are compared. */
function advantage({ difference: { shift, scale } }: Verdict): number {
  const { estimate } = shift
  return estimate === null ? 0 : Math.abs(scale === 'ratio' ? Math.log(estimate) : estimate)
}

function kneeOf(results: ExperimentResults, { objective }: Candidates): Advice['knee'] {
  const latency = trustedLatency(results, LATENCIES)
  const bend = latency === undefined ? undefined : frontOf(results, objective.response, latency).find((p) => p.knee)
  return bend === undefined || bend.y.weak ? null : { point: bend.point, x: bend.x, y: bend.y }
}
