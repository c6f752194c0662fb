// SPDX-License-Identifier: Apache-2.0
/** Owner references and finalizers, as values and as patches; it sends nothing. */
import type { OwnerReference } from '../../core/model/kinds.ts'
import { type ApiResource, apiVersionOf, type KubeObject } from './api-resource.ts'
import type { MergePatch } from './resource-api.ts'

/** The reference that makes the object its owner's: it goes when the owner goes, which with foreground deletion waits for it. */
export function controllerReference(resource: ApiResource, owner: KubeObject): OwnerReference {
  return { ...ownerReference(resource, owner), controller: true, blockOwnerDeletion: true }
}

/** A reference for garbage collection only. */
export function ownerReference(resource: ApiResource, { metadata: { name, uid } }: KubeObject): OwnerReference {
  if (uid === undefined) throw new TypeError(`${resource.kind} "${name}" has no uid yet, so it cannot own anything`)
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, name, uid }
}

/** The controlling owner, if it is of that resource, whatever its version. */
export function controllerOf(object: KubeObject, resource: ApiResource): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true && owner.kind === resource.kind && groupOf(owner.apiVersion) === resource.group)
}

/** Whether that very owner, not one of the same name, controls the object. */
export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return object.metadata.ownerReferences?.some(({ controller, uid }) => controller === true && uid === owner.metadata.uid) === true
}

export const hasFinalizer = ({ metadata }: KubeObject, finalizer: string): boolean => metadata.finalizers?.includes(finalizer) === true

/** The patch that adds it, or undefined when it is there. A merge patch replaces lists, so it holds to the version that was read. */
export function addFinalizer(object: KubeObject, finalizer: string): MergePatch | undefined {
  return hasFinalizer(object, finalizer) ? undefined : finalizers(object, [...(object.metadata.finalizers ?? []), finalizer])
}

/** The patch that removes it, or undefined when it is gone. */
export function removeFinalizer(object: KubeObject, finalizer: string): MergePatch | undefined {
  return hasFinalizer(object, finalizer) ? finalizers(object, (object.metadata.finalizers ?? []).filter((each) => each !== finalizer)) : undefined
}

function finalizers({ metadata: { resourceVersion } }: KubeObject, wanted: readonly string[]): MergePatch {
  return { metadata: { resourceVersion, finalizers: wanted } }
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
}
