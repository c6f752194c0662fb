// SPDX-License-Identifier: Apache-2.0
/** The descriptors of the built-in resources that Assay touches, typed by client-node's models as they are on the wire. */
import type {
  CoreV1Event, V1ConfigMap, V1CustomResourceDefinition, V1DaemonSet, V1Deployment, V1Job, V1Lease, V1Namespace, V1Node,
  V1PersistentVolumeClaim, V1Pod, V1Secret, V1SelfSubjectAccessReview, V1Service, V1ServiceAccount, V1StatefulSet, V1SubjectAccessReview,
  V1TokenReview, AuthenticationV1TokenRequest, EventsV1Event,
} from '@kubernetes/client-node'
import type { ApiResource, KubeObject, Served } from './api-resource.ts'

export type Pod = Served<V1Pod>
export type Job = Served<V1Job>
export type ConfigMap = Served<V1ConfigMap>
export type Secret = Served<V1Secret>
export type Service = Served<V1Service>
export type ServiceAccount = Served<V1ServiceAccount>
export type PersistentVolumeClaim = Served<V1PersistentVolumeClaim>
export type Namespace = Served<V1Namespace>
export type Node = Served<V1Node>
export type Deployment = Served<V1Deployment>
export type StatefulSet = Served<V1StatefulSet>
export type DaemonSet = Served<V1DaemonSet>
export type Lease = Served<V1Lease>
export type KubeEvent = Served<EventsV1Event>
export type CoreEvent = Served<CoreV1Event>
export type CustomResourceDefinition = Served<V1CustomResourceDefinition>
export type TokenReview = Served<V1TokenReview>
export type TokenRequest = Served<AuthenticationV1TokenRequest>
export type SubjectAccessReview = Served<V1SubjectAccessReview>
export type SelfSubjectAccessReview = Served<V1SelfSubjectAccessReview>

export const PODS = core<Pod>('pods', 'Pod')
export const CONFIG_MAPS = core<ConfigMap>('configmaps', 'ConfigMap')
export const SECRETS = core<Secret>('secrets', 'Secret')
export const SERVICES = core<Service>('services', 'Service')
export const SERVICE_ACCOUNTS = core<ServiceAccount>('serviceaccounts', 'ServiceAccount')
export const PERSISTENT_VOLUME_CLAIMS = core<PersistentVolumeClaim>('persistentvolumeclaims', 'PersistentVolumeClaim')
/** The kubelet's events, as it writes them. */
export const CORE_EVENTS = core<CoreEvent>('events', 'Event')
export const NAMESPACES = clusterWide<Namespace>(core('namespaces', 'Namespace'))
export const NODES = clusterWide<Node>(core('nodes', 'Node'))
/** What a service account's `token` subresource takes and gives, in the apiVersion authentication.k8s.io/v1. */
export const TOKEN_REQUESTS = core<TokenRequest>('serviceaccounts', 'TokenRequest')

export const JOBS = grouped<Job>('batch', 'jobs', 'Job')
export const DEPLOYMENTS = grouped<Deployment>('apps', 'deployments', 'Deployment')
export const STATEFUL_SETS = grouped<StatefulSet>('apps', 'statefulsets', 'StatefulSet')
export const DAEMON_SETS = grouped<DaemonSet>('apps', 'daemonsets', 'DaemonSet')
export const LEASES = grouped<Lease>('coordination.k8s.io', 'leases', 'Lease')
export const EVENTS = grouped<KubeEvent>('events.k8s.io', 'events', 'Event')
export const CUSTOM_RESOURCE_DEFINITIONS = clusterWide<CustomResourceDefinition>(grouped('apiextensions.k8s.io', 'customresourcedefinitions', 'CustomResourceDefinition'))
export const TOKEN_REVIEWS = clusterWide<TokenReview>(grouped('authentication.k8s.io', 'tokenreviews', 'TokenReview'))
export const SUBJECT_ACCESS_REVIEWS = clusterWide<SubjectAccessReview>(grouped('authorization.k8s.io', 'subjectaccessreviews', 'SubjectAccessReview'))
export const SELF_SUBJECT_ACCESS_REVIEWS = clusterWide<SelfSubjectAccessReview>(grouped('authorization.k8s.io', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview'))

function core<T extends KubeObject>(plural: string, kind: string): ApiResource<T> {
  return { group: '', version: 'v1', plural, kind, namespaced: true }
}

function grouped<T extends KubeObject>(group: string, plural: string, kind: string): ApiResource<T> {
  return { group, version: 'v1', plural, kind, namespaced: true }
}

function clusterWide<T extends KubeObject>(resource: ApiResource<T>): ApiResource<T> {
  return { ...resource, namespaced: false }
}
