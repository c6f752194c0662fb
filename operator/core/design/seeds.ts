// SPDX-License-Identifier: Apache-2.0
/** Seeds of one trial. Arrivals are shared by all treatments of a replicate, prompts are not, unless caches are to stay warm. */
import type { TrialSpec } from '../model/trial.ts'
import { sha256Hex } from './identity.ts'

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

/** A seed of 31 bits, as the model allows. */
export function derive(text: string): number {
  return Number.parseInt(sha256Hex(`assay/seed/v1/${text}`).slice(0, 8), 16) & 0x7fff_ffff
}
