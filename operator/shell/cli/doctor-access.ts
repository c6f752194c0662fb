// SPDX-License-Identifier: Apache-2.0
/** First tiers of the doctor: does the API server answer, is it recent enough, are our kinds there and served in this version. */
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { canonicalJson } from '../../core/design/canonical.ts'
import { KINDS, VERSION as API } from '../../core/model/kinds.ts'
import { isForbidden } from '../kube/api-error.ts'
import { CUSTOM_RESOURCE_DEFINITIONS, type CustomResourceDefinition } from '../kube/builtin-resources.ts'
import { mayI } from '../kube/reviews.ts'
import type { Cluster } from './cluster.ts'
import { type Check, failed, ok, type Tier, unknown, warning } from './doctor-model.ts'

/** CEL rules of custom resources are stable from here on. */
const OLDEST = [1, 29] as const

export async function checkAccess({ client, access }: Cluster): Promise<Tier> {
  const { gitVersion } = await client.json<{ readonly gitVersion: string }>({ verb: 'get', resource: 'version', path: '/version', timeoutMs: 10_000 })
  return { title: 'Cluster', checks: [ok('API server', `${access.server} answers`), versionCheck(gitVersion)] }
}

export function versionCheck(gitVersion: string): Check {
  const [, major = '0', minor = '0'] = /^v?(\d+)\.(\d+)/.exec(gitVersion) ?? []
  const recent = Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1])
  return recent ? ok('version', gitVersion) : failed('version', `${gitVersion} is too old`, `Kubernetes ${OLDEST.join('.')} or newer: CEL rules, native sidecars`)
}

export async function checkKinds({ api, namespace }: Cluster): Promise<Tier> {
  const look = async ({ kind, plural }: { readonly kind: string; readonly plural: string }) => {
    const [there, ours] = await Promise.all([api.find(CUSTOM_RESOURCE_DEFINITIONS, { name: `${plural}.assay.dev` }), ourDefinition(plural)])
    return definitionCheck(kind, there, ours)
  }
  const definitions = await Promise.all(Object.values(KINDS).map(look))
    .catch((error: unknown) => { if (isForbidden(error)) return [unknown('kinds', 'you may not look at CustomResourceDefinitions')]; throw error })
  const rights = await Promise.all((['create', 'delete'] as const).map(async (verb) => (await mayI(api, { verb, group: 'assay.dev', resource: 'experiments', namespace })
    ? ok(`you may ${verb} Experiments`, `in namespace ${namespace}`)
    : failed(`you may ${verb} Experiments`, `not in namespace ${namespace}`, `kubectl create rolebinding assay --clusterrole=edit --user=YOU -n ${namespace} (by an administrator)`))))
  return { title: 'Kinds', checks: [...definitions, ...rights] }
}

const INSTALL = 'make install, or: helm upgrade --install assay charts/assay -n assay-system --create-namespace'

/** As this version of Assay would install it. */
async function ourDefinition(plural: string): Promise<CustomResourceDefinition> {
  return parse(await readFile(new URL(`../../../crds/${plural}.yaml`, import.meta.url), 'utf8')) as CustomResourceDefinition
}

/** With the schema of another version fields are dropped or filled in that this one does not know. */
export function definitionCheck(kind: string, definition: CustomResourceDefinition | undefined, ours: CustomResourceDefinition): Check {
  if (definition === undefined) return failed(kind, 'is not installed', INSTALL)
  const served = (definition.spec?.versions ?? []).filter((v) => v.served).map((v) => v.name)
  if (!served.includes(API)) return failed(kind, `is served as ${served.join(', ')}, not as ${API}`, INSTALL)
  const established = definition.status?.conditions?.some((c) => c.type === 'Established' && c.status === 'True') === true
  if (!established) return failed(kind, 'is not established yet', `kubectl describe crd ${definition.metadata.name}`)
  const schemaOf = ({ spec }: CustomResourceDefinition) => canonicalJson(spec?.versions.find((v) => v.name === API)?.schema)
  return schemaOf(definition) === schemaOf(ours) ? ok(kind, served.join(', ')) : warning(kind, `${served.join(', ')}, with the schema of another version of Assay`, INSTALL)
}
