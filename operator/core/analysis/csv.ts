// SPDX-License-Identifier: Apache-2.0
/** Text with delimiters → lines of cells, strictly by RFC 4180: quotes, quotes within quotes, line ends within quotes. It knows no columns. */
import { type Checked, refused, valid } from '../model/problem.ts'

export interface CsvLine {
  readonly cells: readonly string[]
  /** Where it begins in the text, from 1. */
  readonly line: number
}

const DELIMITERS = [',', '\t', ';'] as const

/** Empty lines are no lines. The delimiter is the first of comma, tab and semicolon that the heading has. */
export function readCsv(text: string, name: string): Checked<CsvLine[]> {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text
  const heading = /^[^\r\n]*/.exec(body)?.[0] ?? ''
  const delimiter = DELIMITERS.find((d) => heading.includes(d)) ?? ','
  const state: State = { body, delimiter, at: 0, line: 1 }
  const lines: CsvLine[] = []
  while (state.at < body.length) {
    const line = state.line
    const cells = readLine(state)
    if (typeof cells === 'string') return refused({ reason: 'BadFile', path: '', where: `${name}:${state.line}`, message: cells })
    if (cells.length > 1 || cells[0] !== '') lines.push({ cells, line })
  }
  return valid(lines)
}

interface State { readonly body: string; readonly delimiter: string; at: number; line: number }

/** The cells up to the end of the line, or what is wrong. */
function readLine(state: State): string[] | string {
  const cells: string[] = []
  for (;;) {
    const cell = state.body[state.at] === '"' ? readQuoted(state) : readBare(state)
    if ('wrong' in cell) return cell.wrong
    cells.push(cell.text)
    const next = state.body[state.at]
    if (next === state.delimiter) {
      state.at++
      continue
    }
    if (next === '\r') state.at++
    if (state.body[state.at] === '\n') state.at++
    state.line++
    return cells
  }
}

type CellText = { readonly text: string } | { readonly wrong: string }

function readBare(state: State): CellText {
  const from = state.at
  while (state.at < state.body.length && ![state.delimiter, '\r', '\n'].includes(state.body[state.at] as string)) state.at++
  const text = state.body.slice(from, state.at)
  return text.includes('"') ? { wrong: `a quote within a cell that is not quoted: ${text.slice(0, 40)}` } : { text: text.trim() }
}

function readQuoted(state: State): CellText {
  const begun = state.line
  let text = ''
  for (state.at++; state.at < state.body.length; state.at++) {
    const char = state.body[state.at] as string
    if (char === '"' && state.body[state.at + 1] === '"') state.at++
    else if (char === '"') {
      state.at++
      const next = state.body[state.at]
      const ends = next === undefined || [state.delimiter, '\r', '\n'].includes(next)
      return ends ? { text } : { wrong: `text after a closing quote: ${state.body.slice(state.at, state.at + 20)}` }
    } else if (char === '\n') state.line++
    text += char
  }
  state.line = begun
  return { wrong: 'a quote that is opened here is never closed' }
}
