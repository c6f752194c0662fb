// SPDX-License-Identifier: Apache-2.0
/** What a trial is told of the model, and where a tool finds its weights that runs the engine itself. */
import type { ScenarioSpec } from '../model/scenario.ts'
import type { TrialJob } from '../model/trial-job.ts'

/** Where the volume with the weights is mounted in the pod of such a tool. */
export const MODEL_MOUNT = '/assay/model'

export function servedModel({ name, revision, quantization, dtype, maxLength, parameters, volume }: ScenarioSpec['model'], inProcess: boolean): TrialJob['stack']['model'] {
  const path = inProcess && volume !== undefined ? [MODEL_MOUNT, volume.path].filter(Boolean).join('/') : undefined
  return {
    name, ...(revision !== undefined && { revision }), ...(quantization !== undefined && { quantization }), ...(dtype !== undefined && { dtype }), ...(maxLength !== undefined && { maxLength }),
    ...(parameters !== undefined && { parameters }), ...(path !== undefined && { path }),
  }
}
