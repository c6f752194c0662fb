// SPDX-License-Identifier: Apache-2.0
/** What a trial's pod has more when its tool runs the engine itself: the accelerators, the nodes that have them and the weights. */
import type { ScenarioSpec } from '../model/scenario.ts'
import { MODEL_MOUNT } from '../plan/served-model.ts'

export type EngineNeeds = Pick<ScenarioSpec, 'model' | 'accelerator' | 'tolerations' | 'nodeSelector'>
type Manifest = Record<string, unknown>

/** Accelerators are requested by their limit. */
export function withAccelerators(resources: object, { accelerator: { resource, perReplica } }: EngineNeeds): Manifest {
  const { limits = {}, ...rest } = resources as { readonly limits?: object }
  return perReplica === 0 ? { ...resources } : { ...rest, limits: { [resource]: perReplica, ...limits } }
}

export function modelMounts({ model: { volume } }: EngineNeeds): Manifest[] {
  return volume === undefined ? [] : [{ name: 'model', mountPath: MODEL_MOUNT, readOnly: true }]
}

/** Engines share memory between their processes; what a container has by default is too little. */
export const SHARED_MEMORY_MOUNT = { name: 'shm', mountPath: '/dev/shm' } as const

export function engineVolumes({ model: { volume } }: EngineNeeds): Manifest[] {
  const shm = { name: 'shm', emptyDir: { medium: 'Memory' } }
  return volume === undefined ? [shm] : [shm, { name: 'model', persistentVolumeClaim: { claimName: volume.claimName, readOnly: true } }]
}
