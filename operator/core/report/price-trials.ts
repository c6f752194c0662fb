// SPDX-License-Identifier: Apache-2.0
/** Costs of trials that were measured without a price, by a table of the user's. What was priced when it ran keeps its price. */
import { efficiency } from '../measure/efficiency.ts'
import type { Prices } from '../model/budget.ts'
import type { Findings } from '../model/findings.ts'
import { unpriced } from '../plan/price-table.ts'

export interface PricedTrials {
  readonly trials: readonly Findings[]
  /** What has no price after all, and what kept another, in words. */
  readonly notes: readonly string[]
}

export function priceTrials(trials: readonly Findings[], table: Prices): PricedTrials {
  const notes = new Set<string>()
  const priced = trials.map((trial) => {
    // Without accelerators of ours there is nothing to price: a hosted endpoint has prices of tokens.
    if (!(trial.gpus > 0)) return trial
    const [product, ...others] = productsOf(trial)
    if (isPriced(trial)) {
      notes.add('trials that had a price when they were measured keep it; the table is for the others')
      return trial
    }
    const row = others.length > 0 ? undefined : table.find((r) => r.product === product)
    if (row === undefined) {
      for (const note of others.length > 0 ? [`a stack served on ${[product, ...others].join(' and ')}: one price is not of both, no cost is said of it`] : unpriced(product, table)) notes.add(note)
      return trial
    }
    return withPrice(trial, row)
  })
  return { trials: priced, notes: [...notes] }
}

/** As labels of the nodes that served call it, else as those labels are made of the model's name. */
function productsOf({ provenance: { nodes, gpus } }: Findings): string[] {
  const labels = nodes.flatMap((node) => node.gpu?.product ?? [])
  return [...new Set(labels.length > 0 ? labels : gpus.flatMap((gpu) => gpu.model?.replaceAll(' ', '-') ?? []))]
}

function isPriced({ stages }: Findings): boolean {
  return stages.some(({ scalars }) => scalars['cost_per_million_tokens'] !== undefined || scalars['cost_per_request'] !== undefined)
}

function withPrice(trial: Findings, { amount, currency }: Prices[number]): Findings {
  const stack = { gpus: trial.gpus, accelerator: { hourlyCost: { amount, currency } } }
  return { ...trial, stages: trial.stages.map((stage) => ({ ...stage, scalars: { ...stage.scalars, ...costs(stage, stack) } })) }
}

type Stack = Parameters<typeof efficiency>[1]['stack']

/** Energy is as it was measured. */
function costs(stage: Findings['stages'][number], stack: Pick<Stack, 'gpus' | 'accelerator'>): Findings['stages'][number]['scalars'] {
  return Object.fromEntries(Object.entries(efficiency(stage, { stack, endpoint: {} })).filter(([metric]) => metric.startsWith('cost_')))
}
