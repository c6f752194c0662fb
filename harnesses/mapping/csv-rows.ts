// SPDX-License-Identifier: Apache-2.0
/** CSV with a header → one object a row, by RFC 4180: quotes, doubled quotes, commas and line breaks within quotes. */
import type { ResultFiles } from '../../operator/core/model/result-files.ts'

export type CsvRow = Readonly<Record<string, string>>

/** `onCutOff` is called when the last row was left out: it has no line end, or a quote that is open. */
export async function* readCsvRows(files: Pick<ResultFiles, 'chunks'>, name: string, onCutOff: () => void): AsyncGenerator<CsvRow> {
  let header: readonly string[] | undefined
  let line = 0
  for await (const { cells, whole } of records(files.chunks(name))) {
    line++
    if (!whole) onCutOff()
    else if (header === undefined) header = cells.map((cell) => cell.trim().replace(/^\uFEFF/, ''))
    else if (cells.length > 1 || cells[0] !== '') yield rowOf(header, cells, `${name}: row ${line}`)
  }
}

function rowOf(header: readonly string[], cells: readonly string[], place: string): CsvRow {
  if (cells.length !== header.length) throw new Error(`${place} has ${cells.length} cells, expected ${header.length} as in the header: ${header.join(', ')}`)
  return Object.fromEntries(header.map((column, i) => [column, cells[i] ?? '']))
}

interface CsvRecord { readonly cells: readonly string[]; readonly whole: boolean }

async function* records(chunks: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  let rest = ''
  for await (const chunk of chunks) {
    rest += chunk
    for (let end = recordEnd(rest); end >= 0; end = recordEnd(rest)) {
      yield { cells: cellsOf(rest.slice(0, end).replace(/\r$/, '')), whole: true }
      rest = rest.slice(end + 1)
    }
  }
  if (rest !== '') yield { cells: [], whole: false }
}

/** The line break that ends the first record; -1 where it goes on. */
function recordEnd(text: string): number {
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '"') quoted = !quoted
    else if (char === '\n' && !quoted) return at
  }
  return -1
}

function cellsOf(text: string): string[] {
  const cells: string[] = []
  const cell = /("(?:[^"]|"")*"|[^,]*)(,|$)/gy
  for (let match = cell.exec(text); match !== null; match = cell.exec(text)) {
    const [, written = '', separator] = match
    cells.push(written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written)
    if (separator === '') break
  }
  return cells
}
