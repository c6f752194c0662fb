// SPDX-License-Identifier: Apache-2.0
/** A Stack or a Trial of one's own as files: its manifest and the values that its releases get. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'
import type { Stack } from '../../core/model/kinds.ts'
import { renderScenario } from '../../core/plan/render.ts'
import { invalidInput } from './cli-error.ts'

export const yamlText = (value: unknown): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })

/** Rendered values by release. */
export function valuesOf({ spec, metadata: { name, namespace = '' } }: Stack): Record<string, unknown> {
  if (spec.scenario === undefined) return {}
  const rendered = renderScenario(spec.scenario, { stackName: name, namespace })
  if (!rendered.ok) throw invalidInput(rendered.problems)
  return Object.fromEntries(rendered.value.releases.map((r) => [r.release, r.values]))
}

export async function writeYaml(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, yamlText(value))
}

export async function writeStack(folder: string, stack: Stack): Promise<void> {
  await writeYaml(join(folder, 'manifests', `stack-${stack.metadata.name}.yaml`), stack)
  for (const [release, values] of Object.entries(valuesOf(stack))) await writeYaml(join(folder, 'values', `${release}.yaml`), values)
}

/** All that would be applied, as one text for kubectl; rendered values stand in comments. */
export function dryRunText(manifests: readonly object[], values: Readonly<Record<string, unknown>>): string {
  const comments = Object.entries(values).map(([release, value]) => `# values of Helm release ${release}\n${yamlText(value).trimEnd().replaceAll(/^/gm, '#   ')}\n`)
  return [...manifests.map(yamlText), ...comments].join('---\n')
}
