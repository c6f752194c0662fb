// SPDX-License-Identifier: Apache-2.0
/** Prices of accelerators from a table of the user's, for what neither a scenario nor the Experiment prices. It reads no file and computes no cost. */
import type { Prices } from '../model/budget.ts'
import { nearest } from '../model/nearest.ts'
import { isObject } from '../design/path.ts'
import type { PlanResult } from './plan.ts'

export interface PricedSpec {
  /** The Experiment's specification, with those rows of the table among its prices that its stacks need. */
  readonly spec: unknown
  /** Whatever has no price after all, in words. */
  readonly notes: readonly string[]
}

/** A scenario's own price comes first, then the Experiment's prices, then the table. */
export function withPriceTable(spec: unknown, table: Prices, plan: (spec: unknown) => PlanResult): PricedSpec {
  if (!isObject(spec)) return { spec, notes: [] }
  // Whether money suffices is asked when prices are known.
  const { budget: _budget, ...unlimited } = spec
  const planned = plan(unlimited)
  if (!planned.ok) return { spec, notes: [] }
  const products = new Set(planned.plan.times.filter((t) => t.gpus > 0 && t.price === undefined).map((t) => t.product))
  const rows = table.filter((row) => products.has(row.product))
  const own = Array.isArray(spec['prices']) ? (spec['prices'] as unknown[]) : []
  return {
    spec: rows.length === 0 ? spec : { ...spec, prices: [...own, ...rows] },
    notes: [...products].flatMap((product) => unpriced(product, table)),
  }
}

/** Nothing where the table has the product. */
export function unpriced(product: string | undefined, table: Prices): string[] {
  if (product === undefined) return ['what it runs on has no name (accelerator.product of the scenario), so that no row of the price table is of it: no cost is said']
  if (table.some((row) => row.product === product)) return []
  const [guess] = nearest(product, table.map((row) => row.product))
  return [`the price table has no row of ${product}: no cost is said of it${guess === undefined ? '' : `; did you mean ${guess}?`}`]
}
