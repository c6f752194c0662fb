// SPDX-License-Identifier: Apache-2.0
/** How long each stack took to start, phase by phase, by its slowest pod. */
import type { Startup } from '../model/findings.ts'
import { drawFigure, axisY, barX, gridX } from './figures.ts'
import { WIDE, type Figure } from './figure-style.ts'
import type { ExperimentResults } from './results.ts'

/** Bars that a page can show. */
const MOST_STACKS = 32
const LINE_HEIGHT = 22

interface Bar { readonly stack: string; readonly phase: string; readonly from: number; readonly to: number }

export function startupFigure({ trials }: ExperimentResults): Figure & { readonly phases: readonly string[] } | null {
  const stacks = new Map(trials.flatMap(({ stack, startup }) => (startup?.pods.length ? [[stack, startup] as const] : [])))
  const shown = [...stacks].slice(0, MOST_STACKS)
  const bars = shown.flatMap(([stack, startup]) => barsOf(stack, startup))
  if (bars.length === 0) return null
  const phases = [...new Set(bars.map((b) => b.phase))]
  const longest = Math.max(...shown.map(([stack]) => stack.length))
  const more = stacks.size > shown.length ? ` The first ${shown.length} of ${stacks.size} stacks.` : ''
  const svg = drawFigure({
    width: WIDE.width, height: 60 + LINE_HEIGHT * shown.length,
    marginLeft: Math.min(360, 16 + 6.8 * longest), marginBottom: 44, marginTop: 12,
    x: { label: 'seconds since the pod was created' }, y: { label: null, domain: shown.map(([stack]) => stack) },
    color: { type: 'ordinal', domain: phases, range: phases.map((_, i) => `var(--s${i % 8})`) },
    alt: `Start-up phases of ${shown.length} stacks in seconds.`,
    marks: [
      gridX(), axisY({ tickSize: 0, label: null }),
      barX(bars, { x1: 'from', x2: 'to', y: 'stack', fill: 'phase', insetTop: 2, insetBottom: 2, title: titleOf }),
    ],
  })
  return { title: 'Start-up phases', note: `Each stack by its slowest pod.${more}`, svg, wide: true, phases }
}

function titleOf({ phase, from, to }: Bar): string {
  return `${phase}: ${(to - from).toFixed(1)} s`
}

function barsOf(stack: string, { pods }: Startup): Bar[] {
  const total = (pod: Startup['pods'][number]) => pod.phases.reduce((sum, p) => sum + p.seconds, 0)
  const slowest = pods.reduce((most, pod) => (total(pod) > total(most) ? pod : most))
  let from = 0
  return slowest.phases.map(({ name, seconds }) => ({ stack, phase: name, from, to: (from += seconds) }))
}
