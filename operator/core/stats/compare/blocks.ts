// SPDX-License-Identifier: Apache-2.0
/** Which values of two samples belong together: those of one block. */
import { mean } from '../summary.ts'
import type { Sample } from './difference.ts'

export interface BlockPairs {
  /** Per block that holds both: mean of the candidate minus mean of the base. */
  readonly differences: readonly number[]
  readonly notes: readonly string[]
}

/** undefined where no blocks are given or fewer than two hold both samples. */
export function pairByBlock(base: Sample, candidate: Sample): BlockPairs | undefined {
  if (base.blocks === undefined || candidate.blocks === undefined) return undefined
  const [a, b] = [byBlock(base), byBlock(candidate)]
  const shared = [...a.keys()].filter((block) => b.has(block))
  if (shared.length < 2) return undefined
  const alone = [...new Set([...a.keys(), ...b.keys()])].filter((block) => !shared.includes(block))
  return {
    differences: shared.map((block) => (mean(b.get(block) as number[]) as number) - (mean(a.get(block) as number[]) as number)),
    notes: alone.length === 0 ? [] : [`left out, since only one side was measured in them: ${alone.length === 1 ? 'block' : 'blocks'} ${alone.join(', ')}`],
  }
}

function byBlock({ values, blocks = [] }: Sample): Map<string, number[]> {
  if (blocks.length !== values.length) throw new RangeError(`pairByBlock: ${values.length} values but ${blocks.length} blocks`)
  const grouped = Map.groupBy(values.map((value, i) => ({ value, block: blocks[i] as string })), ({ block }) => block)
  return new Map([...grouped].map(([block, own]) => [block, own.map(({ value }) => value)]))
}
