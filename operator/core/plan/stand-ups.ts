// SPDX-License-Identifier: Apache-2.0
/** How the stacks of a plan come up: how many by an installation, how many by an upgrade in place. */
import { blockKey } from './check-budget.ts'
import type { PlannedStack } from './plan-model.ts'

export interface StandUps { readonly installed: number; readonly upgraded: number }

/** Stacks that follow one another in one replicate are upgrades, but for as many as are up at the same time. Where one fails, the next is installed. */
export function standUpsOf(stacks: readonly Pick<PlannedStack, 'upgrades' | 'block' | 'replicate'>[], parallelStacks: number): StandUps {
  let [installed, inRow, before] = [0, 0, '']
  for (const stack of stacks) {
    const chain = stack.upgrades === undefined ? undefined : `${blockKey(stack)} ${stack.upgrades}`
    inRow = chain !== undefined && chain === before ? inRow + 1 : 1
    if (chain === undefined || inRow <= parallelStacks) installed += 1
    before = chain ?? ''
  }
  return { installed, upgraded: stacks.length - installed }
}
