// SPDX-License-Identifier: Apache-2.0
/** Metrics that an Experiment will not measure, known before anything is stood up: a gate on them could never pass. */
import type { Slo } from '../model/experiment.ts'
import type { MetricName } from '../model/metric.ts'
import type { ScenarioSpec } from '../model/scenario.ts'
import { isStartup } from './response.ts'

/** What is known of an Experiment before it runs; what is left away is not checked. */
export interface GateFacts {
  readonly stages?: readonly string[]
  readonly slo?: Slo | undefined
  readonly scenario?: Pick<ScenarioSpec, 'accelerator' | 'endpoint' | 'deploy'>
  /** Paths of factors: what is varied is not judged by its base. */
  readonly varied?: readonly string[]
}

/** Parts of a Scenario that say what can be measured of it. */
const DECISIVE = /^scenario\.(endpoint\.metrics|accelerator\.hourlyCost|deploy)/
const SERVER = /^(server_|queue_time|queue_length|prefill_time|decode_time|kv_cache_usage|prefix_cache_hit_rate|preemptions|running_requests|spec_acceptance|ttft_beyond_server)/
const ROUTER = /^(router_|pool_)/
const GPU = /^(gpu_|energy_)/

/** Why it cannot be measured and what would mend that; undefined where it can, or where that is not known. */
export function whyUnmeasured(metric: MetricName, { slo, scenario, varied = [] }: GateFacts): string | undefined {
  if (metric === 'goodput' || metric === 'attainment') return Object.values(slo ?? {}).some((bound) => bound !== undefined) ? undefined : `${metric} counts requests that meet the SLO, and there is none: set spec.slo`
  if (scenario === undefined || varied.some((path) => DECISIVE.test(path))) return undefined
  const { accelerator, endpoint, deploy } = scenario
  const metrics = endpoint?.metrics
  if (metric.startsWith('cost_') && accelerator.hourlyCost === undefined) return `${metric} needs a price: set accelerator.hourlyCost of the Scenario`
  if (isStartup(metric)) return deploy === undefined ? `${metric} is measured of a stack that is stood up; this Scenario deploys nothing` : undefined
  if (SERVER.test(metric) && metrics === undefined) return `${metric} comes from the server's own metrics: set endpoint.metrics of the Scenario`
  if (ROUTER.test(metric) && metrics?.router === undefined && metrics?.prometheus === undefined) return `${metric} comes from a router: set endpoint.metrics.router of the Scenario`
  if (GPU.test(metric) && metrics?.gpu === undefined && metrics?.prometheus === undefined) return `${metric} comes from the GPUs' exporter: set endpoint.metrics.gpu of the Scenario`
  return undefined
}
