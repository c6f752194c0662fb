// SPDX-License-Identifier: Apache-2.0
/** Operating points for figures: which configuration, under which load, with which axis the load is shown on. */
import { type Message, message } from './messages.ts'
import type { Cell, ExperimentResults, StagePoint, TreatmentInfo } from './results.ts'
import type { Response } from './response.ts'

export interface OperatingPoint {
  readonly treatment: TreatmentInfo
  readonly stage: string
  /** Index of its configuration: colour and symbol. */
  readonly series: number
  readonly configuration: string
  /** Place on the load axis: a number where the axis has one, else the label. */
  readonly load: number | string
  /** The point without its configuration: `high`, or `high, rate=8`. */
  readonly loadLabel: string
}

export interface LoadAxis {
  readonly kind: 'rate' | 'concurrency' | 'label'
  readonly label: Message
}

export interface OperatingPoints {
  readonly axis: LoadAxis
  /** In the order of treatments and stages. */
  readonly points: readonly OperatingPoint[]
  readonly configurations: readonly string[]
}

export function operatingPoints({ stages, treatments, factors, name }: ExperimentResults): OperatingPoints {
  const axis = axisOf(stages)
  const configurations = [...new Set(treatments.map((t) => t.configuration))]
  const seriesOf = new Map(configurations.map((c, i) => [c, i]))
  const loadFactors = factors.filter((f) => f.isLoad).map((f) => f.name)
  const points = stages.map(({ treatment: index, stage, offered }): OperatingPoint => {
    const treatment = treatments[index] as TreatmentInfo
    const levels = loadFactors.flatMap((f) => (treatment.levels[f] === undefined ? [] : [`${f}=${treatment.levels[f]}`]))
    const loadLabel = [stage, ...levels].join(', ')
    const load = axis.kind === 'label' ? loadLabel : (offered[axis.kind] as number)
    const { configuration } = treatment
    const series = seriesOf.get(configuration) as number
    return { treatment, stage, series, configuration: configuration === '' ? name : configuration, load, loadLabel }
  })
  return { axis, points, configurations: configurations.map((c) => (c === '' ? name : c)) }
}

/** One axis for all: rates where every stage has one, else concurrencies, else names. */
function axisOf(stages: readonly StagePoint[]): LoadAxis {
  const all = (kind: 'rate' | 'concurrency') => stages.length > 0 && stages.every((s) => s.offered[kind] !== undefined)
  if (all('rate')) return { kind: 'rate', label: message('figure.axis.rate') }
  if (all('concurrency')) return { kind: 'concurrency', label: message('figure.axis.concurrency') }
  return { kind: 'label', label: message('figure.axis.label') }
}

interface CellPlace { readonly treatment: number; readonly stage: string }

/** A cell is of one treatment, stage and response. */
export function cellKey({ treatment, stage }: CellPlace, { metric, statistic }: Pick<Cell, 'metric' | 'statistic'>): string {
  return `${treatment}/${stage}/${metric}/${statistic}`
}

/** Looks cells up by operating point. */
export function cellFinder({ cells }: ExperimentResults): (point: OperatingPoint, response: Response) => Cell | undefined {
  const index = new Map(cells.map((cell) => [cellKey(cell, cell), cell]))
  return ({ treatment, stage }, response) => index.get(cellKey({ treatment: treatment.index, stage }, response))
}
