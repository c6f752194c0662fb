// SPDX-License-Identifier: Apache-2.0
/**
 * Whether a response drifted while the Experiment ran: a slope over time, with treatments, the luck of stand-ups and what the trials of a
 * replicate have in common (their arrivals, for one) taken out. Trials on one stand-up tell it, stand-ups within a replicate, and the
 * replicates among each other. Their p-values are joined with weights that depend on times alone (Stouffer 1949), so that an error which is
 * small by luck does not decide.
 */
import { normalQuantile, normalSurvival } from '../../stats/distribution/normal.ts'
import type { TrendCost } from '../../stats/anova/strata.ts'
import { studentSurvival } from '../../stats/student-t.ts'
import { mean, sum } from '../../stats/summary.ts'
import type { EffectRow } from './effect-rows.ts'
import type { Drift } from './effects.ts'

interface Slope { readonly slope: number; readonly error: number; readonly df: number; readonly weight: number }
interface Point { readonly y: number; readonly t: number; readonly treatment: string; readonly stack: string; readonly block: string }

const LEVEL = 0.95
/** Below it one coincidence looks like a trend. */
const FEWEST_DF = 3

/** null where nothing was repeated in a way that could tell. Times are scaled to the whole run. */
export function driftOf(rows: readonly EffectRow[]): Omit<Drift, 'adjusted' | 'takenOut'> | null {
  const found = slopesOf(rows)
  if (found === null) return null
  const { scale, slopes } = found
  const back = (x: number) => (scale === 'ratio' ? Math.exp(x) : x)
  const at = (z: number) => back(slopeAt(slopes, z))
  return {
    scale,
    change: at(0),
    low: at(CRITICAL),
    high: at(-CRITICAL),
    p: 2 * normalSurvival(Math.abs(joined(slopes, 0))),
    df: sum(slopes.map((s) => s.df)),
  }
}

const CRITICAL = normalQuantile((1 + LEVEL) / 2)

interface Slopes { readonly scale: Drift['scale']; readonly within: Slope | null; readonly between: Slope | null; readonly slopes: readonly Slope[] }

function slopesOf(rows: readonly EffectRow[]): Slopes | null {
  const times = rows.map((r) => Date.parse(r.started))
  const [first, last] = [Math.min(...times), Math.max(...times)]
  if (!(last > first)) return null
  const scale = rows.every((r) => r.value > 0) ? 'ratio' : 'difference'
  const points = rows.map((r, i): Point => ({
    y: scale === 'ratio' ? Math.log(r.value) : r.value, t: ((times[i] as number) - first) / (last - first),
    treatment: JSON.stringify(r.levels), stack: r.stack, block: r.block,
  }))
  const [within, [between = null, blocks = null]] = [withinStandUps(points), betweenStandUps(points)]
  const slopes = [within, between, blocks].filter((s) => s !== null)
  return sum(slopes.map((s) => s.df)) < FEWEST_DF ? null : { scale, within, between, slopes }
}

/** What a drift costs tests of values without it: the variance of its slope, and degrees of freedom of runs and of stand-ups. */
export type DriftCost = Pick<TrendCost, 'variance' | 'runs' | 'wholePlots'>

/**
 * A share a of the slope comes from each stratum, whose own slope has variance v; the joint one has V. Taking it out leaves the errors of that
 * stratum 2a − V/v degrees of freedom short: one, where its own slope is taken. Where each stand-up has one trial stand-ups are the runs.
 */
export function driftCost(rows: readonly EffectRow[], { low, high, scale }: Pick<Drift, 'low' | 'high' | 'scale'>): DriftCost | undefined {
  const found = slopesOf(rows)
  if (found === null) return undefined
  const { within, between, slopes } = found
  const error = (scale === 'ratio' ? Math.log(high / low) : high - low) / (2 * CRITICAL)
  const df = (own: Slope | null): number => {
    if (own === null) return 0
    const step = 0.01 * own.error
    const moved = (by: number) => slopeAt(slopes.map((s) => (s === own ? { ...s, slope: s.slope + by } : s)), 0)
    return Math.min(1, Math.max(0, (moved(step) - moved(-step)) / step - (error / own.error) ** 2))
  }
  return { variance: error ** 2, ...(within === null ? { runs: df(between), wholePlots: 0 } : { runs: df(within), wholePlots: df(between) }) }
}

/** The values as they would be without the trend, about the middle of the run. */
export function withoutDrift(rows: readonly EffectRow[], { scale, change }: Pick<Drift, 'scale' | 'change'>): EffectRow[] {
  const times = rows.map((r) => Date.parse(r.started))
  const [first, last] = [Math.min(...times), Math.max(...times)]
  return rows.map((row, i) => {
    const place = ((times[i] as number) - first) / (last - first) - 0.5
    return { ...row, value: scale === 'ratio' ? row.value / change ** place : row.value - change * place }
  })
}

/** How far the slopes together lie above a given one, as a standard normal. */
function joined(slopes: readonly Slope[], given: number): number {
  const weighted = slopes.map(({ slope, error, df, weight }) => weight * normalOf((slope - given) / error, df))
  return sum(weighted) / Math.sqrt(sum(slopes.map((s) => s.weight ** 2)))
}

/** The normal with the same tail as Student's. */
function normalOf(t: number, df: number): number {
  const tail = Math.max(studentSurvival(Math.abs(t), df), 1e-300)
  return Math.sign(t) * -normalQuantile(Math.min(tail, 0.5))
}

/** The slope above which they lie so far: bisection, since that falls as the given slope grows. */
function slopeAt(slopes: readonly Slope[], z: number): number {
  const reach = Math.max(...slopes.map((s) => s.error)) * 1e4
  let [low, high] = [Math.min(...slopes.map((s) => s.slope)) - reach, Math.max(...slopes.map((s) => s.slope)) + reach]
  for (let i = 0; i < 200 && high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high)); i++) {
    const middle = (low + high) / 2
    if (joined(slopes, middle) > z) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Least squares of what is left of y on what is left of time, once treatments and stand-ups are taken out of both. */
function withinStandUps(points: readonly Point[]): Slope | null {
  const groups = [codesOf(points.map((p) => p.treatment)), codesOf(points.map((p) => p.stack))]
  const [y, t] = [freed(points.map((p) => p.y), groups), freed(points.map((p) => p.t), groups)]
  return slopeOf(y, t, points.length - rankOf(points) - 1)
}

/** The same of means of stand-ups within replicates, where setups are taken out; and of means of replicates. */
function betweenStandUps(points: readonly Point[]): (Slope | null)[] {
  const treatments = [codesOf(points.map((p) => p.treatment))]
  const [y, t] = [freed(points.map((p) => p.y), treatments), freed(points.map((p) => p.t), treatments)]
  const parts = partsOf(points)
  const members = [...Map.groupBy(points.keys(), (i) => points[i]?.stack as string).values()]
  const stacks = members.map((own): Point => ({
    y: mean(own.map((i) => y[i] as number)) as number, t: mean(own.map((i) => t[i] as number)) as number,
    treatment: parts[own[0] as number] as string, stack: '', block: points[own[0] as number]?.block as string,
  }))
  const setupsAndBlocks = stacks.map((s) => ({ treatment: s.treatment, stack: s.block }))
  const groups = [codesOf(stacks.map((s) => s.treatment)), codesOf(stacks.map((s) => s.block))]
  const within = slopeOf(
    freed(
      stacks.map((s) => s.y),
      groups,
    ),
    freed(
      stacks.map((s) => s.t),
      groups,
    ),
    stacks.length - rankOf(setupsAndBlocks) - 1,
  )
  const blocks = [...Map.groupBy(stacks, (s) => s.block).values()].map((own) => ({
    y: mean(own.map((s) => s.y)) as number,
    t: mean(own.map((s) => s.t)) as number,
  }))
  const all = [blocks.map(() => 0)]
  return [within, slopeOf(freed(blocks.map((b) => b.y), all), freed(blocks.map((b) => b.t), all), blocks.length - 2)]
}

/** null without freedom, or where time does not differ from what was taken out. */
function slopeOf(y: readonly number[], t: readonly number[], df: number): Slope | null {
  const squares = sum(t.map((x) => x * x))
  if (df < 1 || squares < 1e-9) return null
  const slope = sum(t.map((x, i) => x * (y[i] as number))) / squares
  const left = sum(y.map((v, i) => (v - slope * (t[i] as number)) ** 2))
  return { slope, error: Math.sqrt(Math.max(left / df, 1e-24) / squares), df, weight: Math.sqrt((squares * df) / (df + 2)) }
}

function codesOf(keys: readonly string[]): number[] {
  const position = new Map([...new Set(keys)].map((key, i) => [key, i]))
  return keys.map((key) => position.get(key) as number)
}

const MOST_ROUNDS = 200

/** Values less the means of all groupings at once, by taking them out in turn until nothing moves. */
function freed(values: readonly number[], groupings: readonly (readonly number[])[]): number[] {
  let left = [...values]
  const size = Math.max(1e-300, ...values.map(Math.abs))
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = left
    for (const codes of groupings) left = centred(left, codes)
    if (groupings.length === 1 || left.every((x, i) => Math.abs(x - (before[i] as number)) < 1e-13 * size)) break
  }
  return left
}

function centred(values: readonly number[], codes: readonly number[]): number[] {
  const sums = new Map<number, { n: number; total: number }>()
  values.forEach((value, i) => {
    const own = sums.get(codes[i] as number) ?? { n: 0, total: 0 }
    own.n += 1
    own.total += value
    sums.set(codes[i] as number, own)
  })
  return values.map((value, i) => {
    const { n, total } = sums.get(codes[i] as number) as { n: number; total: number }
    return value - total / n
  })
}

interface Place { readonly treatment: string; readonly stack: string }

/** Of the columns for two groupings together: as many as there are, less one for each part of the design that shares none with the rest. */
function rankOf(places: readonly Place[]): number {
  return new Set(places.map((p) => p.treatment)).size + new Set(places.map((p) => p.stack)).size - new Set(partsOf(places)).size
}

/** Which part each belongs to; parts share no treatment and no stand-up: setups, where each stack serves its own treatments. */
function partsOf(places: readonly Place[]): string[] {
  const parent = new Map<string, string>()
  const root = (key: string): string => {
    let top = key
    for (let up = parent.get(top); up !== undefined && up !== top; up = parent.get(top)) top = up
    parent.set(key, top)
    return top
  }
  for (const { treatment, stack } of places) parent.set(root(`t${treatment}`), root(`s${stack}`))
  return places.map((p) => root(`s${p.stack}`))
}
