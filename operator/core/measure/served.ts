// SPDX-License-Identifier: Apache-2.0
/** What a trial's job, and the tool where it knows more, say of the model that was served and of what it ran on. */
import type { Findings } from '../model/findings.ts'
import type { AdapterSummary } from '../model/record.ts'
import type { TrialJob } from '../model/trial-job.ts'
import { argumentOf } from '../preflight/model-memory.ts'

/** undefined where nobody knows the model. Of results that somebody brought the job knows nothing but what their files say. */
export function servedOf({ stack }: Pick<TrialJob, 'stack'>, told: AdapterSummary['served'] = {}, brought = false): Findings['served'] {
  if (brought) return told.model === undefined ? undefined : { model: modelOf({ name: told.model }, told), engine: told.engine ?? 'unknown' }
  const { model, engine, engineArgs, accelerator, replicas, parallelism } = stack
  const given = (name: string) => argumentOf({ serving: { args: engineArgs } }, name)
  const split = Object.entries(parallelism).filter(([, size]) => size > 1).map(([how, size]) => `${how}=${size}`).join(' ')
  const { name, revision, parameters } = model
  const declared = { name, revision, parameters, quantization: given('quantization') ?? model.quantization, dtype: given('dtype') ?? model.dtype }
  return {
    model: modelOf(declared, told), engine, replicas,
    ...(accelerator.product !== undefined && { accelerator: accelerator.product }), ...(split !== '' && { parallelism: split }),
  }
}

type Model = NonNullable<Findings['served']>['model']
type Declared = { readonly [K in keyof Model]?: Model[K] | undefined } & { readonly name: string }

/** A tool that sets the engine up itself knows how: it wins where it says something. */
function modelOf({ name, revision, ...declared }: Declared, told: NonNullable<AdapterSummary['served']>): Model {
  const [quantization, dtype, parameters] = [told.quantization ?? declared.quantization, told.dtype ?? declared.dtype, told.parameters ?? declared.parameters]
  return {
    name, ...(revision !== undefined && { revision }), ...(quantization !== undefined && { quantization }), ...(dtype !== undefined && { dtype }),
    ...(parameters !== undefined && { parameters }),
  }
}
