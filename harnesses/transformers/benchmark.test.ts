// SPDX-License-Identifier: Apache-2.0
/** The benchmark's own tests, in Python: what needs nothing but Python runs here, what needs torch while its image is built. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }
const python = (...args: readonly string[]) => run('python3', [...args], { cwd: import.meta.dirname, env })
const version = await python('-c', 'import sys; print(sys.version_info >= (3, 11))').then(({ stdout }) => stdout.trim(), () => 'no python3')

describe.skipIf(version !== 'True')('the benchmark (where there is a python3 of 3.11 or later)', () => {
  it('passes its tests', async () => {
    const { stderr } = await python('-m', 'unittest', 'discover', '-t', '.', '-s', 'benchmark/tests')
    expect(stderr).toMatch(/\nRan \d\d+ tests in .*\n\nOK/)
  })

  it('says all that is wrong at once, and ends with 2', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assay-benchmark-'))
    await writeFile(join(folder, 'c.json'), '{"models":[{"name":"m","dtype":"float3"}],"batchSizes":[0]}')
    const failed = await python('-m', 'benchmark', '--config', join(folder, 'c.json')).then(() => undefined, (error: unknown) => error as { code: number; stderr: string })
    expect(failed?.code).toBe(2)
    expect(failed?.stderr.trimEnd().split('\n').map((line) => line.replace(`${folder}/`, ''))).toEqual([
      'c.json: models[0].dtype: found float3, expected one of auto, float32, bfloat16, float16; did you mean float32?',
      'c.json: batchSizes[0]: found 0, expected a whole number from 1',
      'c.json: prompts: found nothing, expected a file of JSON lines, each {"id", "prompt"}',
    ])
  })
})

it('has the version that its Harness and image name', async () => {
  const version = /VERSION = '([^']+)'/.exec(await readFile(join(import.meta.dirname, 'benchmark/__init__.py'), 'utf8'))?.[1]
  expect(await readFile(join(import.meta.dirname, 'harness.yaml'), 'utf8')).toContain(`\n  version: ${version}\n`)
  expect(await readFile(join(import.meta.dirname, 'Dockerfile'), 'utf8')).toContain(`dev.assay.tool="${version}"`)
})
