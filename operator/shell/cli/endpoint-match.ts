// SPDX-License-Identifier: Apache-2.0
/** Which running Service or pod somebody means by a part of its name, and on which port it serves. Pure. */
import type { Pod, Service } from '../kube/builtin-resources.ts'

export type EndpointMatch =
  | { readonly kind: 'service'; readonly name: string; readonly port: number; readonly selector: Readonly<Record<string, string>> | undefined }
  | { readonly kind: 'pod'; readonly name: string; readonly port: number; readonly address: string }
  | { readonly kind: 'ambiguous'; readonly names: readonly string[] }
  | { readonly kind: 'none' }

/** Ports of inference servers, the likeliest first, for Services that name none of theirs http. */
const USUAL_PORTS = [8000, 80, 8080, 8200, 30_000, 3000, 11_434]

/** Services come first: they reach all replicas. */
export function matchEndpoint(text: string, services: readonly Service[], pods: readonly Pod[]): EndpointMatch {
  const found = narrowed(text, services.filter((s) => (s.spec?.ports ?? []).length > 0))
  if (found.length > 1) return { kind: 'ambiguous', names: found.map((s) => `service/${s.metadata.name}`) }
  if (found[0] !== undefined) return ofService(found[0])
  const pod = narrowed(text, pods.filter(isServing))[0]
  return pod === undefined ? { kind: 'none' } : { kind: 'pod', name: pod.metadata.name, port: portOfPod(pod), address: pod.status?.podIP ?? '' }
}

/** The one of that very name, else all whose name contains it. */
export function narrowed<T extends { readonly metadata: { readonly name: string } }>(text: string, objects: readonly T[]): T[] {
  const exact = objects.filter((o) => o.metadata.name === text)
  return exact.length > 0 ? exact : objects.filter((o) => o.metadata.name.includes(text))
}

function ofService({ metadata: { name }, spec }: Service): EndpointMatch {
  const ports = (spec?.ports ?? []).filter((p) => p.protocol === undefined || p.protocol === 'TCP')
  const named = ports.find((p) => /^(http|openai|api|default|serve|vllm)/.test(p.name ?? ''))
  const usual = USUAL_PORTS.map((port) => ports.find((p) => p.port === port)).find((p) => p !== undefined)
  return { kind: 'service', name, port: (named ?? usual ?? ports[0])?.port ?? 80, selector: spec?.selector }
}

/** Of a Ready pod with an address; the pods of our own trials serve nothing. */
function isServing({ metadata, status }: Pod): boolean {
  const ready = status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true
  return ready && status?.podIP !== undefined && metadata.labels?.['assay.dev/role'] === undefined
}

function portOfPod({ spec }: Pod): number {
  const ports = (spec?.containers ?? []).flatMap((c) => c.ports ?? [])
  const named = ports.find((p) => /^(http|openai|api|serve|vllm)/.test(p.name ?? ''))
  const usual = USUAL_PORTS.map((port) => ports.find((p) => p.containerPort === port)).find((p) => p !== undefined)
  return (named ?? usual ?? ports[0])?.containerPort ?? 8000
}
