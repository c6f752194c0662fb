// SPDX-License-Identifier: Apache-2.0
/** What the plan needs to know of a resolved specification once it is not kept: small facts, computed once for each distinct one. */
import { canonicalJson } from '../design/canonical.ts'
import type { HarnessSpec } from '../model/harness.ts'
import type { ScenarioSpec } from '../model/scenario.ts'
import type { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { type EndpointNeeds, endpointNeeds, needsOf, type WorkloadNeeds } from './needs.ts'
import { hasTemplates } from './render-check.ts'
import { loadSeconds, type Range, stageRequests, type StageRequests } from './load-time.ts'

export interface ScenarioFacts {
  readonly gpus: number
  readonly engine: string
  readonly accelerator: Pick<ScenarioSpec['accelerator'], 'product' | 'hourlyCost'>
  /** Names of its Helm releases; none for a server that is there already. */
  readonly releases: readonly string[]
  /** Scenarios whose releases can be upgraded to each other have the same; none where that is not wanted. */
  readonly upgrades?: string
  /** Accelerators that its parallelism needs but does not ask for, by role; see parallelismGap. */
  readonly gap?: string
  readonly endpoint: EndpointNeeds
}
export interface WorkloadFacts {
  readonly needs: WorkloadNeeds
  readonly seconds: Range
  readonly stages: readonly StageRequests[]
}
export interface HarnessFacts extends Pick<HarnessSpec, 'supports' | 'inProcess' | 'inputs' | 'overrides'> {
  /** Whether it has templates that a workload may fail to fill. */
  readonly templates: boolean
}

/** Accelerators of one stack: those of a replica × replicas, summed over the roles where there are roles. */
function gpusOf({ accelerator, serving, deploy, endpoint }: ScenarioSpec): number {
  if (deploy === undefined && endpoint !== undefined) return 0
  const roles = serving.roles === undefined ? [] : [serving.roles.prefill, serving.roles.decode].filter((role) => role !== undefined)
  const replicas = roles.length > 0 ? roles.reduce((sum, role) => sum + role.replicas, 0) : serving.replicas
  return accelerator.perReplica * replicas
}

export function scenarioFacts(scenario: ScenarioSpec): ScenarioFacts {
  const { product, hourlyCost } = scenario.accelerator
  return { gpus: gpusOf(scenario), engine: scenario.serving.engine, accelerator: { product, hourlyCost }, releases: scenario.deploy?.releases.map((r) => r.name) ?? [], upgrades: upgradesOf(scenario), gap: parallelismGap(scenario), endpoint: endpointNeeds(scenario) }
}

/** The same releases of the same charts in the same order: values alone may differ. */
function upgradesOf({ deploy }: ScenarioSpec): string | undefined {
  return deploy?.upgradeInPlace === true ? canonicalJson(deploy.releases.map(({ name, chart, version, serverSideApply }) => ({ name, chart, version, serverSideApply }))) : undefined
}

/** A replica that is split over more accelerators than it asks for never starts, and one that asks for more wastes them. */
function parallelismGap({ accelerator, serving, deploy }: ScenarioSpec): string | undefined {
  if (deploy === undefined || accelerator.perReplica === 0 || serving.roles !== undefined) return undefined
  const { tensor, pipeline, data } = serving.parallelism
  const split = tensor * pipeline * data
  return split === accelerator.perReplica ? undefined : `a replica is split over ${split} (tensor ${tensor} × pipeline ${pipeline} × data ${data}) and takes ${accelerator.perReplica}`
}

export function workloadFacts(workload: WorkloadProfileSpec): WorkloadFacts {
  return { needs: needsOf(workload), seconds: loadSeconds(workload), stages: stageRequests(workload.load) }
}

export function harnessFacts(harness: HarnessSpec): HarnessFacts {
  const { supports, inProcess, inputs, overrides } = harness
  return { supports, inProcess, inputs, overrides, templates: hasTemplates(harness) }
}
