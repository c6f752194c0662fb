// SPDX-License-Identifier: Apache-2.0
/** The Prometheus text format → samples. It knows no metric by name. */
import type { Reading } from './server-metrics.ts'

export interface PromSample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  /** Where the server stamps its samples, milliseconds since 1970. */
  readonly timestampMs?: number
}

/** Whose metrics they are; an engine's where it is not said. */
export type ScrapeKind = 'engine' | 'gpu' | 'router'

/** One answer of one metrics endpoint: its text, or the samples or the reading if the caller has parsed (and thinned) it already. */
export type Scrape = {
  readonly pod: string
  readonly kind?: ScrapeKind | undefined
  /** The node that an exporter speaks of, where it is known. */
  readonly node?: string | undefined
  /** On the trial's clock, for readers; the analysis takes epochMs. */
  readonly atMs: number
  readonly epochMs: number
} & ({ readonly text: string } | { readonly samples: readonly PromSample[] } | { readonly reading: Reading })

// A name, labels in braces (whose values may hold any escaped text), a value, a time stamp; an exemplar after `#` is not read.
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?[ \t]+(\S+)(?:[ \t]+(-?[0-9.]+))?[ \t]*(?:#.*)?$/
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"/g
const ESCAPES: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' }

/**
 * Samples of an exposition, comments and lines that are none left out: one bad line must not cost the rest. `wanted` thins by name
 * before labels are parsed. Histograms and summaries are their plain series (_bucket with le, _sum, _count).
 */
export function parsePrometheus(text: string, wanted: (name: string) => boolean = () => true): PromSample[] {
  const samples: PromSample[] = []
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const match = SAMPLE.exec(line.trim())
    const name = match?.[1]
    if (match === null || name === undefined || !wanted(name)) continue
    const value = parseNumber(match[3] ?? '')
    if (value === null) continue
    const timestampMs = match[4] === undefined ? undefined : Number(match[4])
    samples.push({ name, labels: parseLabels(match[2] ?? ''), value, ...(timestampMs === undefined ? {} : { timestampMs }) })
  }
  return samples
}

const SPECIAL: ReadonlyMap<string, number> = new Map([['+Inf', Infinity], ['Inf', Infinity], ['-Inf', -Infinity], ['NaN', Number.NaN]])

function parseNumber(text: string): number | null {
  const special = SPECIAL.get(text)
  if (special !== undefined) return special
  const value = Number(text)
  return text === '' || Number.isNaN(value) ? null : value
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {}
  const unescaped = (value: string) => value.replaceAll(/\\[\\"n]/g, (escape) => ESCAPES[escape] as string)
  for (const [, name, value] of text.matchAll(LABEL)) labels[name as string] = unescaped(value as string)
  return labels
}
