// SPDX-License-Identifier: Apache-2.0
/** Seeds of one trial. Arrivals are shared by all treatments of a replicate, prompts are not, unless caches are to stay warm. */
import type { TrialSpec } from '../model/trial.ts'

export interface SeedInput {
  /** Seed of the design. */
  readonly seed: number
  /** Identity of the treatment, so that an extension changes no seed. */
  readonly treatment: string
  readonly replicate: { readonly stack: number; readonly run: number }
  readonly caches: TrialSpec['caches']
}

export function trialSeeds({ seed, treatment, replicate, caches }: SeedInput): TrialSpec['seeds'] {
  const arrival = derive(`arrival/${seed}/${replicate.stack}/${replicate.run}`)
  // With caches kept, every trial of a stack must send the same prompts, or nothing would be found in them.
  const content = caches === 'Keep' ? derive(`content/${seed}/${replicate.stack}`) : derive(`content/${seed}/${treatment}/${replicate.stack}/${replicate.run}`)
  return { arrival, content }
}

const FNV_OFFSET = 0x811c_9dc5
const FNV_PRIME = 0x0100_0193

/** A seed of 31 bits, as the model allows: FNV-1a, stirred as MurmurHash3 ends. Quick, for it is done twice for each of 10,000 trials. */
export function derive(text: string): number {
  let hash = FNV_OFFSET
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME)
  return mix(hash) & 0x7fff_ffff
}

/** Stirs 32 bits so that each depends on all. */
export function mix(bits: number): number {
  let hash = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return hash ^ (hash >>> 16)
}
