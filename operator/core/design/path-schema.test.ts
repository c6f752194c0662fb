// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { applyLevel, checkLevel, resolvePath } from './path-schema.ts'
import { exampleBases } from './testdata/bases.ts'

const bases = exampleBases()

describe('resolvePath', () => {
  it.each([
    ['scenario.serving.parallelism.tensor', 'scenario.serving.parallelism.tensor'],
    ['workload.load.poisson.stages[0].rate', 'workload.load.poisson.stages[low].rate'],
    ['workload.load.poisson.stages.high.rate', 'workload.load.poisson.stages[high].rate'],
    ['scenario.serving.args["max.num"]', 'scenario.serving.args["max.num"]'],
    ['scenario.serving.args[max-num-seqs]', 'scenario.serving.args.max-num-seqs'],
    ['scenario.serving.args.deep.er', 'scenario.serving.args.deep.er'],
    ['scenario.deploy.releases[model].values.simulator.decode.baseMs', 'scenario.deploy.releases[model].values.simulator.decode.baseMs'],
    ['workload.load', 'workload.load'],
    ['workload', 'workload'],
    ['harness.files["config.yaml"]', 'harness.files["config.yaml"]'],
    ['workload.load.maxConcurrency', 'workload.load.maxConcurrency'],
    ['scenario.endpoint.metrics.port', 'scenario.endpoint.metrics.port'],
  ])('%s is %s', (written, resolved) => {
    const result = resolvePath(written, bases, 'here')
    expect(result.ok ? result.path.text : result.problem).toBe(resolved)
  })

  it.each([
    ['scenario.serving.paralelism.tensor', 'has no member "paralelism"', 'scenario.serving.parallelism.tensor'],
    ['scenario.serving.parallelism.tesnor', 'has no member "tesnor"', 'scenario.serving.parallelism.tensor'],
    ['scenario.servin.paralelism.tensr', 'has no member "servin"', 'scenario.serving.parallelism.tensor'],
    ['scenario.parallelism.tensor', 'has no member "parallelism"', 'scenario.serving.parallelism.tensor'],
    ['serving.parallelism.tensor', 'starts with none of', 'scenario.serving.parallelism.tensor'],
    ['scenrio.serving.replicas', 'starts with none of', 'scenario.serving.replicas'],
    ['workload.load.poisson.stages[hgih].rate', 'has no item "hgih"', 'workload.load.poisson.stages[high].rate'],
    ['workload.load.poisson.stages[5].rate', 'has no item "5"', undefined],
    ['workload.load.constant.stages[high].rate', 'is not set', 'workload.load.poisson.stages[high].rate'],
    ['workload.load.poisson.stages[high].rate.more', 'has no members', 'workload.load.poisson.stages[high].rate'],
    ['scenario.constructor', 'has no member "constructor"', undefined],
  ])('%s: %s', (written, message, nearest) => {
    const result = resolvePath(written, bases, 'spec.x')
    expect(result.ok ? undefined : result.problem).toMatchObject({ reason: 'UnknownPath', path: 'spec.x', message: expect.stringContaining(message) as string })
    if (nearest !== undefined) expect(result.ok ? undefined : result.problem.nearest).toBe(nearest)
  })

  it('names the stages that there are', () => {
    const result = resolvePath('workload.load.poisson.stages[peak].rate', bases, 'x')
    expect(result.ok ? undefined : result.problem.expected).toBe('one of low, high')
  })

  it('says where a path breaks off', () => {
    const result = resolvePath('workload.load.[x]', bases, 'x')
    expect(result.ok ? undefined : result.problem).toMatchObject({ reason: 'BadPath', message: expect.stringContaining('at character 15') as string })
  })
})

function level(path: string, value: unknown) {
  const result = resolvePath(path, bases, 'x')
  if (!result.ok) throw new Error(result.problem.message)
  return { path: result.path, problem: checkLevel(result.path, value, { factor: 'f', at: 'spec.x.levels[0]' }) }
}

describe('checkLevel', () => {
  it.each([
    ['scenario.serving.parallelism.tensor', 4], ['workload.load.poisson.stages[high].rate', 0.5], ['workload.api.kind', 'chat'], ['scenario.serving.args.any', { thing: [1] }],
    ['workload.load.warmup', '10s'], ['workload.load.warmup', null], ['scenario.serving.args.x', null], ['workload.load', { concurrent: { stages: [{ name: 'a', concurrency: 4, duration: '1m' }] } }],
  ])('%s takes %j', (path, value) => {
    expect(level(path, value).problem).toBeUndefined()
  })

  it.each([
    ['scenario.serving.parallelism.tensor', '4', 'a whole number from 1 to 1024', 'text "4"'],
    ['scenario.serving.parallelism.tensor', 1.5, 'a whole number from 1 to 1024', 'number 1.5'],
    ['scenario.serving.parallelism.tensor', 0, 'a whole number from 1 to 1024', 'number 0'],
    ['workload.load.poisson.stages[high].rate', true, 'a number above 0 to 1000000', 'true'],
    ['workload.load.warmup', '10 seconds', 'text', 'text "10 seconds"'],
    ['workload.data', null, 'an object with synthetic, lines, correctness, prompts, sharegpt, conversation, trace, toolProfile', 'null'],
  ])('%s refuses %j', (path, value, expected, found) => {
    expect(level(path, value).problem).toMatchObject({ reason: 'WrongType', path: 'spec.x.levels[0]', expected, found, message: expect.stringContaining('factor f') as string })
  })

  it('names the nearest word of a list of words', () => {
    expect(level('workload.api.kind', 'chats').problem).toMatchObject({ nearest: 'chat', expected: 'one of completions, chat, responses' })
  })

  it('takes an optional member out with null, and keeps null in open maps', () => {
    const warm = level('workload.load.warmup', null)
    expect(applyLevel({ load: { warmup: '5s', drain: '1s' } }, warm.path, null)).toEqual({ load: { drain: '1s' } })
    const arg = level('scenario.serving.args.x', null)
    expect(applyLevel({ serving: { args: {} } }, arg.path, null)).toEqual({ serving: { args: { x: null } } })
  })
})
