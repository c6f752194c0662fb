// SPDX-License-Identifier: Apache-2.0
/** Asks a stack whether it serves: pods of our own by address from here, everything that needs a credential or leaves the cluster by a pod of that namespace. */
import { API_VERSION, LABELS, type Stack } from '../../core/model/kinds.ts'
import { credentialHeader } from '../../core/model/endpoint-api.ts'
import type { EndpointSpec, ScenarioSpec } from '../../core/model/scenario.ts'
import { isMisconfigured } from '../../core/reconcile/pod-health.ts'
import type { ProbeView } from '../../core/reconcile/stack-observed.ts'
import { isAlreadyExists } from '../kube/api-error.ts'
import { type Pod, PODS, type Service, SERVICES } from '../kube/builtin-resources.ts'
import { probeEndpoint, type ProbeResult } from '../probe/probe-endpoint.ts'
import type { ProbeRequest } from '../probe/probe-command.ts'
import { podsBySelector, probePodName } from './stack-observe.ts'
import type { StackWorld } from './stack-world.ts'
import { FIELD_MANAGER } from './world.ts'

interface Target { readonly spec: ScenarioSpec; readonly endpoint: EndpointSpec }
const TIMEOUT_MS = 30_000
/** Waiting cannot cure these once the server answers. */
const HOPELESS = new Set<string>(['ModelNotListed', 'Unauthorized'])

/** Probes and remembers the finding. Returns when the finding is in, or when a probe pod is on its way. */
export async function probeStack(world: StackWorld, stack: Stack, target: Target): Promise<void> {
  const memory = world.memories.of(stack.metadata.uid ?? '')
  const direct = target.endpoint.service !== undefined && target.endpoint.credentials === undefined
  memory.probe = direct ? viewOf(world, await probePods(world, stack, target)) : await probeByPod(world, stack, target)
}

function viewOf(world: StackWorld, result: Pick<ProbeResult, 'ok' | 'reason' | 'message'>): ProbeView {
  return result.ok ? { kind: 'passed' } : { kind: 'failed', reason: result.reason, message: result.message, hopeless: HOPELESS.has(result.reason), atMs: world.now() }
}

/** Every serving pod answers for itself: one good replica says nothing of the others. */
async function probePods(world: StackWorld, stack: Stack, { spec, endpoint }: Target): Promise<Pick<ProbeResult, 'ok' | 'reason' | 'message'>> {
  const serving = await servingPods(world, stack, endpoint)
  if (!serving.ok) return { ok: false, reason: 'EndpointDown', message: serving.message }
  const results = await Promise.all(serving.pods.slice(0, 16).map((pod) => probeEndpoint({
    url: `http://${bracketed(pod.status?.podIP ?? '')}:${serving.port}`, path: endpoint.path, api: endpoint.api, model: endpoint.servedModel ?? spec.model.name,
    headers: endpoint.headers as Record<string, string>, smokeTest: spec.readiness.smokeTest, timeoutMs: TIMEOUT_MS,
  })))
  return results.find((r) => !r.ok) ?? { ok: true, reason: 'Serving', message: `${results.length} pods serve` }
}

export type Serving = { readonly ok: true; readonly pods: readonly Pod[]; readonly port: number } | { readonly ok: false; readonly message: string }

/** The ready pods behind the endpoint's Service, and the port on which they listen. */
export async function servingPods(world: StackWorld, stack: Stack, endpoint: EndpointSpec): Promise<Serving> {
  const namespace = stack.metadata.namespace ?? ''
  const name = endpoint.service ?? ''
  const service = await world.api.find(SERVICES, { namespace, name })
  if (service === undefined) return { ok: false, message: `Service ${name} does not exist: check endpoint.service` }
  const port = service.spec?.ports?.find((p) => p.port === endpoint.port)
  if (port === undefined) return { ok: false, message: `Service ${name} has no port ${endpoint.port}; it has ${(service.spec?.ports ?? []).map((p) => p.port).join(', ')}` }
  const pods = podsBySelector(world, namespace, service.spec?.selector ?? {}).filter(isReady)
  if (service.spec?.selector === undefined || pods.length === 0) return { ok: false, message: `Service ${name} has no ready pods` }
  return { ok: true, pods, port: containerPort(pods[0], port) }
}

type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number]
function containerPort(pod: Pod | undefined, { targetPort, port }: ServicePort): number {
  if (typeof targetPort !== 'string') return targetPort ?? port
  return pod?.spec?.containers.flatMap((c) => c.ports ?? []).find((p) => p.name === targetPort)?.containerPort ?? port
}

const isReady = (pod: Pod): boolean => pod.metadata.deletionTimestamp === undefined && pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true
export const bracketed = (ip: string): string => (ip.includes(':') ? `[${ip}]` : ip)

/** One pod asks once; its finding comes by its termination message. A finished one is read and removed. */
async function probeByPod(world: StackWorld, stack: Stack, target: Target): Promise<ProbeView> {
  const namespace = stack.metadata.namespace ?? ''
  const name = probePodName(stack)
  const pod = world.pods.store.get(`${namespace}/${name}`)
  const finding = findingOf(world, pod)
  if (finding !== undefined) await world.api.delete(PODS, { namespace, name }, { gracePeriodSeconds: 0 })
  else if (pod === undefined) await createProbePod(world, stack, { name, ...target })
  return finding ?? { kind: 'running' }
}

/** What a probe pod has to say, once it has. */
function findingOf(world: StackWorld, pod: Pod | undefined): ProbeView | undefined {
  const { terminated, waiting } = pod?.status?.containerStatuses?.[0]?.state ?? {}
  if (terminated !== undefined) return viewOf(world, parseFinding(terminated.message))
  if (!isMisconfigured(waiting)) return undefined
  return { kind: 'failed', reason: 'SecretMissing', message: waiting?.message ?? '', hopeless: true, atMs: world.now() }
}

function parseFinding(message: string | undefined): Pick<ProbeResult, 'ok' | 'reason' | 'message'> {
  try {
    const { ok, reason, message: said } = JSON.parse(message ?? '') as ProbeResult
    return { ok, reason, message: said }
  } catch {
    return { ok: false, reason: 'EndpointDown', message: `the probe ended without a finding: ${(message ?? '').slice(0, 300)}` }
  }
}

async function createProbePod(world: StackWorld, stack: Stack, { name, spec, endpoint }: Target & { name: string }): Promise<void> {
  const { credentials, ca } = endpoint
  const url = endpoint.url ?? `http://${endpoint.service ?? ''}.${stack.metadata.namespace ?? ''}.svc:${endpoint.port}`
  const request: ProbeRequest = {
    url, path: endpoint.path, api: endpoint.api, model: endpoint.servedModel ?? spec.model.name, headers: endpoint.headers as Record<string, string>, smokeTest: spec.readiness.smokeTest, timeoutMs: TIMEOUT_MS,
    ...(credentials && { credential: credentialHeader(endpoint.api, credentials) }), ...(ca && { ca: '/assay/ca/ca.crt' }),
  }
  const owner = { apiVersion: API_VERSION, kind: 'Stack', name: stack.metadata.name, uid: stack.metadata.uid ?? '', controller: true, blockOwnerDeletion: true }
  const manifest = {
    metadata: { name, namespace: stack.metadata.namespace, labels: { 'app.kubernetes.io/managed-by': 'assay', [LABELS.stack]: stack.metadata.name, [LABELS.role]: 'probe' }, ownerReferences: [owner] },
    spec: {
      restartPolicy: 'Never', automountServiceAccountToken: false, enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{
        name: 'probe', image: world.config.image, args: ['probe', '--request', JSON.stringify(request)],
        env: credentials === undefined ? [] : [{ name: 'ASSAY_CREDENTIAL', valueFrom: { secretKeyRef: credentials.secretKeyRef } }],
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
        resources: { requests: { cpu: '20m', memory: '96Mi' }, limits: { memory: '512Mi' } },
        volumeMounts: ca === undefined ? [] : [{ name: 'ca', mountPath: '/assay/ca', readOnly: true }],
      }],
      volumes: ca === undefined ? [] : [{ name: 'ca', configMap: { name: ca.configMap, items: [{ key: ca.key, path: 'ca.crt' }] } }],
    },
  }
  try {
    world.pods.learn(await world.api.create(PODS, manifest, { fieldManager: FIELD_MANAGER }))
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
}
