// SPDX-License-Identifier: Apache-2.0
/** Two responses against each other over all operating points: what no other point beats, how sure that is, and where the front bends. */
import { type Direction, kneeOfFront, type Objective, type ParetoPlace, paretoPlaces } from '../../stats/pareto.ts'
import { cellFinder, type OperatingPoint, operatingPoints } from '../operating-points.ts'
import type { Response } from '../response.ts'
import type { Cell, ExperimentResults } from '../results.ts'

export interface FrontPoint {
  readonly point: OperatingPoint
  readonly x: Cell
  readonly y: Cell
  readonly place: ParetoPlace['place']
  readonly knee: boolean
}

/** A bend by less of the front's range is one that noise makes. */
const LEAST_BEND = 0.05

export function frontOf(results: ExperimentResults, horizontal: Response, vertical: Response): FrontPoint[] {
  const find = cellFinder(results)
  const pairs = operatingPoints(results).points.flatMap((point) => {
    const [x, y] = [find(point, horizontal), find(point, vertical)]
    return x === undefined || y === undefined ? [] : [{ point, x, y }]
  })
  const [first] = pairs
  if (first === undefined) return []
  const directions = [directionOf(first.x), directionOf(first.y)] as const
  const places = paretoPlaces(pairs.map(({ x, y }) => [objectiveOf(x), objectiveOf(y)]), directions)
  const front = pairs.map((pair, i) => ({ ...pair, i })).filter(({ i }) => places[i]?.place === 'front')
  const knee = kneeOfFront(front.map(({ x, y }) => [x.mean, y.mean] as const), directions, LEAST_BEND)
  const bend = knee === null ? undefined : front[knee]?.i
  return pairs.map((pair, i) => ({ ...pair, place: places[i]?.place ?? 'dominated', knee: i === bend }))
}

const directionOf = ({ better }: Cell): Direction => (better === 'lower' ? 'lower' : 'higher')

export function objectiveOf({ mean, interval }: Cell): Objective {
  return interval.kind === 'none' ? { estimate: mean, low: mean, high: mean } : { estimate: mean, low: interval.low, high: interval.high }
}

/** The highest percentile of the first latency of which no trial has too few requests; the first measured one where there is none. */
export function trustedLatency(results: ExperimentResults, candidates: readonly Response[]): Response | undefined {
  const { points } = operatingPoints(results)
  const find = cellFinder(results)
  const cellsOf = (response: Response) => points.flatMap((p) => find(p, response) ?? [])
  const measured = candidates.filter((r) => cellsOf(r).length > 1)
  return measured.find((r) => cellsOf(r).every((c) => !c.weak)) ?? measured[0]
}
