// SPDX-License-Identifier: Apache-2.0
/** The order of trials: complete replicates as blocks, stacks shuffled within a replicate, trials shuffled within a stack, every second replicate the mirror image of the first. */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { derive } from './seeds.ts'
import type { Replicates } from './expand.ts'

export interface OrderedTreatment {
  readonly setup: string
  readonly hash: string
  /** Block of the analysis that added it. */
  readonly block: number
  /** How often each block of the design measures it; once in the only block when not set. */
  readonly repeats?: readonly number[]
}

export interface OrderInput {
  readonly treatments: readonly OrderedTreatment[]
  readonly replicates: Replicates
  /** Blocks that each stack replicate is split into; one when not set. */
  readonly designBlocks?: number
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
 * Every block of a replicate has its own stand-ups, so that it counts as a stack replicate of its own.
 * Replicates 2, 4, … run backwards what the one before them ran: over both, every treatment has the same mean place in time, so that
 * a linear drift cancels from all effects whatever was drawn (a trend-free order: Cox 1951, Biometrika 38, 312; for two replicates its simplest form).
 */
export function orderTrials(input: OrderInput): OrderedTrial[] {
  const { treatments, replicates, designBlocks = 1 } = input
  const blocks = [...Map.groupBy(treatments.keys(), (i) => treatments[i]?.block ?? 0)].sort(([a], [b]) => a - b)
  return blocks.flatMap(([block, members]) => counting(replicates.stacks * designBlocks).flatMap((stackReplicate) => {
    const part = (stackReplicate - 1) % designBlocks
    const own = members.filter((i) => repeatsIn(treatments[i], part) > 0)
    const isMirror = input.randomize && designBlocks === 1 && stackReplicate % 2 === 0 && own.every((i) => treatments[i]?.repeats === undefined)
    return isMirror ? mirrored(replicateTrials(input, { block, members: own, stackReplicate: stackReplicate - 1, part }), replicates.runs) : replicateTrials(input, { block, members: own, stackReplicate, part })
  }))
}

const counting = (count: number) => Array.from({ length: count }, (_, i) => i + 1)
const repeatsIn = (treatment: OrderedTreatment | undefined, part: number) => treatment?.repeats?.[part] ?? (treatment?.repeats === undefined && part === 0 ? 1 : 0)

interface ReplicateBlock { readonly block: number; readonly members: readonly number[]; readonly stackReplicate: number; readonly part: number }

/** One complete replicate, or one block of it: every stack once, and on each all its trials. */
function replicateTrials({ treatments, replicates, randomize, seed }: OrderInput, { block, members, stackReplicate, part }: ReplicateBlock): OrderedTrial[] {
  const place = `order/${seed}/${block}/${stackReplicate}`
  const setups = Map.groupBy(members, (i) => treatments[i]?.setup ?? '')
  const keyOf = (at: number) => (at < REPEAT ? (treatments[at]?.hash ?? '') : `${treatments[treatmentOf(at)]?.hash}/${againOf(at)}`)
  const ordered: OrderedTrial[] = []
  for (const setup of randomize ? shuffled([...setups.keys()], place, (s) => s) : setups.keys()) {
    const own = setups.get(setup) ?? []
    const once = own.every((i) => treatments[i]?.repeats === undefined)
    for (const run of counting(replicates.runs)) {
      const repeats = once ? own : own.flatMap((i) => repeatsOf(i, repeatsIn(treatments[i], part)))
      const order = randomize ? shuffled(repeats, `${place}/${setup}/${run}`, keyOf) : repeats
      // A treatment that is measured several times has further run replicates, numbered after those that all treatments have.
      for (const at of order) ordered.push({ treatment: treatmentOf(at), setup, stackReplicate, runReplicate: run + againOf(at) * replicates.runs })
    }
  }
  return ordered
}

/** Backwards, as the next replicate; runs are counted as they come. */
function mirrored(trials: readonly OrderedTrial[], runs: number): OrderedTrial[] {
  return trials.toReversed().map((t) => ({ ...t, stackReplicate: t.stackReplicate + 1, runReplicate: runs + 1 - t.runReplicate }))
}

/** A treatment and which repeat of it, in one number: ten thousand trials are ordered, most of them once. */
const REPEAT = 2 ** 20
const repeatsOf = (treatment: number, repeats: number) => Array.from({ length: repeats }, (_, again) => treatment + again * REPEAT)
const treatmentOf = (at: number) => at % REPEAT
const againOf = (at: number) => Math.floor(at / REPEAT)

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
