// SPDX-License-Identifier: Apache-2.0
/** What a command is to look at: a work folder, an Experiment of the cluster (also an earlier run, NAME@RUN), or exported results. */
import { readFile } from 'node:fs/promises'
import { isObject } from '../../core/design/path.ts'
import { compared } from '../../core/report/analyze.ts'
import { readBaseline } from '../../core/report/baseline.ts'
import { readResults } from '../../core/report/from-json.ts'
import type { Response } from '../../core/report/response.ts'
import type { ComparedResults } from '../../core/report/results.ts'
import { CONFIG_MAPS } from '../kube/builtin-resources.ts'
import { EXPERIMENTS } from '../kube/assay-resources.ts'
import { readYaml } from '../yaml-source.ts'
import { CliError, invalidInput } from './cli-error.ts'
import { type Cluster, type ClusterOptions, withCluster } from './cluster.ts'
import { type Collected, collectFromCluster, inputOf } from './collect.ts'
import { isFile } from './compose-parts.ts'
import { EXIT } from './exit-codes.ts'
import { experimentName } from './results.ts'
import { isWorkFolder, readWorkFolder } from './work-folder.ts'

/** `responses`: what will be asked of it; of exported results there may be less. */
export interface Subject {
  readonly what: string
  readonly results: (responses: readonly Response[]) => ComparedResults
  /** Everything, where it is more than exported results. */
  readonly collected?: Collected
}

/** Subjects in the order of their names; the cluster is asked only for what is not here. */
export async function readSubjects(whats: readonly string[], options: ClusterOptions): Promise<Subject[]> {
  const local = await Promise.all(whats.map(readLocal))
  if (local.every((s) => s !== undefined)) return local
  return withCluster(options, (cluster) => Promise.all(whats.map(async (what, i) => local[i] ?? fromCluster(cluster, what))))
}

const whole = (what: string, collected: Collected): Subject => ({
  what,
  collected,
  results: (responses) => compared(inputOf(collected), responses),
})
const exported = (what: string, results: ComparedResults): Subject => ({ what, results: () => results })

/** Undefined where it is neither a folder nor a file. */
async function readLocal(what: string): Promise<Subject | undefined> {
  if (isWorkFolder(what)) return whole(what, await readWorkFolder(what))
  return isFile(what) ? exported(what, await readExported(what)) : undefined
}

/** JSON of a report, or the ConfigMap that `export baseline` wrote. */
async function readExported(file: string): Promise<ComparedResults> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new CliError(EXIT.usage, `${file} cannot be read: ${error.message}`)
  })
  const read = file.endsWith('.json') && !text.includes('"ConfigMap"') ? readResults(text, file) : readMap(text, file)
  if (!read.ok) throw invalidInput(read.problems)
  return read.value
}

function readMap(text: string, file: string): ReturnType<typeof readBaseline> {
  const { sources, problems } = readYaml(text, file)
  if (problems.length > 0) throw invalidInput(problems)
  const map = sources.map((s) => s.value).filter(isObject).find((d) => d['kind'] === 'ConfigMap')
  if (map === undefined)
    throw new CliError(
      EXIT.usage,
      `${file} holds no results`,
      'expected a work folder, results.json of a report, or what `assay export baseline` wrote',
    )
  return readBaseline({ metadata: { name: file }, data: map['data'] as Readonly<Record<string, string>> })
}

export async function fromCluster(cluster: Cluster, what: string): Promise<Subject> {
  const [, text = what, run] = /^(.+)@(\d+)$/.exec(what) ?? []
  const name = experimentName(text)
  const { api, namespace } = cluster
  if (run === undefined && (await api.find(EXPERIMENTS, { namespace, name })) === undefined) {
    const map = await api.find(CONFIG_MAPS, { namespace, name })
    const read = map === undefined ? undefined : readBaseline(map)
    if (read?.ok === true) return exported(what, read.value)
  }
  return whole(what, await collectFromCluster(cluster, name, run === undefined ? undefined : Number(run)))
}
