// SPDX-License-Identifier: Apache-2.0
/** Results of an Experiment whose tool runs the engine itself → rows of a leaderboard. Failures are rows; nothing is left out. */
import type { Findings, StageFindings } from '../model/findings.ts'
import type { Score } from '../model/record.ts'
import { isObject } from '../design/path.ts'
import { levelText } from '../plan/labels.ts'
import { cellOf } from '../report/cells.ts'
import type { Response } from '../report/response.ts'
import type { Cell, ExperimentInput, TreatmentInfo } from '../report/results.ts'
import type { BoardFailure, BoardRow } from './board.ts'
import { backendArguments, type Configuration, configurationOf, type Parts } from './configuration.ts'
import { hardwareOf } from './hardware.ts'
import { treatmentParts } from './treatment-parts.ts'

/** What shows that an engine ran in the tool's own process. */
const MARKS = ['batch_latency', 'engine_start']
/** How far a failure may be told: tracebacks end with what matters. */
const LONGEST_TRACEBACK = 8000
const UNKNOWN_TRACEBACK = 'no trial of it left findings'

/** Responses that a row carries, where its stages have them. */
const RESPONSES: readonly Response[] = [
  ...(['batch_latency', 'engine_start', 'itl'] as const).flatMap((metric) => (['p50', 'mean'] as const).map((statistic) => ({ metric, statistic }))),
  ...([
    'output_throughput', 'request_throughput', 'peak_ram', 'peak_gpu_memory', 'peak_gpu_memory_process', 'peak_gpu_memory_reserved', 'peak_gpu_memory_allocated',
    'cpu_energy', 'ram_energy', 'gpu_energy', 'process_energy', 'energy_per_output_token',
  ] as const).map((metric) => ({ metric, statistic: 'value' as const })),
]

/** Nothing where no engine ran in the tool's own process. */
export function boardRows(input: ExperimentInput, treatments: readonly TreatmentInfo[]): BoardRow[] {
  if (!isInProcess(input)) return []
  const lost = Map.groupBy(input.trials.filter((t) => t.verdict.result === 'invalid'), levelKey)
  const silent = treatments.filter((t) => t.trials.length === 0 && !lost.has(keyOf(t.levels)))
  return treatments.map((treatment) => rowOf(input, treatment, { lost: lost.get(keyOf(treatment.levels)) ?? [], silent: silent.length }))
}

function isInProcess({ trials, library, experiment: { spec } }: ExperimentInput): boolean {
  const harness = library?.harness ?? spec.harness
  if (isObject(harness) && harness['inProcess'] === true) return true
  return trials.some((t) => t.stages.some((s) => MARKS.some((metric) => s.distributions[metric] !== undefined)))
}

const keyOf = (levels: Readonly<Record<string, string>>) => JSON.stringify(Object.entries(levels).sort(([a], [b]) => (a < b ? -1 : 1)))
const levelKey = ({ treatment }: Findings) => keyOf(Object.fromEntries(Object.entries(treatment).map(([name, level]) => [name, levelText(level)])))

interface Losses { readonly lost: readonly Findings[]; readonly silent: number }

function rowOf(input: ExperimentInput, { index, levels, trials }: TreatmentInfo, { lost, silent }: Losses): BoardRow {
  const witness = trials[0] ?? lost[0]
  const parts = partsOf(input, witness, levels)
  const failure = trials.length > 0 ? undefined : failureOf(input, lost, silent)
  return {
    experiment: input.experiment.name, levels, configuration: brought(witness) ?? configurationOf(parts), arguments: backendArguments(parts),
    hardware: hardwareOf(trials.length > 0 ? trials : lost, parts), cells: cellsOf(index, trials), trials, ...(witness === undefined ? {} : { witness }),
    stacks: new Set(trials.map((t) => t.stack)).size, lost: lost.length, ...(failure === undefined ? {} : { failure }), scores: meanScores(trials),
  }
}

/** Of results that somebody brought only the model is known, by their tool's own word. */
function brought(trial: Findings | undefined): Configuration | undefined {
  if (trial?.provenance.ingested === undefined) return undefined
  const { model } = trial.treatment
  return typeof model === 'string' ? { model } : {}
}

/** Levels as they were recorded, where a trial did: texts of tables may be cut. */
function partsOf({ experiment: { spec }, library }: ExperimentInput, trial: Findings | undefined, levels: Readonly<Record<string, string>>): Parts {
  const harness = library?.harness ?? spec.harness ?? (trial === undefined ? undefined : { results: { adapter: trial.tool.name } })
  const base: Parts = { scenario: library?.scenario ?? spec.scenario, workload: library?.workload ?? spec.workload, harness }
  return treatmentParts(base, spec.design, trial?.treatment ?? levels)
}

function cellsOf(index: number, trials: readonly Findings[]): Cell[] {
  const stages = [...new Set(trials.flatMap((t) => t.stages.map((s) => s.stage)))]
  return stages.flatMap((stage) => RESPONSES.flatMap((response) => cellOf({ index, trials }, stage, response) ?? []))
}

/** What the tool left of it, else what the verdict says; a trial without findings cannot be told from others like it. */
function failureOf({ failed }: ExperimentInput, lost: readonly Findings[], silent: number): BoardFailure | undefined {
  const stage = lost.flatMap((t) => t.stages).find((s: StageFindings) => s.requests.failed > 0 && s.requests.firstErrors.length > 0)
  const reasons = lost.flatMap((t) => t.verdict.reasons)
  if (lost.length > 0) {
    const said = stage === undefined ? reasons.map((r) => r.message).join('\n') : (wholeTraceback(lost, stage.stage) ?? stage.requests.firstErrors[0])
    return { reason: reasons[0]?.reason ?? 'Invalid', traceback: shortened(said ?? '') }
  }
  if (failed.length === 0) return undefined
  const told = failed.map((f) => `${f.trial}: ${f.reason}${f.message === undefined ? '' : `: ${f.message}`}`).join('\n')
  return { reason: silent === 1 && failed[0] !== undefined ? failed[0].reason : 'NoFindings', traceback: shortened(`${UNKNOWN_TRACEBACK}\n${told}`) }
}

/** An error holds as much as fits a record; where a tool left more, a note has it. */
function wholeTraceback(lost: readonly Findings[], stage: string): string | undefined {
  const prefix = `${stage} failed: `
  return lost.flatMap((t) => t.notes).find((note) => note.startsWith(prefix) && note.includes('\n'))?.slice(prefix.length)
}

const shortened = (text: string) => (text.length > LONGEST_TRACEBACK ? `…${text.slice(-LONGEST_TRACEBACK)}` : text)

/** All trials ask the same questions, so that their mean has the error of one. */
function meanScores(trials: readonly Findings[]): Score[] {
  const groups = Map.groupBy(trials.flatMap((t) => t.scores), (s) => `${s.task}\n${s.metric}`)
  return [...groups.values()].flatMap((own) => {
    const [first] = own
    const errors = own.flatMap((s) => s.stderr ?? [])
    return first === undefined ? [] : [{ ...first, value: own.reduce((sum, s) => sum + s.value, 0) / own.length, ...(errors.length === 0 ? {} : { stderr: Math.max(...errors) }) }]
  })
}
