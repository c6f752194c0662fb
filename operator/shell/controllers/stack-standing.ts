// SPDX-License-Identifier: Apache-2.0
/** What is recorded once a stack stands: where it is, what runs there and on what, and how it came up. It changes nothing. */
import { LABELS, type Stack } from '../../core/model/kinds.ts'
import type { EndpointSpec } from '../../core/model/scenario.ts'
import type { NodeFact } from '../../core/model/node-fact.ts'
import type { PodFact, StackStatus } from '../../core/model/stack.ts'
import { type ImagePull, imagePull } from '../../core/reconcile/image-pull.ts'
import { nodeFact } from '../../core/reconcile/node-facts.ts'
import { acceleratorsOf } from '../../core/reconcile/stack-facts.ts'
import type { StackPatch } from '../../core/reconcile/stack-status.ts'
import { CORE_EVENTS, type Pod } from '../kube/builtin-resources.ts'
import { readStartup } from './pod-logs.ts'
import { digestOf, factOf, podsBySelector, stackPods } from './stack-observe.ts'
import { bracketed, servingPods } from './stack-probe.ts'
import type { RenderedStack } from './stack-render.ts'
import type { StackWorld } from './stack-world.ts'

const MOST_PODS = 200
/** Logs are read of so many pods: replicas start alike. */
const MOST_LOGS = 16

export async function standingFacts(world: StackWorld, stack: Stack, rendered: RenderedStack): Promise<StackPatch> {
  if (!rendered.ok) return {}
  const { spec, endpoint } = rendered
  const pods = stackPods(world, stack).slice(0, MOST_PODS)
  const serving = endpoint?.service === undefined ? undefined : await servingPods(world, stack, endpoint)
  const names = new Set(serving?.ok === true ? serving.pods.map((p) => p.metadata.name) : [])
  const facts = await startupFacts(world, { stack, pods, serving: names, engine: spec.serving.engine, model: spec.model.name })
  const nodes = nodeFacts(world, pods)
  return {
    releases: (stack.status?.releases ?? []).map((r) => ({ ...r, state: 'deployed' })), pods: facts, nodes, factsDigest: digestOf(facts) ?? '',
    // An engine in the trial's own pod takes them with every trial; its stack has no pods of its own.
    gpus: spec.deploy === undefined && spec.endpoint === undefined ? spec.accelerator.perReplica : acceleratorsOf(pods, spec.accelerator.resource),
    ...(endpoint !== undefined && { endpoint: endpointOf(world, stack, { endpoint, model: spec.model.name, nodes }) }),
  }
}

interface Standing { readonly stack: Stack; readonly pods: readonly Pod[]; readonly serving: ReadonlySet<string>; readonly engine: string; readonly model: string }

/** Facts of every pod; of those that serve also what their logs and the kubelet say of their start. */
async function startupFacts(world: StackWorld, { stack, pods, serving, engine, model }: Standing): Promise<PodFact[]> {
  const pulls = await imagePulls(world, stack.metadata.namespace ?? '', pods)
  const read = pods.filter((p) => serving.has(p.metadata.name)).slice(0, MOST_LOGS)
  const logs = engine === 'vllm' ? new Map(await Promise.all(read.map(async (pod) => [pod.metadata.name, await readStartup(world, pod)] as const))) : new Map<string, never>()
  return pods.map((pod) => {
    const name = pod.metadata.name
    const pull = pulls.get(name)
    const log = logs.get(name)
    return {
      ...factOf(world, pod, serving.has(name)),
      ...(pull && { imagePulled: pull.pulled, imagePullSeconds: pull.seconds }),
      ...(serving.has(name) && pod.spec?.nodeName !== undefined && { servedBefore: world.memories.servedBefore({ node: pod.spec.nodeName, model, pod: pod.metadata.uid ?? name }) }),
      ...(log !== undefined && ('engine' in log ? { engine: log.engine } : { logProblem: log.problem })),
    }
  })
}

/** By the kubelet's events, which are kept for an hour: enough just after a start. Without the right to see them nothing is known. */
async function imagePulls(world: StackWorld, namespace: string, pods: readonly Pod[]): Promise<ReadonlyMap<string, ImagePull>> {
  const names = new Set(pods.map((p) => p.metadata.uid))
  try {
    const events = await world.api.list(CORE_EVENTS, { namespace, fieldSelector: 'involvedObject.kind=Pod,reason=Pulled' })
    const own = Map.groupBy(events.filter((e) => names.has(e.involvedObject?.uid)), (e) => e.involvedObject?.name ?? '')
    return new Map([...own].flatMap(([name, said]) => {
      const pull = imagePull(said.map((e) => e.message ?? ''))
      return pull === undefined ? [] : [[name, pull] as const]
    }))
  } catch {
    return new Map()
  }
}

/** Nodes of the stack's pods, with what pods of others ask of them, as far as their namespaces are watched. */
function nodeFacts(world: StackWorld, pods: readonly Pod[]): NodeFact[] {
  const own = new Set(pods.map((p) => p.metadata.uid))
  const byNode = Map.groupBy(world.pods.store.list().filter((p) => !own.has(p.metadata.uid) && p.metadata.labels?.[LABELS.trial] === undefined && !isOver(p)), (p) => p.spec?.nodeName ?? '')
  const names = [...new Set(pods.flatMap((p) => p.spec?.nodeName ?? []))].sort()
  return names.flatMap((name) => {
    const node = world.nodes.store.get(name)
    return node === undefined ? [] : [nodeFact(node, byNode.get(name) ?? [])]
  })
}

const isOver = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'

type Address = NonNullable<StackStatus['endpoint']>

function endpointOf(world: StackWorld, stack: Stack, { endpoint, model, nodes }: { readonly endpoint: EndpointSpec; readonly model: string; readonly nodes: readonly NodeFact[] }): Address {
  const targets = scrapeTargets(world, stack, { endpoint, nodes })
  return { url: addressOf(stack, endpoint), servedModel: endpoint.servedModel ?? model, scrape: scrapeAddresses(world, stack, endpoint), ...(targets.length > 0 && { targets }) }
}

function addressOf(stack: Stack, endpoint: EndpointSpec): string {
  return endpoint.url ?? `http://${endpoint.service ?? ''}.${stack.metadata.namespace ?? ''}.svc:${endpoint.port}${endpoint.path}`
}

/** Metrics are scraped by pod address, never through a Service that balances. */
function scrapeAddresses(world: StackWorld, stack: Stack, { metrics }: EndpointSpec): string[] {
  if (metrics === undefined) return []
  const pods = metrics.selector === undefined ? stackPods(world, stack) : podsBySelector(world, stack.metadata.namespace ?? '', metrics.selector as Record<string, string>)
  return addresses(pods, metrics).map(({ url }) => url)
}

/** Exporters on the nodes that serve, and routers of the stack's namespace. */
function scrapeTargets(world: StackWorld, stack: Stack, { endpoint: { metrics }, nodes }: { readonly endpoint: EndpointSpec; readonly nodes: readonly NodeFact[] }): NonNullable<Address['targets']> {
  const names = new Set(nodes.map((n) => n.node))
  const gpu = metrics?.gpu && addresses(podsBySelector(world, metrics.gpu.namespace, metrics.gpu.selector as Record<string, string>).filter((p) => names.has(p.spec?.nodeName ?? '')), metrics.gpu)
  const router = metrics?.router && addresses(podsBySelector(world, stack.metadata.namespace ?? '', metrics.router.selector as Record<string, string>), metrics.router)
  return [...(gpu ?? []).map((target) => ({ ...target, kind: 'gpu' as const })), ...(router ?? []).map((target) => ({ ...target, kind: 'router' as const }))].slice(0, 1000)
}

function addresses(pods: readonly Pod[], { port, path }: { readonly port: number; readonly path: string }): { readonly url: string; readonly node?: string }[] {
  return pods.flatMap((p) => (p.status?.podIP === undefined ? [] : [{ url: `http://${bracketed(p.status.podIP)}:${port}${path}`, ...(p.spec?.nodeName !== undefined && { node: p.spec.nodeName }) }]))
}
