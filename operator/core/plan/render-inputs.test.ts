// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { HARNESS, SCENARIO, WORKLOAD } from '../design/testdata/bases.ts'
import { HarnessSpec } from '../model/harness.ts'
import type { PlannedRequest } from '../model/request.ts'
import { ScenarioSpec } from '../model/scenario.ts'
import { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { exampleJob } from './render-check.ts'
import { inputSets } from './render-inputs.ts'

const job = (inputs: readonly object[], over: object = {}) => {
  const harness = HarnessSpec.parse({ ...HARNESS, inputs })
  return exampleJob({ scenario: ScenarioSpec.parse(SCENARIO), workload: WorkloadProfileSpec.parse({ ...WORKLOAD, ...over }), harness, name: 'tool' })
}
const sets = (inputs: readonly object[], over: object = {}) => {
  const result = inputSets(job(inputs, over), { object: 'Harness/tool', answer: (n) => 'a'.repeat(n) })
  if (!result.ok) throw new Error(result.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  return result.value
}
const REQUESTS: readonly PlannedRequest[] = [
  { id: 'r1', prompt: 'one, "two"', inputTokens: 2, outputTokens: 3 }, { id: 'r2', prompt: 'three', inputTokens: 1, outputTokens: 0, atMs: 5 },
]
const write = (input: object, requests: readonly PlannedRequest[] = REQUESTS) => {
  const [[file] = []] = sets([{ name: 'all', format: 'jsonl', ...input }])
  return [...(file?.text([{ run: 1, conversations: requests.map((request) => [request]) }]) ?? [])].join('')
}

describe('inputSets', () => {
  it('has a file for each name, of neighbouring runs', () => {
    const files = (name: string) => sets([{ name, format: 'jsonl', each: {} }]).flat().map((file) => [file.name, file.runs])
    expect(files('{{stage.id}}.jsonl')).toEqual([['warmup.jsonl', [0]], ['stage-0.jsonl', [1]], ['stage-1.jsonl', [2]]])
    expect(files('all.jsonl')).toEqual([['all.jsonl', [0, 1, 2]]])
    expect(files("{{when (eq stage.id 'warmup') 'w' 's'}}")).toEqual([['w', [0]], ['s', [1, 2]]])
    expect(() => files("{{when (eq stage.id 'stage-0') 'a' 'b'}}")).toThrow('spec.inputs[0]: b is for runs with others between them')
    expect(() => files('a/{{stage.id}}')).toThrow('spec.inputs[0].name: a file cannot be called a/warmup')
    expect(() => files('requests.jsonl')).toThrow('cannot be called requests.jsonl')
    expect(() => files('{{stage.nam}}')).toThrow('unknown name')
  })

  it.each<[string, object, string]>([
    ['JSON lines, with types', { each: { p: '{{request.text}}', n: '{{request.outputTokens}}', of: '{{stage.name}}', at: '{{request.atMs}}' } }, '{"p":"one, \\"two\\"","n":3,"of":"low"}\n{"p":"three","of":"low","at":5}\n'],
    ['a JSON list', { format: 'json', each: { i: '{{request.index}}' } }, '[\n{"i":0},\n{"i":1}\n]\n'],
    ['CSV', { format: 'csv', each: { p: '{{request.text}}', n: '{{request.outputTokens}}' } }, 'p,n\n"one, ""two""",3\nthree,\n'],
    ['lines that a template writes', { each: '{ "p": {{json request.text}}{{#if request.outputTokens}}, "n": {{request.outputTokens}}{{/if}} }' }, '{ "p": "one, \\"two\\"", "n": 3 }\n{ "p": "three" }\n'],
    ['an answer of so many tokens', { each: { a: '{{request.answer}}' } }, '{"a":"aaa"}\n{"a":""}\n'],
  ])('writes %s', (_, input, text) => {
    expect(write(input)).toBe(text)
  })

  it('writes an empty list where there is nothing', () => {
    expect([write({ format: 'json', each: {} }, []), write({ each: {} }, []), write({ format: 'csv', each: {} }, [])]).toEqual(['[]\n', '', ''])
  })

  it('writes sessions, turn by turn', () => {
    const turns = [0, 1].map((turn): PlannedRequest => ({ id: `s1t${turn + 1}`, session: 's1', turn, messages: [{ role: 'user', content: `hi ${turn}` }], inputTokens: 1, outputTokens: 2 }))
    const [[file] = []] = sets([{ name: 'x', format: 'jsonl', per: 'session', each: '{ "id": {{json session.id}}, "turns": [{{#each session.turns}}{{json text}}{{#unless @last}}, {{/unless}}{{/each}}] }' }])
    expect([...(file?.text([{ run: 0, conversations: [turns, [REQUESTS[1] as PlannedRequest]] }]) ?? [])]).toEqual(['{ "id": "s1", "turns": ["hi 0", "hi 1"] }\n', '{ "id": "r2", "turns": ["three"] }\n'])
  })

  const chat = (messages: number): PlannedRequest => ({ id: 'r7', messages: Array.from({ length: messages }, (_, i) => ({ role: i === 0 ? 'system' : 'user', content: 'x' }) as const), inputTokens: 1, outputTokens: 1 })
  it.each<[string, object, PlannedRequest, RegExp]>([
    ['several messages where one text is sent', { each: { p: '{{request.text}}' } }, chat(2), /^request r7 cannot be told to the tool: .*request\.text is not there.*; request r7 has 2 messages, where this harness may send only one$/],
    ['rows that are no JSON', { each: '{ "p": {{request.text}} }' }, REQUESTS[0] as PlannedRequest, /^request r1 cannot be told to the tool: .*a row is no JSON/],
    ['rows of several lines', { each: '{\n}' }, REQUESTS[0] as PlannedRequest, /a row has more than one line/],
    ['rows that are numbers', { each: '{{request.inputTokens}}' }, REQUESTS[0] as PlannedRequest, /a row is neither a map nor text/],
  ])('refuses %s', (_, input, request, message) => {
    expect(() => write(input, [request])).toThrow(message)
  })
})
