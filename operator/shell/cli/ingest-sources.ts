// SPDX-License-Identifier: Apache-2.0
/** Folders and files that somebody brings → which tool wrote each, and what to call it. It reads no result. */
import { statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { recognize, type Recognized } from '../../../harnesses/reading/signature.ts'
import { SIGNATURES } from '../../../harnesses/signatures.ts'
import type { ResultFiles } from '../../core/model/result-files.ts'
import { toolFiles } from '../collector/tool-files.ts'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'
import { counted } from './say.ts'
import { isWorkFolder } from './work-folder.ts'

export const TOOLS: readonly string[] = Object.keys(SIGNATURES)

export interface Source {
  /** As it was named on the command line. */
  readonly from: string
  /** Short, and unlike those of the others. */
  readonly label: string
  /** The same as a name of objects and files. */
  readonly name: string
  readonly tool: string
  readonly files: ResultFiles
}

/** Each is one run. All are looked at before anything is read. */
export async function openSources(paths: readonly string[], tool: string | undefined): Promise<Source[]> {
  const twice = paths.find((path, i) => paths.findIndex((other) => resolve(other) === resolve(path)) !== i)
  if (twice !== undefined) throw new CliError(EXIT.usage, `${twice} is named twice`)
  const labels = shortestLabels(paths.map((path) => resolve(path)))
  const names = objectNames(labels)
  const sources: Source[] = []
  for (const [i, from] of paths.entries()) {
    const files = filesAt(from)
    sources.push({ from, label: labels[i] ?? from, name: names[i] ?? from, files, tool: tool ?? (await onlyTool(from, files)) })
  }
  return sources
}

function filesAt(path: string): ResultFiles {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw new CliError(EXIT.usage, `${path}: there is no such file or folder`)
  if (!found.isDirectory()) return only(toolFiles(dirname(resolve(path))), basename(path))
  if (isWorkFolder(path)) throw new CliError(EXIT.usage, `${path} holds findings already`, `assay report ${path}`)
  return toolFiles(path)
}

function only(files: ResultFiles, name: string): ResultFiles {
  return { ...files, list: async () => (await files.list()).filter((found) => found === name) }
}

async function onlyTool(path: string, files: ResultFiles): Promise<string> {
  const found = await recognize(files, SIGNATURES)
  const [first, ...others] = found
  if (first === undefined) {
    const names = await files.list()
    const shown = names.length === 0 ? 'no file' : `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${counted(names.length - 5, 'more file')}` : ''}`
    throw new CliError(EXIT.usage, `${path}: no tool that is known wrote this: found ${shown}`, `known are ${TOOLS.join(', ')} (--tool); files of another tool need a Harness with results.mapping (--harness)`)
  }
  if (others.length > 0) {
    throw new CliError(EXIT.usage, `${path}: several tools wrote this: ${found.map(described).join('; ')}`, 'name the folder of one run, or the tool: --tool')
  }
  return first.tool
}

function described({ tool, files }: Recognized): string {
  return `${tool} (${files.slice(0, 2).join(', ')}${files.length > 2 ? ', …' : ''})`
}

/** As many of the last parts of each path as tell all of them apart. */
export function shortestLabels(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split('/').filter((part) => part !== ''))
  const longest = Math.max(1, ...parts.map((p) => p.length))
  for (let length = 1; length < longest; length++) {
    const labels = parts.map((p) => p.slice(-length).join('/'))
    if (new Set(labels).size === labels.length) return labels
  }
  return parts.map((p) => p.join('/'))
}

const LONGEST_NAME = 50

/** Names of objects are lower case letters, digits and hyphens. */
export function objectNames(labels: readonly string[]): string[] {
  const taken = new Set<string>()
  return labels.map((label) => {
    const plain = label.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replace(/^-+/, '').slice(0, LONGEST_NAME).replace(/-+$/, '') || 'run'
    let name = plain
    for (let n = 2; taken.has(name); n++) name = `${plain}-${n}`
    taken.add(name)
    return name
  })
}
