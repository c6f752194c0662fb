// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planFiles } from './plan.ts'
import { readPriceTable } from './price-table.ts'

let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'assay-prices-')) })
afterAll(() => rm(folder, { recursive: true }))

async function file(text: string): Promise<string> {
  const path = join(folder, 'prices.yaml')
  await writeFile(path, text)
  return path
}
const ROW = '- { product: NVIDIA-H100-80GB-HBM3, amount: 3.5, currency: EUR }'

describe('readPriceTable', () => {
  it.each([['a list', ROW], ['a list in its place', `prices:\n  ${ROW}`]])('reads %s', async (_, text) => {
    expect(await readPriceTable(await file(text))).toEqual([{ product: 'NVIDIA-H100-80GB-HBM3', amount: 3.5, currency: 'EUR' }])
  })

  it.each([
    ['nothing', '', /expected a list of prices \(product, amount of an hour, currency\)/],
    ['a price of tokens', '- { model: m, input: 3, output: 15 }', /expected a list of prices/],
    ['a price of zero', '- { product: NVIDIA-L4, amount: 0 }', /amount/],
    ['a product twice', `${ROW}\n${ROW}`, /two rows are of the same product/],
    ['a mistyped field', '- { product: NVIDIA-L4, amuont: 2 }', /amuont/],
    ['no YAML', '- { product', /is no YAML/],
  ])('refuses %s', async (_, text, message) => {
    await expect(readPriceTable(await file(text))).rejects.toThrow(message)
  })

  it('refuses a file that is not there', async () => {
    await expect(readPriceTable(join(folder, 'none.yaml'))).rejects.toThrow('cannot be read')
  })
})

describe('a plan with a price table', () => {
  const costOf = async (prices: readonly { product: string; amount: number; currency: string }[]) => {
    const [planned] = await planFiles({ file: ['experiments/vllm-flags-h100.yaml'], library: [], run: 1, prices: [...prices] })
    return planned?.plan
  }

  it('says what it costs, and carries the row that it needs into the Experiment', async () => {
    const h100 = { product: 'NVIDIA-H100-80GB-HBM3', amount: 3.5, currency: 'EUR' }
    const plan = await costOf([h100, { product: 'NVIDIA-L4', amount: 0.7, currency: 'EUR' }])
    expect(plan?.experiment.prices).toEqual([h100])
    expect(plan?.estimate.cost?.currency).toBe('EUR')
    expect(plan?.estimate.cost?.likely).toBeCloseTo(3.5 * (plan?.estimate.gpuHours.likely ?? 0), 6)
    expect(plan?.warnings.filter((w) => w.startsWith('prices'))).toEqual([])
  })

  it('says none where the table has no row', async () => {
    expect((await costOf([{ product: 'NVIDIA-L4', amount: 1, currency: 'USD' }]))?.estimate.cost).toBeUndefined()
  })
})
