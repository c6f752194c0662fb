// SPDX-License-Identifier: Apache-2.0
/** What a better answer costs in time: quality against latency, a mark for each combination whose area is its memory. Without quality: throughput against memory. */
import { drawFigure, dot, gridX, gridY, ruleX, ruleY, text } from '../report/figures.ts'
import { margins, seriesScales, symbolIndex, valueScale, WIDE, type Figure } from '../report/figure-style.ts'
import { formatMeasured, formatNumber } from '../report/format.ts'
import { joined, type Message, message, type Texts } from '../report/messages.ts'
import type { Cell } from '../report/results.ts'
import type { BoardRow, Leaderboard } from './board.ts'
import { type BoardMeasure, boardMeasures, memoryOf } from './board-measures.ts'
import { CONFIGURATION_KEYS, type ConfigurationKey, configurationLabel } from './configuration.ts'
import { placeNames } from './place-names.ts'
import { leadingQuality, type LeadingQuality } from './leading-quality.ts'
import { rowLabel } from './leaderboard.ts'

export interface BoardFigures {
  readonly figures: readonly Figure[]
  /** What the colours are: the configuration without its model. */
  readonly series: readonly { readonly label: string; readonly symbol: number }[]
  /** What is missing for a figure. */
  readonly missing?: Message
}

interface Mark {
  readonly x: number
  readonly low: number
  readonly high: number
  readonly y: number
  readonly yLow: number
  readonly yHigh: number
  readonly size: number
  readonly series: number
  readonly name: string
  readonly title: string
}

/** Marks that can carry a name each. */
const MOST_NAMES = 24
const RADIUS = { least: 4, most: 20, plain: 6 }

export function boardFigures({ rows }: Leaderboard, texts: Texts): BoardFigures {
  const measured = rows.filter((row) => row.failure === undefined)
  const keys = seriesKeys(measured)
  const seriesLabel = ({ configuration }: BoardRow) => configurationLabel(configuration, keys) || (keys.includes('quantization') ? texts.say('board.figure.unquantized') : '–')
  const labels = [...new Set(measured.map(seriesLabel))]
  // Of what has none of these the table says the same.
  const series = labels.map((label, i) => ({ label: label || '–', symbol: symbolIndex(i) }))
  const seriesOf = (row: BoardRow) => labels.indexOf(seriesLabel(row))
  const quality = leadingQuality(measured)
  const scored = quality === undefined ? [] : measured.filter((row) => quality.of(row) !== undefined)
  const figures = quality === undefined || scored.length < 2 ? throughputFigure(measured, { seriesOf, texts }) : latencyFigures(measured, { quality, seriesOf, texts })
  if (figures.length === 0) return { figures, series: [], missing: message('board.figure.none') }
  return { figures, series: labels.length > 1 ? series : [] }
}

/** What differs beside the model. */
function seriesKeys(rows: readonly BoardRow[]): ConfigurationKey[] {
  return CONFIGURATION_KEYS.filter((key) => key !== 'model' && new Set(rows.map((r) => r.configuration[key] ?? '')).size > 1)
}

interface Drawn { readonly seriesOf: (row: BoardRow) => number; readonly texts: Texts }
interface Drawing extends Drawn { readonly quality: LeadingQuality }

function latencyFigures(rows: readonly BoardRow[], drawing: Drawing): Figure[] {
  const latencies = boardMeasures(rows).filter((m) => /^(?!generate|first_generate)[^.]+\.batch_latency\.p50$/.test(m.id))
  return latencies.flatMap((latency) => {
    const shown = rows.filter((row) => latency.of(row) !== undefined && drawing.quality.of(row) !== undefined)
    return shown.length < 2 ? [] : [latencyFigure(latency, { ...drawing, rows, shown })]
  })
}

interface Shown extends Drawing { readonly rows: readonly BoardRow[]; readonly shown: readonly BoardRow[] }

function latencyFigure(latency: BoardMeasure, { quality, seriesOf, texts, rows, shown }: Shown): Figure {
  const memory = memoryOf(shown)
  const sizes = memory !== undefined && shown.every((row) => memory.of(row) !== undefined) ? memory : undefined
  const marks = shown.map((row): Mark => {
    const [cell, score] = [latency.of(row) as Cell, quality.of(row)]
    const [value, error] = [score?.value ?? 0, score?.stderr ?? 0]
    return {
      ...span(cell), y: value, yLow: value - 1.96 * error, yHigh: value + 1.96 * error, size: sizes?.of(row)?.mean ?? 1, series: seriesOf(row), name: shortName(row),
      title: [rowLabel(row), `${quality.label} ${formatNumber(value)}`, told(latency, row, texts), ...(sizes === undefined ? [] : [told(sizes, row, texts)])].join('\n'),
    }
  })
  const direction = message(quality.better === 'lower' ? 'board.figure.down' : 'board.figure.up')
  const note = sizes === undefined ? message('board.figure.qualityPlain', { direction }) : message('board.figure.qualityNote', { direction, memory: axis(sizes, texts) })
  const left = rows.filter((row) => !shown.includes(row)).map(rowLabel)
  return {
    title: message('board.figure.quality', { stage: latency.title }), wide: true,
    note: joined([note, ...(left.length === 0 ? [] : [message('board.figure.left', { what: quality.label, names: joined(left, 'list.semicolon') })])], 'list.sentence'),
    svg: draw(marks, { x: axis(latency, texts), y: quality.label, sized: sizes !== undefined, zero: false, texts }),
  }
}

function throughputFigure(rows: readonly BoardRow[], { seriesOf, texts }: Drawn): Figure[] {
  const throughput = boardMeasures(rows).find((m) => m.id === 'decode.output_throughput.value')
  const memory = memoryOf(rows)
  if (throughput === undefined || memory === undefined) return []
  const marks = rows.flatMap((row): Mark[] => {
    const [x, y] = [memory.of(row), throughput.of(row)]
    if (x === undefined || y === undefined) return []
    const up = span(y)
    return [{ ...span(x), y: up.x, yLow: up.low, yHigh: up.high, size: 1, series: seriesOf(row), name: shortName(row), title: [rowLabel(row), told(memory, row, texts), told(throughput, row, texts)].join('\n') }]
  })
  if (marks.length < 2) return []
  const axes = { x: axis(memory, texts), y: axis(throughput, texts), sized: false, zero: true, texts }
  return [{ title: message('board.figure.throughput'), note: message('board.figure.throughputNote'), wide: true, svg: draw(marks, axes) }]
}

const axis = ({ title, unit }: BoardMeasure, { textOf }: Texts) => `${textOf(title)} (${unit})`
const told = ({ title, unit, of }: BoardMeasure, row: BoardRow, { textOf }: Texts) => `${textOf(title)} ${formatMeasured(of(row) as Cell)} ${unit}`
const shortName = ({ configuration: { model } }: BoardRow) => model?.split('/').at(-1) ?? ''

function span({ mean, interval }: Cell): Pick<Mark, 'x' | 'low' | 'high'> {
  return interval.kind === 'none' ? { x: mean, low: mean, high: mean } : { x: mean, low: Math.max(0, interval.low), high: interval.high }
}

interface Axes { readonly x: string; readonly y: string; readonly sized: boolean; readonly zero: boolean; readonly texts: Texts }

function draw(marks: readonly Mark[], { x, y, sized, zero, texts }: Axes): string {
  const ys = marks.flatMap((m) => [m.y, m.yLow, m.yHigh])
  const largest = Math.max(...marks.map((m) => m.size))
  const radius = (m: Mark) => (sized ? Math.max(RADIUS.least, RADIUS.most * Math.sqrt(m.size / largest)) : RADIUS.plain)
  const at = { x: 'x', y: 'y' } as const
  const y2 = zero ? valueScale(ys, y) : { label: y, nice: true, inset: RADIUS.most }
  return drawFigure({
    ...WIDE, ...margins(ys), ...seriesScales(Math.max(...marks.map((m) => m.series)) + 1),
    x: { ...valueScale(marks.flatMap((m) => [m.x, m.high]), x), insetRight: RADIUS.most + 40 }, y: y2, r: { type: 'identity' },
    alt: texts.say('board.figure.alt', { x, y, count: marks.length }),
    marks: [
      gridX(), gridY(),
      ruleY(marks, { y: 'y', x1: 'low', x2: 'high', stroke: 'series', strokeOpacity: 0.7 }),
      ruleX(marks, { x: 'x', y1: 'yLow', y2: 'yHigh', stroke: 'series', strokeOpacity: 0.7 }),
      // Large marks first, so that none hides another.
      dot([...marks].sort((a, b) => b.size - a.size), { ...at, r: radius, fill: 'series', fillOpacity: 0.3, stroke: 'series', symbol: sized ? undefined : 'series', title: 'title' }),
      ...(marks.length > MOST_NAMES ? [] : placeNames(marks, WIDE).map(({ marks: own, dy }) => text(own, { ...at, text: 'name', textAnchor: 'start', dx: 8, dy, fill: 'var(--ink)' }))),
    ],
  })
}
