// SPDX-License-Identifier: Apache-2.0
import { beforeAll, describe, expect, it } from 'vitest'
import type { Findings } from '../model/findings.ts'
import { priceTrials } from './price-trials.ts'
import { sampleExperiment } from './testdata/experiment.ts'

const L4 = { product: 'NVIDIA-L4', amount: 0.7, currency: 'EUR' }
let plain: Findings
beforeAll(async () => {
  const [first] = (await sampleExperiment({ batches: [8], rates: [8], stacks: 1, requests: 40 })).trials
  if (first === undefined) throw new Error('no trial')
  plain = { ...first, stages: first.stages.map((s) => ({ ...s, scalars: Object.fromEntries(Object.entries(s.scalars).filter(([name]) => !name.startsWith('cost_'))) })) }
})

/** Served on such nodes. */
const on = (...products: readonly string[]): Findings => ({
  ...plain, gpus: 2, provenance: { ...plain.provenance, nodes: products.map((product, i) => ({ node: `n${i}`, gpu: { product } })) },
})
const costOf = ({ stages }: Findings) => stages[0]?.scalars['cost_per_million_output_tokens']

describe('priceTrials', () => {
  it('says what tokens cost at the price of the table', () => {
    const { trials: [trial], notes } = priceTrials([on('NVIDIA-L4', 'NVIDIA-L4')], [L4])
    const rate = plain.stages[0]?.scalars['output_throughput']?.value ?? 0
    const cost = trial === undefined ? undefined : costOf(trial)
    // Two at 0.7 an hour, over the tokens of an hour.
    expect(cost?.value).toBeCloseTo((2 * 0.7) / (rate * 3600) * 1e6, 6)
    expect(cost).toMatchObject({ unit: 'EUR/Mtok', source: '2 × 0.7 EUR an hour' })
    expect(notes).toEqual([])
  })

  it('knows the product by its exporter where nodes have no label', () => {
    const seen = on()
    const { trials: [trial] } = priceTrials([{ ...seen, provenance: { ...seen.provenance, gpus: [{ uuid: 'a', model: 'NVIDIA L4' }] } }], [L4])
    expect(trial === undefined ? undefined : costOf(trial)).toBeDefined()
  })

  it('leaves what was priced when it ran', () => {
    const { trials: priced } = priceTrials([on('NVIDIA-L4')], [L4])
    const again = priceTrials(priced, [{ ...L4, amount: 99 }])
    expect(again.trials).toEqual(priced)
    expect(again.notes).toEqual(['trials that had a price when they were measured keep it; the table is for the others'])
  })

  it.each<[string, () => Findings, readonly string[]]>([
    ['another product', () => on('NVIDIA-L40'), ['the price table has no row of NVIDIA-L40: no cost is said of it; did you mean NVIDIA-L4?']],
    ['a product without a name', () => on(), [expect.stringContaining('what it runs on has no name')]],
    ['two products', () => on('NVIDIA-L4', 'NVIDIA-A10'), ['a stack served on NVIDIA-L4 and NVIDIA-A10: one price is not of both, no cost is said of it']],
    ['no accelerator', () => ({ ...plain, gpus: 0 }), []],
  ])('says nothing of the cost of %s, but says why', (_, trial, notes) => {
    expect(priceTrials([trial()], [L4])).toEqual({ trials: [trial()], notes })
  })
})
