// SPDX-License-Identifier: Apache-2.0
/** `assay analyze` as people start it: what it prints, and with which exit code it ends. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { analyzeTable } from '../../core/analysis/analyze-table.ts'
import { analysisLines } from './analyze-view.ts'
import { EXIT } from './exit-codes.ts'

const ROOT = join(import.meta.dirname, '../../..')
const TABLES = join(ROOT, 'operator/core/analysis/testdata')

async function assay(args: readonly string[], input?: string): Promise<{ readonly out: string; readonly err: string; readonly code: number | undefined }> {
  const { stdout, stderr, exitCode } = await execa(join(ROOT, 'bin/assay'), ['analyze', ...args], { reject: false, cwd: TABLES, input: input ?? '' })
  return { out: stdout, err: stderr, code: exitCode }
}

describe('assay analyze', () => {
  it.each([
    ['oats', 'oats.csv', { response: 'yield', factors: ['variety', 'nitrogen'], blocks: ['block'], wholePlot: ['variety'] }],
    ['filtration', 'filtration.csv', { response: 'rate', factors: ['A', 'B', 'C', 'D'] }],
    ['fraction', 'filtration-half.csv', { response: 'rate', factors: ['A', 'B', 'C', 'D'] }],
    ['surface', 'chemical-process.csv', { response: 'y', factors: ['x1', 'x2'], model: 'quadratic' as const }],
    ['warpbreaks', 'warpbreaks.csv', { response: 'breaks', factors: ['wool', 'tension'], log: true }],
  ])('reads like this: %s', async (name, file, request) => {
    const found = analyzeTable(readFileSync(join(TABLES, file), 'utf8'), file, request)
    await expect(found.ok ? `${analysisLines(found.value).join('\n')}\n` : 'refused').toMatchFileSnapshot(`testdata/analyze-${name}.golden.txt`)
  })

  it.each<[string, readonly string[], number, string]>([
    ['a mistyped column', ['oats.csv', '--factors', 'varety', '--response', 'yield'], EXIT.invalidExperiment, 'did you mean "variety"?'],
    ['a file that is not there', ['oat.csv', '--factors', 'a', '--response', 'b'], EXIT.invalidExperiment, 'there is no such file'],
    ['no factors', ['oats.csv', '--response', 'yield'], EXIT.usage, "required option '--factors <columns>' not specified"],
    ['an empty name', ['oats.csv', '--factors', 'variety,,nitrogen', '--response', 'yield'], EXIT.usage, 'expected names of columns'],
    ['a model that is none', ['oats.csv', '--factors', 'variety', '--response', 'yield', '--model', 'cubic'], EXIT.usage, 'Allowed choices are factorial, quadratic'],
    ['a share over one', ['oats.csv', '--factors', 'variety', '--response', 'yield', '--level', '95'], EXIT.usage, 'expected a share between 0 and 1'],
  ])('refuses %s', { timeout: 60_000 }, async (_, args, code, message) => {
    const found = await assay(args)
    expect(found.err).toContain(message)
    expect({ code: found.code, out: found.out }).toEqual({ code, out: '' })
  })

  it('writes JSON for programs, and reads standard input', { timeout: 60_000 }, async () => {
    const { out, code } = await assay(['-', '--factors', '"a, b"', '--response', 'y', '-o', 'json'], '"a, b",y\n1,2\n2,3\n1,2.5\n2,3.5\n')
    expect(code).toBe(EXIT.ok)
    expect(JSON.parse(out)).toMatchObject({ table: 'standard input', rows: 4, surface: null, factorial: { effects: [{ term: 'a, b', estimate: expect.closeTo(1, 12) }] } })
  })
})
