// SPDX-License-Identifier: Apache-2.0
/** Everything that is known of one run of an Experiment, read from the cluster: findings, reports, what failed, what was planned. */
import { measuredOf } from '../../core/adaptive/measured.ts'
import { questionsOf } from '../../core/adaptive/question.ts'
import type { Part } from '../../core/design/path-schema.ts'
import type { QualityTable } from '../../core/leaderboard/quality-table.ts'
import { findCondition } from '../../core/model/conditions.ts'
import { Findings } from '../../core/model/findings.ts'
import { API_VERSION, type Experiment, LABELS, type Trial } from '../../core/model/kinds.ts'
import type { Plan } from '../../core/plan/plan.ts'
import type { ExperimentInput, ExperimentResults } from '../../core/report/results.ts'
import { analyze } from '../../core/report/analyze.ts'
import { planOf, type Snapshot } from '../controllers/experiment-snapshot.ts'
import { EXPERIMENTS, TRIALS } from '../kube/assay-resources.ts'
import { type ConfigMap, CONFIG_MAPS } from '../kube/builtin-resources.ts'
import { CliError } from './cli-error.ts'
import type { Cluster } from './cluster.ts'
import { EXIT } from './exit-codes.ts'

/** One stage of one trial in benchmark-report form, as YAML. */
export interface StageReport { readonly trial: string; readonly stage: string; readonly text: string }
export interface Collected {
  readonly experiment: Experiment
  /** In the order in which they ran. */
  readonly trials: readonly Findings[]
  /** Trials without usable findings. */
  readonly failed: readonly { readonly trial: string; readonly reason: string; readonly message: string }[]
  readonly reports: readonly StageReport[]
  /** All planned treatments, where they are known. */
  readonly treatments?: readonly { readonly levels: Readonly<Record<string, unknown>> }[]
  /** Specifications that it refers to, as they were when it was planned. */
  readonly library?: Partial<Readonly<Record<Part, unknown>>>
  /** What the run was planned as; only from a cluster. */
  readonly plan?: Plan
  /** Block of each trial, where the Experiment was extended. */
  readonly blocks?: Readonly<Record<string, number>>
  /** Published scores of models, where the command was given a table. */
  readonly quality?: readonly QualityTable[]
}

export async function collectFromCluster({ api, namespace }: Cluster, name: string, run?: number): Promise<Collected> {
  const found = await api.find(EXPERIMENTS, { namespace, name })
  if (found === undefined) throw new CliError(EXIT.usage, `there is no Experiment ${name} in namespace ${namespace}`, `kubectl get experiments.assay.dev -n ${namespace}`)
  const labelSelector = `${LABELS.experiment}=${name},${LABELS.run}=${run ?? found.status?.run ?? 1}`
  const [maps, trials] = await Promise.all([api.list(CONFIG_MAPS, { namespace, labelSelector }), api.list(TRIALS, { namespace, labelSelector })])
  if (run !== undefined && maps.length === 0) throw new CliError(EXIT.usage, `Experiment ${name} has no run ${run}`, `its last run is ${found.status?.run ?? 0}`)
  const findings = maps.flatMap((m) => { const text = m.data?.['findings.json']; return text === undefined ? [] : [parseFindings(text, `ConfigMap ${m.metadata.name}`)] })
  const snapshot = snapshotIn(maps, found)
  const experiment = ofRun(found, { run, snapshot })
  const plan = snapshot === undefined ? undefined : planned(experiment, snapshot, findings)
  return {
    experiment,
    trials: inOrder(findings, trials),
    failed: failedTrials(trials, findings),
    reports: maps.flatMap(reportsIn),
    ...(snapshot !== undefined && { library: libraryIn(snapshot) }),
    ...(plan !== undefined && { plan, treatments: plan.treatments.map(({ levels }) => ({ levels })) }),
    ...(trials.some((t) => (t.spec.block ?? 0) > 0) && {
      blocks: Object.fromEntries(trials.map((t) => [t.metadata.name, t.spec.block ?? 0])),
    }),
  }
}

/** What an analysis reads of it. */
export function inputOf({ experiment, trials, failed, treatments, blocks, library, quality }: Collected): ExperimentInput {
  const { name, namespace = 'default' } = experiment.metadata
  return {
    experiment: { name, namespace, spec: experiment.spec, status: experiment.status },
    trials,
    failed,
    ...(treatments !== undefined && { treatments }),
    ...(blocks !== undefined && { blocks }),
    ...(library !== undefined && { library }),
    ...(quality !== undefined && { quality }),
  }
}

export function resultsOf(collected: Collected): ExperimentResults {
  return analyze(inputOf(collected))
}

export function parseFindings(text: string, where: string): Findings {
  const parsed = Findings.safeParse(JSON.parse(text))
  if (!parsed.success) throw new CliError(EXIT.unexpected, `${where} holds findings of another version: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`)
  return parsed.data
}

/** A Trial of one's own, from its ConfigMap; undefined when that holds no findings. */
export function collectTrial(map: ConfigMap): Collected | undefined {
  const text = map.data?.['findings.json']
  return text === undefined ? undefined : singleTrial(parseFindings(text, `ConfigMap ${map.metadata.name}`), { reports: reportsIn(map) })
}

/** One trial, as if an Experiment had measured it and nothing else. */
export function singleTrial(findings: Findings, { name = findings.trial.name, reports = [] }: { readonly name?: string; readonly reports?: readonly StageReport[] } = {}): Collected {
  const experiment = { apiVersion: API_VERSION, kind: 'Experiment', metadata: { name, namespace: findings.trial.namespace }, spec: { design: { treatments: [] } } } as unknown as Experiment
  return { experiment, trials: [findings], failed: [], reports }
}

/** An earlier run has the design of then, and no status of its own. */
function ofRun(experiment: Experiment, { run, snapshot }: { readonly run: number | undefined; readonly snapshot: Snapshot | undefined }): Experiment {
  const spec = snapshot === undefined ? experiment.spec : { ...experiment.spec, design: snapshot.spec.design }
  return run === undefined || run === experiment.status?.run ? { ...experiment, spec } : { ...experiment, spec, status: { run } }
}

/** The snapshot that the status names, or the last one of an earlier run: each extension left another. */
export function snapshotIn(maps: readonly ConfigMap[], { status }: Experiment): Snapshot | undefined {
  const snapshots = maps.filter((m) => m.metadata.labels?.[LABELS.role] === 'snapshot')
    .sort((a, b) => (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? ''))
  const text = (snapshots.find((m) => m.metadata.name === status?.snapshot?.name) ?? snapshots.at(-1))?.data?.['snapshot.json']
  return text === undefined ? undefined : JSON.parse(text) as Snapshot
}

function libraryIn({ library: { scenarios, workloads, harnesses } }: Snapshot): NonNullable<Collected['library']> {
  return { scenario: Object.values(scenarios)[0], workload: Object.values(workloads)[0], harness: Object.values(harnesses)[0] }
}

/** Another version of Assay may plan otherwise, or not at all: results do not depend on it. */
function planned(experiment: Experiment, snapshot: Snapshot, findings: readonly Findings[]): Plan | undefined {
  const result = planOf(experiment, snapshot)
  if (!result.ok || result.plan.adaptive === undefined) return result.ok ? result.plan : undefined
  const questions = questionsOf(result.plan.experiment)
  const grown = planOf(experiment, snapshot, { measured: findings.map((f) => measuredOf(f, questions)) })
  return grown.ok ? grown.plan : undefined
}

function reportsIn({ metadata, data = {} }: ConfigMap): StageReport[] {
  return Object.entries(data).flatMap(([key, text]) => {
    const stage = /^report\.(.+)\.yaml$/.exec(key)?.[1]
    return stage === undefined ? [] : [{ trial: metadata.name, stage, text }]
  })
}

/** In the order in which they really ran: one that was repeated, or made again, has the place at which it was measured and not its planned one. */
export function inOrder(findings: readonly Findings[], trials: readonly Trial[]): Findings[] {
  const position = new Map(trials.map((t) => [t.metadata.name, t.spec.position]))
  return [...findings].sort((a, b) => Date.parse(a.time.start) - Date.parse(b.time.start) || (position.get(a.trial.name) ?? 0) - (position.get(b.trial.name) ?? 0) || a.trial.name.localeCompare(b.trial.name))
}

function failedTrials(trials: readonly Trial[], findings: readonly Findings[]): Collected['failed'] {
  const measured = new Set(findings.map((f) => f.trial.name))
  return trials.flatMap((t) => {
    const condition = findCondition(t.status?.conditions, 'Failed')
    return condition?.status === 'True' && !measured.has(t.metadata.name) ? [{ trial: t.metadata.name, reason: condition.reason, message: condition.message }] : []
  })
}
