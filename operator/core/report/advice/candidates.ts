// SPDX-License-Identifier: Apache-2.0
/** Operating points that may be recommended: what each gives, and how it stands to every bound that was asked for. */
import { cellFinder, type OperatingPoint, operatingPoints } from '../operating-points.ts'
import { isSame, type Response } from '../response.ts'
import type { Cell, ExperimentResults, Requirement } from '../results.ts'

export type ObjectiveKind = 'cost' | 'perGpu' | 'throughput'
export interface ChosenObjective { readonly kind: ObjectiveKind; readonly response: Response }

/** Money where a price is known, else what a GPU gives, else what the stack gives. */
const OBJECTIVES: readonly ChosenObjective[] = [
  { kind: 'cost', response: { metric: 'cost_per_million_output_tokens', statistic: 'value' } },
  { kind: 'perGpu', response: { metric: 'output_throughput_per_gpu', statistic: 'value' } },
  { kind: 'throughput', response: { metric: 'output_throughput', statistic: 'value' } },
]

/** `surely`: with its whole 95 % interval. */
export type Standing = 'surely' | 'by estimate' | 'no'
export interface Bounded { readonly requirement: Requirement; readonly cell: Cell; readonly standing: Standing }
export interface Candidate {
  readonly point: OperatingPoint
  readonly objective: Cell
  readonly bounds: readonly Bounded[]
  /** The worst of its bounds. */
  readonly standing: Standing
}

export interface Candidates {
  readonly objective: ChosenObjective
  readonly usable: readonly Candidate[]
  /** Points of which a bound speaks that too few requests were measured for. */
  readonly weak: readonly { readonly requirement: Requirement }[]
  /** Bounds that were measured nowhere. */
  readonly unmeasured: readonly Requirement[]
  readonly total: number
}

/** null where neither throughput nor cost was measured. */
export function candidatesOf(results: ExperimentResults): Candidates | null {
  const { points } = operatingPoints(results)
  const find = cellFinder(results)
  const objective = OBJECTIVES.find(({ response }) => points.some((p) => find(p, response) !== undefined))
  if (objective === undefined) return null
  const { requirements } = results
  // Where every bound is one of a stage, other stages are bound by nothing.
  const isBound = ({ stage }: OperatingPoint) =>
    requirements.length === 0 || requirements.some((r) => r.stage === undefined || r.stage === stage)
  const wanted = points.filter(isBound)
  const read = wanted.map((point) => ({ point, objective: find(point, objective.response), bounds: boundsOf(point, requirements, find) }))
  // What tools claim is no match for what records show.
  const isMixed = new Set(read.flatMap((r) => (r.objective === undefined ? [] : [r.objective.claimed]))).size > 1
  const weak = read.flatMap(({ bounds }) => bounds.filter((b) => b.cell?.weak === true).slice(0, 1))
  return {
    objective, weak, total: read.length,
    unmeasured: requirements.filter((r) => !results.cells.some((c) => isSame(r, c))),
    usable: read.flatMap(({ point, objective: cell, bounds }): Candidate[] => {
      const known = bounds.flatMap(({ requirement, cell: own }) =>
        own === undefined || own.weak ? [] : [{ requirement, cell: own, standing: standingOf(own, requirement) }],
      )
      if (cell === undefined || (isMixed && cell.claimed === true) || known.length < bounds.length) return []
      const standing = (['no', 'by estimate'] as const).find((s) => known.some((b) => b.standing === s)) ?? 'surely'
      return [{ point, objective: cell, bounds: known, standing }]
    }),
  }
}

type Found = { readonly requirement: Requirement; readonly cell: Cell | undefined }

function boundsOf(point: OperatingPoint, requirements: readonly Requirement[], find: ReturnType<typeof cellFinder>): Found[] {
  return requirements
    .filter((r) => r.stage === undefined || r.stage === point.stage)
    .map((requirement) => ({ requirement, cell: find(point, requirement) }))
}

function standingOf({ mean, interval }: Cell, { relation, bound }: Requirement): Standing {
  const holds = (value: number) => (relation === 'at most' ? value <= bound : value >= bound)
  if (!holds(mean)) return 'no'
  return interval.kind === 'interval' && holds(relation === 'at most' ? interval.high : interval.low) ? 'surely' : 'by estimate'
}

/** The best of one configuration; better is what the objective's metric says. */
export function bestOf(candidates: readonly Candidate[]): Candidate | undefined {
  return candidates.toSorted((a, b) =>
    a.objective.better === 'lower' ? a.objective.mean - b.objective.mean : b.objective.mean - a.objective.mean,
  )[0]
}

/** How far beyond its bounds a point lies, as a factor: 1.2 is 20 % too much; to say what came closest. */
export function excess({ bounds }: Candidate): number {
  return Math.max(
    0,
    ...bounds.map(({ requirement: { relation, bound }, cell: { mean } }) =>
      relation === 'at most' ? mean / bound : bound / Math.max(mean, 1e-12),
    ),
  )
}
