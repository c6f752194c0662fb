// SPDX-License-Identifier: Apache-2.0
/** The findings of a run, read from the ConfigMaps of its Trials, or from a folder that `results` or `report` wrote. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Findings } from '../../core/model/findings.ts'
import { findCondition } from '../../core/model/conditions.ts'
import { type Experiment, LABELS, type Trial } from '../../core/model/kinds.ts'
import { EXPERIMENTS, TRIALS } from '../kube/assay-resources.ts'
import { CONFIG_MAPS } from '../kube/builtin-resources.ts'
import type { Cluster } from './cluster.ts'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'

export interface Collected {
  readonly experiment: Experiment
  readonly trials: readonly Findings[]
  /** Trials without usable findings. */
  readonly failed: readonly { readonly trial: string; readonly reason: string; readonly message: string }[]
}

export async function collectFromCluster({ api, namespace }: Cluster, name: string, run?: number): Promise<Collected> {
  const experiment = await api.find(EXPERIMENTS, { namespace, name })
  if (experiment === undefined) throw new CliError(EXIT.usage, `there is no Experiment ${name} in namespace ${namespace}`, `kubectl get experiments.assay.dev -n ${namespace}`)
  const labelSelector = `${LABELS.experiment}=${name},${LABELS.run}=${run ?? experiment.status?.run ?? 1}`
  const [maps, trials] = await Promise.all([api.list(CONFIG_MAPS, { namespace, labelSelector }), api.list(TRIALS, { namespace, labelSelector })])
  const findings = maps.flatMap((m) => { const text = m.data?.['findings.json']; return text === undefined ? [] : [parseFindings(text, `ConfigMap ${m.metadata.name}`)] })
  return { experiment, trials: inOrder(findings, trials), failed: failedTrials(trials, findings) }
}

/** A folder that holds experiment.json and one findings file a trial. */
export async function collectFromFolder(folder: string): Promise<Collected> {
  const read = async (name: string) => readFile(join(folder, name), 'utf8').catch(() => { throw new CliError(EXIT.usage, `${folder} holds no ${name}`, 'expected a folder that `assay results --out` or `assay report` wrote') })
  const saved = JSON.parse(await read('experiment.json')) as Pick<Collected, 'experiment' | 'failed'>
  const names = (await readdir(join(folder, 'findings')).catch(() => [])).filter((n) => n.endsWith('.json')).sort()
  const trials = await Promise.all(names.map(async (n) => parseFindings(await read(join('findings', n)), join(folder, 'findings', n))))
  return { experiment: saved.experiment, failed: saved.failed, trials }
}

function parseFindings(text: string, where: string): Findings {
  const parsed = Findings.safeParse(JSON.parse(text))
  if (!parsed.success) throw new CliError(EXIT.unexpected, `${where} holds findings of another version: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`)
  return parsed.data
}

/** In the order in which the plan ran them. */
function inOrder(findings: readonly Findings[], trials: readonly Trial[]): Findings[] {
  const position = new Map(trials.map((t) => [t.metadata.name, t.spec.position]))
  return [...findings].sort((a, b) => (position.get(a.trial.name) ?? 0) - (position.get(b.trial.name) ?? 0) || a.trial.name.localeCompare(b.trial.name))
}

function failedTrials(trials: readonly Trial[], findings: readonly Findings[]): Collected['failed'] {
  const measured = new Set(findings.map((f) => f.trial.name))
  return trials.flatMap((t) => {
    const condition = findCondition(t.status?.conditions, 'Failed')
    return condition?.status === 'True' && !measured.has(t.metadata.name) ? [{ trial: t.metadata.name, reason: condition.reason, message: condition.message }] : []
  })
}
