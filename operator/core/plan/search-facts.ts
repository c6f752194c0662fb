// SPDX-License-Identifier: Apache-2.0
/** What `assay plan` says of a capacity search in place of the properties of a fixed design, which it is not. */
import { letterOf } from '../design/effects.ts'
import type { DesignProperties } from './design-properties.ts'
import type { Plan } from './plan-model.ts'

/** Undefined of other designs. */
export function searchProperties({ adaptive, treatments, factors }: Plan, effect: number): DesignProperties | undefined {
  if (adaptive?.kind !== 'search') return undefined
  const configurations = new Set(adaptive.arms.map(({ arm }) => arm.levels)).size
  const title = `capacity search over ${adaptive.load.name} for ${configurations} ${configurations === 1 ? 'configuration' : 'configurations'}`
  return {
    title, runs: treatments.length, distinct: treatments.length, combinations: null, letters: factors.map(({ name }, f) => ({ letter: letterOf(f), factor: name })),
    aliases: [], notEstimable: [], strata: [], effect,
  }
}
