// SPDX-License-Identifier: Apache-2.0
/** Tables of models: what each gave under each load, the laws of size, and two forms of one model. Renderers draw them. */
import { METRICS } from '../../model/metric.ts'
import { displayUnit, formatBounds, formatMeasured, formatP, formatRounded, intervalMarks, MARKS, type Mark, markText, scaled, valueMarks } from '../format.ts'
import type { Cell } from '../results.ts'
import { alikeText, exponentText, factorText, scatterText } from './finding-sentences.ts'
import type { FormPair } from './forms.ts'
import type { Laws } from './laws.ts'
import { message, type ModelMessageKey, type Part, textOf } from './messages.ts'
import type { PairRow } from './pairs.ts'
import { type Shown, TABLES } from './responses.ts'
import type { Study } from './study.ts'
import { capitalised, shiftOf } from './words.ts'

interface Heading { readonly title: string; readonly unit?: string }
export interface ModelTable {
  readonly title: string
  readonly head: readonly Heading[]
  /** Column from which on there are numbers. */
  readonly firstNumber: number
  readonly rows: readonly (readonly string[])[]
  /** What the marks mean that occur. */
  readonly notes: readonly string[]
}

const column = (key: ModelMessageKey): string => textOf({ key, params: {} })
const heading = (key: ModelMessageKey): Heading => ({ title: column(key) })
/** As lines of text write it. */
export const headingText = ({ title, unit }: Heading): string => (unit === undefined ? title : `${title}, ${unit}`)

/** One for each group of responses of which something was measured. */
export function modelTables(study: Study): ModelTable[] {
  return TABLES.flatMap(({ key, responses }) => {
    const rows = study.conditions.flatMap((condition) => study.groups.map((group) => ({ group, condition, cells: responses.map((r) => study.cell(group, condition, r)) })))
      .filter(({ cells }) => cells.some((c) => c !== null))
    const columns = responses.map((response, i) => ({ response, i })).filter(({ i }) => rows.some(({ cells }) => cells[i] !== null))
    if (columns.length === 0) return []
    const many = study.conditions.some((c) => c.label !== '')
    const seen = new Set(rows.flatMap(({ cells }) => cells.flatMap((c) => (c === null ? [] : [...valueMarks(c), ...intervalMarks(c)]))))
    return [{
      title: column(`models.head.${key}`), firstNumber: many ? 2 : 1,
      head: [heading('models.column.model'), ...(many ? [heading('models.column.load')] : []), { title: 'n' }, ...columns.map(({ response }) => columnHeading(response))],
      rows: rows.map(({ group, condition, cells }) => [group.label, ...(many ? [condition.label] : []), replicates(cells), ...columns.map(({ response, i }) => cellText(cells[i] ?? null, response))]),
      notes: (Object.keys(MARKS) as Mark[]).filter((m) => seen.has(m)).map((m) => `${MARKS[m].mark} ${MARKS[m].text}`),
    }]
  })
}

function columnHeading({ metric, statistic, scale, short }: Shown): Heading {
  const name = STATISTIC_NAMES[statistic]
  const unit = scale?.unit ?? displayUnit(METRICS[metric].unit).unit
  return { title: short === undefined ? column(name ?? 'models.statistic.mean') : textOf({ key: short, params: { statistic: name === undefined ? '' : column(name) } }), unit }
}

const STATISTIC_NAMES: Partial<Record<string, ModelMessageKey>> = {
  mean: 'models.statistic.mean', p50: 'models.statistic.p50', min: 'models.statistic.min', p95: 'models.statistic.p95', stddev: 'models.statistic.stddev',
}

function cellText(cell: Cell | null, { scale }: Shown): string {
  if (cell === null) return '–'
  return `${formatMeasured(scaled(cell, scale?.factor ?? displayUnit(cell.unit).scale))}${markText(valueMarks(cell))}`
}

/** Of the response that most trials have. */
function replicates(cells: readonly (Cell | null)[]): string {
  const widest = cells.reduce((most, c) => ((c?.trials ?? 0) > (most?.trials ?? 0) ? c : most), null)
  return widest === null ? '' : `${widest.stacks}/${widest.trials}${markText(intervalMarks(widest))}`
}

export function lawTable({ laws }: Laws): ModelTable | null {
  if (laws.length === 0) return null
  const [many, kinds] = [laws.some((l) => l.condition.label !== ''), new Set(laws.map((l) => JSON.stringify(l.alike))).size > 1]
  return {
    title: column('models.head.scaling'), firstNumber: 1 + Number(many) + Number(kinds), notes: [],
    head: [
      heading('models.column.metric'), ...(many ? [heading('models.column.load')] : []), ...(kinds ? [heading('models.column.alike')] : []), { title: 'n' },
      ...(['exponent', 'doubling', 'scatter', 'fit'] as const).map((c) => heading(`models.column.${c}`)),
    ],
    rows: laws.map(({ response, condition, alike, points, law, claimed, lackP }) => [
      `${capitalised(response)}${claimed ? MARKS.claimed.mark : ''}`, ...(many ? [condition.label] : []), ...(kinds ? [textOf(alikeText(alike))] : []), String(points.length),
      `${exponentText(law.exponent.estimate)} [${exponentText(law.exponent.low)}, ${exponentText(law.exponent.high)}]`, `× ${factorText(law.exponent.estimate)}`, scatterText(law),
      lackP === null ? '–' : formatP(lackP),
    ]),
  }
}

export function formTable(pairs: readonly FormPair[]): ModelTable | null {
  const rows = pairs.flatMap((p) => p.rows)
  return rows.length === 0 ? null : { ...pairTable(rows), title: column('models.head.forms') }
}

/** A row for each response, condition and pair. */
export function pairTable(rows: readonly PairRow[]): ModelTable {
  const many = rows.some((r) => r.condition.label !== '')
  const value = ({ unit, ...row }: PairRow, side: 'base' | 'candidate') => `${formatBounds(row[side].median, displayUnit(unit).scale)}${row[side].weak > 0 ? MARKS.weak.mark : ''}`
  return {
    title: column('models.head.pairs'), firstNumber: 4 + Number(many), notes: rows.some((r) => r.base.weak + r.candidate.weak > 0) ? [column('models.pairs.weak')] : [],
    head: [
      heading('models.column.metric'), heading('models.column.unit'), ...(many ? [heading('models.column.load')] : []), heading('models.column.base'), heading('models.column.other'), { title: 'n' },
      ...(['baseValue', 'otherValue', 'shift'] as const).map((c) => heading(`models.column.${c}`)), { title: 'p' }, heading('models.column.verdict'),
    ],
    rows: rows.map((row) => [
      row.name, displayUnit(row.unit).unit, ...(many ? [row.condition.label] : []), row.baseGroup.label, row.otherGroup.label, `${row.base.standUps}+${row.candidate.standUps}`,
      value(row, 'base'), value(row, 'candidate'), shiftOf(row, row.unit), row.p === null ? '–' : row.p < 0.0001 ? '<0.0001' : row.p.toFixed(4), textOf(verdictText(row)),
    ]),
  }
}

function verdictText({ verdict, moreReplicates, margin, difference }: PairRow): Part {
  const name = message(`models.verdict.${verdict}`)
  if (verdict === 'insufficient') return moreReplicates === null ? name : message('models.verdict.more', { verdict: name, count: moreReplicates })
  if (verdict !== 'same' || margin === null || margin.size === 0 || difference.scale !== 'ratio') return name
  return message('models.verdict.within', { verdict: name, margin: `± ${formatRounded((margin.high - 1) * 100)} %` })
}
