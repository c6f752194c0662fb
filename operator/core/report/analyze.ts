// SPDX-License-Identifier: Apache-2.0
/** Findings of all trials → the results of the experiment. Invalid trials are listed and never averaged. */
import { DESIGN_KINDS } from '../model/design.ts'
import type { Findings } from '../model/findings.ts'
import { leaderboardOf } from '../leaderboard/leaderboard.ts'
import { levelText } from '../plan/labels.ts'
import { capacityOf } from './capacity.ts'
import { cellsOf } from './cells.ts'
import { designNotes } from './design-notes.ts'
import { upgradeNotes } from './upgrade-notes.ts'
import { factorsOf } from './factors.ts'
import { evaluateGate, type GateContext } from './gate.ts'
import { requirementsOf } from './requirements.ts'
import type { Response } from './response.ts'
import type {
  CapacityResults,
  ComparedResults,
  ExperimentInput,
  ExperimentResults,
  FactorInfo,
  GateOutcome,
  RunOrder,
  StagePoint,
  StandUp,
  TreatmentInfo,
} from './results.ts'
import { spentOf } from './spent.ts'

export function analyze(input: ExperimentInput): ExperimentResults {
  const { experiment, trials, failed } = input
  const factors = factorsOfInput(input)
  const treatments = treatmentsOf(input, factors)
  const verdicts = Map.groupBy(trials, (t) => t.verdict.result)
  const count = (result: Findings['verdict']['result']) => verdicts.get(result)?.length ?? 0
  const { gate, design } = experiment.spec
  const [capacity, notes, leaderboard] = [capacityOf(input), [...designNotes(design), ...upgradeNotes(trials)], leaderboardOf(input, treatments)]
  const { phase, run } = experiment.status ?? {}
  return {
    name: experiment.name, namespace: experiment.namespace,
    ...(phase === undefined ? {} : { phase }), ...(run === undefined ? {} : { run }),
    ...measuredTime(trials), standUps: standUpsOf(input), requirements: requirementsOf(experiment.spec),
    order: runOrderOf(design),
    counts: { valid: count('valid'), suspect: count('suspect'), invalid: count('invalid'), failed: failed.length },
    factors, treatments,
    stages: treatments.flatMap(stagePoints),
    cells: treatments.flatMap((t) => cellsOf(t)),
    ...(gate === undefined ? {} : { gate: evaluateGate(gate, treatments, gateContext(input, factors, capacity)) }),
    ...(capacity === undefined ? {} : { capacity }), ...(notes.length === 0 ? {} : { designNotes: notes }),
    ...(leaderboard === undefined ? {} : { leaderboard }),
    trials, failed, spent: spentOf(experiment.status),
  }
}

/** A folder without a cluster has hardly a design. */
function runOrderOf(design: Partial<ExperimentInput['experiment']['spec']['design']>): RunOrder {
  return {
    design: DESIGN_KINDS.find((kind) => design[kind] !== undefined) ?? '', randomized: design.order?.randomize ?? false, chosen: design.search !== undefined || design.successiveHalving !== undefined,
    stacks: design.replicates?.stacks ?? 1, runs: design.replicates?.runs ?? 1,
  }
}

/** The gate alone, without the tables that an analysis is mostly made of; undefined where there is none. */
export function gateOf(input: ExperimentInput): GateOutcome | undefined {
  const { gate } = input.experiment.spec
  if (gate === undefined) return undefined
  const factors = factorsOfInput(input)
  return evaluateGate(gate, treatmentsOf(input, factors), gateContext(input, factors, capacityOf(input)))
}

/** As much as a comparison needs, of these responses alone: the whole analysis makes over a hundred. */
export function compared(input: ExperimentInput, responses: readonly Response[]): ComparedResults {
  const { experiment: { name, namespace, status } } = input
  const factors = factorsOfInput(input)
  const treatments = treatmentsOf(input, factors)
  return {
    name, namespace, ...(status?.run === undefined ? {} : { run: status.run }), ...measuredTime(input.trials), standUps: standUpsOf(input),
    factors, treatments, cells: treatments.flatMap((t) => cellsOf(t, responses)),
  }
}

function gateContext({ experiment: { status }, baselines, missingBaselines }: ExperimentInput, factors: readonly FactorInfo[], capacity: CapacityResults | undefined): GateContext {
  return { planned: status?.treatments, factors, capacity, baselines, missingBaselines, recorded: status?.gate?.rules }
}

/** As the API server writes times: they sort as text. */
function measuredTime(trials: readonly Findings[]): Pick<ExperimentResults, 'measured'> {
  const from = trials.map((t) => t.time.start).sort()[0]
  const to = trials.map((t) => t.time.end).sort().at(-1)
  return from === undefined || to === undefined ? {} : { measured: { from, to } }
}

function standUpsOf({ trials, blocks = {} }: ExperimentInput): StandUp[] {
  const first = new Map(trials.toReversed().map((t) => [t.stack, t]))
  return [...new Set(trials.map((t) => t.stack))].map((stack) => {
    const { replicate, trial } = first.get(stack) as Findings
    return { stack, replicate: replicate.stack, block: blocks[trial.name] ?? 0 }
  })
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
