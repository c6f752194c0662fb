// SPDX-License-Identifier: Apache-2.0
/** Where tools agree that measured the same load on the same stacks: each against the median of the others, trial by trial in the same place of the plan. */
import { compareMetrics, type Arm, type Verdict } from '../../stats/compare/verdict.ts'
import { median } from '../../stats/quantile.ts'
import type { Findings } from '../../model/findings.ts'
import type { MetricName } from '../../model/metric.ts'
import { isSame, isStartupStage, type Response } from '../response.ts'
import type { Cell, ExperimentResults } from '../results.ts'
import { type SameLoad, toolFactorOf } from './tools-of.ts'

export type Standing = 'agrees' | 'differs' | 'open'

export interface ToolCell {
  readonly tool: string
  readonly cell: Cell
  /** Against the median of the other tools: `better` and `worse` of it only say the side. */
  readonly verdict: Verdict
  readonly standing: Standing
}
/** One response: of every tool that gives it. */
export interface AgreementRow {
  readonly response: Response
  readonly unit: string
  readonly cells: readonly ToolCell[]
  /** Tools that give no such number. */
  readonly missing: readonly string[]
}
export interface AgreementGroup {
  readonly label: string
  readonly stage: string
  readonly rows: readonly AgreementRow[]
  /** Trials by tool. */
  readonly trials: ReadonlyMap<string, readonly Findings[]>
}
export interface Agreement {
  readonly factor: string
  readonly tools: readonly string[]
  readonly groups: readonly AgreementGroup[]
}

/** What tools report of a server, and what shows whether they loaded it alike. */
const RESPONSES: readonly Response[] = [
  { metric: 'ttft', statistic: 'p50' }, { metric: 'itl', statistic: 'mean' }, { metric: 'tpot', statistic: 'p50' }, { metric: 'e2e', statistic: 'p50' },
  { metric: 'request_throughput', statistic: 'value' }, { metric: 'output_throughput', statistic: 'value' },
]
/** Tools are alike within 5 %: what they are used to tell apart is mostly larger. */
const ALIKE = 0.05
/** Or within what clocks, timers and event loops of tools differ by: of one duration in ms, and of means over many gaps. */
const CLOCK: Partial<Record<MetricName, number>> = { ttft: 1, e2e: 1, itl: 0.1, tpot: 0.1 }

const known = new WeakMap<ExperimentResults, Agreement | null>()

/** null where one tool measured everything. Sentences and tables of every rendering ask for the same. */
export function agreementOf(results: ExperimentResults): Agreement | null {
  const found = known.get(results)
  if (found !== undefined) return found
  const agreement = agree(results)
  known.set(results, agreement)
  return agreement
}

function agree(results: ExperimentResults): Agreement | null {
  const factor = toolFactorOf(results)
  if (factor === null || factor.groups.length === 0) return null
  const groups = factor.groups.flatMap((load) => stagesOf(results, load).map((stage) => ({ load, stage })))
  const asked = groups.flatMap(({ load, stage }) => RESPONSES.map((response) => ({ load, stage, response, cells: cellsOf(results, { load, stage, response }) })))
  const rows = judge(asked.filter((a) => a.cells.size > 1))
  return {
    factor: factor.name, tools: factor.tools,
    groups: groups.map(({ load, stage }) => ({
      label: load.label, stage, trials: new Map([...load.treatments].map(([tool, t]) => [tool, t.trials])),
      rows: rows.filter((r) => r.load === load && r.stage === stage).map(({ row }) => row),
    })),
  }
}

interface Place { readonly load: SameLoad; readonly stage: string }
interface Asked extends Place { readonly response: Response; readonly cells: ReadonlyMap<string, Cell> }

function stagesOf({ cells }: ExperimentResults, { treatments }: SameLoad): string[] {
  const own = new Set([...treatments.values()].map((t) => t.index))
  return [...new Set(cells.filter((c) => own.has(c.treatment) && !isStartupStage(c.stage)).map((c) => c.stage))]
}

function cellsOf({ cells }: ExperimentResults, { load, stage, response }: Place & { readonly response: Response }): Map<string, Cell> {
  return new Map([...load.treatments].flatMap(([tool, { index }]) => {
    const cell = cells.find((c) => c.treatment === index && c.stage === stage && isSame(response, c))
    return cell === undefined ? [] : [[tool, cell] as const]
  }))
}

/** One family: whoever reads the table asks all of it at once. */
function judge(asked: readonly Asked[]): (Place & { readonly row: AgreementRow })[] {
  const questions = asked.flatMap((a) => [...a.cells].map(([tool, cell]) => ({ asked: a, tool, cell, own: unitsOf(cell, a.load.treatments.get(tool)?.trials ?? []) })))
  const verdicts = compareMetrics(questions.map(({ asked: a, tool, cell, own }) => {
    const others = questions.filter((q) => q.asked === a && q.tool !== tool).map((q) => q.own)
    return { name: tool, base: medianArm(others), candidate: armOf(own), better: 'lower' as const, margin: { relative: marginOf(cell, others) } }
  }), { sameStandUp: true })
  return asked.map((a) => ({
    load: a.load, stage: a.stage,
    row: {
      response: a.response, unit: [...a.cells.values()][0]?.unit ?? '', missing: [...a.load.treatments.keys()].filter((tool) => !a.cells.has(tool)),
      cells: questions.flatMap((q, i) => (q.asked === a ? [{ tool: q.tool, cell: q.cell, verdict: verdicts[i] as Verdict, standing: standingOf(verdicts[i] as Verdict) }] : [])),
    },
  }))
}

/** Value by place in the plan: tools took turns on one stack, so that trials of one stand-up and run replicate are a block. */
type Units = ReadonlyMap<string, number>

function unitsOf({ values }: Cell, trials: readonly Findings[]): Units {
  const placeOf = new Map(trials.map(({ trial, replicate }) => [trial.name, `${replicate.stack}/${replicate.run}`]))
  return new Map(values.map(({ trial, value }) => [placeOf.get(trial) ?? trial, value]))
}

const armOf = (units: Units): Arm => ({ unit: 'run', values: [...units.values()], blocks: [...units.keys()] })

function medianArm(others: readonly Units[]): Arm {
  const places = [...new Set(others.flatMap((units) => [...units.keys()]))]
  return armOf(new Map(places.map((place) => [place, median(others.flatMap((units) => units.get(place) ?? [])) as number])))
}

function marginOf({ metric }: Cell, others: readonly Units[]): number {
  const typical = median(medianArm(others).values)
  return typical !== null && typical > 0 ? Math.max(ALIKE, (CLOCK[metric] ?? 0) / typical) : ALIKE
}

function standingOf({ verdict }: Verdict): Standing {
  if (verdict === 'same') return 'agrees'
  return verdict === 'insufficient' ? 'open' : 'differs'
}
