// SPDX-License-Identifier: Apache-2.0
import { ENGLISH } from './messages/languages.ts'
import { describe, expect, it } from 'vitest'
import type { Findings } from '../model/findings.ts'
import { cellOf, cellsOf } from './cells.ts'
import { startupFigure } from './figure-startup.ts'
import { provenance } from './provenance.ts'
import { responseValue } from './response.ts'
import type { ExperimentResults } from './results.ts'
import { upgradeNotes } from './upgrade-notes.ts'

const engine = (weights: number) => ({
  engine: 'vllm', phases: [
    { name: 'process', seconds: 10 }, { name: 'weights', seconds: weights, resolution: 0.01 }, { name: 'model', seconds: weights + 1 }, { name: 'compile', seconds: 5 },
    { name: 'graphs', seconds: 3, resolution: 1 }, { name: 'kvCache', seconds: 2 }, { name: 'engine', seconds: 10 }, { name: 'api', seconds: 1 },
  ],
})
const pod = (name: string, weights: number, load: number) => ({
  pod: name, imagePullSeconds: weights / 2, engine: engine(weights), phases: [{ name: 'schedule', seconds: 1, resolution: 1 }, { name: 'pull', seconds: 2, resolution: 1 }, { name: 'load', seconds: load, resolution: 1 }],
})
const findings = { trial: { name: 't' }, stack: 's', verdict: { result: 'valid' }, stages: [], startup: { totalSeconds: 70, pods: [pod('a', 20, 45), pod('b', 30, 60)] } } as unknown as Findings

describe('start-up responses', () => {
  it.each([
    ['startup_total', 70], ['startup_schedule', 1], ['startup_pull', 2], ['startup_load', 60], ['startup_image', 15], ['startup_process', 10], ['startup_weights', 30],
    ['startup_model', 31], ['startup_compile', 5], ['startup_graphs', 3], ['startup_kv_cache', 2], ['startup_engine', 10], ['startup_api', 1],
  ] as const)('%s is that of the slowest pod', (metric, value) => expect(responseValue(findings, 'startup', { metric, statistic: 'value' })).toEqual({ value, weak: false }))

  it('what no log told is absent', () => expect(responseValue(findings, 'startup', { metric: 'startup_download', statistic: 'value' })).toBeNull())
})

describe('the figure of phases', () => {
  const figure = (own: Findings) => startupFigure({ trials: [own] } as unknown as ExperimentResults, ENGLISH)
  it('splits the container\'s time by what the engine says, without counting anything twice', () => {
    const drawn = figure(findings)
    expect(drawn?.phases).toEqual(['schedule', 'pull', 'process', 'weights', 'compile', 'graphs', 'kvCache', 'api', 'rest of load'])
    // 60 s of load, of which 51 are told.
    expect(drawn?.svg).toContain('rest of load: 9.0 s')
  })

  it('never draws more than the container took', () => {
    const short = { ...findings, startup: { pods: [pod('a', 100, 60.5)] } } as unknown as Findings
    expect(figure(short)?.phases).not.toContain('rest of load')
  })

  it('of an engine whose log is not read has the load as one', () => {
    const plain = { ...findings, startup: { pods: [{ ...pod('a', 1, 10), engine: undefined }] } } as unknown as Findings
    expect(figure(plain)?.phases).toEqual(['schedule', 'pull', 'load'])
  })
})

it('money is in the currency of its price', () => {
  const priced = { ...findings, stages: [{ stage: 'x', distributions: {}, scalars: { cost_per_request: { unit: 'EUR/req', value: 0.002 } } }] } as unknown as Findings
  expect(cellOf({ index: 0, trials: [priced] }, 'x', { metric: 'cost_per_request', statistic: 'value' })).toMatchObject({ unit: 'EUR/req', mean: 0.002 })
})

it('provenance tells images, command lines, charts, GPUs and nodes', () => {
  const own = {
    ...findings, tool: { name: 'native', version: '1' },
    provenance: {
      images: [{ name: 'server', image: 'vllm:1', digest: 'vllm@sha256:a', args: ['vllm', 'serve', 'm'] }], charts: [{ release: 'model', chart: 'vllm 0.1.0', digest: 'sha256:c', valuesDigest: 'sha256:v' }], seeds: { arrival: 1 }, operatorVersion: '0.1.0',
      gpus: [{ uuid: 'GPU-a', model: 'H100', driver: '550.90', clockMHz: [1500, 1980], throttle: ['power cap'] }, { uuid: 'GPU-b', model: 'H100', driver: '550.90', clockMHz: [1980, 1980] }],
      nodes: [{ node: 'n1', gpu: { product: 'NVIDIA-H100', driver: '550.90', cuda: '12.4', sharing: 'none' }, kernel: '6.8' }],
    },
  } as unknown as Findings
  expect(provenance([own], ENGLISH)).toEqual(expect.arrayContaining([
    { what: 'Images', values: ['vllm:1 vllm@sha256:a'] },
    { what: 'Command lines', values: ['server: vllm serve m'] },
    { what: 'Charts', values: ['model: vllm 0.1.0, sha256:c, values sha256:v'] },
    { what: 'GPUs', values: ['H100, driver 550.90, SM clock 1500–1980 MHz, held by power cap', 'H100, driver 550.90, SM clock 1980 MHz'] },
    { what: 'Nodes', values: ['n1, NVIDIA-H100, driver 550.90, CUDA 12.4, kernel 6.8'] },
  ]))
})

describe('a stack that came up by an upgrade in place', () => {
  const upgraded = { ...findings, trial: { name: 'u' }, stack: 'u', startup: { ...findings.startup, upgradedFrom: 's', totalSeconds: 30 } } as unknown as Findings
  const total = { metric: 'startup_total', statistic: 'value' } as const

  it('has its start-up times apart', () => {
    expect(responseValue(upgraded, 'startup', total)).toBeNull()
    const cells = cellsOf({ index: 0, trials: [findings, upgraded] }, [total])
    expect(cells.map(({ stage, mean }) => [stage, mean])).toEqual([['startup', 70], ['startup_upgraded', 30]])
  })
  it('is told apart in the figure, below the others', () => {
    const { svg = '' } = startupFigure({ trials: [upgraded, findings] } as unknown as ExperimentResults, ENGLISH) ?? {}
    expect(svg).toContain('u (upgraded)')
    expect(svg.indexOf('>s<')).toBeLessThan(svg.indexOf('>u (upgraded)<'))
  })
  it('is said in provenance and once for all', () => {
    const own = { tool: { name: 'native', version: '1' }, provenance: { images: [], charts: [], nodes: [], gpus: [], operatorVersion: '1' } }
    expect(provenance([{ ...upgraded, ...own } as unknown as Findings], ENGLISH)).toContainEqual({ what: 'Upgraded in place', values: ['u from s'] })
    expect(upgradeNotes([findings, upgraded, upgraded]).map(ENGLISH.textOf)).toEqual([expect.stringContaining('1 of 2 stand-ups were upgrades in place')])
    expect(upgradeNotes([findings])).toEqual([])
  })
})
