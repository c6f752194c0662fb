// SPDX-License-Identifier: Apache-2.0
/** Findings of all trials → the results of the experiment. Invalid trials are listed and never averaged. */
import type { Findings } from '../model/findings.ts'
import { levelText } from '../plan/labels.ts'
import { capacityOf } from './capacity.ts'
import { cellsOf } from './cells.ts'
import { designNotes } from './design-notes.ts'
import { factorsOf } from './factors.ts'
import { evaluateGate } from './gate.ts'
import type { ExperimentInput, ExperimentResults, FactorInfo, GateOutcome, StagePoint, TreatmentInfo } from './results.ts'

export function analyze(input: ExperimentInput): ExperimentResults {
  const { experiment, trials, failed } = input
  const factors = factorsOfInput(input)
  const treatments = treatmentsOf(input, factors)
  const verdicts = Map.groupBy(trials, (t) => t.verdict.result)
  const count = (result: Findings['verdict']['result']) => verdicts.get(result)?.length ?? 0
  const { gate } = experiment.spec
  const [capacity, notes] = [capacityOf(input), designNotes(experiment.spec.design)]
  const { phase, run, treatments: planned } = experiment.status ?? {}
  return {
    name: experiment.name, namespace: experiment.namespace,
    ...(phase === undefined ? {} : { phase }), ...(run === undefined ? {} : { run }),
    counts: { valid: count('valid'), suspect: count('suspect'), invalid: count('invalid'), failed: failed.length },
    factors, treatments,
    stages: treatments.flatMap(stagePoints),
    cells: treatments.flatMap(cellsOf),
    ...(gate === undefined ? {} : { gate: evaluateGate(gate, treatments, planned) }),
    ...(capacity === undefined ? {} : { capacity }), ...(notes.length === 0 ? {} : { designNotes: notes }),
    trials, failed,
  }
}

/** The gate alone, without the tables that an analysis is mostly made of; undefined where there is none. */
export function gateOf(input: ExperimentInput): GateOutcome | undefined {
  const { spec: { gate }, status } = input.experiment
  return gate === undefined ? undefined : evaluateGate(gate, treatmentsOf(input, factorsOfInput(input)), status?.treatments)
}

function factorsOfInput({ experiment, trials, treatments = [] }: ExperimentInput): FactorInfo[] {
  return factorsOf(experiment.spec.design, [...treatments.map((t) => t.levels), ...trials.map((t) => t.treatment)])
}

/** Treatments in the order of the design's levels, first factor slowest. */
type Measured = Pick<ExperimentInput, 'trials' | 'treatments'>
function treatmentsOf({ trials, treatments = [] }: Measured, factors: readonly FactorInfo[]): TreatmentInfo[] {
  const shown = (levels: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(factors.flatMap(({ name }) => (Object.hasOwn(levels, name) ? [[name, levelText(levels[name])]] : [])))
  const planned = new Set(treatments.map((t) => JSON.stringify(shown(t.levels))))
  const byLevels = Map.groupBy(trials, (t) => JSON.stringify(shown(t.treatment)))
  const rank = (levels: Readonly<Record<string, string>>) => factors.map((f) => f.levels.indexOf(levels[f.name] ?? ''))
  return [...new Set([...planned, ...byLevels.keys()])]
    .map((key) => ({ key, levels: JSON.parse(key) as Record<string, string> }))
    .sort((a, b) => compareRanks(rank(a.levels), rank(b.levels)))
    .map(({ key, levels }, index) => ({
      index, levels, label: labelOf(levels, factors),
      configuration: labelOf(levels, factors.filter((f) => !f.isLoad)),
      trials: (byLevels.get(key) ?? []).filter((t) => t.verdict.result !== 'invalid'),
      planned: treatments.length === 0 || planned.has(key),
    }))
}

function labelOf(levels: Readonly<Record<string, string>>, factors: readonly FactorInfo[]): string {
  return factors.flatMap(({ name }) => (levels[name] === undefined ? [] : [`${name}=${levels[name]}`])).join(' ')
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((rank, i) => rank !== b[i])
  return at < 0 ? 0 : (a[at] as number) - (b[at] as number)
}

function stagePoints({ index, trials }: TreatmentInfo): StagePoint[] {
  const names = [...new Set(trials.flatMap((t) => t.stages.map((s) => s.stage)))]
  return names.map((stage) => {
    const first = trials.flatMap((t) => t.stages).find((s) => s.stage === stage)
    return { treatment: index, stage, offered: first?.offered ?? {} }
  })
}
