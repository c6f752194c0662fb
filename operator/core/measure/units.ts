// SPDX-License-Identifier: Apache-2.0
/** Conversion between units of one dimension. It converts nothing across dimensions. */

/** Each unit as a multiple of its dimension's base, which is the catalogue's unit. */
const DIMENSIONS: readonly Readonly<Record<string, number>>[] = [
  { us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 },
  { 'ms/token': 1, 's/token': 1000 },
  { ratio: 1, fraction: 1, '%': 0.01, percent: 0.01 },
  { 'req/s': 1, 'requests/s': 1, 'queries/s': 1, rps: 1, 'req/min': 1 / 60 },
  { 'tokens/s': 1, 'tok/s': 1 },
  { 'tokens/s/GPU': 1, 'tok/s/GPU': 1 },
  { tokens: 1, tok: 1 },
  { requests: 1 },
  { count: 1 },
  { J: 1, kJ: 1e3, MJ: 1e6, Wh: 3600, kWh: 3.6e6 },
  { 'J/token': 1, 'mJ/token': 1e-3 },
  { 'J/Mtok': 1, 'kJ/Mtok': 1e3, 'MJ/Mtok': 1e6, 'Wh/Mtok': 3600, 'kWh/Mtok': 3.6e6 },
  { W: 1, kW: 1e3 },
  { GiB: 1, MiB: 1 / 1024, GB: 1e9 / 2 ** 30, MB: 1e6 / 2 ** 30 },
  { MHz: 1, GHz: 1e3 },
]

/** null when the units do not measure the same thing. */
export function convertUnit(value: number, from: string, to: string): number | null {
  if (from === to) return value
  const dimension = DIMENSIONS.find((d) => Object.hasOwn(d, from) && Object.hasOwn(d, to))
  return dimension === undefined ? null : (value * (dimension[from] as number)) / (dimension[to] as number)
}

/** Units that a value in this one may be written in, itself first. */
export function compatibleUnits(unit: string): string[] {
  const dimension = DIMENSIONS.find((d) => Object.hasOwn(d, unit))
  return [unit, ...Object.keys(dimension ?? {}).filter((u) => u !== unit)]
}
