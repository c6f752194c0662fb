// SPDX-License-Identifier: Apache-2.0
/** How long each stack took to start, phase by phase, by its slowest pod. */
import type { Startup } from '../model/startup.ts'
import { drawFigure, axisY, barX, gridX } from './figures.ts'
import { WIDE, type Figure } from './figure-style.ts'
import { joined, message, type Texts } from './messages.ts'
import type { ExperimentResults } from './results.ts'

/** Bars that a page can show. */
const MOST_STACKS = 32
const LINE_HEIGHT = 22

interface Bar { readonly stack: string; readonly phase: string; readonly from: number; readonly to: number }

export function startupFigure({ trials }: ExperimentResults, texts: Texts): Figure & { readonly phases: readonly string[] } | null {
  const stacks = new Map(trials.flatMap(({ stack, startup }) => (startup?.pods.length ? [[startup.upgradedFrom === undefined ? stack : texts.say('upgrade.bar', { stack }), startup] as const] : [])))
  // Those that were upgraded in place stand apart, below.
  const shown = [...stacks].sort(([, a], [, b]) => Number(a.upgradedFrom !== undefined) - Number(b.upgradedFrom !== undefined)).slice(0, MOST_STACKS)
  const bars = shown.flatMap(([stack, startup]) => barsOf(stack, startup)).map((bar) => ({ ...bar, phase: phaseText(bar.phase, texts) }))
  if (bars.length === 0) return null
  const phases = [...new Set(bars.map((b) => b.phase))]
  const longest = Math.max(...shown.map(([stack]) => stack.length))
  const more = stacks.size > shown.length ? [message('figure.startupFirst', { shown: shown.length, total: stacks.size })] : []
  const svg = drawFigure({
    width: WIDE.width, height: 60 + LINE_HEIGHT * shown.length,
    marginLeft: Math.min(360, 16 + 6.8 * longest), marginBottom: 44, marginTop: 12,
    x: { label: texts.say('figure.startupAxis') }, y: { label: null, domain: shown.map(([stack]) => stack) },
    color: { type: 'ordinal', domain: phases, range: phases.map((_, i) => `var(--s${i % 8})`) },
    alt: texts.say('figure.startupAlt', { count: shown.length }),
    marks: [
      gridX(), axisY({ tickSize: 0, label: null }),
      barX(bars, { x1: 'from', x2: 'to', y: 'stack', fill: 'phase', insetTop: 2, insetBottom: 2, title: titleOf }),
    ],
  })
  return { title: message('figure.startup'), note: joined([message('figure.startupNote'), ...more], 'list.sentence'), svg, wide: true, phases }
}

const PHASES = ['schedule', 'pull', 'start', 'load', 'ready', 'process', 'download', 'weights', 'compile', 'graphs', 'kvCache', 'api', 'rest'] as const

/** Phases that nobody has named yet keep the name that they came with. */
function phaseText(name: string, texts: Texts): string {
  const known = PHASES.find((phase) => phase === name)
  return known === undefined ? name : texts.say(`phase.${known}`)
}

function titleOf({ phase, from, to }: Bar): string {
  return `${phase}: ${(to - from).toFixed(1)} s`
}

function barsOf(stack: string, { pods }: Startup): Bar[] {
  const total = (pod: Startup['pods'][number]) => pod.phases.reduce((sum, p) => sum + p.seconds, 0)
  const slowest = pods.reduce((most, pod) => (total(pod) > total(most) ? pod : most))
  let from = 0
  return slowest.phases.flatMap((phase) => (phase.name === 'load' ? loadOf(phase.seconds, slowest.engine) : [phase]))
    .map(({ name, seconds }) => ({ stack, phase: name, from, to: (from += seconds) }))
}

interface Part { readonly name: string; readonly seconds: number }
/** Phases of an engine that do not hold each other. */
const APART: ReadonlySet<string> = new Set(['process', 'download', 'weights', 'compile', 'graphs', 'kvCache', 'api'])

/** What the engine's log tells of the time from the container's start to ready; the rest of it is the rest. */
function loadOf(seconds: number, engine: Startup['pods'][number]['engine']): Part[] {
  const parts = (engine?.phases ?? []).filter((p) => APART.has(p.name) && p.seconds > 0)
  const told = parts.reduce((sum, p) => sum + p.seconds, 0)
  // Stamps of whole seconds may make the parts longer than the whole.
  const scale = told > seconds ? seconds / told : 1
  const rest = seconds - told * scale
  return parts.length === 0 ? [{ name: 'load', seconds }] : [...parts.map((p) => ({ name: p.name, seconds: p.seconds * scale })), ...(rest > 0 ? [{ name: 'rest', seconds: rest }] : [])]
}
