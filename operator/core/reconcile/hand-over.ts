// SPDX-License-Identifier: Apache-2.0
/** Whose the Helm releases are where one Stack takes them over from another. At every moment one Stack has them, and only that one may touch them. */
import { isTrue } from '../model/conditions.ts'
import { FINALIZER, type Stack } from '../model/kinds.ts'

export type Succession =
  /** The releases are this one's, or nobody's. */
  | { readonly kind: 'own' }
  /** Another has them. */
  | { readonly kind: 'waits'; readonly holder: string }
  /** Its predecessor has them and can give them up. `asked`: that is on record. */
  | { readonly kind: 'offered'; readonly from: Stack; readonly asked: boolean }
  | { readonly kind: 'handedOver'; readonly to: string }

/** What the names of its releases begin with. */
export const releasesOf = ({ metadata, spec }: Stack): string => spec.takesOver?.releases ?? metadata.name

/** `all`: the stacks of the namespace; `isLoaded`: whether a trial may still send requests to one. */
export function successionOf(stack: Stack, all: readonly Stack[], isLoaded: (stack: Stack) => boolean): Succession {
  const { handedOver, takenFrom } = stack.status ?? {}
  if (handedOver !== undefined) return { kind: 'handedOver', to: handedOver.name }
  const others = all.filter((other) => other.metadata.uid !== stack.metadata.uid)
  if (holds(stack, others)) return { kind: 'own' }
  const rivals = others.filter((other) => other.status?.handedOver === undefined && releasesOf(other) === releasesOf(stack))
  const holder = rivals.find((other) => holds(other, all))
  if (holder !== undefined && holder.metadata.name === stack.spec.takesOver?.stack && canHandOver(holder, stack) && !isLoaded(holder)) {
    return { kind: 'offered', from: holder, asked: takenFrom?.uid === holder.metadata.uid }
  }
  // Nobody has them: the older goes first, so that two that wait do not begin at once.
  const before = holder ?? rivals.find((other) => isOlder(other, stack))
  return before === undefined ? { kind: 'own' } : { kind: 'waits', holder: before.metadata.name }
}

/** It has put on record that it makes releases, or it has asked for some and nobody else has them any more. */
function holds({ metadata, status }: Stack, others: readonly Stack[]): boolean {
  if (metadata.finalizers?.includes(FINALIZER) !== true || status?.handedOver !== undefined) return false
  if ((status?.releases?.length ?? 0) > 0) return true
  const { takenFrom } = status ?? {}
  if (takenFrom === undefined) return false
  // One of the same name that was made later is another stack.
  const before = others.find((other) => other.metadata.name === takenFrom.name && other.metadata.uid === takenFrom.uid)
  return before === undefined || before.status?.handedOver?.uid === metadata.uid
}

/** Whether a stack is such that another may be upgraded from it: it serves, as it was made, and nobody removes it. */
export function canHandOver(from: Stack, to: Pick<Stack, 'metadata' | 'spec'>): boolean {
  const { metadata, spec, status } = from
  const owner = (stack: Pick<Stack, 'metadata'>) => stack.metadata.ownerReferences?.find((o) => o.controller === true)?.uid
  return metadata.deletionTimestamp === undefined && isTrue(status?.conditions, 'Ready') && status?.driftedTime === undefined && status?.handedOver === undefined
    && owner(from) === owner(to) && spec.serviceAccountName === to.spec.serviceAccountName
}

function isOlder(a: Stack, b: Stack): boolean {
  const [first, second] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '']
  return first === second ? a.metadata.name < b.metadata.name : first < second
}
