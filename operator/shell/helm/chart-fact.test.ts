// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chartFact } from './chart-fact.ts'
import type { ChartSources } from './chart-source.ts'
import { HelmError } from './helm-error.ts'

const CHART = { chart: { oci: 'oci://registry.example.org/c' }, version: '1' }
const from = (pull: ChartSources['helm']['pull']): ChartSources => ({ helm: { pull }, bundled: '/nowhere', cache: mkdtempSync(join(tmpdir(), 'charts-')), configMap: async () => undefined })

describe('chartFact', () => {
  it.each<[string, ChartSources['helm']['pull'], object]>([
    ['a registry that does not have it', async () => { throw new HelmError('ChartNotFound', 'manifest unknown', false) }, { kind: 'refused', message: 'manifest unknown' }],
    ['a registry that cannot be reached', async () => { throw new HelmError('Unreachable', 'no such host', true) }, { kind: 'unreachable', message: 'no such host' }],
    ['a helm that did not end', async () => { throw new HelmError('HelmTimeout', 'not in time', false) }, { kind: 'unreachable', message: 'not in time' }],
  ])('%s', async (_, pull, fact) => {
    expect(await chartFact(from(pull), 'ns', CHART)).toEqual(fact)
  })

  it('waits for a registry only so long', async () => {
    expect(await chartFact(from(() => Promise.withResolvers<never>().promise), 'ns', CHART, 5)).toEqual({ kind: 'unreachable', message: 'it did not come within 0.005 s' })
  })

  it('knows an unpinned chart without asking', async () => {
    expect(await chartFact(from(async () => { throw new Error('asked') }), 'ns', { chart: CHART.chart })).toMatchObject({ kind: 'refused', message: expect.stringContaining('not pinned') })
  })
})
