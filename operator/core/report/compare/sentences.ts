// SPDX-License-Identifier: Apache-2.0
/** What a comparison says in sentences: the count of verdicts, by which margin and method, what is undecided and why, what was left out. */
import { minimumSamples } from '../../stats/sample-size.ts'
import { PERCENTILES, type PercentileName } from '../../model/metric.ts'
import { differenceUnit, displayUnit, formatBounds, formatRounded, formatShift } from '../format.ts'
import { listed, type Message, message } from '../messages.ts'
import { type ComparisonRow, IDENTICAL, type MetricMargin, type ResultsComparison } from './comparison.ts'
import { isFlat } from './to-lines.ts'

/** The result in one line. */
export function comparisonSummary({ counts, rows }: ResultsComparison): Message {
  return message('compare.summary', { ...counts, total: rows.length })
}

/** How to read the table, then what to know of it. */
export function comparisonNotes(comparison: ResultsComparison): Message[] {
  const { rows, family, alpha, overall, left } = comparison
  return [
    ...(rows.some((r) => r.reason === IDENTICAL) ? [message('compare.identical')] : []),
    message('compare.medians'),
    ...(family === 0 ? [] : [message('compare.family', { family, alpha: percent(alpha) })]),
    ...marginNotes(comparison.margins),
    ...flatNotes(rows),
    ...methodNotes(rows),
    ...undecidedNotes(rows),
    ...weakNotes(rows),
    ...(overall.length === 0
      ? []
      : [
          message('compare.overall', {
            ratios: listed(overall.map(({ name, ratio }) => `${name} ${formatShift(exactly(ratio), 'ratio', '')}`)),
          }),
        ]),
    ...claimNotes(rows),
    ...suspectNotes(rows),
    ...matchingNotes(comparison),
    ...timeNotes(comparison),
    ...left.map(({ name, reason }) => message('compare.left', { name: { stored: name }, reason: { stored: reason } })),
  ]
}

const percent = (share: number) => `${Number((share * 100).toPrecision(3))} %`
const exactly = (estimate: number) => ({ kind: 'none', estimate, reason: '' }) as const

function marginNotes(margins: readonly MetricMargin[]): Message[] {
  const given = margins.find((m) => m.source === 'given')
  if (given?.margin != null) return [message('compare.marginGiven', { margin: marginText(given) })]
  const known = margins.filter((m) => m.margin !== null && sizeOf(m) > 0)
  const unknown = margins.filter((m) => m.margin === null)
  return [
    ...(known.length === 0 ? [] : [message('compare.marginFloor', { margins: listed(known.map((m) => `${m.name} ± ${marginText(m)}`)) })]),
    ...(unknown.length === 0 ? [] : [message('compare.marginUnknown', { names: listed(unknown.map((m) => m.name)) })]),
  ]
}

const sizeOf = ({ margin }: MetricMargin) => (margin === null ? 0 : 'relative' in margin ? margin.relative : margin.absolute)

function marginText({ margin, unit }: MetricMargin): string {
  if (margin === null) return ''
  if ('relative' in margin) return `${formatRounded(margin.relative * 100)} %`
  return `${formatRounded(margin.absolute * displayUnit(unit).scale)} ${differenceUnit(unit)}`
}

function flatNotes(rows: readonly ComparisonRow[]): Message[] {
  return [...Map.groupBy(rows.filter(isFlat), (r) => r.name)].map(([name, own]) => message('compare.flat', {
    name, count: own.length, value: `${formatBounds({ kind: 'none', estimate: own[0]?.base.median.estimate ?? null, reason: '' }, displayUnit(own[0]?.unit ?? '').scale)} ${displayUnit(own[0]?.unit ?? '').unit}`,
  }))
}

/** One line for each method, not for each row. */
function methodNotes(rows: readonly ComparisonRow[]): Message[] {
  const ways = Map.groupBy(rows.filter((r) => r.p !== null && !isFlat(r)), ({ difference: d }) => `${d.method}\n${d.because}`)
  return [...ways.keys()].map((way) => {
    const [method = '', because = ''] = way.split('\n')
    return message('compare.method', { method: { stored: method }, because: { stored: because } })
  })
}

function undecidedNotes(rows: readonly ComparisonRow[]): Message[] {
  const open = rows.filter((r) => r.verdict === 'insufficient' && r.base.weak + r.candidate.weak === 0)
  // What differs from row to row stands in the JSON; here the kind of reason counts.
  const kinds = Map.groupBy(open, ({ reason }) => reason.replace(/ \(p = [^)]*\)/, '').replace(/the margin of .*/, 'the margin'))
  return [...kinds].map(([reason, own]) => {
    const needs = own.flatMap((r) => r.moreReplicates ?? [])
    const [least, most] = [Math.min(...needs), Math.max(...needs)]
    const more = needs.length === 0 ? '' : message('compare.more', { count: least === most ? least : message('score.fromTo', { low: least, high: most }) })
    return message('compare.undecided', { count: own.length, reason: { stored: reason }, more })
  })
}

function weakNotes(rows: readonly ComparisonRow[]): Message[] {
  const weak = new Map(rows.filter((r) => r.base.weak + r.candidate.weak > 0).map((r) => [r.name, r.statistic]))
  return [...weak].map(([name, statistic]) =>
    message('compare.weak', { name, need: statistic in PERCENTILES ? minimumSamples(PERCENTILES[statistic as PercentileName]) : '–' }),
  )
}

function claimNotes(rows: readonly ComparisonRow[]): Message[] {
  const names = [...new Set(rows.filter((r) => r.claimed === true).map((r) => r.name))]
  return names.length === 0 ? [] : [message('compare.claimed', { names: listed(names) })]
}

function suspectNotes(rows: readonly ComparisonRow[]): Message[] {
  const [base, candidate] = [Math.max(0, ...rows.map((r) => r.base.suspect)), Math.max(0, ...rows.map((r) => r.candidate.suspect))]
  return base + candidate === 0 ? [] : [message('compare.suspect', { base, candidate })]
}

function matchingNotes({ matching: { alone, apart } }: ResultsComparison): Message[] {
  const named = (labels: readonly string[]) => listed(labels.map((l) => l || message('compare.oneTreatment')))
  return [
    ...apart.map(({ factor, base, candidate }) => message('compare.apart', { factor, base: base ?? '–', candidate: candidate ?? '–' })),
    ...(alone.base.length === 0 ? [] : [message('compare.alone', { side: 'BASE', treatments: named(alone.base) })]),
    ...(alone.candidate.length === 0 ? [] : [message('compare.alone', { side: 'NEW', treatments: named(alone.candidate) })]),
  ]
}

function timeNotes({ base: { measured: a }, candidate: { measured: b } }: ResultsComparison): Message[] {
  const shown = (time: string) => time.slice(0, 16).replace('T', ' ')
  const overlap = a !== undefined && b !== undefined && a.from <= b.to && b.from <= a.to
  if (a === undefined || b === undefined || overlap) return []
  return [message('compare.times', { baseFrom: shown(a.from), baseTo: shown(a.to), newFrom: shown(b.from), newTo: shown(b.to) })]
}
