// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeTermination, writeTerminationText } from './termination.ts'

const file = join(mkdtempSync(join(tmpdir(), 'assay-termination-')), 'log')

describe('writeTermination', () => {
  it.each([['short', 'all is well'], ['long', 'x'.repeat(9000)], ['long and wide', '"\n€\u0001'.repeat(3000)]])('keeps JSON whole: %s', (_, message) => {
    writeTermination({ kind: 'failed', message }, file)
    const text = readFileSync(file, 'utf8')
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096)
    expect(JSON.parse(text)).toMatchObject({ kind: 'failed', message: expect.stringContaining(message.slice(0, 4)) as string })
  })
})

describe('writeTerminationText', () => {
  it.each([['short', 'words', 'words'], ['long', 'x'.repeat(5000), 'x'.repeat(4096)], ['wide', `x${'€'.repeat(2000)}`, `x${'€'.repeat(1365)}`]])('cuts what is %s', (_, text, expected) => {
    writeTerminationText(text, file)
    expect(readFileSync(file, 'utf8')).toBe(expected)
  })
})
