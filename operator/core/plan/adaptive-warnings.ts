// SPDX-License-Identifier: Apache-2.0
/** What a reader must know of a design that grows from what is measured, before it starts. */
import type { ExperimentSpec } from '../model/experiment.ts'
import type { Adaptive, HalvingState, SearchState, UntilState } from './adaptive-model.ts'

/** Stages of the workload, by name. */
interface Context { readonly spec: ExperimentSpec; readonly stages: readonly string[] }

export function adaptiveWarnings(adaptive: Adaptive, context: Context): string[] {
  switch (adaptive.kind) {
    case 'search':
      return searchWarnings(adaptive, context)
    case 'until':
      return untilWarnings(adaptive)
    case 'successiveHalving':
      return halvingWarnings(adaptive, context)
  }
}

function searchWarnings({ rules, length, objectives }: SearchState, { spec, stages }: Context): string[] {
  const warnings: string[] = []
  if (length.most > rules.probes) warnings.push(`${rules.probes} probes may not be enough: between these limits a tolerance of ${percent(rules.tolerance)} takes up to ${length.most} (search.probes, a wider tolerance, or limits that are nearer to each other)`)
  if (rules.replicates === 1) warnings.push('each load is tried once, so that nothing is known of noise: a chance result sends the search the wrong way (search.replicates: 2 or more)')
  if (spec.design.replicates.stacks === 1) warnings.push('each capacity is that of one stand-up: what another stand-up would give is not known (replicates.stacks: 2 or more)')
  const others = stages.filter((stage) => objectives.every((o) => o.stage !== stage))
  if (others.length > 0) warnings.push(`every probe also sends ${others.length === 1 ? 'the stage' : 'the stages'} ${others.slice(0, 3).join(', ')}${others.length > 3 ? ', …' : ''}, which no objective speaks of`)
  return warnings
}

function untilWarnings({ wanted, max, min }: UntilState): string[] {
  if (max === min) return [`replicates.until: min and max are both ${min}, so that nothing is decided`]
  return [`replication stops when the data look well (${wanted}): its intervals cover a little less often than they say, most of all at few replicates (docs/guides/search.md)`]
}

function halvingWarnings({ rungs }: HalvingState, { spec }: Context): string[] {
  const first = rungs[0]?.replicates ?? 1
  return first === 1 && spec.design.successiveHalving?.margin === 0 ? ['the first rung measures each treatment once and drops by any difference: a chance result may drop the best (successiveHalving.min: 2, or a margin)'] : []
}

export const percent = (share: number) => `${Number((share * 100).toPrecision(3))} %`
