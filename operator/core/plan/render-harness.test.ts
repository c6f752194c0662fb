// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { HARNESS, SCENARIO, WORKLOAD } from '../design/testdata/bases.ts'
import { HarnessSpec } from '../model/harness.ts'
import { ScenarioSpec } from '../model/scenario.ts'
import { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { renderHarness } from './render.ts'
import { exampleJob, hasTemplates } from './render-check.ts'

const harnessOf = (over: object) => HarnessSpec.parse({ ...HARNESS, ...over })
const scenario = ScenarioSpec.parse(SCENARIO)
const workload = WorkloadProfileSpec.parse({ ...WORKLOAD, tokenizer: { name: 'llama', source: { configMap: { name: 'tok', key: 'tokenizer.json' } } }, overrides: { tool: { args: ['--fast', 2], config: { server: { model: null, timeout: 5 }, extra: { on: true } } } } })
const render = (over: object) => renderHarness(harnessOf(over), exampleJob({ scenario, workload, harness: harnessOf(over), name: 'tool' }), 'Harness/tool')

describe('renderHarness', () => {
  it('renders files as text, JSON or YAML, by what they are and how they are called', () => {
    const rendered = render({
      files: {
        'config.yaml': { server: { url: '{{endpoint.url}}', model: '{{model.served}}' }, stages: '{{workload.load.poisson.stages}}', seed: '{{trial.seeds.arrival}}', revision: '{{model.revision}}' },
        'profile.json': { max: '{{default workload.load.maxConcurrency 100}}', warmup: '{{seconds workload.load.warmup}}' },
        'run.txt': '{{#each workload.load.poisson.stages}}{{name}} {{rate}}{{#if duration}} for {{seconds duration}}s{{else}} × {{requests}}{{/if}}\n{{/each}}{{json workload.overrides.tool.config.extra}}\n',
      },
    })
    expect(rendered.ok ? rendered.value.files : rendered.problems).toEqual({
      'config.yaml': 'server:\n  url: http://example:8000\n  model: meta-llama/Llama-3.2-1B-Instruct\nstages:\n  - name: low\n    rate: 2\n    duration: 60s\n  - name: high\n    rate: 8\n    requests: 500\nseed: 1\n',
      'profile.json': '{\n  "max": 100,\n  "warmup": 5\n}\n',
      'run.txt': 'low 2 for 60s\nhigh 8 × 500\n{"on":true}\n',
    })
  })

  it('makes a file for each of the runs where its name asks for it, with the stage in plain numbers', () => {
    const rendered = render({ files: { '{{stage.id}}.json': { name: '{{stage.name}}', index: '{{stage.index}}', rate: '{{stage.rate}}', seconds: '{{stage.seconds}}', requests: '{{stage.requests}}', out: '{{stage.out}}', end: '{{stage.end}}', of: '{{count runs}}' } } })
    const files = rendered.ok ? Object.entries(rendered.value.files).map(([name, text]) => [name, JSON.parse(text) as unknown]) : rendered.problems
    expect(files).toEqual([
      ['warmup.json', { name: 'warmup', rate: 2, seconds: 5, requests: 10, out: '/assay/run/out/warmup', end: 'duration', of: 3 }],
      ['stage-0.json', { name: 'low', index: 0, rate: 2, seconds: 60, requests: 120, out: '/assay/run/out/stage-0', end: 'duration', of: 3 }],
      ['stage-1.json', { name: 'high', index: 1, rate: 8, seconds: 62.5, requests: 500, out: '/assay/run/out/stage-1', end: 'requests', of: 3 }],
    ])
  })

  it('lays the configuration of the workload over that of the harness, tree or text, and hands over its arguments', () => {
    const tree = { server: { url: '{{endpoint.url}}', model: '{{model.served}}' } }
    const text = 'server:\n  url: {{endpoint.url}}\n  model: x\n'
    for (const content of [tree, text]) {
      const rendered = render({ files: { 'config.yaml': content, 'other.yaml': tree }, overrides: { config: 'config.yaml', args: true }, command: ['tool', '{{#each overrides.args}}{{this}} {{/each}}'] })
      expect(rendered.ok && rendered.value.files['config.yaml']).toBe('server:\n  url: http://example:8000\n  timeout: 5\nextra:\n  on: true\n')
      expect(rendered.ok && rendered.value.files['other.yaml']).toContain('model: meta-llama')
      expect(rendered.ok && rendered.value.command).toEqual(['tool', '--fast 2 '])
    }
  })

  it('leaves text as it is where nothing is laid over it, and says where it is no YAML', () => {
    const content = 'a: 1 # why\n'
    const quiet = renderHarness(harnessOf({ files: { c: content }, overrides: { config: 'c' } }), exampleJob({ scenario, workload, harness: harnessOf({}), name: 'another' }))
    expect(quiet.ok && quiet.value.files['c']).toBe(content)
    const broken = render({ files: { c: '{{model.name}}: [' }, overrides: { config: 'c' } })
    expect(broken.ok ? [] : broken.problems).toEqual([expect.objectContaining({ path: 'spec.files.c', message: expect.stringContaining('is no YAML map') as string })])
  })

  it('writes what differs and what cannot be, where templates write something', () => {
    const rendered = render({ notes: ['{{#if workload.load.warmup}}warms up for {{load.warmupSeconds}} s{{/if}}', '{{#if workload.load.maxConcurrency}}no{{/if}}'], refuses: ['{{#if (gt load.stages 1)}}two stages{{/if}}', ''] })
    expect(rendered.ok && [rendered.value.notes, rendered.value.refusals]).toEqual([['warms up for 5 s'], ['two stages']])
  })

  it('renders words of the command; one that comes to nothing is no word', () => {
    const rendered = render({ command: ['tool', '--tokenizer={{tokenizer.path}}', '{{#if workload.load.maxConcurrency}}--max={{workload.load.maxConcurrency}}{{/if}}', '--port', '{{endpoint.port}}', '', '{{paths.out}}'] })
    expect(rendered.ok && rendered.value.command).toEqual(['tool', '--tokenizer=/assay/data/0/tokenizer.json', '--port', '8000', '', '/assay/run/out'])
  })

  it('renders the environment and leaves Secrets alone', () => {
    const secret = { name: 'TOKEN', secretKeyRef: { name: 's', key: 'k' } }
    const rendered = render({ env: [{ name: 'URL', value: '{{endpoint.url}}/v1' }, { name: 'PORT', value: '{{endpoint.port}}' }, secret] })
    expect(rendered.ok && rendered.value.env).toEqual([{ name: 'URL', value: 'http://example:8000/v1' }, { name: 'PORT', value: '8000' }, secret])
  })

  it.each([
    ['an unknown name', { command: ['{{endpiont.url}}'] }, { path: 'spec.command[0]', nearest: 'endpoint.url' }],
    ['an unset word', { command: ['tool', '{{workload.load.maxConcurrency}}'] }, { path: 'spec.command[1]', message: expect.stringContaining('is not set') as string }],
    ['a load that the workload does not have, within text', { files: { 'a.txt': 'n={{workload.load.concurrent.stages.0.name}}' } }, { path: 'spec.files["a.txt"]', message: expect.stringContaining('is not set') as string }],
    ['a file name with a folder', { files: { 'a/b.yaml': 'x' } }, { message: expect.stringContaining('cannot be called') as string }],
    ['a file name of ours', { files: { 'trial.json': 'x' } }, { message: expect.stringContaining('cannot be called') as string }],
    ['a misspelt variable', { env: [{ name: 'A', value: '{{trial.nam}}' }] }, { path: 'spec.env[A]', nearest: 'trial.name' }],
  ])('refuses %s', (_, over, expected) => {
    const rendered = render(over)
    expect(rendered.ok ? [] : rendered.problems).toContainEqual(expect.objectContaining({ reason: 'BadTemplate', object: 'Harness/tool', ...expected }))
  })
})

describe('hasTemplates', () => {
  it.each([[{}, false], [{ command: ['a', '{{x}}'] }, true], [{ files: { a: 'x' } }, true], [{ env: [{ name: 'A', value: 'x' }] }, false], [{ env: [{ name: 'A', value: '{{x}}' }] }, true], [{ notes: ['x'] }, true], [{ refuses: ['x'] }, true], [{ inputs: [{ name: 'x', format: 'csv', each: {} }] }, true]])('%j: %s', (over, expected) => {
    expect(hasTemplates(harnessOf(over))).toBe(expected)
  })
})
