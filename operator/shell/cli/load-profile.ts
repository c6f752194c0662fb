// SPDX-License-Identifier: Apache-2.0
/** The workload profile of a file: its stages and sources. It runs nothing. */
import { resolve } from 'node:path'
import { nearest } from '../../core/model/nearest.ts'
import { loadKind, WorkloadProfileSpec, type DataSource } from '../../core/model/workload-profile.ts'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'
import { readSpecFile, type SpecFile } from './spec-file.ts'

export type ProfileFile = SpecFile<WorkloadProfileSpec>

export function readProfile(path: string): Promise<ProfileFile> {
  return readSpecFile(path, 'WorkloadProfile', WorkloadProfileSpec)
}

/** Only the stages of these names. Loads that have one stage know it by the kind of load. */
export function withStages(spec: WorkloadProfileSpec, wanted: readonly string[]): WorkloadProfileSpec {
  if (wanted.length === 0) return spec
  const kind = loadKind(spec.load)
  const member = kind === 'toolProfile' ? undefined : spec.load[kind]
  if (member === undefined || !('stages' in member)) {
    if (wanted.every((name) => name === kind)) return spec
    throw new CliError(EXIT.usage, `--stage ${wanted.join(' ')}: a load of kind ${kind} has no stages to choose from`)
  }
  const names = member.stages.map((stage) => stage.name)
  const unknown = wanted.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    const guess = nearest(unknown, names)[0]
    throw new CliError(EXIT.usage, `--stage ${unknown}: expected one of ${names.join(', ')}${guess === undefined ? '' : `; did you mean ${guess}?`}`)
  }
  return { ...spec, load: { ...spec.load, [kind]: { ...member, stages: member.stages.filter((stage) => wanted.includes(stage.name)) } } }
}

/** Where the content of a source lies for the command line; inline content has no path. Only a cluster has the others. */
export function sourcePath(source: DataSource | undefined, { folder }: Pick<ProfileFile, 'folder'>, what: string): string | undefined {
  if (source === undefined || source.inline !== undefined) return undefined
  if (source.path !== undefined) return resolve(folder, source.path)
  throw new CliError(EXIT.usage, `${what}: a ConfigMap or volume is only there in a cluster`, `set ${what}.path to a file beside the profile`)
}
