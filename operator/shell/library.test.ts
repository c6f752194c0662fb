// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadObjects, locate, readObjects, shelve } from './library.ts'

const scenario = (name: string, more = '') => `apiVersion: assay.dev/v1alpha1\nkind: Scenario\nmetadata: { name: ${name} }\nspec:\n  model:\n    name: m\n${more}`
const EXPERIMENT = `# a comment
apiVersion: assay.dev/v1alpha1
kind: Experiment
metadata:
  name: e
spec:
  scenario:
    serving: { replicas: x }
  design:
    constraints:
      - tp > 1
      - bad
    fullFactorial:
      factors:
        - { name: tp, path: scenario.serving.parallelism.tensor, levels: [1, 2] }
        - name: rate
          path: workload.load
          levels:
            - 1
`

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-library-'))
  for (const below of ['sub/testdata', 'empty', 'node_modules']) await mkdir(join(folder, below), { recursive: true })
  const files = {
    'a.yaml': `${scenario('one')}---\n${scenario('two')}`, 'sub/b.yml': scenario('three'), 'sub/c.json': JSON.stringify({ apiVersion: 'assay.dev/v1alpha1', kind: 'Harness', metadata: { name: 'h' }, spec: {} }),
    'sub/testdata/broken.yaml': 'a: [', 'node_modules/x.yaml': scenario('hidden'), 'notes.md': '# no', 'others.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\n---\njust: text\n---\n',
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
})
afterAll(() => rm(folder, { recursive: true }))

describe('loadObjects', () => {
  it('reads our objects of files and folders, and nothing else', async () => {
    const { objects, problems } = await loadObjects([folder])
    expect(problems).toEqual([])
    expect(objects.map((o) => `${o.kind}/${o.name}`)).toEqual(['Scenario/one', 'Scenario/two', 'Scenario/three', 'Harness/h'])
  })

  it.each([['missing.yaml', 'there is no such file or folder'], ['sub/testdata/broken.yaml', 'no valid YAML']])('says what is wrong with %s', async (name, message) => {
    const { problems } = await loadObjects([join(folder, name)])
    expect(problems).toContainEqual(expect.objectContaining({ reason: 'BadFile', message: expect.stringContaining(message) as string, where: expect.stringContaining(name) as string }))
  })
})

describe('readObjects', () => {
  it.each([
    ['another version', 'apiVersion: assay.dev/v2\nkind: Scenario\n', { found: 'assay.dev/v2', expected: 'assay.dev/v1alpha1', where: 'f.yaml:1' }],
    ['an unknown kind', 'apiVersion: assay.dev/v1alpha1\nkind: Scenarios\n', { nearest: 'Scenario', where: 'f.yaml:2' }],
    ['no name', 'apiVersion: assay.dev/v1alpha1\nkind: Scenario\nmetadata: {}\n', { path: 'metadata.name', where: 'f.yaml:3' }],
    ['a stray member', 'apiVersion: assay.dev/v1alpha1\nkind: Scenario\nmetadata: { name: a }\nspecs: {}\n', { reason: 'UnknownField', nearest: 'spec', where: 'f.yaml:4' }],
    ['a key twice', 'apiVersion: assay.dev/v1alpha1\nkind: Scenario\nkind: Harness\n', { reason: 'BadFile', where: 'f.yaml:3' }],
  ])('refuses %s', (_, text, expected) => {
    const { objects, problems } = readObjects(text, 'f.yaml')
    expect(objects).toEqual([])
    expect(problems).toEqual([expect.objectContaining(expected)])
  })

  it('refuses aliases that would fill the memory', () => {
    const bomb = `apiVersion: assay.dev/v1alpha1\nkind: Scenario\na: &a [x,x,x,x,x,x,x,x]\n${'bcdefgh'.split('').map((k, i) => `${k}: &${k} [${Array.from({ length: 8 }, () => `*${'abcdefg'[i]}`).join(',')}]`).join('\n')}\n`
    expect(readObjects(bomb, 'f.yaml').problems).toEqual([expect.objectContaining({ reason: 'BadFile', message: expect.stringContaining('alias') as string })])
  })

  it.each([
    ['spec.design.constraints[1]', 12], ['spec.design.fullFactorial.factors[tp].path', 15], ['spec.design.fullFactorial.factors[rate].levels[0]', 19], ['spec.design.fullFactorial.factors[rate].path', 17],
    ['spec.design.nothing.here', 9], ['metadata.name', 5], ['', 2], ['workload.load', 2],
  ])('knows where %s stands', (path, line) => {
    const [object] = readObjects(EXPERIMENT, 'e.yaml').objects
    expect(object?.where(path)).toBe(`e.yaml:${line}`)
  })
})

describe('shelve', () => {
  it('lets earlier files win and refuses two of one file', () => {
    const own = readObjects(scenario('one', '    revision: own\n'), 'own.yaml').objects
    const bundled = readObjects(scenario('one'), 'bundled.yaml').objects
    const { library, problems } = shelve([...own, ...bundled])
    expect(library.scenarios.get('one')).toEqual({ model: { name: 'm', revision: 'own' } })
    expect(problems).toEqual([])
    const twice = readObjects(`${scenario('one')}---\n${scenario('one')}`, 'twice.yaml').objects
    expect(shelve(twice).problems).toEqual([expect.objectContaining({ reason: 'DuplicateName', object: 'Scenario/one', where: 'twice.yaml:10' })])
  })
})

describe('locate', () => {
  it('finds the object that a problem names, inline parts included', () => {
    const [experiment] = readObjects(EXPERIMENT, 'e.yaml').objects
    const objects = readObjects(scenario('s'), 's.yaml').objects
    if (experiment === undefined) throw new Error('no experiment')
    const at = (problem: object) => locate({ reason: 'WrongType', path: '', message: '', ...problem }, experiment, [...objects, experiment]).where
    expect(at({ object: 'Scenario/s', path: 'spec.model.name' })).toBe('s.yaml:6')
    expect(at({ path: 'spec.design.constraints[0]' })).toBe('e.yaml:11')
    expect(at({ object: 'inline scenario', path: 'spec.serving.replicas' })).toBe('e.yaml:8')
    expect(at({ path: 'x', where: 'known:1' })).toBe('known:1')
  })
})
