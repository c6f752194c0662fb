// SPDX-License-Identifier: Apache-2.0
/** Whether a budget makes sense for a plan: prices are known, and the smallest block, one complete replicate, fits. */
import type { Budget } from '../model/budget.ts'
import type { ExperimentSpec } from '../model/experiment.ts'
import { nearest } from '../model/nearest.ts'
import type { Problem } from '../model/problem.ts'
import { type Limit, limitsOf, type Spending } from './budget-limits.ts'
import { type Estimate, estimatePlan, type StackTime } from './estimate.ts'
import type { Learned } from './learn.ts'
import type { Range } from './load-time.ts'

export interface BudgetInput {
  readonly spec: Pick<ExperimentSpec, 'budget' | 'prices' | 'execution'>
  readonly stacks: readonly { readonly block?: number; readonly replicate?: number }[]
  /** Of the same stacks. */
  readonly times: readonly StackTime[]
  readonly learned?: Learned | undefined
  /** Of the whole plan. */
  readonly estimate: Estimate
}

export interface BudgetCheck { readonly problems: readonly Problem[]; readonly warnings: readonly string[] }

/** Stacks by complete replicate, in the order in which they are begun: what is begun as a whole or not at all. */
export function blocksOf(stacks: BudgetInput['stacks']): number[][] {
  return [...Map.groupBy(stacks.keys(), (i) => blockKey(stacks[i])).values()]
}

export const blockKey = (stack: BudgetInput['stacks'][number] | undefined): string => `${stack?.block}/${stack?.replicate}`

export function checkBudget(input: BudgetInput): BudgetCheck {
  const { budget } = input.spec
  const unused = unusedPrices(input)
  if (budget === undefined) return { problems: [], warnings: unused }
  const prices = checkPrices(budget, input)
  if (prices.length > 0) return { problems: prices, warnings: [] }
  const blocks = blocksOf(input.stacks)
  const estimates = blocks.map((block) => estimatePlan({ stacks: block.flatMap((i) => input.times[i] ?? []), parallelStacks: input.spec.execution.parallelStacks, ...(input.learned && { learned: input.learned }) }))
  const limits = limitsOf(budget)
  const smallest = (limit: Limit, of: keyof Range) => Math.min(...estimates.map((e) => limit.of(spending(e, of))))
  const problems = limits.filter((limit) => smallest(limit, 'low') > limit.most).map((limit) => tooSmall(limit, smallest(limit, 'low')))
  return { problems, warnings: [...unused, ...limits.flatMap((limit) => doubts({ limit, input, smallest: smallest(limit, 'likely'), blocks: blocks.length }))] }
}

export function spending({ gpuHours, cost, wallSeconds }: Estimate, of: keyof Range): Spending {
  return { gpuHours: gpuHours[of], cost: cost?.[of], wallSeconds: wallSeconds[of] }
}

function tooSmall({ name, most, show }: Limit, least: number): Problem {
  return {
    reason: 'BudgetTooSmall', path: `spec.budget.${name}`, message: 'the smallest block that is measured as a whole, one replicate of every treatment, cannot fit', found: show(most),
    expected: `at least ${show(least)}, or fewer treatments or runs`,
  }
}

interface Doubt { readonly limit: Limit; readonly input: BudgetInput; readonly smallest: number; readonly blocks: number }

function doubts({ limit, input: { estimate, times }, smallest, blocks }: Doubt): string[] {
  const { name, most, show } = limit
  if (name !== 'wallTime' && times.every((t) => t.gpus === 0)) return [`budget.${name} limits nothing: no stack takes an accelerator`]
  if (smallest > most) return [`budget.${name}: one complete replicate is expected to take ${show(smallest)}, the budget is ${show(most)}: it may end with some treatments unmeasured`]
  const whole = limit.of(spending(estimate, 'likely'))
  if (whole <= most) return []
  const fit = Math.floor((blocks * most) / whole)
  return [`budget.${name}: all ${blocks} replicates are expected to take ${show(whole)}, the budget is ${show(most)}: about ${fit <= 1 ? 'one of them fits' : `${fit} of them fit`}`]
}

/** Money needs a price for every accelerator, in its own currency. */
function checkPrices({ money }: Budget, { spec: { prices = [] }, times }: BudgetInput): Problem[] {
  if (money === undefined) return []
  const paid = times.filter((t) => t.gpus > 0)
  const unpriced = [...new Set(paid.filter((t) => t.price === undefined).map((t) => t.product))]
  const foreign = [...new Set(paid.flatMap((t) => (t.price === undefined || t.price.currency === money.currency ? [] : [t.price.currency])))]
  return [
    ...unpriced.map((product): Problem => ({
      reason: 'BadBudget', path: 'spec.budget.money', message: product === undefined ? 'the scenario names no accelerator.product, so that its price is unknown' : `no price is known of ${product}`,
      expected: `accelerator.hourlyCost in the scenario${product === undefined ? ', or accelerator.product and an entry in spec.prices' : `, or an entry in spec.prices with product ${product}`}`,
      ...(product !== undefined && { nearest: nearest(product, prices.map((p) => p.product))[0] }),
    })),
    ...foreign.map((currency): Problem => ({ reason: 'BadBudget', path: 'spec.budget.money.currency', message: `prices are in ${currency}`, found: money.currency, expected: currency })),
  ]
}

function unusedPrices({ spec: { prices = [] }, times }: BudgetInput): string[] {
  const products = [...new Set(times.flatMap((t) => t.product ?? []))]
  return prices.filter((p) => !products.includes(p.product)).map((p) => {
    const [guess] = nearest(p.product, products)
    return `prices: no stack runs on ${p.product}${guess === undefined ? '' : `; did you mean ${guess}?`}`
  })
}
