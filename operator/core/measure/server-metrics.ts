// SPDX-License-Identifier: Apache-2.0
/** One exposition of one pod → one number for each signal and one histogram for each latency. Names are in server-names.ts. */
import type { HistogramReading } from './histogram.ts'
import { parsePrometheus, type PromSample, type Scrape } from './scrape.ts'
import { type Fold, HISTOGRAM_NAMES, type HistogramName, NAMES, type NameTable, seriesNames, SIGNAL_NAMES, SIGNALS, type SignalName } from './server-names.ts'

/** What a pod said at one time. The collector keeps these instead of the text. */
export interface Reading {
  readonly values: Readonly<Partial<Record<SignalName, number>>>
  readonly histograms: Readonly<Partial<Record<HistogramName, HistogramReading>>>
}
export type ReadKind = keyof typeof NAMES

const WANTED: Readonly<Record<ReadKind, ReadonlySet<string>>> = { engine: new Set(seriesNames(NAMES.engine)), router: new Set(seriesNames(NAMES.router)) }

/** Samples of a text, thinned to what is read of its kind. */
export function serverSamples(text: string, kind: ReadKind = 'engine'): PromSample[] {
  return parsePrometheus(text, (name) => WANTED[kind].has(name))
}

export function readingOf(scrape: Scrape): Reading {
  if ('reading' in scrape) return scrape.reading
  const kind = scrape.kind === 'router' ? 'router' : 'engine'
  return readSamples('samples' in scrape ? scrape.samples : serverSamples(scrape.text, kind), NAMES[kind])
}

export function readSamples(samples: readonly PromSample[], names: NameTable): Reading {
  const byName = Map.groupBy(samples.filter((s) => Number.isFinite(s.value)), (s) => s.name)
  const value = (signal: SignalName): [SignalName, number][] => {
    const found = names[signal].find((name) => byName.has(name))
    return found === undefined ? [] : [[signal, folded((byName.get(found) ?? []).map((s) => s.value), SIGNALS[signal].fold)]]
  }
  const histogram = (signal: HistogramName): [HistogramName, HistogramReading][] => {
    const found = names[signal].find((name) => byName.has(`${name}_bucket`))
    const reading = found === undefined ? null : histogramOf(found, byName)
    return reading === null ? [] : [[signal, reading]]
  }
  return { values: Object.fromEntries(SIGNAL_NAMES.flatMap(value)), histograms: Object.fromEntries(HISTOGRAM_NAMES.flatMap(histogram)) }
}

/** Series of one histogram (several engines, several labels) share their bounds and add up bound by bound. */
function histogramOf(name: string, byName: ReadonlyMap<string, readonly PromSample[]>): HistogramReading | null {
  const byBound = Map.groupBy(byName.get(`${name}_bucket`) ?? [], (s) => (s.labels['le'] === '+Inf' ? Infinity : Number(s.labels['le'])))
  const bounds = [...byBound.keys()].filter((le) => !Number.isNaN(le)).sort((a, b) => a - b)
  if (bounds.at(-1) !== Infinity || bounds.length < 2) return null
  const total = (samples: readonly PromSample[] | undefined) => folded((samples ?? []).map((s) => s.value), 'sum')
  return { le: bounds.slice(0, -1), counts: bounds.map((le) => total(byBound.get(le))), sum: total(byName.get(`${name}_sum`)) }
}

function folded(values: readonly number[], fold: Fold): number {
  switch (fold) {
    case 'sum': return values.reduce((a, b) => a + b, 0)
    case 'mean': return values.reduce((a, b) => a + b, 0) / values.length
    case 'max': return Math.max(...values)
  }
}
