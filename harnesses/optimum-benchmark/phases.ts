// SPDX-License-Identifier: Apache-2.0
/** Phases of a report → stages and claims in our words. What the tool gets wrong is reckoned again from what it gets right, or left out; notes say which. */
import type { Claim, StageWindow } from '../../operator/core/model/record.ts'
import { distributionClaims, scalarClaim } from '../reading/claim-table.ts'
import type { Carbon, Config, Phase } from './report-file.ts'

/** In the order in which they happen, with what a latency of each is. */
const LATENCIES = { load_model: 'engine_start', first_generate: 'batch_latency', prefill: 'batch_latency', decode: 'batch_latency', generate: 'batch_latency', per_token: 'itl' } as const
export type PhaseName = keyof typeof LATENCIES
export const PHASES = Object.keys(LATENCIES) as PhaseName[]

const MEMORY = [['max_ram', 'peak_ram'], ['max_global_vram', 'peak_gpu_memory'], ['max_process_vram', 'peak_gpu_memory_process'], ['max_reserved', 'peak_gpu_memory_reserved'], ['max_allocated', 'peak_gpu_memory_allocated']] as const
const ENERGY = [['cpu', 'cpu_energy'], ['ram', 'ram_energy'], ['gpu', 'gpu_energy'], ['total', 'process_energy']] as const

export interface PhaseInput {
  readonly name: PhaseName
  readonly phase: Phase
  readonly config: Config | undefined
  readonly carbon: Carbon | undefined
  readonly all: Readonly<Partial<Record<PhaseName, Phase>>>
}
export interface PhaseFound { readonly window: StageWindow; readonly claims: readonly Claim[]; readonly notes: readonly string[] }

export function phaseStage(input: PhaseInput): PhaseFound {
  const { name, phase } = input
  const total = phase.latency?.count ?? 1
  const parts = [latencyOf(input), throughputOf(input), memoryOf(input), energyOf(input)]
  return {
    window: { name, kind: 'phase', startMs: 0, sendEndMs: 0, endMs: 1000 * (phase.latency?.total ?? 0), counted: { total, ok: total, failed: 0, cancelled: 0 } },
    claims: parts.flatMap(({ claims }) => claims), notes: parts.flatMap(({ notes }) => notes ?? []),
  }
}

interface Part { readonly claims: readonly Claim[]; readonly notes?: readonly string[] }

/** Tokens after the first of one iteration. */
function decodeSteps({ config }: PhaseInput): number | undefined {
  const tokens = config?.scenario?.generate_kwargs?.max_new_tokens
  return typeof tokens === 'number' && tokens > 1 ? tokens - 1 : undefined
}

const batchOf = ({ config }: PhaseInput) => config?.scenario?.input_shapes?.batch_size ?? undefined

function latencyOf(input: PhaseInput): Part {
  const { name, phase } = input
  if (name === 'per_token') return perToken(input)
  return { claims: distributionClaims(name, { native: `${name}.latency`, metric: LATENCIES[name], unit: 's' }, phase.latency) }
}

/**
 * The tool of version 0.6 never empties its list of tokens between iterations: the n-th adds all gaps since the first once more, with
 * the pauses and prefills between iterations. Our run.py empties it; where that was not done, only the mean can be had, from the decode phase.
 */
function perToken(input: PhaseInput): Part {
  const { phase, all } = input
  const [steps, iterations, count] = [decodeSteps(input), all.generate?.latency?.count, phase.latency?.count]
  if (steps === undefined || typeof iterations !== 'number' || typeof count !== 'number') return { claims: [], notes: ['per_token: nothing says how many tokens an iteration has, so that its gaps cannot be told from those between iterations; it is left out'] }
  if (count === steps * iterations) return { claims: distributionClaims('per_token', { native: 'per_token.latency', metric: 'itl', unit: 's' }, phase.latency) }
  const mean = all.decode?.latency?.mean
  return {
    claims: typeof mean === 'number' ? distributionClaims('per_token', { native: `decode.latency ÷ ${steps}`, metric: 'itl', unit: 's' }, { mean: mean / steps, count: steps * iterations }) : [],
    notes: [`per_token: the tool counted ${count} gaps where ${iterations} iterations have ${steps * iterations}: it counts those of earlier iterations again, and the pauses between iterations; its numbers are left out, the mean is that of the decode phase per token`],
  }
}

function throughputOf(input: PhaseInput): Part {
  const { name, phase: { throughput, latency } } = input
  if (name === 'decode') return { claims: scalarClaim(name, { native: 'decode.throughput.value', metric: 'output_throughput', unit: 'tokens/s' }, throughput?.value) }
  if (name === 'prefill') return { claims: scalarClaim(name, { native: 'prefill.throughput.value', metric: 'request_throughput', unit: 'req/s' }, throughput?.value) }
  const [batch, mean, said] = [batchOf(input), latency?.mean, throughput?.value]
  if (name !== 'generate' || typeof batch !== 'number' || typeof mean !== 'number' || mean <= 0) return { claims: [] }
  const samples = batch / mean
  const wrong = typeof said === 'number' && Math.abs(said / samples - 1) > 0.01
  return {
    claims: scalarClaim(name, { native: 'batch ÷ generate.latency.mean', metric: 'request_throughput', unit: 'req/s' }, samples),
    notes: wrong ? [`generate: the tool says ${said.toPrecision(4)} samples/s and counts tokens after the first for samples; ${samples.toPrecision(4)} is the batch divided by its mean latency`] : [],
  }
}

function memoryOf({ name, phase: { memory } }: PhaseInput): Part {
  return { claims: MEMORY.flatMap(([native, metric]) => scalarClaim(name, { native: `${name}.memory.${native}`, metric, unit: 'MB' }, memory?.[native])) }
}

/** Phases whose energy CodeCarbon measures together with the start of the process that watches the memory. */
const ONCE: ReadonlySet<string> = new Set(['load_model', 'first_generate'])
/** Beyond it, more of the energy was spent around the phase than in it. */
const MOST_OF_ANOTHER = 2

function energyOf({ name, phase, config, carbon }: PhaseInput): Part {
  const { energy, latency, efficiency } = phase
  if (energy === null || energy === undefined) return { claims: [] }
  const [covered, taken] = [carbon?.duration, latency?.total]
  if (ONCE.has(name) && typeof covered === 'number' && typeof taken === 'number' && covered > MOST_OF_ANOTHER * taken) {
    return { claims: [], notes: [`${name}: its energy is left out: it covers ${seconds(covered)}, of which the phase took ${seconds(taken)}; the rest is the tool's own start of a process`] }
  }
  const negative = ENERGY.some(([native]) => Number(energy[native]) < 0)
  if (negative) return { claims: [], notes: [`${name}: its energy is left out: the tool subtracts that of prefill from that of generate, and what is left is below zero`] }
  const onGpu = config?.backend?.device === 'cuda'
  const perToken = typeof efficiency?.value === 'number' && efficiency.value > 0 && name === 'decode' ? 3.6e6 / efficiency.value : undefined
  return {
    claims: [
      ...ENERGY.filter(([native]) => native !== 'gpu' || onGpu).flatMap(([native, metric]) => scalarClaim(name, { native: `${name}.energy.${native}`, metric, unit: 'kWh' }, energy[native])),
      ...scalarClaim(name, { native: '1 ÷ decode.efficiency.value', metric: 'energy_per_output_token', unit: 'J/token' }, perToken),
    ],
  }
}

const seconds = (value: number) => `${Number(value.toPrecision(3))} s`
