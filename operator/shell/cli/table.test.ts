// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { type Column, markdownTable, tableLines } from './table.ts'

interface Row { readonly name: string; readonly rate: number }
const columns: Column<Row>[] = [{ title: 'name', value: (r) => r.name }, { title: 'rate (req/s)', value: (r) => r.rate, align: 'right' }]
const rows: Row[] = [{ name: 'short', rate: 8 }, { name: '長い名前 é', rate: 12.5 }]

describe('tables', () => {
  it('line up by what a terminal shows', () => {
    expect(tableLines(columns, rows)).toEqual([
      'NAME         RATE (req/s)',
      'short                   8',
      '長い名前 é           12.5',
    ])
  })

  it('of no rows have a heading', () => {
    expect(tableLines(columns, [])).toEqual(['NAME   RATE (req/s)'])
  })

  it('are Markdown too', () => {
    expect(markdownTable(columns, [{ name: 'a|b', rate: 1 }])).toEqual(['| name | rate (req/s) |', '| --- | ---: |', '| a\\|b | 1 |'])
  })
})
