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
export function orderTrials({ treatments, replicates, randomize, seed }: OrderInput): OrderedTrial[] {
  const indices = treatments.map((_, i) => i)
  const blocks = [...Map.groupBy(indices, (i) => treatments[i]?.block ?? 0)].sort(([a], [b]) => a - b)
  const ordered: OrderedTrial[] = []
  for (const [block, members] of blocks) {
    const setups = Map.groupBy(members, (i) => treatments[i]?.setup ?? '')
    for (let stackReplicate = 1; stackReplicate <= replicates.stacks; stackReplicate++) {
      const place = `${seed}/${block}/${stackReplicate}`
      const shuffle = <T>(items: readonly T[], what: string, key: (item: T) => string) => (randomize ? shuffled(items, `order/${place}/${what}`, key) : items)
      for (const setup of shuffle([...setups.keys()], 'stacks', (s) => s)) {
        for (let runReplicate = 1; runReplicate <= replicates.runs; runReplicate++) {
          const trials = shuffle(setups.get(setup) ?? [], `${setup}/${runReplicate}`, (i) => treatments[i]?.hash ?? '')
          for (const treatment of trials) ordered.push({ treatment, setup, stackReplicate, runReplicate })
        }
      }
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
