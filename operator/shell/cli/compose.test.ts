// SPDX-License-Identifier: Apache-2.0
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Choices } from './choices.ts'
import { composeExperiment, nameFor, planComposed } from './compose.ts'
import { NO_NAMESPACE } from './namespace-library.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const SCENARIOS = (await readdir(join(ROOT, 'scenarios'))).filter((file) => file.endsWith('.yaml')).map((file) => file.replace('.yaml', ''))

/** What does not speak as most do needs to be told with what it is loaded. */
const WITH: Readonly<Record<string, Pick<Choices, 'workload' | 'harness'>>> = {
  'hosted-anthropic': { workload: 'llmperf-load' },
  'llm-perf-cpu': { workload: 'llm-perf', harness: 'optimum-benchmark' },
  'llm-perf-cuda': { workload: 'llm-perf', harness: 'optimum-benchmark' },
  'llm-perf-tiny-cpu': { workload: 'llm-perf', harness: 'optimum-benchmark' },
}

describe('what is chosen by flags alone can be planned', () => {
  it.each(SCENARIOS)('with the scenario %s, by the name of its file', async (scenario) => {
    const composed = await composeExperiment({ choices: { scenario, ...WITH[scenario], set: {}, library: [] }, fallback: 'simulator', inNamespace: NO_NAMESPACE })
    const { experiment: { name, spec } } = composed
    expect(planComposed({ ...composed, experiment: { ...composed.experiment, name: nameFor(name, spec) } }).trials).toHaveLength(1)
    expect(planComposed(composed).trials).toHaveLength(1)
  })
})

describe('nameFor', () => {
  it('is the same for the same, and another for others', () => {
    expect(nameFor('a-b', { x: 1, y: 2 })).toBe(nameFor('a-b', { y: 2, x: 1 }))
    expect(nameFor('a-b', { x: 1 })).not.toBe(nameFor('a-b', { x: 2 }))
  })

  it.each([['simulator-sanity-random'], ['vllm-llama-3.1-70b-fp8-h100-code_completion_synthetic'], ['a'.repeat(100)]])('leaves room for what is made of %s', (words) => {
    expect(nameFor(words, {})).toMatch(/^[a-z0-9]([a-z0-9-]{0,26}[a-z0-9])$/)
  })
})
