// SPDX-License-Identifier: Apache-2.0
/** What an accelerator of a scenario costs an hour: its own price, else that of the user's table. There is no price list of ours: providers differ fourfold. */
import type { Prices } from '../model/budget.ts'
import type { ScenarioSpec } from '../model/scenario.ts'

export interface Price { readonly amount: number; readonly currency: string }

export function priceOf({ product, hourlyCost }: Pick<ScenarioSpec['accelerator'], 'product' | 'hourlyCost'>, prices: Prices = []): Price | undefined {
  if (hourlyCost !== undefined) return hourlyCost
  const listed = prices.find((p) => p.product === product)
  return listed === undefined ? undefined : { amount: listed.amount, currency: listed.currency }
}

/** The one currency of these prices; undefined where there is none, or more than one: sums over currencies mean nothing. */
export function oneCurrency(prices: readonly (Price | undefined)[]): string | undefined {
  const found = new Set(prices.flatMap((p) => (p === undefined ? [] : [p.currency])))
  return found.size === 1 ? [...found][0] : undefined
}
