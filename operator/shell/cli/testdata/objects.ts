// SPDX-License-Identifier: Apache-2.0
/** Experiments, Stacks and Trials in the states that the command line meets, for its tests. */
import type { Condition } from '../../../core/model/common.ts'
import { ExperimentSpec, type ExperimentStatus } from '../../../core/model/experiment.ts'
import { API_VERSION, type Experiment, LABELS, type ObjectMeta, type Stack, type Trial } from '../../../core/model/kinds.ts'
import { ScenarioSpec } from '../../../core/model/scenario.ts'
import { StackSpec, type StackStatus } from '../../../core/model/stack.ts'
import { TrialSpec, type TrialStatus } from '../../../core/model/trial.ts'

/** When it all begins. */
export const START = Date.parse('2026-11-23T12:00:00Z')
export const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString()

export const condition = (type: string, status: Condition['status'], reason = type, message = ''): Condition => ({ type, status, reason, message, lastTransitionTime: at(0), observedGeneration: 1 })

export const DESIGN = {
  fullFactorial: { factors: [{ name: 'tp', path: 'scenario.serving.parallelism.tensor', levels: [1, 2] }, { name: 'rate', path: 'workload.load.poisson.stages[main].rate', levels: [4, 12] }] },
} as const
export const SPEC = { scenarioRef: { name: 'simulator' }, workloadRef: { name: 'quickstart' }, harnessRef: { name: 'native' }, design: DESIGN } as const

export function experiment(status?: Partial<ExperimentStatus>, spec: object = SPEC, metadata: Partial<ObjectMeta> = {}): Experiment {
  return { apiVersion: API_VERSION, kind: 'Experiment', metadata: { name: 'quickstart', namespace: 'bench', generation: 1, uid: 'e1', ...metadata }, spec: ExperimentSpec.parse(spec), ...(status !== undefined && { status }) }
}

export function stack(name: string, treatment: Record<string, unknown>, status: Partial<StackStatus> = {}, metadata: Partial<ObjectMeta> = {}): Stack {
  const scenario = ScenarioSpec.parse({ model: { name: 'm' }, deploy: { releases: [{ name: 'model', chart: { bundled: 'simulator' }, values: { replicaCount: '{{serving.replicas}}' } }] }, endpoint: { service: '{{release.model}}' } })
  return { apiVersion: API_VERSION, kind: 'Stack', metadata: { name, namespace: 'bench', uid: name, ...metadata }, spec: StackSpec.parse({ scenario, treatment }), status }
}

const WORKLOAD = { data: { synthetic: { input: { fixed: 8 }, output: { fixed: 8 } } }, load: { poisson: { stages: [{ name: 'main', rate: 4, duration: '8s' }] } } }
const HARNESS = { image: 'example/native:1', version: '1', supports: { load: ['poisson'], data: ['synthetic'] }, results: { adapter: 'native' } }

export function trial(name: string, treatment: Record<string, unknown>, status: Partial<TrialStatus> = {}, spec: object = {}): Trial {
  return {
    apiVersion: API_VERSION, kind: 'Trial', metadata: { name, namespace: 'bench', uid: name, labels: { [LABELS.experiment]: 'quickstart', [LABELS.run]: '1' } },
    spec: TrialSpec.parse({ stackRef: { name: 'quickstart-1-0a0a0a0a-s1' }, workload: WORKLOAD, harness: HARNESS, treatment, ...spec }), status,
  }
}
