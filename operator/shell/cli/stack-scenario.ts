// SPDX-License-Identifier: Apache-2.0
/** The Scenario of a Stack, whether it is written out in it or referred to; and the same as a server that is there already. */
import type { Stack } from '../../core/model/kinds.ts'
import { ScenarioSpec } from '../../core/model/scenario.ts'
import { renderScenario } from '../../core/plan/render.ts'
import { SCENARIOS } from '../kube/assay-resources.ts'
import { SERVICES } from '../kube/builtin-resources.ts'
import { CliError, invalidInput } from './cli-error.ts'
import type { Cluster } from './cluster.ts'
import { EXIT } from './exit-codes.ts'

export type ResolvedStack = Stack & { readonly spec: { readonly scenario: ScenarioSpec } }

export async function withScenario({ api, namespace }: Pick<Cluster, 'api' | 'namespace'>, stack: Stack): Promise<ResolvedStack> {
  const ref = stack.spec.scenarioRef?.name
  const found = ref === undefined ? stack.spec.scenario : (await api.find(SCENARIOS, { namespace, name: ref }))?.spec
  if (found === undefined) throw new CliError(EXIT.invalidExperiment, `Stack ${stack.metadata.name} refers to Scenario ${ref ?? ''}, which is gone`)
  return { ...stack, spec: { ...stack.spec, scenarioRef: undefined, scenario: ScenarioSpec.parse(found) } }
}

/** A Scenario that deploys nothing and uses what the Stack serves. */
export async function asEndpoint({ api, namespace }: Pick<Cluster, 'api' | 'namespace'>, { metadata: { name }, spec: { scenario } }: ResolvedStack): Promise<object> {
  const rendered = renderScenario(scenario, { stackName: name, namespace })
  if (!rendered.ok) throw invalidInput(rendered.problems)
  const { endpoint } = rendered.value
  if (endpoint === undefined) throw new CliError(EXIT.invalidExperiment, `Stack ${name} has no endpoint to load`, 'its harness runs in the trial\'s own pod: assay e2e')
  const service = endpoint.service === undefined ? undefined : await api.find(SERVICES, { namespace, name: endpoint.service })
  const selector = endpoint.metrics?.selector ?? service?.spec?.selector
  const { deploy: _deploy, ...rest } = scenario
  return { ...rest, endpoint: { ...endpoint, ...(endpoint.metrics !== undefined && selector !== undefined && { metrics: { ...endpoint.metrics, selector } }) } }
}
