// SPDX-License-Identifier: Apache-2.0
/** The figures as one table of text, in Markdown so that it can be pasted where it is stated. */
import stringWidth from 'string-width'
import type { Figure, Goal } from './figure.ts'

const HEAD = ['what', 'reach', 'judged', 'n', 'min', 'median', 'max', '']

export function tableOf(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(cells)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => stringWidth(row[column] ?? ''))))
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell))).join(' | ')} |`
  const notes = figures.flatMap(({ part, what, note }) => (note === undefined ? [] : [`- ${part}, ${what}: ${note}`]))
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [line(HEAD), rule, ...rows.slice(1).map(line), ...(notes.length === 0 ? [] : ['', ...notes])].join('\n')
}

function cells({ part, what, unit, spread, goal }: Figure): string[] {
  const { n, min, median, max } = spread
  const said = goal === undefined ? ['', '', ''] : [reachOf(goal, unit), `${goal.by} ${short(goal.value)} ${unit}`, goal.reached ? 'reached' : 'MISSED']
  return [`${part}: ${what}`, said[0] ?? '', said[1] ?? '', String(n), ...[min, median, max].map((v) => `${short(v)} ${unit}`), said[2] ?? '']
}

function reachOf({ by, atMost, atLeast }: Goal, unit: string): string {
  return atMost === undefined ? `${by} ≥ ${atLeast ?? ''} ${unit}` : `${by} ≤ ${atMost} ${unit}`
}

/** Three digits that matter. */
export function short(value: number): string {
  const size = Math.abs(value)
  return Number.isInteger(value) || size >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}
