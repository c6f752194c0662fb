// SPDX-License-Identifier: Apache-2.0
/** The objects of one attempt: the Trial's ConfigMap and the Job. Pure manifests; every pod meets the `restricted` standard. */
import type { EndpointSpec } from '../model/scenario.ts'
import { API_VERSION, LABELS, type OwnerReference, RESULTS_AUDIENCE, type Trial } from '../model/kinds.ts'
import { DEFAULT_PATHS, PROMETHEUS_ENV, TOKEN_PATH, type TrialJob } from '../model/trial-job.ts'
import { type DataSource, dataSource } from '../model/workload-profile.ts'
import type { EnvVar } from '../model/common.ts'
import { type EngineNeeds, engineVolumes, modelMounts, SHARED_MEMORY_MOUNT, withAccelerators } from './engine-pod.ts'

export interface AttemptInput {
  readonly trial: Trial
  readonly job: TrialJob
  /** Rendered command, files and environment of the harness. */
  readonly rendered: { readonly files: Readonly<Record<string, string>>; readonly command: readonly string[]; readonly env: readonly EnvVar[] }
  readonly endpoint: EndpointSpec
  /** Image of prepare and collector. */
  readonly image: string
  /** Nodes of the serving pods, which the load generator avoids. */
  readonly servingNodes: readonly string[]
  /** For a tool that runs the engine itself. */
  readonly engine?: EngineNeeds
}

type Manifest = Record<string, unknown>
const USER = 1000
const HARDENED = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } } as const
/** Small by default; the harness may say otherwise. */
const OWN_RESOURCES = { requests: { cpu: '20m', memory: '96Mi' }, limits: { memory: '1Gi' } } as const

export function trialOwner(trial: Trial): OwnerReference {
  return { apiVersion: API_VERSION, kind: 'Trial', name: trial.metadata.name, uid: trial.metadata.uid ?? '', controller: true, blockOwnerDeletion: true }
}

export function attemptLabels(trial: Trial, attempt: number): Record<string, string> {
  const inherited = Object.fromEntries([LABELS.experiment, LABELS.run].flatMap((l) => (trial.metadata.labels?.[l] === undefined ? [] : [[l, trial.metadata.labels[l]]])))
  return { ...inherited, 'app.kubernetes.io/managed-by': 'assay', [LABELS.trial]: trial.metadata.name, [LABELS.stack]: trial.spec.stackRef.name, [LABELS.attempt]: String(attempt), [LABELS.role]: 'harness' }
}

/** First the Trial's ConfigMap says what the pod is told; when results are stored it says what was found. */
export function configMapOf(input: AttemptInput): Manifest {
  const { trial, job, rendered } = input
  const inline = sources(trial).flatMap(({ source }, i) => (source.inline === undefined ? [] : [[`data-${i}`, source.inline]]))
  return {
    metadata: { name: trial.metadata.name, namespace: trial.metadata.namespace, labels: attemptLabels(trial, job.trial.attempt), ownerReferences: [trialOwner(trial)] },
    data: { 'trial.json': JSON.stringify(job), ...rendered.files, ...Object.fromEntries(inline) },
  }
}

/** The files that a workload names, tokenizer first; their order numbers their mounts. */
export function sources(trial: Trial): { readonly what: 'tokenizer' | 'data'; readonly source: DataSource }[] {
  const { tokenizer, data } = trial.spec.workload
  const file = dataSource(data)
  return [
    ...(tokenizer.source === undefined ? [] : [{ what: 'tokenizer' as const, source: tokenizer.source }]),
    ...(file === undefined ? [] : [{ what: 'data' as const, source: file }]),
  ]
}

/** Where the pod finds the file of a source. */
export function mountedPath(source: DataSource, index: number): string {
  if (source.inline !== undefined) return `${DEFAULT_PATHS.config}/data-${index}`
  if (source.configMap !== undefined) return `/assay/data/${index}/${source.configMap.key}`
  return `/assay/data/${index}/${source.volume?.path ?? ''}`
}

export function jobOf(input: AttemptInput): Manifest {
  const { trial, job } = input
  const labels = attemptLabels(trial, job.trial.attempt)
  return {
    metadata: { name: job.trial.job, namespace: trial.metadata.namespace, labels, ownerReferences: [trialOwner(trial)] },
    spec: {
      backoffLimit: 0, completions: 1, parallelism: 1, podReplacementPolicy: 'Failed', ttlSecondsAfterFinished: 3600,
      template: { metadata: { labels, annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false', ...trial.spec.harness.pod.annotations } }, spec: podSpec(input) },
    },
  }
}

function podSpec(input: AttemptInput): Manifest {
  const { pod } = input.trial.spec.harness
  const { engine } = input
  const nodeSelector = { ...engine?.nodeSelector, ...pod.nodeSelector }
  const tolerations = [...(engine?.tolerations ?? []), ...(pod.tolerations ?? [])]
  return {
    restartPolicy: 'Never', shareProcessNamespace: true, automountServiceAccountToken: false, enableServiceLinks: false, terminationGracePeriodSeconds: 120,
    securityContext: { runAsNonRoot: true, runAsUser: USER, runAsGroup: USER, fsGroup: USER, seccompProfile: { type: 'RuntimeDefault' } },
    initContainers: [prepareContainer(input), collectorContainer(input)],
    containers: [harnessContainer(input)],
    volumes: [...volumes(input.trial), ...caVolume(input.endpoint), ...credentialVolume(input.endpoint), ...prometheusCaVolume(input.endpoint), ...(engine === undefined ? [] : engineVolumes(engine))],
    ...(Object.keys(nodeSelector).length > 0 && { nodeSelector }),
    ...(tolerations.length > 0 && { tolerations }),
    ...(pod.awayFromServer && input.servingNodes.length > 0 && { affinity: awayFrom(input.servingNodes) }),
  }
}

function awayFrom(nodes: readonly string[]): Manifest {
  const preference = { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'NotIn', values: [...nodes] }] }
  return { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference }] } }
}

const MOUNTS = [{ name: 'config', mountPath: DEFAULT_PATHS.config, readOnly: true }, { name: 'work', mountPath: '/assay/run' }, { name: 'tmp', mountPath: '/tmp' }] as const

function ownContainer(name: string, input: AttemptInput): Manifest {
  return { name, image: input.image, args: [name], securityContext: HARDENED, resources: OWN_RESOURCES, terminationMessagePolicy: 'FallbackToLogsOnError' }
}

function prepareContainer(input: AttemptInput): Manifest {
  return { ...ownContainer('prepare', input), volumeMounts: [...MOUNTS, ...dataMounts(input.trial)] }
}

function collectorContainer(input: AttemptInput): Manifest {
  return {
    ...ownContainer('collector', input), restartPolicy: 'Always', env: [...credential(input.endpoint), ...prometheusCredential(input.endpoint), ...secretsToMask(input.rendered.env)],
    volumeMounts: [...MOUNTS, ...prometheusCaMount(input.endpoint), { name: 'token', mountPath: TOKEN_PATH.slice(0, TOKEN_PATH.lastIndexOf('/')), readOnly: true }],
  }
}

function harnessContainer(input: AttemptInput): Manifest {
  const { harness } = input.trial.spec
  const { engine } = input
  const [command, ...args] = input.rendered.command
  const resources = harness.pod.resources ?? { requests: { cpu: '250m', memory: '256Mi' } }
  return {
    name: 'harness', image: harness.image, ...(command !== undefined && { command: [command], args }), workingDir: DEFAULT_PATHS.out,
    env: [{ name: 'ASSAY_TRIAL', value: `${DEFAULT_PATHS.config}/trial.json` }, { name: 'HOME', value: '/tmp' }, ...credential(input.endpoint), ...input.rendered.env.map(envVar)],
    securityContext: HARDENED, resources: engine === undefined ? resources : withAccelerators(resources, engine),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [...MOUNTS, ...dataMounts(input.trial), ...caMount(input.endpoint), ...credentialMount(input.endpoint), ...(engine === undefined ? [] : [SHARED_MEMORY_MOUNT, ...modelMounts(engine)])],
  }
}

function envVar({ name, value, secretKeyRef }: EnvVar): Manifest {
  return secretKeyRef === undefined ? { name, value: value ?? '' } : { name, valueFrom: { secretKeyRef } }
}

/** Only the pod reads the Secret. */
function credential(endpoint: EndpointSpec): Manifest[] {
  return endpoint.credentials === undefined ? [] : [{ name: 'ASSAY_CREDENTIAL', valueFrom: { secretKeyRef: endpoint.credentials.secretKeyRef } }]
}

export const CREDENTIAL_PATH = '/assay/credential/value'
/** The same value as a file, which follows the Secret while the harness runs. */
function credentialMount({ credentials }: EndpointSpec): Manifest[] {
  return credentials === undefined ? [] : [{ name: 'credential', mountPath: '/assay/credential', readOnly: true }]
}

function credentialVolume({ credentials }: EndpointSpec): Manifest[] {
  if (credentials === undefined) return []
  const { name, key } = credentials.secretKeyRef
  return [{ name: 'credential', secret: { secretName: name, items: [{ key, path: 'value' }], defaultMode: 0o440 } }]
}

/** The collector alone asks Prometheus, and masks what it asks with. */
function prometheusCredential({ metrics }: EndpointSpec): Manifest[] {
  const secretKeyRef = metrics?.prometheus?.credentials?.secretKeyRef
  return secretKeyRef === undefined ? [] : [{ name: PROMETHEUS_ENV, valueFrom: { secretKeyRef } }]
}

export const PROMETHEUS_CA_PATH = '/assay/prometheus-ca/ca.crt'
function prometheusCaMount({ metrics }: EndpointSpec): Manifest[] {
  return metrics?.prometheus?.ca === undefined ? [] : [{ name: 'prometheus-ca', mountPath: '/assay/prometheus-ca', readOnly: true }]
}

function prometheusCaVolume({ metrics }: EndpointSpec): Manifest[] {
  const ca = metrics?.prometheus?.ca
  return ca === undefined ? [] : [{ name: 'prometheus-ca', configMap: { name: ca.configMap, items: [{ key: ca.key, path: 'ca.crt' }] } }]
}

/** Secrets of the harness's environment, so that the collector can mask them in whatever the tool writes. */
function secretsToMask(env: readonly EnvVar[]): Manifest[] {
  return env.flatMap(({ secretKeyRef }) => (secretKeyRef === undefined ? [] : [secretKeyRef])).map((secretKeyRef, i) => ({ name: `ASSAY_SECRET_${i}`, valueFrom: { secretKeyRef } }))
}

export const CA_PATH = '/assay/ca/ca.crt'
function caMount(endpoint: EndpointSpec): Manifest[] {
  return endpoint.ca === undefined ? [] : [{ name: 'ca', mountPath: '/assay/ca', readOnly: true }]
}

function caVolume({ ca }: EndpointSpec): Manifest[] {
  return ca === undefined ? [] : [{ name: 'ca', configMap: { name: ca.configMap, items: [{ key: ca.key, path: 'ca.crt' }] } }]
}

function dataMounts(trial: Trial): Manifest[] {
  return sources(trial).flatMap(({ source }, i) => (source.inline === undefined ? [{ name: `data-${i}`, mountPath: `/assay/data/${i}`, readOnly: true }] : []))
}

function volumes(trial: Trial): Manifest[] {
  const data = sources(trial).flatMap(({ source }, i): Manifest[] => {
    if (source.configMap !== undefined) return [{ name: `data-${i}`, configMap: { name: source.configMap.name, items: [{ key: source.configMap.key, path: source.configMap.key }] } }]
    return source.volume === undefined ? [] : [{ name: `data-${i}`, persistentVolumeClaim: { claimName: source.volume.claimName, readOnly: true } }]
  })
  return [
    { name: 'config', configMap: { name: trial.metadata.name } },
    { name: 'work', emptyDir: {} },
    { name: 'tmp', emptyDir: {} },
    { name: 'token', projected: { sources: [{ serviceAccountToken: { audience: RESULTS_AUDIENCE, expirationSeconds: 3600, path: 'token' } }] } },
    ...data,
  ]
}
