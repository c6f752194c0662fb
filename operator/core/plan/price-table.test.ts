// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { withPriceTable } from './price-table.ts'
import type { PlanResult } from './plan.ts'

const H100 = { product: 'NVIDIA-H100-80GB-HBM3', amount: 3.5, currency: 'EUR' }
const L4 = { product: 'NVIDIA-L4', amount: 0.7, currency: 'EUR' }
const TABLE = [H100, L4]
const SPEC = { budget: { money: { amount: 5 } }, prices: [{ product: 'NVIDIA-A100', amount: 2 }] }

interface Stack { readonly product?: string; readonly gpus: number; readonly price?: object }
/** Only what stacks run on is asked of a plan. */
const planOf = (times: readonly Stack[]) => () => ({ ok: true, plan: { times } }) as unknown as PlanResult

describe('withPriceTable', () => {
  it.each<[string, readonly Stack[], readonly object[], readonly string[]]>([
    ['adds the rows that are needed, behind the Experiment\'s own', [{ product: H100.product, gpus: 1 }, { product: H100.product, gpus: 2 }], [...SPEC.prices, H100], []],
    ['leaves alone what has a price', [{ product: H100.product, gpus: 1, price: { amount: 9, currency: 'USD' } }], SPEC.prices, []],
    ['wants no price of what takes no accelerator', [{ gpus: 0 }], SPEC.prices, []],
    ['says which product it lacks, and the nearest', [{ product: 'NVIDIA-L40', gpus: 1 }], SPEC.prices, ['the price table has no row of NVIDIA-L40: no cost is said of it; did you mean NVIDIA-L4?']],
    ['says that a product has no name', [{ gpus: 1 }], SPEC.prices, [expect.stringContaining('accelerator.product')]],
  ])('%s', (_, times, prices, notes) => {
    const priced = withPriceTable(SPEC, TABLE, planOf(times))
    expect(priced).toEqual({ spec: { ...SPEC, prices }, notes })
  })

  it('asks for the plan without the budget, which might lack these very prices', () => {
    withPriceTable(SPEC, TABLE, (spec) => {
      expect(spec).toEqual({ prices: SPEC.prices })
      return planOf([])()
    })
  })

  it('leaves a specification that cannot be planned to those who say why', () => {
    expect(withPriceTable(SPEC, TABLE, () => ({ ok: false, problems: [] }))).toEqual({ spec: SPEC, notes: [] })
    expect(withPriceTable('nothing', TABLE, planOf([]))).toEqual({ spec: 'nothing', notes: [] })
  })
})
