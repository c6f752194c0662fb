// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { SCENARIO } from '../design/testdata/bases.ts'
import { ScenarioSpec } from '../model/scenario.ts'
import { renderScenario } from './render.ts'

const PLACE = { stackName: 'chat-1-0a9ceeef-s1', namespace: 'bench', object: 'Scenario/x' }
const spec = (values: object, over: object = {}) => ScenarioSpec.parse({
  ...SCENARIO, serving: { engine: 'vllm', replicas: 2, args: { 'max-num-seqs': 64, off: false }, settings: { fast: true, names: ['a', 'b'] } },
  deploy: { releases: [{ name: 'model', chart: { bundled: 'vllm' }, values }, { name: 'router', chart: { oci: 'oci://x/router' }, version: '1.2.3', values: { upstream: 'http://{{release.model}}:8000' }, serverSideApply: false }] }, ...over,
})
function valueOf(template: unknown, over: object = {}): unknown {
  const rendered = renderScenario(spec({ it: template }, over), PLACE)
  return rendered.ok ? rendered.value.releases[0]?.values['it'] : rendered.problems
}
const problem = (template: unknown) => {
  const problems = valueOf(template)
  return Array.isArray(problems) ? (problems[0] as unknown) : problems
}

describe('renderScenario', () => {
  it('names releases after the stack and renders values and endpoint', () => {
    const rendered = renderScenario(spec({ replicaCount: '{{serving.replicas}}' }), PLACE)
    expect(rendered).toEqual({
      ok: true,
      value: {
        releases: [
          { name: 'model', release: 'chat-1-0a9ceeef-s1-model', chart: { bundled: 'vllm' }, values: { replicaCount: 2 }, valuesFrom: [], serverSideApply: true },
          { name: 'router', release: 'chat-1-0a9ceeef-s1-router', chart: { oci: 'oci://x/router' }, version: '1.2.3', values: { upstream: 'http://chat-1-0a9ceeef-s1-model:8000' }, valuesFrom: [], serverSideApply: false },
        ],
        endpoint: { service: 'chat-1-0a9ceeef-s1-model', port: 8000, path: '', api: 'openai', headers: {}, resetPaths: ['/reset_prefix_cache'] },
      },
    })
  })

  it('has nothing to install for a server that is there already', () => {
    const rendered = renderScenario(ScenarioSpec.parse({ model: { name: 'm' }, endpoint: { url: 'https://host:8443' } }), PLACE)
    expect(rendered).toMatchObject({ ok: true, value: { releases: [], endpoint: { url: 'https://host:8443' } } })
  })

  it.each<[string, unknown, unknown]>([
    ['a number keeps its type', '{{serving.replicas}}', 2],
    ['so does a boolean', '{{serving.settings.fast}}', true],
    ['so does a list', '{{serving.settings.names}}', ['a', 'b']],
    ['so does an object', '{{parallelism}}', { tensor: 1, pipeline: 1, data: 1, expert: 1 }],
    ['text around it makes text', 'n={{serving.replicas}}', 'n=2'],
    ['no character is escaped', "{{model.name}} & <'\"> {{{model.name}}}", 'meta-llama/Llama-3.2-1B-Instruct & <\'"> meta-llama/Llama-3.2-1B-Instruct'],
    ['keys with hyphens', '{{serving.args.max-num-seqs}}', 64],
    ['keys in brackets', '{{serving.args.[max-num-seqs]}}', 64],
    ['list items by position', '{{serving.settings.names.[1]}}', 'b'],
    ['a known member that is not set leaves the key out', '{{model.revision}}', undefined],
    ['json', '{{json serving.settings.names}}', '["a","b"]'],
    ['yaml, indented', 'x:\n  {{yaml serving.args indent=2}}', 'x:\n  max-num-seqs: 64\n  off: false'],
    ['default', '{{default model.maxLength 4096}}', 16384],
    ['default of what is not set', '{{default model.revision "main"}}', 'main'],
    ['default of an open key', '{{default serving.args.nope 1}}', 1],
    ['eq', '{{#if (eq serving.engine "vllm")}}yes{{else}}no{{/if}}', 'yes'],
    ['seconds', '{{seconds scenario.readiness.timeout}}', 1500],
    ['lookup', '{{lookup serving.args "off"}}', false],
    ['if on a known member', '{{#if model.revision}}{{model.revision}}{{else}}none{{/if}}', 'none'],
    ['else if', '{{#if model.revision}}a{{else if serving.settings.fast}}b{{else}}c{{/if}}', 'b'],
    ['unless', '{{#unless serving.args.off}}on{{/unless}}', 'on'],
    ['each over a list', '{{#each serving.settings.names}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{/each}}', '0a,1b'],
    ['each over a map, by name', '{{#each serving.args as |v k|}}{{k}}={{v}} {{/each}}', 'max-num-seqs=64 off=false '],
    ['each over nothing', '{{#each scenario.tolerations}}x{{else}}none{{/each}}', 'none'],
    ['with, and the way out', '{{#with serving}}{{engine}} {{../model.family}}{{@root.stack.name}}{{/with}}', expect.arrayContaining([expect.objectContaining({ message: expect.stringContaining('is not set') as string })])],
    ['with a name', '{{#with serving.parallelism as |p|}}{{p.tensor}}{{/with}}', '1'],
    ['a comment', 'a{{! not seen }}b', 'ab'],
    ['an escaped brace stays', String.raw`\{{ .Values.x }}`, '{{ .Values.x }}'],
    ['nested values', { a: [{ b: '{{serving.replicas}}' }], c: 1 }, { a: [{ b: 2 }], c: 1 }],
  ])('%s: %j', (_, template, expected) => {
    expect(valueOf(template)).toEqual(expected)
  })

  it.each([
    ['an unknown name', '{{serving.replcas}}', { nearest: 'serving.replicas', message: expect.stringContaining('unknown name "replcas"') as string }],
    ['an unknown name in a condition', '{{#if serving.replcas}}x{{/if}}', { nearest: 'serving.replicas' }],
    ['an unknown name in a branch that is not taken', '{{#if serving.args.off}}{{model.nam}}{{/if}}', { nearest: 'model.name' }],
    ['an unknown name in a helper', '{{json modle}}', { nearest: 'model' }],
    ['an unknown name within each', '{{#each scenario.tolerations}}{{kee}}{{/each}}', { nearest: 'key' }],
    ['an unknown release', '{{release.modle}}', { nearest: 'release.model', expected: 'one of model, router' }],
    ['an unknown @name', '{{@indx}}', { nearest: '@index' }],
    ['a key that an open map does not have', '{{serving.args.max-num-seq}}', { nearest: 'serving.args.max-num-seqs', message: expect.stringContaining('is not there') as string }],
    ['a value that is not set within text', 'rev={{model.revision}}', { message: expect.stringContaining('model.revision is not set') as string }],
    ['a helper on what is not set', '{{json model.revision}} x', { message: expect.stringContaining('has nothing to write') as string }],
    ['an object within text', 'x={{serving.args}}', { message: expect.stringContaining('is an object: write {{json serving.args}}') as string }],
    ['an unset item of a list', ['{{model.revision}}'], { path: 'spec.deploy.releases[model].values.it[0]', message: expect.stringContaining('is not set') as string }],
    ['an unknown helper', '{{tojson model}}', { message: expect.stringContaining('there is no helper "tojson"') as string, nearest: 'json' }],
    ['an unknown block', '{{#iff model}}x{{/iff}}', { nearest: 'if' }],
    ['a partial', '{{> x}}', { message: expect.stringContaining('partials') as string }],
    ['a decorator', '{{* x}}', { message: expect.stringContaining('decorators') as string }],
    ['a broken template', '{{#if model}}', { message: expect.stringContaining('Parse error on line 1') as string }],
    ['the way out of the template', '{{../x}}', { message: expect.stringContaining('leads out') as string }],
    ['a prototype', '{{model.constructor}}', { message: expect.stringContaining('unknown name') as string }],
    ['a prototype in an open map', '{{serving.args.__proto__}}', { message: expect.stringContaining('is not there') as string }],
    ['a prototype by lookup', '{{lookup serving.args "constructor"}}', { message: expect.stringContaining('is not there') as string }],
    ['a duration that is none', '{{seconds model.name}}', { message: expect.stringContaining('is not a duration') as string }],
  ])('refuses %s', (_, template, expected) => {
    expect(problem(template)).toMatchObject({ reason: 'BadTemplate', object: 'Scenario/x', ...expected })
  })

  it('says where, and everything at once', () => {
    const rendered = renderScenario(spec({ a: { b: '{{nope}}' }, c: '{{> p}}' }, { endpoint: { service: '{{release.modl}}' } }), PLACE)
    expect(rendered.ok ? [] : rendered.problems.map((p) => p.path)).toEqual(['spec.deploy.releases[model].values.a.b', 'spec.deploy.releases[model].values.c', 'spec.endpoint.service'])
  })

  it.each([
    ['deep nesting', '{{#if true}}'.repeat(20) + '{{/if}}'.repeat(20), 'nested more than 16'],
    ['nested brackets', `{{#if ${'(eq '.repeat(3000)}${')'.repeat(3000)}}}{{/if}}`, 'nested more than 16'],
    ['chains', `{{#if true}}${'{{else if true}}'.repeat(1500)}{{/if}}`, 'at most 1000'],
    ['great length', `{{model.name}}${'x'.repeat(70_000)}`, 'at most 65536'],
    ['endless loops', '{{#each serving.settings.many}}{{#each ../serving.settings.many}}{{#each @root.serving.settings.many}}x{{/each}}{{/each}}{{/each}}', 'too many steps'],
  ])('caps %s', (_, template, message) => {
    const rendered = valueOf(template, { serving: { settings: { many: Array.from({ length: 100 }, (_v, i) => i) } } })
    expect(JSON.stringify(rendered)).toMatch(message)
  })

  it('caps steps and characters over all templates together', () => {
    const many = Array.from({ length: 500 }, () => 'x'.repeat(1000))
    const loop = '{{#each serving.settings.many}}{{#each @root.serving.settings.many}}{{this}}{{/each}}{{/each}}'
    expect(valueOf(loop, { serving: { settings: { many } } })).toEqual([expect.objectContaining({ message: 'the template writes too much' })])
    const empty = Array.from({ length: 500 }, () => '')
    expect(valueOf(loop, { serving: { settings: { many: empty } } })).toEqual([expect.objectContaining({ message: 'the template takes too many steps' })])
  })

  it('stops at values that are nested too deeply', () => {
    let deep: unknown = 'x'
    for (let i = 0; i < 40; i++) deep = { a: deep }
    expect(problem(deep)).toMatchObject({ message: expect.stringContaining('more than 32 deep') as string })
  })
})
