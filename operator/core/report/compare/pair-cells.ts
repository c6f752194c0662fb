// SPDX-License-Identifier: Apache-2.0
/** Cells of two Experiments that can be compared: the same response at the same stage of one treatment, in one unit. The rest is named. */
import { didYouMean } from '../../model/nearest.ts'
import { type Checked, type Problem, refused, valid } from '../../model/problem.ts'
import { cellKey } from '../operating-points.ts'
import { responseName } from '../primary.ts'
import { isStartup, isStartupStage, type Response, STARTUP_STAGE } from '../response.ts'
import type { Cell, ComparedResults } from '../results.ts'
import type { TreatmentPair } from './match-treatments.ts'

export interface CellPair extends Response {
  readonly name: string
  readonly treatment: string
  readonly stage: string
  readonly base: Cell
  readonly candidate: Cell
}

export interface PairInput {
  readonly base: ComparedResults
  readonly candidate: ComparedResults
  readonly pairs: readonly TreatmentPair[]
  readonly responses: readonly Response[]
  /** Named by somebody: what cannot be had is then refused rather than left out. */
  readonly isAsked: boolean
  readonly stage?: string | undefined
}
export interface PairedCells {
  readonly cells: readonly CellPair[]
  readonly left: readonly { readonly name: string; readonly reason: string }[]
}

export function pairCells(input: PairInput): Checked<PairedCells> {
  const { base, candidate, pairs, responses, isAsked, stage } = input
  const stages = [stagesOf(base), stagesOf(candidate)] as const
  const common = stages[0].filter((s) => stages[1].includes(s))
  const wrongStage = stage === undefined || common.includes(stage) ? [] : [noStage(stage, stages)]
  if (wrongStage.length > 0) return refused(...wrongStage)
  if (common.length === 0) return refused(apart(stages))
  const [left, right] = [indexOf(base), indexOf(candidate)]
  const wanted = common.filter((s) => stage === undefined || s === stage)
  const cells = pairs.flatMap((pair) => responses.flatMap((response) => placesOf(response, wanted).flatMap((place): CellPair[] => {
    const [a, b] = [
      left.get(cellKey({ treatment: pair.base, stage: place }, response)),
      right.get(cellKey({ treatment: pair.candidate, stage: place }, response)),
    ]
    return a === undefined || b === undefined
      ? []
      : [{ ...response, name: responseName(response), treatment: pair.label, stage: place, base: a, candidate: b }]
  })))
  const usable = distinct(cells.filter((c) => mismatch(c) === null))
  const missing = responses.flatMap((response) => lackOf(response, { base, candidate, cells, usable }))
  if (isAsked && missing.some((m) => m.nothing)) return refused(...missing.filter((m) => m.nothing).map(asProblem))
  if (usable.length === 0)
    return refused({
      reason: 'InvalidValue',
      path: '--metrics',
      message: 'there is nothing that both measured',
      expected: 'one of the metrics that both measured: assay results -o csv lists them',
    })
  const alone = [...new Set(stages.flat())]
    .filter((s) => !common.includes(s))
    .map((s) => ({ name: `stage ${s}`, reason: `only ${stages[0].includes(s) ? 'BASE' : 'NEW'} has it` }))
  return valid({ cells: usable, left: [...missing.filter((m) => m.isNews).map(({ name, reason }) => ({ name, reason })), ...alone] })
}

const stagesOf = ({ cells }: ComparedResults) => [...new Set(cells.filter((c) => !isStartupStage(c.stage)).map((c) => c.stage))]
const placesOf = ({ metric }: Response, stages: readonly string[]) => (isStartup(metric) ? [STARTUP_STAGE] : stages)
const indexOf = ({ cells }: ComparedResults) => new Map(cells.map((cell) => [cellKey(cell, cell), cell]))

/** Treatments that differ in their load alone share their stacks: a start-up counts once. */
function distinct(cells: readonly CellPair[]): CellPair[] {
  const key = ({ name, stage, base, candidate }: CellPair) =>
    stage === STARTUP_STAGE ? [name, ...base.values.map((v) => v.stack), '/', ...candidate.values.map((v) => v.stack)].join(' ') : undefined
  const seen = new Set<string>()
  return cells.filter((cell) => {
    const own = key(cell)
    if (own === undefined) return true
    const isNew = !seen.has(own)
    seen.add(own)
    return isNew
  })
}

/** Why two numbers of one name cannot be held against each other. */
function mismatch({ base, candidate }: CellPair): string | null {
  if (base.unit !== candidate.unit) return `BASE is in ${base.unit} and NEW in ${candidate.unit}: different units cannot be compared`
  if (base.claimed === candidate.claimed) return null
  const [claims, records] = base.claimed === true ? ['BASE', 'NEW'] : ['NEW', 'BASE']
  return `${claims} has what the tool claims and ${records} what its records show: two definitions cannot be compared`
}

interface Lack { readonly name: string; readonly reason: string; readonly nothing: boolean; readonly isNews: boolean }
type Found = Pick<PairInput, 'base' | 'candidate'> & { readonly cells: readonly CellPair[]; readonly usable: readonly CellPair[] }

function lackOf(response: Response, { base, candidate, cells, usable }: Found): Lack[] {
  const name = responseName(response)
  const nothing = usable.every((c) => c.name !== name)
  const reasons = new Set(cells.filter((c) => c.name === name).flatMap((c) => mismatch(c) ?? []))
  if (reasons.size > 0 || !nothing) {
    const where = nothing ? '' : 'at some treatments '
    return [...reasons].map((reason) => ({ name, nothing, isNews: true, reason: `${where}${reason}` }))
  }
  const has = ({ cells: own }: ComparedResults) => own.some((c) => c.metric === response.metric && c.statistic === response.statistic)
  const [inBase, inNew] = [has(base), has(candidate)]
  if (inBase && inNew) return [{ name, nothing: true, isNews: true, reason: 'it was not measured at a treatment and stage that both have' }]
  const where = inBase ? 'not measured in NEW' : inNew ? 'not measured in BASE' : 'not measured'
  return [{ name, nothing: true, isNews: inBase || inNew, reason: `it was ${where}` }]
}

function asProblem({ name, reason }: Lack): Problem {
  return { reason: 'InvalidValue', path: '--metrics', message: `${name}: ${reason}`, expected: 'a metric that both measured, in one unit' }
}

type Stages = readonly [readonly string[], readonly string[]]

function noStage(stage: string, stages: Stages): Problem {
  const known = [...new Set(stages.flat())]
  const message = known.includes(stage)
    ? `stage "${stage}" is in ${stages[0].includes(stage) ? 'BASE' : 'NEW'} alone`
    : `there is no stage "${stage}"${didYouMean(stage, known)}`
  return {
    reason: 'MissingReference',
    path: '--stage',
    message,
    expected: `a stage that both have: ${stages[0].filter((s) => stages[1].includes(s)).join(', ') || 'there is none'}`,
  }
}

function apart([base, candidate]: Stages): Problem {
  const shown = (stages: readonly string[]) => stages.join(', ') || 'none'
  return {
    reason: 'InvalidValue',
    path: '',
    message: `no stage is in both: BASE has ${shown(base)}, NEW has ${shown(candidate)}`,
    expected: 'two Experiments whose workloads name a stage alike',
  }
}
