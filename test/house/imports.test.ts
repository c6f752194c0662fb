// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { arrowsOut } from './arrows.ts'

const ROOT = join(import.meta.dirname, '..', '..')

async function sourceFiles(folder: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter((e) => e.isFile() && e.name.endsWith('.ts') && !e.name.endsWith('.test.ts'))
    .map((e) => join(e.parentPath, e.name).slice(ROOT.length + 1))
    .filter((file) => !/\/(testdata|node_modules)\//.test(file))
}

describe('arrows', () => {
  it.each(['operator', 'harnesses', 'simulator'])('of %s point inwards', async (folder) => {
    const files = await sourceFiles(folder)
    expect(files.length).toBeGreaterThan(5)
    const wrong = await Promise.all(files.map(async (file) => arrowsOut(file, await readFile(join(ROOT, file), 'utf8'))))
    expect(wrong.flat()).toEqual([])
  })

  it.each([
    ['core of shell', 'operator/core/plan/x.ts', "import { a } from '../../shell/kube/client.ts'"],
    ['core of the tests', 'operator/core/plan/x.ts', "import { a } from '../../../test/x.ts'"],
    ['core of node', 'operator/core/plan/x.ts', "import { readFile } from 'node:fs/promises'"],
    ['core of a type of node', 'operator/core/plan/x.ts', "import type { Stats } from 'node:fs'"],
    ['core of a package that does things', 'operator/core/report/x.ts', "import { execa } from 'execa'"],
    ['core of shell, passed on', 'operator/core/plan/x.ts', "export { a } from '../../shell/library.ts'"],
    ['core of shell, later', 'operator/core/plan/x.ts', "const a = await import('../../shell/library.ts')"],
    ['core of shell, over several lines', 'operator/core/plan/x.ts', "import {\n  a,\n  b,\n} from '../../shell/library.ts'"],
    ['core of shell, for its effect', 'operator/core/plan/x.ts', "import '../../shell/library.ts'"],
    ['model of design', 'operator/core/model/x.ts', "import { a } from '../design/path.ts'"],
    ['design of plan', 'operator/core/design/x.ts', "import { a } from '../plan/strict.ts'"],
    ['an adapter of measure', 'harnesses/tool/adapter.ts', "import { a } from '../../operator/core/measure/quantile.ts'"],
    ['a harness of shell', 'harnesses/native/x.ts', "import { a } from '../../operator/shell/library.ts'"],
    ['the simulator of the operator', 'simulator/x.ts', "import { a } from '../operator/core/model/common.ts'"],
    ['shell of the composition root', 'operator/shell/x.ts', "import { a } from '../main.ts'"],
    ['a clock in core', 'operator/core/plan/x.ts', 'const now = Date.now()'],
    ['luck in core', 'operator/core/plan/x.ts', 'const n = Math.random()'],
    ['the environment in core', 'operator/core/plan/x.ts', 'const x = process.env.X'],
  ])('are refused: %s', (_, file, text) => {
    expect(arrowsOut(file, text)).toHaveLength(1)
  })

  it.each([
    ['core of core', 'operator/core/plan/x.ts', "import { a } from '../design/path.ts'\nimport { z } from 'zod'"],
    ['an adapter of the model and its own folder', 'harnesses/tool/adapter.ts', "import { a } from './lines.ts'\nimport type { b } from '../../operator/core/model/record.ts'"],
    ['shell of anything', 'operator/shell/x.ts', "import { a } from '../core/plan/plan.ts'\nimport { b } from 'node:fs'\nimport { c } from 'undici'"],
    ['a comment that speaks of others', 'operator/core/plan/x.ts', "// import { a } from '../../shell/x.ts'\n/* Date.now() */ const a = 'Date.now() or process.env'"],
    ['main of everything', 'operator/main.ts', "import { a } from './shell/x.ts'"],
  ])('are let through: %s', (_, file, text) => {
    expect(arrowsOut(file, text)).toEqual([])
  })
})
