// SPDX-License-Identifier: Apache-2.0
/** The rules of the Pod Security Standard `restricted` that a pod template can break. For tests of charts. */

type Map = Readonly<Record<string, unknown>>

const VOLUMES = new Set(['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'])

/** Every broken rule as a sentence; none means that the standard is met. */
export function findRestrictedViolations(pod: Map): string[] {
  const context = mapOf(pod['securityContext'])
  const containers = [...listOf(pod['containers']), ...listOf(pod['initContainers'])]
  return [
    ...['hostNetwork', 'hostPID', 'hostIPC'].filter((name) => pod[name] === true).map((name) => `the pod uses ${name}`),
    ...listOf(pod['volumes']).filter((volume) => !Object.keys(volume).some((key) => VOLUMES.has(key))).map((volume) => `volume ${String(volume['name'])} is of a kind that is not allowed`),
    ...containers.flatMap((container) => violationsOf(container, context).map((violation) => `container ${String(container['name'])}: ${violation}`)),
  ]
}

function violationsOf(container: Map, pod: Map): string[] {
  const own = mapOf(container['securityContext'])
  const effective = (name: string) => own[name] ?? pod[name]
  const rules: readonly (readonly [string, boolean])[] = [
    ['is privileged', own['privileged'] === true],
    ['may gain privileges', own['allowPrivilegeEscalation'] !== false],
    ['may run as root', effective('runAsNonRoot') !== true || effective('runAsUser') === 0],
    ['keeps capabilities', !(listOfStrings(mapOf(own['capabilities'])['drop']).includes('ALL'))],
    ['adds capabilities', listOfStrings(mapOf(own['capabilities'])['add']).some((name) => name !== 'NET_BIND_SERVICE')],
    ['has no seccomp profile', !['RuntimeDefault', 'Localhost'].includes(String(mapOf(effective('seccompProfile'))['type']))],
    ['uses host ports', listOf(container['ports']).some((port) => Boolean(port['hostPort']))],
  ]
  return rules.filter(([, broken]) => broken).map(([rule]) => rule)
}

function mapOf(value: unknown): Map {
  return typeof value === 'object' && value !== null ? value as Map : {}
}

function listOf(value: unknown): readonly Map[] {
  return Array.isArray(value) ? value as readonly Map[] : []
}

function listOfStrings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}
