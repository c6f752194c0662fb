// SPDX-License-Identifier: Apache-2.0
/** What a tool's operating points are called: as the workload calls them where it is known, else by what they offer. */
import type { PlannedOffer } from '../../operator/core/model/record.ts'
import type { StagePlace } from './result-groups.ts'

/** One operating point as a tool ran it. */
export interface Offer {
  readonly stage?: StagePlace
  readonly kind: string
  readonly rate?: number | undefined
  readonly concurrency?: number | undefined
  /** What else tells it from others of the same load. */
  readonly label?: string | undefined
}

export interface NamedStage {
  readonly name: string
  readonly kind: string
  readonly phase: 'warmup' | 'measure'
  /** Begins the identifiers of its requests; no other point has the same. */
  readonly prefix: string
}

/** In the order of the points. A point of the warm-up belongs to the first stage. */
export function nameStages(points: readonly Offer[], planned: readonly PlannedOffer[]): NamedStage[] {
  return planned.some((s) => s.kind === 'toolProfile') ? nameOwn(points, planned) : nameAsked(points, planned)
}

/** A profile of the tool's own runs in one place. Its stages have the names that the workload lists, if they are as many. */
function nameOwn(points: readonly Offer[], listed: readonly PlannedOffer[]): NamedStage[] {
  const loose = points.map((p): Offer => (p.stage === 'warmup' ? p : { ...p, stage: undefined }))
  const measured = loose.filter((p) => p.stage !== 'warmup').length
  return nameAsked(loose, measured === listed.length ? listed.map(({ name }) => ({ name })) : [])
}

function nameAsked(points: readonly Offer[], planned: readonly PlannedOffer[]): NamedStage[] {
  const shared = new Set(points.filter((p, i) => points.some((other, j) => i !== j && other.stage === p.stage)).map((p) => p.stage))
  const loose = points.filter((p) => p.stage === undefined)
  const byValue = loose.map((p) => planned.filter((s) => offersSame(p, s)))
  const distinct = new Set(byValue.map(([s]) => s?.name)).size === loose.length && byValue.every((found) => found.length === 1)
  const taken = new Map<string, number>()
  return points.map((point) => {
    // Two operating points in one place are not one stage, whatever the place is called.
    const stage = typeof point.stage === 'number' && shared.has(point.stage) ? undefined : plannedOf(point, { planned, byValue: distinct ? byValue[loose.indexOf(point)]?.[0] : undefined, place: loose.length <= planned.length ? loose.indexOf(point) : -1 })
    const phase = point.stage === 'warmup' ? 'warmup' : 'measure'
    const name = stage?.name ?? unique(derivedName(point), taken)
    return { name, kind: stage?.kind ?? point.kind, phase, prefix: phase === 'warmup' ? `warmup-${name}` : name }
  })
}

interface Places { readonly planned: readonly PlannedOffer[]; readonly byValue: PlannedOffer | undefined; readonly place: number }

function plannedOf({ stage }: Offer, { planned, byValue, place }: Places): PlannedOffer | undefined {
  if (stage === 'warmup') return planned[0]
  return stage === undefined ? (byValue ?? planned[place]) : planned[stage]
}

function offersSame(point: Offer, stage: PlannedOffer): boolean {
  const same = (a: number | undefined, b: number | undefined) => a !== undefined && b !== undefined && Math.abs(a - b) <= 1e-6 * b
  return same(point.rate, stage.rate) || same(point.concurrency, stage.concurrency)
}

/** `concurrent-8`, `poisson-0-5`; `stage-3` where the tool says nothing of it. */
function derivedName({ stage, kind, rate, concurrency, label }: Offer): string {
  const value = rate ?? (kind === 'concurrent' ? concurrency : undefined)
  if (value === undefined && typeof stage === 'number') return `stage-${stage}`
  return [...(label === undefined ? [] : [label]), kind, ...(value === undefined ? [] : [String(Number(value.toPrecision(6)))])].join('-').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').slice(0, 40)
}

function unique(name: string, taken: Map<string, number>): string {
  const before = taken.get(name) ?? 0
  taken.set(name, before + 1)
  return before === 0 ? name : `${name}-${before + 1}`
}
