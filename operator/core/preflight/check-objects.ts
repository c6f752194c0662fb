// SPDX-License-Identifier: Apache-2.0
/** Whether the objects that specifications name exist, with the keys that they need. */
import { nearest } from '../model/nearest.ts'
import type { ChartFact, ClusterFacts, Wanted } from './cluster-facts.ts'
import type { Finding } from './finding.ts'

export function checkObjects(wanted: Wanted, facts: ClusterFacts): Finding[] {
  return [
    ...wanted.claims.flatMap(({ name, path }) => checkClaim(name, path, facts.claims?.[name])),
    ...wanted.configMaps.flatMap((w) => checkKeyed({ ...w, kind: 'ConfigMap', check: 'configMap' }, facts.configMaps?.[w.name])),
    ...wanted.secrets.flatMap((w) => checkKeyed({ ...w, kind: 'Secret', check: 'secret' }, facts.secrets?.[w.name])),
    ...wanted.definitions.flatMap(({ name, path }): Finding[] => (facts.definitions?.[name] === false ? [missing({ check: 'definition', path, message: `there is no CustomResourceDefinition ${name}`, fix: 'install what brings it' })] : [])),
    ...wanted.storageClasses.flatMap(({ name, path }): Finding[] => (facts.storageClasses?.[name] === false ? [missing({ check: 'storageClass', path, message: `there is no StorageClass ${name}`, fix: 'name one that exists: kubectl get storageclasses' })] : [])),
    ...wanted.charts.flatMap(({ name, path }) => checkChart(name, path, facts.charts?.[name])),
  ]
}

const missing = (finding: Omit<Finding, 'severity'>): Finding => ({ ...finding, severity: 'fails' })

/** `undefined`: not looked at; null: looked for and not there. A claim that is pending may only wait for its first pod. */
function checkClaim(name: string, path: string, phase: string | null | undefined): Finding[] {
  if (phase === undefined || phase === 'Bound') return []
  if (phase === null) return [missing({ check: 'volume', path, message: `there is no PersistentVolumeClaim ${name} in the namespace`, fix: 'create it, with the files that it is to hold' })]
  const lost = phase === 'Lost'
  return [{ severity: lost ? 'fails' : 'doubt', check: 'volume', path, message: `PersistentVolumeClaim ${name} is ${phase}`, expected: 'Bound', fix: lost ? 'its volume is gone: create both anew' : `fine where it binds with its first pod; else: kubectl describe pvc ${name}` }]
}

/** One that cannot be reached now may be there when its stack's turn comes. */
function checkChart(name: string, path: string, fact: ChartFact | undefined): Finding[] {
  if (fact === undefined || fact.kind === 'fetched') return []
  const refused = fact.kind === 'refused'
  return [{ severity: refused ? 'fails' : 'doubt', check: 'chart', path, message: `chart ${name} cannot be fetched: ${fact.message}`, fix: refused ? 'name a chart and a version that the registry has' : 'see that the operator reaches the registry' }]
}

interface Keyed { readonly name: string; readonly key?: string | undefined; readonly path: string; readonly kind: string; readonly check: 'configMap' | 'secret' }

function checkKeyed({ name, key, path, kind, check }: Keyed, keys: readonly string[] | null | undefined): Finding[] {
  if (keys === undefined) return []
  if (keys === null) return [missing({ check, path, message: `there is no ${kind} ${name} in the namespace`, fix: 'create it' })]
  if (key === undefined || keys.includes(key)) return []
  return [missing({ check, path, message: `${kind} ${name} has no key ${key}`, found: keys.join(', ') || 'no key', nearest: nearest(key, keys)[0], fix: 'add the key, or name the right one' })]
}
