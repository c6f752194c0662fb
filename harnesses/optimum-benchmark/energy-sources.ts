// SPDX-License-Identifier: Apache-2.0
/** What of an energy was measured and what CodeCarbon assumed, in a sentence. */
import type { Carbon, Sources } from './report-file.ts'

/** Counters of the hardware; everything else is a power that somebody assumed. */
const COUNTERS: Readonly<Record<string, string>> = { RAPL: 'RAPL', 'Power Gadget': 'Power Gadget', pynvml: 'NVML', amdsmi: 'AMD SMI', PowerMetrics: 'PowerMetrics', 'Windows EMI': 'Windows EMI', raspberry: 'the board\'s own meter' }

export function energyNote(carbons: readonly Carbon[], sources: Sources | undefined): string | undefined {
  const [first] = carbons
  if (first === undefined) return undefined
  const whose = first.tracking_mode === 'machine' ? 'of the whole machine, whoever used it' : `of tracking mode ${first.tracking_mode ?? 'unknown'}`
  return `energy is CodeCarbon's, ${whose}: CPU ${cpu(carbons, sources)}; memory ${ram(carbons, sources)}; GPU ${gpu(carbons, sources)}`
}

function cpu(carbons: readonly Carbon[], sources: Sources | undefined): string {
  const counter = COUNTERS[sources?.cpu ?? '']
  if (counter !== undefined) return `measured (${counter})`
  const powers = known(carbons.map((c) => c.cpu_power))
  const about = powers.length === 0 ? '' : ` of ${span(powers)} W`
  if (typeof sources?.cpu === 'string') return `estimated from a power${about} that was assumed, not measured (${sources.cpu}: no RAPL)`
  // A counter does not say the same power twice.
  const constant = powers.length > 1 && Math.max(...powers) - Math.min(...powers) <= 0.01 * Math.max(...powers)
  return constant ? `estimated: its power${about} is the same in all phases, so that no counter was read` : `measured or estimated: nothing says which (power${about})`
}

function ram(carbons: readonly Carbon[], sources: Sources | undefined): string {
  const counter = COUNTERS[sources?.ram ?? '']
  const powers = known(carbons.map((c) => c.ram_power))
  if (counter !== undefined) return `measured (${counter})`
  return powers.length === 0 ? 'estimated' : `estimated: ${span(powers)} W whatever it does`
}

function gpu(carbons: readonly Carbon[], sources: Sources | undefined): string {
  const counter = COUNTERS[sources?.gpu ?? '']
  if (counter !== undefined) return `measured (${counter})`
  return known(carbons.map((c) => c.gpu_power)).some((w) => w > 0) ? 'as the driver says it' : 'none seen'
}

const known = (values: readonly (number | null | undefined)[]) => values.filter((v) => typeof v === 'number')

function span(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)].map((v) => Number(v.toPrecision(3)))
  return low === high ? String(low) : `${low} to ${high}`
}
