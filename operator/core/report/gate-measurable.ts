// SPDX-License-Identifier: Apache-2.0
/** Metrics that an Experiment will not measure, known before anything is stood up: a gate on them could never pass. */
import type { Slo } from '../model/experiment.ts'
import type { MetricName } from '../model/metric.ts'
import type { ScenarioSpec } from '../model/scenario.ts'
import { isStartup } from './response.ts'

/** The load of a capacity search. */
export interface Search { readonly load: { readonly name: string; readonly unit?: string | undefined } }

/** What is known of an Experiment before it runs; what is left away is not checked. */
export interface GateFacts {
  readonly stages?: readonly string[]
  readonly slo?: Slo | undefined
  readonly scenario?: Pick<ScenarioSpec, 'accelerator' | 'endpoint' | 'deploy'>
  /** What the design searches; null where it searches nothing. */
  readonly search?: Search | null
  /** Paths of factors: what is varied is not judged by its base. */
  readonly varied?: readonly string[]
}

/** Parts of a Scenario that say what can be measured of it. */
const DECISIVE = /^scenario\.(endpoint\.(metrics|prices)|accelerator\.(hourlyCost|product)|deploy)/
/** What a metric needs of a Scenario, by name; those that need nothing are not here. */
interface Need {
  readonly of: (metric: string) => boolean
  readonly isMet: (scenario: NonNullable<GateFacts['scenario']>) => boolean
  readonly why: string
}
const named = (pattern: RegExp) => (metric: string) => pattern.test(metric)
const NEEDS: readonly Need[] = [
  {
    of: named(/^cost_/),
    isMet: ({ accelerator, endpoint }) => accelerator.hourlyCost !== undefined || endpoint?.prices !== undefined,
    why: 'needs a price: set accelerator.hourlyCost of the Scenario or prices of the Experiment, or endpoint.prices of a hosted endpoint',
  },
  {
    of: isStartup,
    isMet: ({ deploy }) => deploy !== undefined,
    why: 'is measured of a stack that is stood up; this Scenario deploys nothing',
  },
  {
    of: named(
      /^(server_|queue_|prefill_time|decode_time|kv_cache_usage|prefix_cache_hit_rate|preemptions|running_requests|spec_acceptance|ttft_beyond_server)/,
    ),
    isMet: ({ endpoint }) => endpoint?.metrics !== undefined,
    why: "comes from the server's own metrics: set endpoint.metrics of the Scenario",
  },
  { of: named(/^(router_|pool_)/), isMet: scraped('router'), why: 'comes from a router: set endpoint.metrics.router of the Scenario' },
  { of: named(/^(gpu_|energy_)/), isMet: scraped('gpu'), why: "comes from the GPUs' exporter: set endpoint.metrics.gpu of the Scenario" },
]

/** Directly, or by the cluster's Prometheus. */
function scraped(what: 'router' | 'gpu'): Need['isMet'] {
  return ({ endpoint }) => endpoint?.metrics?.[what] !== undefined || endpoint?.metrics?.prometheus !== undefined
}

/** Why it cannot be measured and what would mend that; undefined where it can, or where that is not known. */
export function whyUnmeasured(metric: MetricName, { slo = {}, scenario, varied = [] }: GateFacts): string | undefined {
  const isBound = Object.values(slo).some((bound) => bound !== undefined)
  if ((metric === 'goodput' || metric === 'attainment') && !isBound)
    return `${metric} counts requests that meet the SLO, and there is none: set spec.slo`
  if (scenario === undefined || varied.some((path) => DECISIVE.test(path))) return undefined
  const unmet = NEEDS.find((need) => need.of(metric) && !need.isMet(scenario))
  return unmet === undefined ? undefined : `${metric} ${unmet.why}`
}
