// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { claimsOf, failureRecords, scoresOf, shortTraceback, windowsOf } from './findings-of-model.ts'
import { ModelFile } from './model-file.ts'

const placed = (overlay: object, prefix = '') => ({ prefix, offsetMs: 100, file: ModelFile.parse({ tool: 'assay-transformers', ...overlay }) })
const TRACEBACK = 'Traceback (most recent call last):\n  File "/opt/a/outer.py", line 7, in run\n    go()\n  File "/opt/a/inner.py", line 9, in go\n    raise ValueError(\nValueError: too long\n'

describe('shortTraceback', () => {
  it.each([
    ['message and places, the innermost first', { message: 'ValueError: too long', traceback: TRACEBACK }, 'ValueError: too long at inner.py:9 go ← outer.py:7 run'],
    ['a message alone', { message: 'the process was killed (SIGKILL)' }, 'the process was killed (SIGKILL)'],
    ['as many places as fit', { message: 'x'.repeat(280), traceback: TRACEBACK }, `${'x'.repeat(280)} at inner.py:9 go`],
    ['the beginning of a long message', { message: 'x'.repeat(400), traceback: TRACEBACK }, `${'x'.repeat(299)}…`],
  ])('says %s', (_, failure, expected) => {
    expect(shortTraceback({ stage: 's', ...failure })).toBe(expected)
  })
})

describe('stages', () => {
  const stages = [{ name: 'a', batchSize: 2, startMs: 20, endMs: 50 }, { name: 'b', batchSize: 1 }, { name: 'c', batchSize: 1 }]

  it('are loading and those that ran or failed, where they lie in the trial', () => {
    const found = windowsOf(placed({ load: { startMs: 1, endMs: 11 }, stages, failures: [{ stage: 'b', message: 'm' }] }, 'm-'))
    expect(found.map(({ name, startMs, endMs, concurrency, counted }) => ({ name, startMs, endMs, concurrency, ok: counted?.ok }))).toEqual([
      { name: 'm-load_model', startMs: 101, endMs: 111, ok: 1 }, { name: 'm-a', startMs: 120, endMs: 150, concurrency: 2 }, { name: 'm-b', startMs: 100, endMs: 100, concurrency: 1 },
    ])
  })

  it('have a failed request for each failure, but where only the perplexity failed', () => {
    const found = failureRecords(placed({ failures: [{ stage: 'b', message: 'ValueError: too long', traceback: TRACEBACK }, { stage: 'perplexity', message: 'm' }] }, 'm-'))
    expect(found).toMatchObject([{ id: 'm-b/failure-0', stage: 'm-b', status: 'error', error: { class: 'client', message: 'ValueError: too long at inner.py:9 go ← outer.py:7 run' } }])
  })
})

describe('claims', () => {
  const GIB = 1024 ** 3
  const value = (claims: ReturnType<typeof claimsOf>, metric: string, statistic = 'value') => claims.find((c) => c.metric === metric && c.statistic === statistic)

  it('are of memory where it was measured: on a CPU there is no GPU, not one without memory', () => {
    const cpu = claimsOf(placed({ stages: [{ name: 'a', peakRamBytes: GIB / 2 }] }))
    expect(cpu.map(({ metric, value: v, unit }) => [metric, v, unit])).toEqual([['peak_ram', 0.5, 'GiB']])
    const gpu = claimsOf(placed({ stages: [{ name: 'a', peakRamBytes: GIB, peakGpuAllocatedBytes: 2 * GIB, peakGpuReservedBytes: 3 * GIB }] }))
    expect(gpu.map(({ metric, value: v }) => [metric, v])).toEqual([['peak_ram', 1], ['peak_gpu_memory_allocated', 2], ['peak_gpu_memory_reserved', 3]])
  })

  it('are the statistics of batches, and of one batch no spread', () => {
    const several = claimsOf(placed({ stages: [{ name: 'a', batchLatenciesMs: [30, 10, 20] }] }))
    expect(['mean', 'min', 'max', 'stddev', 'p50', 'n'].map((s) => value(several, 'batch_latency', s)?.value)).toEqual([20, 10, 30, 10, 20, 3])
    const one = claimsOf(placed({ load: { startMs: 500, endMs: 2500 } }))
    expect(one.map(({ stage, metric, statistic, value: v }) => [stage, metric, statistic, v])).toEqual([['load_model', 'engine_start', 'mean', 2000], ['load_model', 'engine_start', 'min', 2000], ['load_model', 'engine_start', 'max', 2000], ['load_model', 'engine_start', 'n', 1]])
  })

  it('are none of a stage that did not end', () => {
    expect(claimsOf(placed({ stages: [{ name: 'a', batchSize: 1 }], load: null }))).toEqual([])
  })
})

describe('scores', () => {
  const file = { model: { name: 'm' }, perplexity: { of: 'references', perplexity: { value: 8, n: 2, stderr: 0.5 } }, quality: { distinct1: { value: 0.9, n: 1 }, repetition4: null } }

  it('name the model only where there are several', () => {
    expect(scoresOf(placed(file), false)).toEqual([{ task: 'references', metric: 'perplexity', value: 8, n: 2, stderr: 0.5, better: 'lower' }, { task: 'answers', metric: 'distinct-1', value: 0.9, n: 1, better: 'none' }])
    expect(scoresOf(placed(file), true).map((s) => s.task)).toEqual(['m: references', 'm: answers'])
  })
})
