// SPDX-License-Identifier: Apache-2.0
/** Which objects of the cluster a scenario, a workload and a harness name: volumes, configuration, Secrets, and what charts need. */
import type { HarnessSpec } from '../model/harness.ts'
import type { ReleaseSpec, ScenarioSpec } from '../model/scenario.ts'
import type { DataSource, WorkloadProfileSpec } from '../model/workload-profile.ts'
import type { Wanted } from './cluster-facts.ts'

const NOTHING: Wanted = { claims: [], configMaps: [], secrets: [], definitions: [], storageClasses: [], charts: [] }

export function wantedByScenario({ model, deploy, endpoint }: ScenarioSpec): Wanted {
  const { requires = {}, releases = [] } = deploy ?? {}
  const credentials = [['scenario.endpoint.credentials', endpoint?.credentials], ['scenario.endpoint.metrics.prometheus.credentials', endpoint?.metrics?.prometheus?.credentials]] as const
  const authorities = [['scenario.endpoint.ca', endpoint?.ca], ['scenario.endpoint.metrics.prometheus.ca', endpoint?.metrics?.prometheus?.ca]] as const
  const listed = (member: keyof typeof requires, names: readonly string[] = []) => names.map((name) => ({ name, path: `scenario.deploy.requires.${member}` }))
  return {
    claims: [...(model.volume === undefined ? [] : [{ name: model.volume.claimName, path: 'scenario.model.volume.claimName' }]), ...listed('claims', requires.claims)],
    configMaps: [
      ...releases.flatMap(({ name, chart, valuesFrom }) => [
        ...(chart.configMap === undefined ? [] : [{ name: chart.configMap.name, key: chart.configMap.key, path: `scenario.deploy.releases[${name}].chart.configMap` }]),
        ...valuesFrom.map(({ configMap, key }) => ({ name: configMap, key, path: `scenario.deploy.releases[${name}].valuesFrom` })),
      ]),
      ...authorities.flatMap(([path, ca]) => (ca === undefined ? [] : [{ name: ca.configMap, key: ca.key, path: `${path}.configMap` }])),
    ],
    secrets: [
      ...credentials.flatMap(([path, found]) => (found === undefined ? [] : [{ ...found.secretKeyRef, path: `${path}.secretKeyRef` }])),
      ...(requires.secrets ?? []).map(({ name, key }) => ({ name, key, path: 'scenario.deploy.requires.secrets' })),
    ],
    definitions: listed('definitions', requires.definitions), storageClasses: listed('storageClasses', requires.storageClasses),
    charts: releases.flatMap(({ name, chart, version }) => (chart.oci === undefined && chart.repository === undefined ? [] : [{ name: chartName({ chart, version }), chart, version, path: `scenario.deploy.releases[${name}].chart` }])),
  }
}

/** As people name it: where it comes from, and its version. */
function chartName({ chart: { oci = '', repository }, version = '' }: Pick<ReleaseSpec, 'chart' | 'version'>): string {
  return `${repository === undefined ? oci : `${repository.url.replace(/\/$/, '')}/${repository.name}`} ${version}`.trim()
}

export function wantedByWorkload({ data, tokenizer }: WorkloadProfileSpec): Wanted {
  const sources = [['workload.tokenizer.source', tokenizer.source], ...Object.entries(data).map(([kind, member]) => [`workload.data.${kind}.source`, sourceOf(member)] as const)] as readonly (readonly [string, DataSource | undefined])[]
  return {
    ...NOTHING,
    claims: sources.flatMap(([path, source]) => (source?.volume === undefined ? [] : [{ name: source.volume.claimName, path: `${path}.volume` }])),
    configMaps: sources.flatMap(([path, source]) => (source?.configMap === undefined ? [] : [{ ...source.configMap, path: `${path}.configMap` }])),
  }
}

const sourceOf = (member: unknown): DataSource | undefined => (typeof member === 'object' && member !== null && 'source' in member ? (member.source as DataSource) : undefined)

export function wantedByHarness({ env }: HarnessSpec): Wanted {
  return { ...NOTHING, secrets: env.flatMap(({ name, secretKeyRef }) => (secretKeyRef === undefined ? [] : [{ ...secretKeyRef, path: `harness.env[${name}].secretKeyRef` }])) }
}

/** Each object once, by where it is named first. */
export function mergeWanted(all: readonly Wanted[]): Wanted {
  const once = <T extends { readonly name: string; readonly key?: string | undefined }>(items: readonly T[]) => [...new Map(items.toReversed().map((i) => [`${i.name}/${i.key ?? ''}`, i])).values()].toReversed()
  return {
    claims: once(all.flatMap((w) => w.claims)), configMaps: once(all.flatMap((w) => w.configMaps)), secrets: once(all.flatMap((w) => w.secrets)),
    definitions: once(all.flatMap((w) => w.definitions)), storageClasses: once(all.flatMap((w) => w.storageClasses)), charts: once(all.flatMap((w) => w.charts)),
  }
}
