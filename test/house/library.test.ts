// SPDX-License-Identifier: Apache-2.0
/** The library that comes with Assay, file by file: editors know its schema, it parses strictly, it renders, and what refers to it can be planned. */
import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { HarnessSpec } from '../../operator/core/model/harness.ts'
import type { KindName } from '../../operator/core/model/kinds.ts'
import { type Checked, formatProblem } from '../../operator/core/model/problem.ts'
import { ScenarioSpec } from '../../operator/core/model/scenario.ts'
import { WorkloadProfileSpec } from '../../operator/core/model/workload-profile.ts'
import { abilitiesOf, checkExpressible } from '../../operator/core/plan/expressible.ts'
import { needsOf } from '../../operator/core/plan/needs.ts'
import { renderScenario } from '../../operator/core/plan/render.ts'
import { parseStrict } from '../../operator/core/plan/strict.ts'
import { planFiles } from '../../operator/shell/cli/plan.ts'
import { type LoadedObject, loadObjects } from '../../operator/shell/library.ts'

const ROOT = join(import.meta.dirname, '..', '..')
/** Tables that scenarios are held against; they are no objects of ours. */
const TABLES = ['scenarios/catalogue/**']
const filesIn = (folder: string) => globSync(`${folder}/**/*.yaml`, { cwd: ROOT, exclude: TABLES }).sort()
const [scenarios, profiles, experiments] = [filesIn('scenarios'), filesIn('workload-profiles'), filesIn('experiments')]

/** The value, or a failure that says in words what is wrong with the file. */
function mustBe<T>(checked: Checked<T>): T {
  if (!checked.ok) throw new Error(checked.problems.map(formatProblem).join('\n'))
  return checked.value
}

/** The one object of a file of the library; people find it by the name of the file. */
async function onlyObject(file: string, kind: KindName): Promise<LoadedObject> {
  const { objects: [object, ...others], problems } = await loadObjects([join(ROOT, file)])
  expect(problems.map(formatProblem)).toEqual([])
  if (object === undefined) throw new Error(`${file} holds no object of ours`)
  expect(others).toEqual([])
  expect(object.kind).toBe(kind)
  return object
}

/** Names of objects have no dots and no underscores, names of files may. */
const nameOfFile = (file: string) => basename(file, '.yaml').replaceAll(/[._]/g, '-')

describe('the library', () => {
  it.each([['scenarios', scenarios], ['workload-profiles', profiles], ['experiments', experiments]] as const)('has %s', (_, files) => {
    expect(files.length).toBeGreaterThan(5)
  })

  it.each([
    ...scenarios.map((file) => [file, 'scenario']),
    ...profiles.map((file) => [file, 'workloadprofile']),
    ...experiments.map((file) => [file, 'experiment']),
  ] as const)('%s names its schema for editors and says what it is for', async (file, schema) => {
    const [modeline, comment] = (await readFile(join(ROOT, file), 'utf8')).split('\n')
    const path = relative(join(ROOT, file, '..'), join(ROOT, 'schemas', `${schema}.json`))
    expect(modeline).toBe(`# yaml-language-server: $schema=${path}`)
    expect(comment).toMatch(/^# \S/)
  })
})

describe('scenarios', () => {
  it.each(scenarios)('%s parses strictly and renders', async (file) => {
    const object = await onlyObject(file, 'Scenario')
    expect(object.name).toBe(nameOfFile(file))
    const spec = mustBe(parseStrict(ScenarioSpec, object.spec, { at: 'spec', object: `Scenario/${object.name}` }))
    const { releases, endpoint } = mustBe(renderScenario(spec, { stackName: 'library-1-00000000-s1', namespace: 'bench' }))
    expect(releases).toHaveLength(spec.deploy?.releases.length ?? 0)
    // One without a server is for tools that run the engine themselves.
    if (spec.endpoint === undefined) expect([spec.deploy, endpoint]).toEqual([undefined, undefined])
    else expect(endpoint?.url ?? endpoint?.service).toMatch(/^[a-z]/)
    expect(JSON.stringify({ releases, endpoint })).not.toContain('{{')
  })
})

describe('workload profiles', async () => {
  const native = await onlyObject('harnesses/native/harness.yaml', 'Harness')
  const abilities = abilitiesOf('native', mustBe(parseStrict(HarnessSpec, native.spec, { at: 'spec', object: 'Harness/native' })))

  it.each(profiles)('%s parses strictly, says what it stands for, and can be sent by native', async (file) => {
    const object = await onlyObject(file, 'WorkloadProfile')
    expect(nameOfFile(object.name)).toBe(nameOfFile(file))
    const spec = mustBe(parseStrict(WorkloadProfileSpec, object.spec, { at: 'spec', object: `WorkloadProfile/${object.name}` }))
    expect(spec.description?.length).toBeGreaterThan(20)
    expect(checkExpressible({ workload: needsOf(spec) }, abilities)).toEqual([])
  })
})

describe('experiments', () => {
  it.each(experiments)('%s can be planned', async (file) => {
    const [planned, ...others] = await planFiles({ file: [join(ROOT, file)], library: [], run: 1 })
    expect(others).toEqual([])
    expect(planned?.object.name).toBe(nameOfFile(file))
    expect(planned?.plan.trials.length).toBeGreaterThan(0)
  })

  it.each(experiments)('%s leaves no time to be filled in', async (file) => {
    expect(await readFile(join(ROOT, file), 'utf8')).not.toMatch(/@[A-Z]+@/)
  })
})
