// SPDX-License-Identifier: Apache-2.0
/** Tables of models: what each gave under each load, the laws of size, and two forms of one model. Renderers draw them. */
import { METRICS } from '../../model/metric.ts'
import { verdictText } from '../compare/to-lines.ts'
import { displayUnit, formatBounds, formatMeasured, formatP, intervalMarks, MARKS, type Mark, markText, scaled, valueMarks } from '../format.ts'
import { message, type MessageKey, type Texts } from '../messages.ts'
import { metricTitle } from '../primary.ts'
import type { Cell } from '../results.ts'
import { alikeText, exponentText, factorText, scatterText } from './finding-sentences.ts'
import type { FormPair } from './forms.ts'
import type { Laws } from './laws.ts'
import type { PairRow } from './pairs.ts'
import { type Shown, TABLES } from './responses.ts'
import type { Study } from './study.ts'
import { shiftOf } from './words.ts'

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

/** As lines of text write it. */
export const headingText = ({ title, unit }: Heading, { say }: Texts): string => (unit === undefined ? title : say('of.column', { title, unit }))
const headings = (texts: Texts, keys: readonly MessageKey[]): Heading[] => keys.map((key) => ({ title: texts.textOf({ key, params: {} }) }))
const COUNT: Heading = { title: 'n' }

/** One for each group of responses of which something was measured. */
export function modelTables(study: Study, texts: Texts): ModelTable[] {
  return TABLES.flatMap(({ key, responses }) => {
    const rows = study.conditions.flatMap((condition) => study.groups.map((group) => ({ group, condition, cells: responses.map((r) => study.cell(group, condition, r)) })))
      .filter(({ cells }) => cells.some((c) => c !== null))
    const columns = responses.map((response, i) => ({ response, i })).filter(({ i }) => rows.some(({ cells }) => cells[i] !== null))
    if (columns.length === 0) return []
    const many = study.conditions.some((c) => c.label !== '')
    return [{
      title: texts.say(`models.head.${key}`), firstNumber: many ? 2 : 1, notes: notesOf(rows.flatMap((r) => r.cells), texts),
      head: [...headings(texts, ['models.column.model', ...(many ? ['table.load' as const] : [])]), COUNT, ...columns.map(({ response }) => columnHeading(response, texts))],
      rows: rows.map(({ group, condition, cells }) => [group.label, ...(many ? [condition.label] : []), replicates(cells), ...columns.map(({ response, i }) => cellText(cells[i] ?? null, response))]),
    }]
  })
}

function notesOf(cells: readonly (Cell | null)[], texts: Texts): string[] {
  const seen = new Set(cells.flatMap((c) => (c === null ? [] : [...valueMarks(c), ...intervalMarks(c)])))
  return (Object.keys(MARKS) as Mark[]).filter((m) => seen.has(m)).map((m) => texts.say(`mark.${m}`, { mark: MARKS[m] }))
}

function columnHeading({ metric, statistic, scale, short }: Shown, { textOf }: Texts): Heading {
  const name = statistic === 'value' ? '' : message(`statistic.${statistic}`)
  return { title: textOf(short === undefined ? name : { key: short, params: { statistic: name } }), unit: scale?.unit ?? displayUnit(METRICS[metric].unit).unit }
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

export function lawTable({ laws }: Laws, texts: Texts): ModelTable | null {
  if (laws.length === 0) return null
  const [many, kinds] = [laws.some((l) => l.condition.label !== ''), new Set(laws.map((l) => JSON.stringify(l.alike))).size > 1]
  return {
    title: texts.say('models.head.scaling'), firstNumber: 1 + Number(many) + Number(kinds), notes: [],
    head: [
      ...headings(texts, ['table.metric', ...(many ? ['table.load' as const] : []), ...(kinds ? ['models.column.alike' as const] : [])]), COUNT,
      ...headings(texts, ['models.column.exponent', 'models.column.doubling', 'models.column.scatter', 'models.column.fit']),
    ],
    rows: laws.map(({ response, condition, alike, points, law, claimed, lackP }) => [
      `${texts.textOf(metricTitle(response))}${claimed ? MARKS.claimed : ''}`, ...(many ? [condition.label] : []), ...(kinds ? [texts.textOf(alikeText(alike))] : []), String(points.length),
      `${exponentText(law.exponent.estimate)} [${exponentText(law.exponent.low)}, ${exponentText(law.exponent.high)}]`, `× ${factorText(law.exponent.estimate)}`, scatterText(law),
      lackP === null ? '–' : formatP(lackP),
    ]),
  }
}

export function formTable(pairs: readonly FormPair[], texts: Texts): ModelTable | null {
  const rows = pairs.flatMap((p) => p.rows)
  return rows.length === 0 ? null : { ...pairTable(rows, texts), title: texts.say('models.head.forms') }
}

/** A row for each response, condition and pair. */
export function pairTable(rows: readonly PairRow[], texts: Texts): ModelTable {
  const many = rows.some((r) => r.condition.label !== '')
  const value = ({ unit, ...row }: PairRow, side: 'base' | 'candidate') => `${formatBounds(row[side].median, displayUnit(unit).scale)}${row[side].weak > 0 ? MARKS.weak : ''}`
  return {
    title: texts.say('models.head.pairs'), firstNumber: 4 + Number(many),
    notes: rows.some((r) => r.base.weak + r.candidate.weak > 0) ? [texts.say('mark.weak', { mark: MARKS.weak })] : [],
    head: [
      ...headings(texts, ['table.metric', 'table.unit', ...(many ? ['table.load' as const] : []), 'models.column.base', 'models.column.other']), COUNT,
      ...headings(texts, ['models.column.baseValue', 'models.column.otherValue', 'table.shift']), { title: 'p' }, ...headings(texts, ['models.column.verdict']),
    ],
    rows: rows.map((row) => [
      row.name, displayUnit(row.unit).unit, ...(many ? [row.condition.label] : []), row.baseGroup.label, row.otherGroup.label, `${row.base.standUps}+${row.candidate.standUps}`,
      value(row, 'base'), value(row, 'candidate'), shiftOf(row, row.unit), row.p === null ? '–' : row.p < 0.0001 ? '<0.0001' : row.p.toFixed(4), verdictText(row, texts),
    ]),
  }
}
