// SPDX-License-Identifier: Apache-2.0
/** What a trial is run on: a Stack of the namespace, or a server that is there already, for which it makes a Scenario. */
import { isTrue } from '../../core/model/conditions.ts'
import type { EndpointApi } from '../../core/model/endpoint-api.ts'
import type { Stack } from '../../core/model/kinds.ts'
import type { ScenarioSpec } from '../../core/model/scenario.ts'
import { STACKS } from '../kube/assay-resources.ts'
import { PODS, SERVICES } from '../kube/builtin-resources.ts'
import { CliError } from './cli-error.ts'
import type { Cluster } from './cluster.ts'
import { type EndpointMatch, matchEndpoint, narrowed } from './endpoint-match.ts'
import { EXIT } from './exit-codes.ts'
import { servedModel } from './load-model.ts'
import { say } from './say.ts'

export type TrialTarget =
  | { readonly kind: 'stack'; readonly stack: Stack }
  | { readonly kind: 'endpoint'; readonly name: string; readonly scenario: EndpointScenario }
/** As somebody would write it; defaults are the schema's. */
export type EndpointScenario = Pick<ScenarioSpec, 'description'> & { readonly model: { readonly name: string }; readonly endpoint: object; readonly serving?: object; readonly readiness?: object }

export interface SecretRef { readonly name: string; readonly key: string }

export interface TargetChoice {
  /** Name of a Stack. */
  readonly stack?: string
  /** Part of the name of a Stack, a Service or a pod. */
  readonly method?: string
  readonly url?: string
  /** Protocol of the server at the address. */
  readonly api?: EndpointApi
  readonly credentials?: SecretRef
  readonly model?: string
}

export async function findTarget(cluster: Cluster, choice: TargetChoice): Promise<TrialTarget> {
  if (choice.url !== undefined) return urlTarget({ ...choice, url: choice.url })
  const { api, namespace } = cluster
  const stacks = (await api.list(STACKS, { namespace })).filter((s) => s.metadata.deletionTimestamp === undefined)
  const wanted = choice.stack ?? choice.method
  const found = wanted === undefined ? stacks : narrowed(wanted, stacks)
  if (found.length === 1 && found[0] !== undefined) return { kind: 'stack', stack: requireReady(found[0]) }
  if (found.length > 1) throw new CliError(EXIT.usage, `which Stack? ${found.map((s) => s.metadata.name).join(', ')}`, 'name one with --stack')
  if (wanted === undefined) throw new CliError(EXIT.usage, `there is no Stack in namespace ${namespace}`, 'stand one up (assay standup), or name a running Service or pod with --method')
  if (choice.stack !== undefined) throw new CliError(EXIT.usage, `there is no Stack ${choice.stack} in namespace ${namespace}`, 'kubectl get stacks.assay.dev')
  const [services, pods] = await Promise.all([api.list(SERVICES, { namespace }), api.list(PODS, { namespace })])
  return endpointTarget(cluster, { match: matchEndpoint(wanted, services, pods), wanted, model: choice.model })
}

function requireReady(stack: Stack): Stack {
  const { name } = stack.metadata
  if (isTrue(stack.status?.conditions, 'Failed')) throw new CliError(EXIT.experimentFailed, `Stack ${name} has failed: ${stack.status?.conditions?.find((c) => c.type === 'Failed')?.message ?? ''}`, `remove it: assay teardown ${name}`)
  if (!isTrue(stack.status?.conditions, 'Ready')) say(`Stack ${name} is not ready yet; the trial waits for it`)
  return stack
}

interface Finding { readonly match: EndpointMatch; readonly wanted: string; readonly model: string | undefined }

async function endpointTarget(cluster: Cluster, { match, wanted, model }: Finding): Promise<TrialTarget> {
  const { namespace } = cluster
  if (match.kind === 'none') throw new CliError(EXIT.usage, `no Stack, no Service and no ready pod of namespace ${namespace} has "${wanted}" in its name`, `kubectl get stacks.assay.dev,services,pods -n ${namespace}`)
  if (match.kind === 'ambiguous') throw new CliError(EXIT.usage, `several Services match "${wanted}": ${match.names.join(', ')}`, 'write one of the names in full')
  const name = await checkedModel(await modelsOf(cluster, match), { model, where: `${match.kind} ${match.name}` })
  say(`found ${match.kind} ${match.name}, port ${match.port}, which serves ${name}`)
  const metrics = { port: match.port, path: '/metrics' }
  const endpoint = match.kind === 'service'
    ? { service: match.name, port: match.port, ...(match.selector !== undefined && { metrics: { ...metrics, selector: match.selector } }) }
    : { url: `http://${match.address.includes(':') ? `[${match.address}]` : match.address}:${match.port}` }
  return { kind: 'endpoint', name: match.name, scenario: { description: `The ${match.kind} ${match.name}, found running.`, model: { name }, endpoint, readiness: { timeout: '2m' } } }
}

/** Asked through the API server, since the command line is usually outside of the cluster; undefined when that does not work. */
async function modelsOf({ client, namespace }: Cluster, match: Exclude<EndpointMatch, { kind: 'none' | 'ambiguous' }>): Promise<string[] | undefined> {
  const plural = match.kind === 'service' ? 'services' : 'pods'
  const path = `/api/v1/namespaces/${namespace}/${plural}/${match.name}:${match.port}/proxy/v1/models`
  try {
    const { data } = await client.json<{ readonly data?: readonly { readonly id: string }[] }>({ verb: 'get', resource: `${plural}/proxy`, path, timeoutMs: 10_000 })
    return (data ?? []).map((m) => m.id)
  } catch {
    return undefined
  }
}

async function checkedModel(served: readonly string[] | undefined, { model, where }: { readonly model: string | undefined; readonly where: string }): Promise<string> {
  if (served === undefined && model === undefined) throw new CliError(EXIT.invalidExperiment, `${where} does not list its models under /v1/models`, 'name the model with --model, if it is an OpenAI-compatible server')
  if (model !== undefined && served !== undefined && !served.includes(model)) throw new CliError(EXIT.invalidExperiment, `${where} does not serve ${model}`, `it serves ${served.join(', ')}`)
  const [first, ...others] = served ?? []
  if (model === undefined && others.length > 0) throw new CliError(EXIT.usage, `${where} serves several models: ${(served ?? []).join(', ')}`, 'choose one with --model')
  const name = model ?? first
  if (name === undefined) throw new CliError(EXIT.invalidExperiment, `${where} serves no model`)
  return name
}

/** The command line has no credential, the trial's pod has: a server that wants one is not asked for its models. */
export async function urlTarget({ url, api = 'openai', credentials, model }: TargetChoice & { readonly url: string }): Promise<TrialTarget> {
  if (model === undefined && credentials !== undefined) throw new CliError(EXIT.usage, 'only the trial\'s pod has the credential, so nobody can ask which models there are', 'name the model with --model')
  const name = model ?? await servedModel({ url, api, header: {} }, undefined)
  const { hostname } = new URL(url)
  const endpoint = { url, ...(api !== 'openai' && { api }), ...(credentials !== undefined && { credentials: { secretKeyRef: credentials } }) }
  return { kind: 'endpoint', name: hostname.replaceAll(/[^a-z0-9-]+/g, '-'), scenario: { description: `The server at ${url}.`, model: { name }, endpoint } }
}
