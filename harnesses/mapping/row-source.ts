// SPDX-License-Identifier: Apache-2.0
/** Rows of one file in the form that a mapping says: items of a list, lists beside each other, lines, or CSV. */
import { z } from 'zod'
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import type { ResultMapping } from '../../operator/core/model/result-mapping.ts'
import { readItems, readOutline } from '../reading/json-file.ts'
import { readJsonLines } from '../reading/json-lines.ts'
import { readCsvRows } from './csv-rows.ts'
import { parseFieldPath, valueAt } from './field-path.ts'

export interface Row { readonly value: unknown; readonly place: string }

/** `rows` without brackets at its end, as people write it. */
export function rowsPath({ rows = '' }: ResultMapping): string {
  return rows.endsWith('[]') ? rows : `${rows}[]`
}

export async function* readRows(files: ResultFiles, name: string, mapping: ResultMapping, onCutOff: () => void): AsyncGenerator<Row> {
  if (mapping.format === 'csv') {
    let row = 1
    for await (const value of readCsvRows(files, name, onCutOff)) yield { value, place: `${name}: row ${++row}` }
  } else if (mapping.format === 'jsonl') {
    for await (const { value, line } of readJsonLines(files, name, onCutOff)) yield { value, place: `${name}:${line}` }
  } else if (mapping.columns === true) yield* columnRows(files, name, mapping)
  else for await (const { places, value } of readItems(files, name, [rowsPath(mapping)])) yield { value, place: `${name}: ${rowsPath(mapping).slice(0, -2)}[${places.join('][')}]` }
}

/** Arrays that are read apart from the document. */
export function longArrays({ columns, fields, ...mapping }: ResultMapping): string[] {
  if (columns !== true) return [rowsPath({ columns, fields, ...mapping })]
  return fields.gaps === undefined ? [] : [`${fields.gaps.path}[]`]
}

/** A row of columns is an object that has, at the path of each field, that field's entry. */
async function* columnRows(files: ResultFiles, name: string, mapping: ResultMapping): AsyncGenerator<Row> {
  const gaps = longArrays(mapping)
  const { value: document, truncated } = await readOutline(files, name, gaps)
  const paths = [...new Set([...Object.values(mapping.fields).flatMap((f) => (f === undefined ? [] : [f.path])), ...[...mapping.ok, ...mapping.cancelled, ...mapping.warmup].map((c) => c.path)])].filter((p) => `${p}[]` !== gaps[0])
  const columns = paths.map((path) => ({ path, list: z.array(z.unknown()).catch([]).parse(valueAt(document, parseFieldPath(path, 'mapping'))) }))
  const lengths = columns.map((c) => c.list.length)
  // Of a file that was cut off, an entry is whole where no list ends before it.
  const count = columns.length === 0 ? 0 : truncated ? Math.min(...lengths) : Math.max(...lengths)
  const rowAt = (row: number, gap?: unknown) => ({
    place: `${name}: entry ${row}`,
    value: nested([...columns.map(({ path, list }) => [path, list[row]] as const), ...(gap === undefined || mapping.fields.gaps === undefined ? [] : [[mapping.fields.gaps.path, gap] as const])]),
  })
  let row = 0
  if (gaps.length > 0) for await (const { value } of readItems(files, name, gaps)) if (row < count) yield rowAt(row++, value)
  if (!truncated || gaps.length === 0) for (; row < count; row++) yield rowAt(row)
}

function nested(entries: readonly (readonly [path: string, value: unknown])[]): object {
  const root: Record<string, unknown> = {}
  for (const [path, value] of entries) {
    const steps = parseFieldPath(path, 'mapping').map(String)
    let at = root
    for (const step of steps.slice(0, -1)) at = (at[step] ??= {}) as Record<string, unknown>
    at[steps.at(-1) ?? ''] = value
  }
  return root
}
