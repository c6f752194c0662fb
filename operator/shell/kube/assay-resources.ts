// SPDX-License-Identifier: Apache-2.0
/** The descriptors of Assay's own kinds; names come from the model. */
import { type Experiment, GROUP, type Harness, KINDS, type KindInfo, type Scenario, type Stack, type Trial, VERSION, type WorkloadProfile } from '../../core/model/kinds.ts'
import type { ApiResource, KubeObject } from './api-resource.ts'

export const EXPERIMENTS = ours<Experiment>(KINDS.Experiment)
export const STACKS = ours<Stack>(KINDS.Stack)
export const TRIALS = ours<Trial>(KINDS.Trial)
export const SCENARIOS = ours<Scenario>(KINDS.Scenario)
export const HARNESSES = ours<Harness>(KINDS.Harness)
export const WORKLOAD_PROFILES = ours<WorkloadProfile>(KINDS.WorkloadProfile)

function ours<T extends KubeObject>({ kind, plural }: Pick<KindInfo, 'kind' | 'plural'>): ApiResource<T> {
  return { group: GROUP, version: VERSION, plural, kind, namespaced: true }
}
