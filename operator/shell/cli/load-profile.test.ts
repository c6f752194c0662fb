// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readProfile, sourcePath, withStages } from './load-profile.ts'

const folder = await mkdtemp(join(tmpdir(), 'profiles-'))
afterAll(() => rm(folder, { recursive: true }))
async function read(text: string) {
  const path = join(folder, 'p.yaml')
  await writeFile(path, text)
  return await readProfile(path).catch((error: Error) => {
    throw new Error(error.message.replaceAll(path, 'p.yaml'), { cause: error })
  })
}

const SPEC = `data: { synthetic: { input: { fixed: 8 }, output: { fixed: 2 } } }
load:
  poisson:
    stages:
      - { name: low, rate: 1, requests: 2 }
      - { name: high, rate: 5, requests: 2 }
`
const OBJECT = `apiVersion: assay.dev/v1alpha1\nkind: WorkloadProfile\nmetadata: { name: chat }\nspec:\n${SPEC.trimEnd().replaceAll(/^/gm, '  ')}\n`

describe('readProfile', () => {
  it('reads an object, one among others, and the bare specification', async () => {
    expect(await read(OBJECT)).toMatchObject({ name: 'chat', folder, spec: { api: { kind: 'completions' } } })
    expect((await read(`kind: Scenario\n---\n${OBJECT}`)).name).toBe('chat')
    expect((await read(SPEC)).spec.load.poisson?.stages).toHaveLength(2)
  })

  it.each([
    ['a mistyped member', OBJECT.replace('name: high, rate', 'name: high, ratee'), 'p.yaml:10: spec.load.poisson.stages[high].ratee: load.poisson.stages[high] has no member "ratee" (found ratee, expected one of name, rate, rampTo, duration, requests); did you mean rate?'],
    ['a wrong type', SPEC.replace('fixed: 2', 'fixed: two'), 'p.yaml:1: data.synthetic.output.fixed: wrong type (found text "two", expected'],
    ['a rule over several members', SPEC.replace('fixed: 8', 'min: 8'), 'p.yaml:1: data.synthetic.input: lengths: set exactly one of fixed'],
    ['broken YAML', 'data: [\n', 'p.yaml:2: Flow sequence'],
    ['another kind', 'kind: Scenario\n', 'p.yaml:1: expected a WorkloadProfile of assay.dev/v1alpha1, found Scenario'],
    ['two profiles', `${OBJECT}---\n${OBJECT}`, 'p.yaml: expected one WorkloadProfile, found 2'],
  ])('says the line of %s', async (_, text, message) => {
    await expect(read(text)).rejects.toThrow(message)
  })

  it('says that a file is not there', async () => {
    await expect(readProfile(join(folder, 'none.yaml'))).rejects.toThrow(/none\.yaml cannot be read: ENOENT/)
  })
})

describe('withStages', () => {
  it('keeps the named stages, and refuses others with the nearest name', async () => {
    const { spec } = await read(SPEC)
    expect(withStages(spec, ['high']).load.poisson?.stages.map((s) => s.name)).toEqual(['high'])
    expect(withStages(spec, [])).toBe(spec)
    expect(() => withStages(spec, ['hihg'])).toThrow('--stage hihg: expected one of low, high; did you mean high?')
    const { spec: single } = await read(SPEC.replace(/load:[^]*/, 'load: { synchronous: { requests: 3 } }'))
    expect(withStages(single, ['synchronous'])).toBe(single)
    expect(() => withStages(single, ['low'])).toThrow('has no stages to choose from')
  })
})

describe('sourcePath', () => {
  it('finds files beside the profile, and refuses what only a cluster has', () => {
    expect(sourcePath({ path: 'a.jsonl' }, { folder: '/x' }, 'data')).toBe('/x/a.jsonl')
    expect(sourcePath({ inline: 'a' }, { folder: '/x' }, 'data')).toBeUndefined()
    expect(() => sourcePath({ configMap: { name: 'a', key: 'b' } }, { folder: '/x' }, 'data.prompts.source')).toThrow('data.prompts.source: a ConfigMap or volume is only there in a cluster')
  })
})
