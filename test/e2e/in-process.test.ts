// SPDX-License-Identifier: Apache-2.0
/** Engines in the trial's own pod, with models that lie in their images: what LLM-Perf and the benchmark of local models measure on any machine, and how one that cannot run is told. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { Findings } from '../../operator/core/model/findings.ts'
import type { Trial } from '../../operator/core/model/kinds.ts'
import { condition, ended, leftovers, list, trials } from './look.ts'
import { apply, experiment, useTenant } from './tenant.ts'

const ROOT = join(import.meta.dirname, '../..')
const namespace = useTenant('in-process')
const load = async (file: string) => parse(await readFile(join(ROOT, file), 'utf8')) as { spec: Record<string, unknown> }

interface Measured { readonly trial: Trial; readonly findings: Findings }

/** Of an ended Experiment, by the level of a factor. */
async function measured(name: string, factor: string): Promise<Map<unknown, Measured>> {
  await ended(namespace(), name, 1_200_000)
  const maps = await list(namespace(), 'configmaps')
  const own = (await trials(namespace())).filter((t) => t.metadata.name.startsWith(`${name}-`))
  return new Map(own.map((trial) => {
    const map = maps.find((m) => m.metadata.name === trial.status?.results?.configMap)
    if (map === undefined) throw new Error(`${trial.metadata.name} has no results: ${JSON.stringify(trial.status)}`)
    return [trial.spec.treatment[factor], { trial, findings: Findings.parse(JSON.parse(map.data?.['findings.json'] ?? '')) }]
  }))
}
const stageOf = (found: Measured | undefined, name: string) => found?.findings.stages.find((s) => s.stage === name)
const one = (factor: object) => ({ design: { fullFactorial: { factors: [factor] } }, execution: { trialTimeout: '15m', retries: 0, maxFailedTrials: 20, parallelStacks: 1 } })

describe('LLM-Perf, by optimum-benchmark', () => {
  const ITERATIONS = 4
  let found: ReadonlyMap<unknown, Measured>

  beforeAll(async () => {
    await apply(namespace(), ...await Promise.all(['harnesses/optimum-benchmark/harness.yaml', 'scenarios/llm-perf-tiny-cpu.yaml'].map(load)))
    const config = { scenario: { warmup_runs: 1, duration: 0 }, backend: { no_weights: true } }
    const workload = { data: { synthetic: { input: { fixed: 32 }, output: { fixed: 8 } } }, load: { synchronous: { requests: ITERATIONS } }, overrides: { 'optimum-benchmark': { config } } }
    // What cannot run must be a row beside the others: this machine has no GPU.
    const levels = [{ engine: 'pytorch', args: { device: 'cpu' } }, { engine: 'openvino', args: { device: 'cpu' } }, { engine: 'pytorch', args: { device: 'cuda' } }]
    await apply(namespace(), experiment('phases', {
      scenarioRef: { name: 'llm-perf-tiny-cpu' }, harnessRef: { name: 'optimum-benchmark' }, workload, ...one({ name: 'serving', path: 'scenario.serving', levels, labels: ['pytorch', 'openvino', 'no-gpu'] }),
    }))
    found = await measured('phases', 'serving')
  })

  it.for(['pytorch', 'openvino'])('%s is measured phase by phase, with memory and energy', (backend) => {
    const own = found.get(backend)
    expect(own?.findings.verdict.result, JSON.stringify(own?.findings.verdict ?? own?.trial.status)).not.toBe('invalid')
    expect(own?.findings.stages.map((s) => s.stage)).toEqual(expect.arrayContaining(['load_model', 'prefill', 'decode', 'generate']))
    expect(stageOf(own, 'load_model')?.distributions['engine_start']?.mean).toBeGreaterThan(0)
    for (const phase of ['prefill', 'decode', 'generate']) expect([phase, stageOf(own, phase)?.distributions['batch_latency']?.n]).toEqual([phase, ITERATIONS])
    expect(stageOf(own, 'decode')?.scalars['peak_ram']?.value).toBeGreaterThan(0.1)
    // Of decode the tool knows it by subtraction only, which so short a run may turn below zero.
    expect(stageOf(own, 'generate')?.scalars['process_energy']?.value).toBeGreaterThan(0)
    expect(own?.findings.notes).toEqual(expect.arrayContaining([expect.stringMatching(/^energy is CodeCarbon's/)]))
  })

  it('what cannot run is a row with its traceback', () => {
    const own = found.get('no-gpu')
    expect(own?.findings.verdict.result).toBe('invalid')
    expect(own?.findings.stages[0]?.requests).toMatchObject({ ok: 0, failed: 1, firstErrors: [expect.stringContaining('GPU')] })
    expect(condition(own?.trial ?? {}, 'Complete')?.status ?? condition(own?.trial ?? {}, 'Failed')?.status).toBe('True')
  })
})

describe('local models, by transformers', () => {
  const BATCHES = [{ name: 'batch-1', concurrency: 1, requests: 4 }, { name: 'batch-4', concurrency: 4, requests: 8 }]
  let found: ReadonlyMap<unknown, Measured>

  beforeAll(async () => {
    await apply(namespace(), await load('harnesses/transformers/harness.yaml'))
    const { scenario, design } = (await load('experiments/local-models-tiny.yaml')).spec as { scenario: object; design: { fullFactorial: { factors: [object] } } }
    const { api, data } = (await load('workload-profiles/local-prompts.yaml')).spec
    await apply(namespace(), experiment('sizes', { scenarioRef: undefined, scenario, harnessRef: { name: 'transformers' }, workload: { api, data, load: { concurrent: { stages: BATCHES } } }, ...one(design.fullFactorial.factors[0]) }))
    found = await measured('sizes', 'model')
  })

  it.for(['tiny', 'small', 'medium', 'medium-int8'])('%s answers every prompt, in batches of one and of four', (model) => {
    const own = found.get(model)
    expect(own?.findings.verdict.result, JSON.stringify(own?.findings.verdict ?? own?.trial.status)).not.toBe('invalid')
    for (const { name, requests } of BATCHES) {
      expect([name, stageOf(own, name)?.requests]).toEqual([name, expect.objectContaining({ ok: requests, failed: 0 })])
      expect(stageOf(own, name)?.distributions['output_length']).toMatchObject({ min: 16, max: 16 })
      expect(stageOf(own, name)?.distributions['ttft']?.p50).toBeGreaterThan(0)
      expect(stageOf(own, name)?.scalars['peak_ram']?.value).toBeGreaterThan(0.05)
    }
    expect(own?.findings.scores.map((s) => s.metric)).toEqual(expect.arrayContaining(['perplexity']))
  })

  it('a larger model takes longer and more memory', () => {
    const medianOf = (model: string) => stageOf(found.get(model), 'batch-1')?.distributions['e2e']?.p50 ?? Number.NaN
    const peakOf = (model: string) => stageOf(found.get(model), 'batch-1')?.scalars['peak_ram']?.value ?? Number.NaN
    expect(medianOf('medium')).toBeGreaterThan(medianOf('tiny'))
    expect(peakOf('medium')).toBeGreaterThan(peakOf('tiny'))
  })

  it('leaves nothing', async () => {
    expect(await leftovers(namespace())).toEqual([])
  })
})
