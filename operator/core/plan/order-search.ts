// SPDX-License-Identifier: Apache-2.0
/** The trials of a capacity search: on every stand-up one search after another, each load after what the load before it showed. */
import { type ArmStep, lengthOf } from '../adaptive/capacity-arm.ts'
import { levelsKey } from '../adaptive/measured.ts'
import { type OrderedTrial, orderTrials } from '../design/order.ts'
import { type Checked, valid } from '../model/problem.ts'
import type { Ordering, Placement } from './adaptive-model.ts'
import type { OrderingInput } from './adaptive-order.ts'
import type { SearchCells } from './search-cells.ts'

/** Loads beyond a search without noise that the interval of a noisy one takes. */
const NOISY = 2

export function orderSearch(input: OrderingInput, search: SearchCells): Checked<Ordering> {
  const { spec: { design }, treatments } = input
  const load = design.search?.load ?? { name: '', path: '' }
  const byLevels = new Map(treatments.map((t) => [levelsKey(t.levels), t]))
  const treatmentAt = (arm: ArmStep['arm'], value: number) => byLevels.get(levelsKey({ ...arm.levels, [load.name]: value }))
  // A combination that resolves to the same as another is searched once.
  const arms = inOrder(input, search, treatmentAt).filter((arm) => firstTreatment(arm.arm, search, treatmentAt) !== undefined)
  const { probes, replicates, maxReplicates } = search.rules
  const room = probes * maxReplicates
  const trials = arms.flatMap((arm, place) => trialsOf(arm).flatMap(({ value, run }, i): Placement[] => {
    const treatment = treatmentAt(arm.arm, value)
    return treatment === undefined ? [] : [{ treatment: treatment.index, setup: treatment.setupHash, stackReplicate: arm.arm.stack, runReplicate: run, position: place * room + i }]
  }))
  const length = lengthOf(search.rules)
  const likely = Math.min(probes, length.likely + (replicates > 1 ? NOISY : 0)) * replicates
  const forecast = (count: number) => arms.flatMap(({ arm }): OrderedTrial[] => {
    const first = firstTreatment(arm, search, treatmentAt)
    return first === undefined ? [] : Array.from({ length: count }, (_, i) => ({ treatment: first.index, setup: first.setupHash, stackReplicate: arm.stack, runReplicate: i + 1 }))
  })
  const tried = arms.reduce((sum, { result }) => sum + result.probes, 0)
  return valid({
    trials, forecast: { fewest: forecast(Math.min(3, probes) * replicates), likely: forecast(likely), most: forecast(room) },
    adaptive: {
      kind: 'search', rules: search.rules, load: { name: load.name, unit: load.unit }, objectives: search.objectives, arms, length,
      ended: arms.every(({ step }) => step.kind === 'done'), trials: { likely: arms.reduce((sum, { step, result }) => sum + (step.kind === 'done' ? result.trials : Math.max(likely, result.trials + step.runs.length)), 0), most: room * arms.length },
      progress: `${tried} of at most ${probes * arms.length} probes`,
    },
  })
}

type TreatmentAt = (arm: ArmStep['arm'], load: number) => OrderingInput['treatments'][number] | undefined

/** Any treatment of a search tells its setup. */
function firstTreatment(arm: ArmStep['arm'], { arms }: SearchCells, at: TreatmentAt) {
  for (const other of arms) {
    if (other.arm.levels !== arm.levels) continue
    for (const load of loadsOf(other)) {
      const found = at(arm, load)
      if (found !== undefined) return found
    }
  }
  return undefined
}

const loadsOf = ({ arm, step }: ArmStep) => [...arm.probes.map((p) => p.load), ...(step.kind === 'measure' ? [step.load] : [])]

/** Searches in random order, as treatments are: stacks, and those that share one. */
function inOrder({ spec: { design } }: OrderingInput, search: SearchCells, at: TreatmentAt): ArmStep[] {
  const setups = search.configurations.map((levels) => {
    const arm = search.arms.find((a) => a.arm.levels === levels)
    return arm === undefined ? '' : (firstTreatment(arm.arm, search, at)?.setupHash ?? '')
  })
  const places = orderTrials({ treatments: search.configurations.map((levels, i) => ({ setup: setups[i] ?? '', hash: levelsKey(levels), block: 0 })), replicates: { stacks: design.replicates.stacks, runs: 1 }, ...design.order })
  return places.flatMap(({ treatment, stackReplicate }) => search.arms.find((a) => a.arm.levels === search.configurations[treatment] && a.arm.stack === stackReplicate) ?? [])
}

/** What has ended, and then what is wanted next. */
function trialsOf({ arm, step }: ArmStep): { readonly value: number; readonly run: number }[] {
  const ended = arm.probes.flatMap(({ load, trials }) => trials.flatMap((t, i) => (t === undefined ? [] : [{ value: load, run: i + 1 }])))
  return step.kind === 'done' ? ended : [...ended, ...step.runs.map((run) => ({ value: step.load, run }))]
}
