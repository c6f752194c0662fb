// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { gpuFindings } from './gpu-findings.ts'
import { dcgmScrapes, type GpuAt } from './testdata/dcgm.ts'
import { ORIGIN } from './testdata/trial.ts'

const context = { originEpochMs: ORIGIN, pods: ['vllm-0'], namespace: 'bench', gpus: 1 }
const windows = [{ stage: 'x', startMs: 10_000, endMs: 30_000 }]
const gpu = (fields: Record<string, number>, more: Partial<GpuAt> = {}): GpuAt => ({ uuid: 'GPU-a', pod: 'vllm-0', fields, ...more })
const stage = (scrapes: Parameters<typeof gpuFindings>[0], own = context) => gpuFindings(scrapes, windows, own).stages.get('x')

describe('figures', () => {
  const steady = dcgmScrapes(40, (t) => [
    gpu({ GPU_UTIL: 90, POWER_USAGE: 600, FB_USED: 70_000, SM_CLOCK: 1980 - t, GPU_TEMP: 60, TOTAL_ENERGY_CONSUMPTION: 1e9 + 600_000 * t }),
    gpu({ GPU_UTIL: 5, POWER_USAGE: 100, TOTAL_ENERGY_CONSUMPTION: 5e8 + 100_000 * t }, { uuid: 'GPU-b', pod: 'somebody-else' }),
  ])

  it('are of the GPUs of the stack\'s pods alone, within the window, in our units', () => {
    const found = stage(steady)
    expect(found?.distributions).toMatchObject({
      gpu_utilization: { unit: 'ratio', mean: 0.9, n: 21 }, gpu_power: { unit: 'W', mean: 600 }, gpu_memory_used: { unit: 'GiB', mean: 68.359375 },
      gpu_clock: { unit: 'MHz', min: 1950, max: 1970 }, gpu_temperature: { mean: 60 },
    })
    expect(found?.scalars).toEqual({ gpu_energy: { unit: 'J', value: 12_000, source: 'DCGM energy counter' } })
  })

  it('tell what the GPU is', () => {
    expect(gpuFindings(steady, windows, context).seen).toEqual([{ uuid: 'GPU-a', node: 'n1', model: 'NVIDIA H100 80GB HBM3', driver: '550.90.07', clockMHz: [1950, 1970] }])
  })

  it('of two GPUs: power adds up, the rest is of each', () => {
    const two = dcgmScrapes(40, (t) => [gpu({ GPU_UTIL: 80, POWER_USAGE: 500, TOTAL_ENERGY_CONSUMPTION: 500_000 * t }), gpu({ GPU_UTIL: 60, POWER_USAGE: 300, TOTAL_ENERGY_CONSUMPTION: 300_000 * t }, { uuid: 'GPU-b' })])
    expect(stage(two, { ...context, gpus: 2 })).toMatchObject({ distributions: { gpu_power: { mean: 800, n: 21 }, gpu_utilization: { mean: 0.7, n: 42 } }, scalars: { gpu_energy: { value: 16_000 } } })
  })

  it('by power where there is no counter', () => {
    const power = dcgmScrapes(40, (t) => [gpu({ POWER_USAGE: 10 * t })])
    // ∫ 10 t from 10 to 30 s
    expect(stage(power)?.scalars).toEqual({ gpu_energy: { unit: 'J', value: 4000, source: 'integral of DCGM power' } })
  })

  it('survive a counter that begins anew, less what its last second took', () => {
    const reset = dcgmScrapes(40, (t) => [gpu({ TOTAL_ENERGY_CONSUMPTION: t < 20 ? 1e9 + 100_000 * t : 100_000 * (t - 20) })])
    expect(stage(reset)?.scalars['gpu_energy']?.value).toBe(1900)
  })

  it('goes on as it did where the last values do not quite reach the end', () => {
    const early = dcgmScrapes(28, (t) => [gpu({ TOTAL_ENERGY_CONSUMPTION: 600_000 * t })])
    expect(stage(early)?.scalars['gpu_energy']?.value).toBe(12_000)
  })

  it('of an exporter that looks every 30 s: energy only where its values cover the window', () => {
    const slow = dcgmScrapes(100, (t) => [gpu({ TOTAL_ENERGY_CONSUMPTION: 600_000 * 30 * Math.floor(t / 30) })])
    expect(gpuFindings(slow, [{ stage: 'x', startMs: 5000, endMs: 88_000 }], context).stages.get('x')?.scalars['gpu_energy']?.value).toBeCloseTo(600 * 83, -2)
    const short = gpuFindings(slow, [{ stage: 'x', startMs: 65_000, endMs: 85_000 }, { stage: 'y', startMs: 91_000, endMs: 99_000 }], context)
    expect(short.stages.get('y')?.scalars).toEqual({})
    expect(short.notes).toEqual(['y: no energy: the exporter\'s values cover too little of the window: let it look more often (dcgm-exporter -c 1000)'])
  })
})

describe('whose GPUs', () => {
  it('exporters that name no pods: all, if there are as many as the stack took', () => {
    const anonymous = dcgmScrapes(40, (t) => [{ uuid: 'GPU-a', fields: { POWER_USAGE: 100, TOTAL_ENERGY_CONSUMPTION: 100_000 * t } }])
    expect(stage(anonymous)?.scalars['gpu_energy']?.value).toBe(2000)
  })

  it('more than it took: none of the figures, and a word', () => {
    const anonymous = dcgmScrapes(40, () => [{ uuid: 'GPU-a', fields: { POWER_USAGE: 100 } }, { uuid: 'GPU-b', fields: { POWER_USAGE: 700 } }])
    const found = gpuFindings(anonymous, windows, context)
    expect(found.stages.size).toBe(0)
    expect(found.notes[0]).toContain('know 2 GPUs on the stack\'s nodes and not which pods have them, and the stack took 1')
  })

  it('fewer than it took: no energy, which would be too little', () => {
    const one = dcgmScrapes(40, (t) => [gpu({ GPU_UTIL: 50, TOTAL_ENERGY_CONSUMPTION: 1000 * t })])
    const found = gpuFindings(one, windows, { ...context, gpus: 4 })
    expect(found.stages.get('x')).toMatchObject({ distributions: { gpu_utilization: { mean: 0.5 } }, scalars: {} })
    expect(found.notes).toEqual(['x: no energy: exporters show 1 of the stack\'s 4 GPUs'])
  })

  it('a slice of a GPU has no power of its own', () => {
    const mig = dcgmScrapes(40, () => [gpu({ POWER_USAGE: 300, FB_USED: 1024 }, { labels: { GPU_I_ID: '7', GPU_I_PROFILE: '1g.10gb' } })])
    expect(stage(mig)?.distributions['gpu_power']).toBeUndefined()
    expect(gpuFindings(mig, windows, context).seen[0]?.mig).toBe('1g.10gb')
  })

  it('one GPU that several pods share is counted once, and none of ours is said so', () => {
    const shared = dcgmScrapes(40, () => [gpu({ POWER_USAGE: 300 }), gpu({ POWER_USAGE: 300 }, { pod: 'other' })])
    expect(stage(shared)?.distributions['gpu_power']?.mean).toBe(300)
    const theirs = gpuFindings(dcgmScrapes(40, () => [gpu({ POWER_USAGE: 300 }, { pod: 'other' })]), windows, context)
    expect(theirs.notes).toEqual(['GPU exporters answered and gave none of the stack\'s pods a GPU: no GPU figures'])
  })

  it('a Prometheus that hides the label pod has it as exported_pod', () => {
    const hidden = dcgmScrapes(40, () => [gpu({ POWER_USAGE: 300 }, { pod: 'nvidia-dcgm-exporter-x', labels: { exported_pod: 'vllm-0', exported_namespace: 'bench', namespace: 'gpu-operator' } })])
    expect(stage(hidden)?.distributions['gpu_power']?.mean).toBe(300)
  })
})

describe('troubles', () => {
  const during = (t: number, value: number) => (t >= 15 && t < 25 ? value : 0)
  it.each<[string, (t: number) => Record<string, number>, object[]]>([
    ['none', () => ({ CLOCK_THROTTLE_REASONS: 0, XID_ERRORS: 0 }), []],
    ['idle and clocks that were set', () => ({ CLOCK_THROTTLE_REASONS: 0x1 | 0x2 }), []],
    ['heat', (t) => ({ CLOCK_THROTTLE_REASONS: during(t, 0x40) }), [{ kind: 'throttled', message: 'GPU GPU-a on n1: hardware thermal slowdown in 47.6 % of readings (limit 1 %)' }]],
    ['heat, under the newer name', (t) => ({ CLOCKS_EVENT_REASONS: during(t, 0x20) }), [{ kind: 'throttled', message: expect.stringContaining('software thermal slowdown') }]],
    ['the power cap: worth a word', () => ({ CLOCK_THROTTLE_REASONS: 0x4 }), [{ kind: 'power', message: 'GPU GPU-a on n1: at its power cap in 100 % of readings' }]],
    ['heat before the window only', (t) => ({ CLOCK_THROTTLE_REASONS: t < 10 ? 0x40 : 0 }), []],
    ['a violation counter', (t) => ({ THERMAL_VIOLATION: 100 + Math.max(0, t - 20) }), [{ kind: 'throttled', message: expect.stringContaining('held down by thermal limits') }]],
    ['uncorrected ECC errors', (t) => ({ ECC_DBE_VOL_TOTAL: t > 20 ? 2 : 0 }), [{ kind: 'errors', message: 'GPU GPU-a on n1: 2 uncorrected ECC errors' }]],
    ['corrected ECC errors', (t) => ({ ECC_SBE_VOL_TOTAL: 7 + (t > 20 ? 1 : 0) }), [{ kind: 'errors', message: expect.stringContaining('1 corrected ECC errors') }]],
    ['errors of long ago', () => ({ ECC_DBE_VOL_TOTAL: 2, XID_ERRORS: 79 }), []],
    ['an XID', (t) => ({ XID_ERRORS: t > 20 ? 79 : 0 }), [{ kind: 'errors', message: 'GPU GPU-a on n1: XID 79' }]],
    ['rows that cannot be remapped', () => ({ ROW_REMAP_FAILURE: 1 }), [{ kind: 'errors', message: expect.stringContaining('remapping of bad memory rows has failed') }]],
  ])('%s', (_, fields, expected) => expect(gpuFindings(dcgmScrapes(40, (t) => [gpu(fields(t))]), windows, context).troubles).toEqual(expected))
})

it('nothing asked, nothing said', () => expect(gpuFindings([], windows, context)).toEqual({ stages: new Map(), series: [], seen: [], troubles: [], notes: [] }))
