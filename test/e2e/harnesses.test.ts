// SPDX-License-Identifier: Apache-2.0
/** Every harness on a server whose true latencies are declared, and on a real vLLM: they must find what is there, and nothing that is not. */
import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { Findings } from '../../operator/core/model/findings.ts'
import { HarnessSpec } from '../../operator/core/model/harness.ts'
import type { Trial } from '../../operator/core/model/kinds.ts'
import { condition, ended, leftovers, list, trials } from './look.ts'
import { apply, experiment, our, useTenant } from './tenant.ts'

const ROOT = join(import.meta.dirname, '../..')
const namespace = useTenant('tools')

/** Which API each tool is tried with; an image that this machine cannot build is left out, for the reason that its build gave. */
const TOOLS: Readonly<Record<string, 'completions' | 'chat'>> = {
  native: 'completions', 'vllm-bench': 'completions', guidellm: 'completions', 'guidellm-0.5': 'completions', 'inference-perf': 'completions', aiperf: 'chat', 'genai-bench': 'chat', fmperf: 'completions',
}
const whyNot = (tool: string): string | undefined => {
  const file = join(ROOT, '.build/unavailable', `harness-${tool}`)
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
}
/** inference-perf sends a whole number of requests for each of its slots; genai-bench looks once a second whether it has sent enough. */
const INEXACT: ReadonlySet<string> = new Set(['inference-perf', 'genai-bench'])
const tools = Object.keys(TOOLS).filter((tool) => whyNot(tool) === undefined)

const load = async (file: string) => parse(await readFile(join(ROOT, file), 'utf8')) as { spec: Record<string, unknown> }
const [REQUESTS, OUTPUT] = [24, 16]
/** A closed loop by requests is what every tool can do. */
const WORKLOAD = { data: { synthetic: { input: { fixed: 64 }, output: { fixed: OUTPUT } } }, load: { concurrent: { stages: [{ name: 'main', concurrency: 2, requests: REQUESTS }] } } }
const BY_TOOL = { fullFactorial: { factors: [{ name: 'tool', zip: [{ path: 'harness', levels: tools }, { path: 'workload.api.kind', levels: tools.map((t) => TOOLS[t]) }] }] } }

async function findingsByTool(name: string): Promise<Map<string, { trial: Trial; findings: Findings }>> {
  const maps = await list(namespace(), 'configmaps')
  const own = (await trials(namespace())).filter((t) => t.metadata.name.startsWith(`${name}-`))
  return new Map(own.map((trial) => {
    const map = maps.find((m) => m.metadata.name === trial.status?.results?.configMap)
    return [trial.spec.harnessName, { trial, findings: Findings.parse(JSON.parse(map?.data?.['findings.json'] ?? '')) }]
  }))
}

beforeAll(async () => {
  const harnesses = await Promise.all([...tools, 'nop', 'lm-eval'].map((tool) => load(`harnesses/${tool}/harness.yaml`)))
  await apply(namespace(), ...harnesses, await load('scenarios/vllm-tiny-cpu.yaml'))
})

describe('on the simulator', () => {
  /** Without scatter the first token takes 4 + 64 × 0.25 = 20 ms, and each further one 10 ms; batching changes nothing. */
  const TRUTH = { ttftMs: 20, gapMs: 10 }
  const found = new Map<string, { trial: Trial; findings: Findings }>()

  beforeAll(async () => {
    const { spec } = await load('scenarios/simulator.yaml')
    const simulator = { prefill: { baseMs: 4, perTokenMs: 0.25, jitter: 0 }, decode: { baseMs: 10, perSequenceMs: 0, perPrefillMs: 0, jitter: 0 }, instance: { sigma: 0 }, effects: [], model: { name: '{{model.name}}', maxLength: 16_384 } }
    const deploy = { releases: [{ name: 'model', chart: { bundled: 'simulator' }, values: { simulator } }] }
    await apply(namespace(), experiment('known', { scenarioRef: undefined, scenario: { ...spec, deploy }, workload: WORKLOAD, design: BY_TOOL, execution: { trialTimeout: '5m', retries: 0, maxFailedTrials: 20 } }))
    await ended(namespace(), 'known', 900_000)
    for (const [tool, each] of await findingsByTool('known')) found.set(tool, each)
  })

  it.for(Object.keys(TOOLS))('%s finds every request, its lengths, and no latency below the true one', (tool, { skip }) => {
    const reason = whyNot(tool)
    if (reason !== undefined) skip(reason)
    const { findings, trial } = found.get(tool) ?? {}
    const [stage] = findings?.stages ?? []
    expect(findings?.verdict.result, JSON.stringify(findings?.verdict ?? trial?.status)).not.toBe('invalid')
    expect(stage?.requests).toMatchObject({ failed: 0, ok: INEXACT.has(tool) ? expect.any(Number) : REQUESTS })
    expect(stage?.requests.ok).toBeGreaterThanOrEqual(REQUESTS - 2)
    expect(stage?.distributions['output_length']).toMatchObject({ min: OUTPUT, max: OUTPUT })
    const { accuracyMs = 0 } = HarnessSpec.parse(trial?.spec.harness)
    expect(stage?.distributions['ttft']?.p50).toBeGreaterThan(TRUTH.ttftMs - accuracyMs)
    expect(stage?.distributions['tpot']?.p50).toBeGreaterThan(TRUTH.gapMs - accuracyMs)
    expect(findings?.tool.version).toBe(trial?.spec.harness.version)
  })

  it('leaves nothing', async () => {
    expect((await leftovers(namespace())).filter((o) => o.includes('known'))).toEqual([])
  })
})

describe('on a real vLLM', () => {
  const found = new Map<string, { trial: Trial; findings: Findings }>()

  beforeAll(async () => {
    await apply(namespace(), experiment('real', { scenarioRef: { name: 'vllm-tiny-cpu' }, workload: WORKLOAD, design: BY_TOOL, execution: { trialTimeout: '8m', retries: 0, maxFailedTrials: 20 } }))
    const done = await ended(namespace(), 'real', 1_500_000)
    expect(condition(done, 'StoodUp')?.status, JSON.stringify(done.status?.failures)).toBe('True')
    for (const [tool, each] of await findingsByTool('real')) found.set(tool, each)
  })

  it.for(Object.keys(TOOLS))('%s measures it, and the server says the same of itself', (tool, { skip }) => {
    const reason = whyNot(tool)
    if (reason !== undefined) skip(reason)
    const { findings, trial } = found.get(tool) ?? {}
    const [stage] = findings?.stages ?? []
    expect(findings?.verdict.result, JSON.stringify(findings?.verdict ?? trial?.status)).not.toBe('invalid')
    expect(stage?.requests.failed).toBe(0)
    expect(stage?.distributions['output_length']).toMatchObject({ min: OUTPUT, max: OUTPUT })
    // Only the network and the client lie between the two.
    expect(stage?.distributions['ttft']?.mean).toBeGreaterThan(stage?.distributions['server_ttft']?.mean ?? 0)
    expect(findings?.startup?.pods[0]?.engine?.engine).toBe('vllm')
  })

  it('tells how long its model took to load, and scores its answers', async () => {
    const scored = { data: { toolProfile: { harness: 'lm-eval', source: { inline: TASK } } }, load: { toolProfile: {} } }
    await apply(namespace(), our('Stack', 'loaded', { scenarioRef: { name: 'vllm-tiny-cpu' } }))
    const harness = async (name: string) => (await load(`harnesses/${name}/harness.yaml`)).spec
    await apply(namespace(),
      our('Trial', 'loaded', { stackRef: { name: 'loaded' }, workload: WORKLOAD, harness: await harness('nop'), harnessName: 'nop' }),
      our('Trial', 'scored', { stackRef: { name: 'loaded' }, workload: scored, harness: await harness('lm-eval'), harnessName: 'lm-eval', position: 1 }))
    const results = await resultsOf(['loaded', 'scored'])
    const phases = results.get('loaded')?.startup?.pods[0]?.engine?.phases.map((p) => p.name)
    expect(phases).toEqual(expect.arrayContaining(['process', 'weights', 'kvCache', 'engine']))
    expect(results.get('scored')?.scores).toEqual([expect.objectContaining({ task: 'tiny_arithmetic', n: 2 })])
  })

  async function resultsOf(names: readonly string[]): Promise<Map<string, Findings>> {
    const { until } = await import('./look.ts')
    await until('both to end', async () => {
      const own = (await trials(namespace())).filter((t) => names.includes(t.metadata.name))
      const failed = own.find((t) => condition(t, 'Failed')?.status === 'True')
      if (failed !== undefined) throw new Error(JSON.stringify(failed.status))
      return own.length === names.length && own.every((t) => condition(t, 'Complete')?.status === 'True')
    }, 900_000)
    const maps = await list(namespace(), 'configmaps')
    return new Map(names.map((name) => [name, Findings.parse(JSON.parse(maps.find((m) => m.metadata.name === name)?.data?.['findings.json'] ?? ''))]))
  }
})

const TASK = `
task:
  task: tiny_arithmetic
  output_type: generate_until
  doc_to_text: "{{question}}"
  doc_to_target: "{{answer}}"
  generation_kwargs: { until: ["\\n"], max_gen_toks: 8 }
  metric_list: [ { metric: exact_match, aggregation: mean, higher_is_better: true } ]
docs:
  - { question: "1 + 1 =", answer: "2" }
  - { question: "2 + 3 =", answer: "5" }
`
