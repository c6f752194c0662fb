// SPDX-License-Identifier: Apache-2.0
/** An imported object as a file: what is not expressed stands above it as comments, so that nobody takes it for the whole. */
import { stringify } from 'yaml'
import { API_VERSION } from '../model/kinds.ts'
import type { ImportedObject } from './llm-d-benchmark.ts'

export function importedText({ kind, name, from, spec, dropped, notes }: ImportedObject): string {
  const list = (title: string, remarks: ImportedObject['notes']) => (remarks.length === 0 ? [] : [`${title} (${remarks.length}):`, ...remarks.map(({ path, reason }) => `  ${path}: ${reason}`)])
  const comments = [`${kind} imported from ${from} of llm-d-benchmark`, ...list('Not expressed', dropped), ...list('Not quite the same', notes)]
  const head = comments.map((line) => `# ${line.replaceAll(/\s*\n\s*/g, ' ')}`).join('\n')
  if (spec === undefined) return `${head}\n`
  return `${head}\n${stringify({ apiVersion: API_VERSION, kind, metadata: { name }, spec }, { lineWidth: 0, aliasDuplicateObjects: false })}`
}

/** Folder and file of an object in a library. */
export function importedPath({ kind, name }: Pick<ImportedObject, 'kind' | 'name'>): string {
  const folder = kind === 'Scenario' ? 'scenarios' : kind === 'WorkloadProfile' ? 'workload-profiles' : 'experiments'
  return `${folder}/${name}.yaml`
}
