// SPDX-License-Identifier: Apache-2.0
/** Units, statistics and time series of the benchmark report: each field takes the units of its own class and no others. */
import { z } from 'zod'

/** Units by class. */
const REPORT_UNITS = {
  quantity: ['count', 'pixels'],
  portion: ['percent', 'fraction'],
  ratio: ['ratio'],
  time: ['ms', 's'],
  memory: ['bytes', 'MB', 'GB', 'TB', 'MiB', 'GiB', 'TiB'],
  generationLatency: ['ms/token', 's/token'],
  generationThroughput: ['tokens/s'],
  requestThroughput: ['queries/s'],
  mediaThroughput: ['images/s', 'videos/s', 'audios/s'],
  power: ['Watts'],
} as const
type UnitClass = keyof typeof REPORT_UNITS

const NAMES = ['min', 'p0p1', 'p1', 'p5', 'p10', 'p25', 'p50', 'p75', 'p90', 'p95', 'p99', 'p99p9', 'max', 'mode'] as const
type StatisticName = (typeof NAMES)[number] | 'stddev'

/** A statistic as a report holds it, whatever its class of units. */
export type ReportStatistics = { readonly units: string; readonly mean: number } & Readonly<Partial<Record<StatisticName, number>>>

export const reportTime = z.iso.datetime({ offset: true })

type Numbers = Record<(typeof NAMES)[number], z.ZodOptional<z.ZodNumber>>
const numbers = Object.fromEntries(NAMES.map((name) => [name, z.number().optional()])) as Numbers
const spread = {
  ...numbers,
  stddev: z.number().min(0).optional(),
}
const title = (unitClass: UnitClass) => `${unitClass.charAt(0).toUpperCase()}${unitClass.slice(1)}`
const unitsOf = <C extends UnitClass>(unitClass: C) => z.enum(REPORT_UNITS[unitClass])
const statisticsOf = <C extends UnitClass>(unitClass: C) =>
  z.strictObject({ units: unitsOf(unitClass), mean: z.number(), ...spread }).meta({ id: `Statistics${title(unitClass)}` })
const seriesOf = <C extends UnitClass>(unitClass: C) => z.strictObject({
  units: unitsOf(unitClass),
  series: z.array(z.strictObject({
    ts: reportTime, value: z.union([z.number(), z.string(), z.boolean()]).optional(), mean: z.number().optional(), ...spread,
  })),
}).meta({ id: `Series${title(unitClass)}` })

const CLASSES = Object.keys(REPORT_UNITS) as UnitClass[]
type StatisticsSchema<C extends UnitClass> = ReturnType<typeof statisticsOf<C>>
type SeriesSchema<C extends UnitClass> = ReturnType<typeof seriesOf<C>>
/** One schema a class, so that the JSON schema names each once. */
const STATISTICS = Object.fromEntries(CLASSES.map((c) => [c, statisticsOf(c)])) as unknown as { [C in UnitClass]: StatisticsSchema<C> }
const SERIES = Object.fromEntries(CLASSES.map((c) => [c, seriesOf(c)])) as unknown as { [C in UnitClass]: SeriesSchema<C> }

type Classes = Readonly<Record<string, UnitClass>>
type StatisticsFields<T extends Classes> = { -readonly [K in keyof T]: z.ZodOptional<StatisticsSchema<T[K]>> }
type SeriesFields<T extends Classes> = { -readonly [K in keyof T]: z.ZodOptional<SeriesSchema<T[K]>> }

/** Optional members of an object: a statistic of the named class each. */
export function statisticsFields<const T extends Classes>(classes: T): StatisticsFields<T> {
  return Object.fromEntries(Object.entries(classes).map(([name, c]) => [name, STATISTICS[c].optional()])) as unknown as StatisticsFields<T>
}

/** Optional members of an object: a time series of the named class each. */
export function seriesFields<const T extends Classes>(classes: T): SeriesFields<T> {
  return Object.fromEntries(Object.entries(classes).map(([name, c]) => [name, SERIES[c].optional()])) as unknown as SeriesFields<T>
}
