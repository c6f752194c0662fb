// SPDX-License-Identifier: Apache-2.0
/** Why a step of a Stack failed, in words that its owner can act on. */
import type { Stack } from '../../core/model/kinds.ts'
import { HelmError } from '../helm/helm-error.ts'
import { ApiError, isConflict, isForbidden } from '../kube/api-error.ts'
import { CONFIG_MAPS } from '../kube/builtin-resources.ts'
import type { StackWorld } from './stack-world.ts'

export interface Trouble { readonly reason: string; readonly message: string }

/** Undefined where there is nothing to say: somebody wrote in between, or a surprise that the log tells. */
export async function troubleOf(world: StackWorld, stack: Stack, error: unknown): Promise<Trouble | undefined> {
  if (isConflict(error)) return undefined
  if (!(error instanceof HelmError) && !(error instanceof ApiError)) return undefined
  return (await notATenant(world, stack)) ?? { reason: error instanceof HelmError ? error.code : error.reason, message: error.message }
}

/** Helm calls an API server unreachable that only refuses to let it act as the tenant's account; so the same is asked without Helm. */
async function notATenant(world: StackWorld, { metadata, spec }: Stack): Promise<Trouble | undefined> {
  const { namespace = '' } = metadata
  try {
    await world.tenant(namespace, spec.serviceAccountName).api.find(CONFIG_MAPS, { namespace, name: 'kube-root-ca.crt' })
    return undefined
  } catch (error) {
    if (!isForbidden(error)) return undefined
    const cure = `add it to tenants: helm upgrade assay charts/assay --reuse-values --set 'tenants={…,${namespace}}'; assay doctor -n ${namespace} says more`
    return { reason: 'NotATenant', message: `stacks cannot be stood up as ServiceAccount ${spec.serviceAccountName} of namespace ${namespace}: ${(error as Error).message} (${cure})` }
  }
}
