// SPDX-License-Identifier: Apache-2.0
/** Recommendations in words. It decides nothing: what is ahead, and how surely, has been found out before. */
import { minimumSamples } from '../../stats/sample-size.ts'
import type { Verdict } from '../../stats/compare/verdict.ts'
import { PERCENTILES, type PercentileName } from '../../model/metric.ts'
import { displayUnit, formatMeasured, formatP, formatWithUnit } from '../format.ts'
import { listed, type Message, message, type Part } from '../messages.ts'
import { type OperatingPoint, operatingPoints } from '../operating-points.ts'
import { responseTitle } from '../primary.ts'
import type { Response } from '../response.ts'
import type { Cell, ExperimentResults, Requirement } from '../results.ts'
import { type Advice, adviceOf, type Range } from './advise.ts'
import type { Candidate } from './candidates.ts'

export function adviceSentences(results: ExperimentResults): Message[] {
  const advice = adviceOf(results)
  if (advice === null) return []
  const { candidates: { usable, unmeasured } } = advice
  const requirements = requirementsText(results.requirements)
  if (unmeasured.length > 0) return [message('advice.unmeasured', { requirements, responses: listed(unmeasured.map(responseTitle)) })]
  if (usable.length === 0) return weakSentence(advice, requirements)
  return [
    ...careSentences(advice, results),
    ...bestSentences(advice, results, requirements),
    ...rangeSentences(advice, results),
    ...kneeSentence(advice, results),
  ]
}

/** `p99 TTFT ≤ 500 ms and p99 TPOT ≤ 50 ms/token`. */
export function requirementsText(requirements: readonly Requirement[]): Part {
  return listed(requirements.map((r) => {
    const { unit, scale } = displayUnit(unitOf(r))
    const text = message(r.relation === 'at most' ? 'requirement.atMost' : 'requirement.atLeast', {
      response: responseTitle(r),
      bound: `${Number((r.bound * scale).toPrecision(12))} ${unit}`,
    })
    return r.stage === undefined ? text : message('requirement.inStage', { requirement: text, stage: r.stage })
  }))
}

/** Bounds are in the metric's own unit. */
const unitOf = ({ metric }: Requirement) => (metric === 'attainment' ? 'ratio' : metric.includes('tpot') ? 'ms/token' : 'ms')

function weakSentence({ candidates: { weak } }: Advice, requirements: Part): Message[] {
  const [first] = weak
  if (first === undefined) return []
  const { statistic } = first.requirement
  const need = statistic in PERCENTILES ? minimumSamples(PERCENTILES[statistic as PercentileName]) : '–'
  return [message('advice.weak', { requirements, statistic, need })]
}

function bestSentences(advice: Advice, results: ExperimentResults, requirements: Part): Message[] {
  const { ranking: [first, second], closest, objective, byEstimate } = advice
  if (first === undefined)
    return closest === null
      ? []
      : [message('advice.none', { requirements, point: pointText(closest.point, results), latencies: boundsText(closest) })]
  const { candidate } = first
  const common = {
    point: pointText(candidate.point, results),
    objective: message(`objective.${objective}`),
    value: formatWithUnit(candidate.objective),
  }
  const best =
    results.requirements.length === 0
      ? message('advice.bestWithoutBound', common)
      : message('advice.best', { ...common, requirements, latencies: boundsText(candidate) })
  return [
    best, ...(byEstimate ? [message('advice.byEstimateOnly')] : []),
    ...(second === undefined || second.verdict === null ? [] : [aheadSentence(second.candidate, second.verdict, { advice, results })]),
  ]
}

interface Context { readonly advice: Advice; readonly results: ExperimentResults }

function aheadSentence(other: Candidate, verdict: Verdict, { advice, results }: Context): Message {
  const common = { other: pointText(other.point, results), value: formatWithUnit(other.objective) }
  if (verdict.verdict === 'better')
    return message('advice.ahead', { ...common, gain: gainText(advice, differenceText(verdict, advice)), p: formatP(verdict.p ?? 1) })
  if (verdict.p === null) return message('advice.unknownAhead', { ...common, reason: { stored: verdict.reason } })
  return message('advice.notAhead', { ...common, difference: differenceText(verdict, advice), p: formatP(verdict.p) })
}

const gainText = ({ objective }: Advice, difference: Part): Message => message(`gain.${objective}`, { difference })

/** `12 ± 3 %`: by how much the one is better than the other. */
function differenceText({ difference: { shift, scale } }: Verdict, { better }: Advice): string {
  if (shift.estimate === null) return '–'
  const gain = (x: number) => (scale === 'ratio' ? (better === 'lower' ? 1 - x : x - 1) * 100 : better === 'lower' ? -x : x)
  const ends = shift.kind === 'interval' ? [gain(shift.low), gain(shift.high)] : []
  const interval = ends.length === 0 ? { kind: 'none', reason: '' } as const
    : { kind: 'interval', low: Math.min(...ends), high: Math.max(...ends), df: 1, level: 0.95, basis: 'between stand-ups' } as const
  return `${formatMeasured({ mean: gain(shift.estimate), interval })}${scale === 'ratio' ? ' %' : ''}`
}

function rangeSentences(advice: Advice, results: ExperimentResults): Message[] {
  const first = advice.ranking[0]?.candidate.point.configuration ?? ''
  return advice.ranges.map((range) => message('advice.range', {
    configuration: range.configuration, other: first, loads: loadsText(range, advice, results),
    gain: gainText(advice, range.loads.length > 1 ? message('advice.atLeast', { difference: differenceText(range.verdict, advice) }) : differenceText(range.verdict, advice)),
  }))
}

/** Loads as they were measured: nothing is known of those between. */
function loadsText({ loads }: Range, { candidates: { usable } }: Advice, results: ExperimentResults): Message {
  const all = usable.flatMap((c) => (typeof c.point.load === 'number' ? [c.point.load] : []))
  const [from = 0, to = 0] = [loads[0], loads.at(-1)]
  const text = (load: number) => loadText(load, results)
  if (from === to) return message('loads.at', { load: text(from) })
  if (from === Math.min(...all)) return message('loads.upTo', { load: text(to) })
  return to === Math.max(...all) ? message('loads.from', { load: text(from) }) : message('loads.between', { from: text(from), to: text(to) })
}

function loadText(value: number | string, results: ExperimentResults): Message {
  return message(`load.${operatingPoints(results).axis.kind}`, { value })
}

export function pointText({ configuration, load, treatment }: OperatingPoint, results: ExperimentResults): Message {
  const shown = loadText(load, results)
  return treatment.configuration === ''
    ? message('point.atLoad', { load: shown })
    : message('point.configurationAtLoad', { configuration, load: shown })
}

function boundsText({ bounds }: Candidate): Part {
  return listed(bounds.map(({ requirement, cell }) => withValue(requirement, cell)))
}

function kneeSentence({ knee }: Advice, results: ExperimentResults): Message[] {
  if (knee === null) return []
  const { point, x, y } = knee
  return [message('advice.knee', { point: pointText(point, results), x: formatWithUnit(x), y: withValue(y, y) })]
}

const withValue = (response: Response, cell: Cell) => message('of.value', { response: responseTitle(response), value: formatWithUnit(cell) })

function careSentences({ candidates: { weak, total }, ranking, closest }: Advice, { standUps }: ExperimentResults): Message[] {
  const shown = [...ranking.map((r) => r.candidate), ...(closest === null ? [] : [closest])]
  const cells = shown.flatMap((c) => [c.objective, ...c.bounds.map((b) => b.cell)])
  const claimed = cells.some((c) => c.claimed === true)
  const behind = new Map(cells.flatMap((c) => c.values.map((v) => [v.trial, v.suspect] as const)))
  const suspect = [...behind.values()].filter(Boolean).length
  const once = new Set(standUps.map((s) => s.replicate)).size < 2
  return [
    ...(weak.length === 0 ? [] : [message('advice.weakLeftOut', { count: weak.length, total })]),
    ...(claimed ? [message('advice.claimed')] : []),
    ...(suspect === 0 ? [] : [message('advice.suspect', { count: suspect, total: behind.size })]),
    ...(once ? [message('advice.noReplicates')] : []),
  ]
}
