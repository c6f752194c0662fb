// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatProblem } from '../model/problem.ts'
import { readCsv } from './csv.ts'
import { readLevels } from './levels.ts'

const cells = (text: string) => {
  const found = readCsv(text, 't.csv')
  return found.ok ? found.value.map((l) => l.cells) : found.problems.map(formatProblem).join()
}

describe('readCsv', () => {
  it.each([
    ['lines with LF', 'a,b\n1,2\n', [['a', 'b'], ['1', '2']]], ['lines with CRLF, the last without end', 'a,b\r\n1,2', [['a', 'b'], ['1', '2']]],
    ['a byte order mark', '\uFEFFa,b\n1,2', [['a', 'b'], ['1', '2']]], ['quotes', 'a,b\n"x,y","say ""hi"""\n', [['a', 'b'], ['x,y', 'say "hi"']]],
    ['a line end within quotes', 'a,b\n"x\ny",2\n', [['a', 'b'], ['x\ny', '2']]], ['empty cells', 'a,b\n,\n1,\n', [['a', 'b'], ['', ''], ['1', '']]],
    ['empty lines', 'a,b\n\n1,2\n\n', [['a', 'b'], ['1', '2']]], ['tabs', 'a\tb\n1\t2,5\n', [['a', 'b'], ['1', '2,5']]], ['semicolons', 'a;b\n1;2\n', [['a', 'b'], ['1', '2']]],
    ['blanks around cells', 'a , b\n 1 ,2 \n', [['a', 'b'], ['1', '2']]], ['one column', 'a\n1\n2\n', [['a'], ['1'], ['2']]],
  ])('reads %s', (_, text, expected) => expect(cells(text)).toEqual(expected))

  it.each([
    ['a quote that is never closed', 'a,b\n1,"x\ny\n', 't.csv:2: a quote that is opened here is never closed'],
    ['a quote in the middle', 'a,b\n1,x"y"\n', 't.csv:2: a quote within a cell that is not quoted: x"y"'],
    ['text after a quote', 'a,b\n"x"y,2\n', 't.csv:2: text after a closing quote: y,2'],
  ])('refuses %s', (_, text, message) => expect(cells(text)).toContain(message))

  it('knows the line of each row, also after cells with line ends', () => {
    const found = readCsv('a,b\n"x\ny\nz",1\n\nq,2\n', 't.csv')
    expect(found.ok && found.value.map((l) => l.line)).toEqual([1, 2, 6])
  })

  it('reads what was written by the rules', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', ' ', '1', ';') })
    fc.assert(fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }), (rows) => {
      const text = [['h', 'h'], ...rows].map((r) => r.map((c) => `"${c.replaceAll('"', '""')}"`).join(',')).join('\n')
      expect(cells(text)).toEqual([['h', 'h'], ...rows])
    }))
  })
})

describe('levels', () => {
  const levels = (values: readonly string[], categorical = false) => {
    const found = readLevels('f', values.map((v, i) => ({ line: i + 2, cells: { f: v } })), { table: 't.csv', categorical })
    return found.ok ? [found.value.levels, found.value.numbers] : found.problems.map(formatProblem)
  }
  it.each<[string, readonly string[], readonly string[], readonly number[] | undefined]>([
    ['numbers by size', ['10', '9', '1e1', '-1.5'], ['-1.5', '9', '10'], [-1.5, 9, 10]], ['1 and 1.0 are one', ['1.0', '2', '1'], ['1.0', '2'], [1, 2]],
    ['texts with numbers', ['tp10', 'tp2', 'tp1'], ['tp1', 'tp2', 'tp10'], undefined], ['signs', ['+', '-', '+'], ['-', '+'], undefined],
    ['words of size', ['high', 'low', 'medium'], ['low', 'medium', 'high'], undefined], ['switches', ['on', 'off'], ['off', 'on'], undefined],
    ['what does not apply comes last', ['NA', '4', '2'], ['2', '4', 'NA'], undefined], ['none comes first', ['fp8', 'none'], ['none', 'fp8'], undefined],
  ])('%s', (_, values, expected, numbers) => expect(levels(values)).toEqual([expected, numbers]))
  it('are labels where asked', () => expect(levels(['10', '9', 'x'], true)).toEqual([['9', '10', 'x'], undefined]))
})
