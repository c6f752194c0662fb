// SPDX-License-Identifier: Apache-2.0
/** The order of trials: complete replicates as blocks, stacks shuffled within a replicate, trials shuffled within a stack. */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { derive } from './seeds.ts'
import type { Replicates } from './expand.ts'

export interface OrderInput {
  /** Per treatment: its stack's setup, and the block of the analysis that added it. */
  readonly treatments: readonly { readonly setup: string; readonly hash: string; readonly block: number }[]
  readonly replicates: Replicates
  readonly randomize: boolean
  readonly seed: number
}

export interface OrderedTrial {
  readonly treatment: number
  readonly setup: string
  readonly stackReplicate: number
  readonly runReplicate: number
}

/**
 * Trials in the order in which they run. An extension comes after what was there before, whose order it does not change;
 * within a stack every run replicate is complete before the next begins, so that a budget that ends leaves whole replicates.
 */
export function orderTrials(input: OrderInput): OrderedTrial[] {
  const { treatments, replicates } = input
  const blocks = [...Map.groupBy(treatments.keys(), (i) => treatments[i]?.block ?? 0)].sort(([a], [b]) => a - b)
  return blocks.flatMap(([block, members]) => counting(replicates.stacks).flatMap((stackReplicate) => replicateTrials(input, { block, members, stackReplicate })))
}

const counting = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

interface ReplicateBlock { readonly block: number; readonly members: readonly number[]; readonly stackReplicate: number }

/** One complete replicate: every stack once, and on each all its trials. */
function replicateTrials({ treatments, replicates, randomize, seed }: OrderInput, { block, members, stackReplicate }: ReplicateBlock): OrderedTrial[] {
  const place = `order/${seed}/${block}/${stackReplicate}`
  const setups = Map.groupBy(members, (i) => treatments[i]?.setup ?? '')
  const hashOf = (i: number) => treatments[i]?.hash ?? ''
  const ordered: OrderedTrial[] = []
  for (const setup of randomize ? shuffled([...setups.keys()], place, (s) => s) : setups.keys()) {
    const own = setups.get(setup) ?? []
    for (const runReplicate of counting(replicates.runs)) {
      const order = randomize ? shuffled(own, `${place}/${setup}/${runReplicate}`, hashOf) : own
      ordered.push(...order.map((treatment) => ({ treatment, setup, stackReplicate, runReplicate })))
    }
  }
  return ordered
}

/** A seeded shuffle whose result depends on what is shuffled, not on the order in which it was listed. */
function shuffled<T>(items: readonly T[], seedText: string, key: (item: T) => string): T[] {
  const result = items.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
  const random = xoroshiro128plus(derive(seedText))
  for (let i = result.length - 1; i > 0; i--) {
    const j = uniformInt(random, 0, i)
    const [a, b] = [result[i], result[j]]
    if (a !== undefined && b !== undefined) [result[i], result[j]] = [b, a]
  }
  return result
}
