// SPDX-License-Identifier: Apache-2.0
/** Charts and data that are files of somebody's machine: good for the command line, out of the operator's reach. */
import type { Problem } from '../model/problem.ts'
import type { ScenarioSpec } from '../model/scenario.ts'
import { DATA_KINDS, type WorkloadProfileSpec } from '../model/workload-profile.ts'

export function findLocalCharts({ deploy }: ScenarioSpec, object: string): Problem[] {
  return (deploy?.releases ?? []).flatMap(({ name, chart }) => (chart.path === undefined ? [] : [{
    reason: 'NotInCluster' as const, object, path: `spec.deploy.releases[${name}].chart.path`, message: 'this chart lies on the machine of the command line, where the operator cannot read it',
    found: chart.path, expected: 'bundled, oci, repository, or the archive in a configMap',
  }]))
}

export function findLocalFiles({ data, tokenizer }: WorkloadProfileSpec, object: string): Problem[] {
  const sources = DATA_KINDS.map((kind) => [`spec.data.${kind}.source.path`, sourceOf(data, kind)?.path] as const)
  return [...sources, ['spec.tokenizer.source.path', tokenizer.source?.path] as const].flatMap(([path, file]) => (file === undefined ? [] : [{
    reason: 'NotInCluster' as const, object, path, message: 'this file lies on the machine of the command line, where the operator cannot read it', found: file, expected: 'inline, configMap or volume',
  }]))
}

function sourceOf(data: WorkloadProfileSpec['data'], kind: (typeof DATA_KINDS)[number]) {
  return kind === 'synthetic' ? undefined : data[kind]?.source
}
