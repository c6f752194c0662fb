// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRedactor } from './redact.ts'
import { zipOf } from './testdata/zip.ts'
import { zipProblem } from './zip-secrets.ts'

const path = join(mkdtempSync(join(tmpdir(), 'zip-')), 'a.xlsx')
const problemOf = (bytes: Buffer) => {
  writeFileSync(path, bytes)
  return zipProblem(path, createRedactor(['hunter2-hunter2']))
}
const sheet = (text: string) => ({ '[Content_Types].xml': '<Types/>', 'xl/worksheets/sheet3.xml': `<v>${text}</v>` })

describe('an archive', () => {
  it.each<[string, Buffer, string | undefined]>([
    ['without secrets', zipOf(sheet('genai-bench --num-concurrency 1')), undefined],
    ['of no member', zipOf({}), undefined],
    ['with a known secret', zipOf(sheet('key hunter2-hunter2')), 'a secret is packed in its member xl/worksheets/sheet3.xml'],
    ['with a secret by its name', zipOf(sheet('genai-bench --api-key x --n 1')), 'a secret is packed in its member xl/worksheets/sheet3.xml'],
    ['with a secret that is not compressed', zipOf(sheet('hunter2-hunter2'), 0), 'a secret is packed in its member xl/worksheets/sheet3.xml'],
    ['that is cut off', zipOf(sheet('x')).subarray(0, 60), 'an archive that cannot be looked into for secrets: it has no directory'],
    ['whose directory is damaged', spoilt(zipOf(sheet('x'))), 'an archive that cannot be looked into for secrets: its directory is damaged'],
  ])('%s', (_, bytes, problem) => expect(problemOf(bytes)).toBe(problem))
})

function spoilt(bytes: Buffer): Buffer {
  bytes.writeUInt32LE(1, bytes.readUInt32LE(bytes.length - 6))
  return bytes
}
