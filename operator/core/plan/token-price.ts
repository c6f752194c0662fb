// SPDX-License-Identifier: Apache-2.0
/** Which row of an endpoint's prices is of a model. It computes no cost. */
import { nearest } from '../model/nearest.ts'
import type { Problem } from '../model/problem.ts'
import type { ScenarioSpec } from '../model/scenario.ts'
import type { TokenPrice } from '../model/scenario-metrics.ts'

/** The first row of this model or of every model. */
export function priceOf(prices: readonly TokenPrice[], model: string): TokenPrice | undefined {
  return prices.find((price) => price.model === undefined || price.model === model)
}

/** Prices that are of other models only would leave the cost out without a word. */
export function priceProblems({ endpoint, model, accelerator }: ScenarioSpec): Problem[] {
  const prices = endpoint?.prices ?? []
  const served = endpoint?.servedModel ?? model.name
  if (prices.length === 0) return []
  if (accelerator.hourlyCost !== undefined) {
    return [{ reason: 'InvalidValue', path: 'scenario.endpoint.prices', message: 'tokens have a price and accelerators an hourly cost: a request would have two costs', expected: 'endpoint.prices for a hosted endpoint, or accelerator.hourlyCost for a server of your own' }]
  }
  if (priceOf(prices, served) !== undefined) return []
  const known = prices.flatMap((price) => price.model ?? [])
  const [guess] = nearest(served, known)
  return [{ reason: 'InvalidValue', path: 'scenario.endpoint.prices', message: `no row is of the model in requests, "${served}"`, found: known.join(', '), expected: 'a row of that model, or one without a model', ...(guess !== undefined && { nearest: guess }) }]
}
