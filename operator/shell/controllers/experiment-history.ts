// SPDX-License-Identifier: Apache-2.0
/** What the stacks and trials of a namespace, of whatever Experiment, teach about the next ones. */
import type { Stack, Trial } from '../../core/model/kinds.ts'
import { type Learned, learnFrom, type PastTrial } from '../../core/plan/learn.ts'
import type { World } from './world.ts'

export function learnedIn(world: Pick<World, 'stacks' | 'trials'>, namespace: string): Learned {
  const own = <T extends Stack | Trial>(objects: readonly T[]) => objects.filter((o) => o.metadata.namespace === namespace)
  return learnedFrom(own(world.stacks.store.list()), own(world.trials.store.list()))
}

export function learnedFrom(stacks: readonly Stack[], trials: readonly Trial[]): Learned {
  return learnFrom(stacks.map(({ metadata, status }) => ({ name: metadata.name, startupSeconds: status?.startupSeconds })), trials.map(pastTrial))
}

const ms = (time: string | undefined) => Date.parse(time ?? '') || 0

function pastTrial({ metadata, spec, status }: Trial): PastTrial {
  const [only, ...others] = status?.attempts ?? []
  const harnessMs = others.length === 0 ? ms(only?.endTime) - ms(only?.startTime) : 0
  return {
    name: metadata.name, stack: spec.stackRef.name, createdMs: ms(metadata.creationTimestamp), startMs: ms(status?.startTime), endMs: ms(status?.completionTime),
    succeeded: status?.phase === 'Succeeded', harness: spec.harnessName, ...(harnessMs > 0 && { harnessMs }),
  }
}
