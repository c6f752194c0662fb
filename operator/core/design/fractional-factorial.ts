// SPDX-License-Identifier: Apache-2.0
/** Fractional factorials: from generators, or the best fraction for a wanted resolution, number of runs, and effects that must be estimable. */
import { MAX_TRIALS } from '../model/design.ts'
import type { Problem } from '../model/problem.ts'
import { assignColumns, type Wishes } from './assign-columns.ts'
import { CATALOGUE_RUNS, catalogued } from './fraction-catalogue.ts'
import { type FractionReading, readGenerators, romanResolution } from './generators.ts'
import { type Fraction, resolutionOf, runCount } from './regular-fraction.ts'

const AT = 'spec.design.fractionalFactorial'

export interface FractionWish {
  readonly generators?: readonly string[]
  readonly resolution?: number
  readonly runs?: number
}

interface Wanted extends Wishes { readonly names: readonly string[] }

/** The fraction that is asked for, or why there is none and which there is. */
export function chooseFraction({ generators, resolution = 4, runs }: FractionWish, wanted: Wanted): FractionReading {
  if (generators === undefined) return runs === undefined ? ofResolution(resolution, wanted) : ofRuns(runs, wanted)
  const tooLarge = checkRuns(2 ** (wanted.names.length - generators.length))
  return tooLarge === undefined ? readGenerators(generators, wanted.names, `${AT}.generators`) : no(tooLarge)
}

const no = (...problems: readonly Problem[]): FractionReading => ({ ok: false, problems })

/** Refuses more runs than an Experiment may have, before they are made. */
function checkRuns(runs: number): Problem | undefined {
  if (runs <= MAX_TRIALS) return undefined
  return { reason: 'TooManyTrials', path: AT, message: `the design is too large: ${runs.toLocaleString('en-US')} runs`, found: runs.toLocaleString('en-US'), expected: `at most ${MAX_TRIALS.toLocaleString('en-US')}: more generators, or a wanted resolution, make the fraction smaller` }
}

function ofRuns(runs: number, { names, ...wishes }: Wanted): FractionReading {
  const fraction = catalogued(runs, names.length)
  if (fraction === undefined) {
    const sizes = CATALOGUE_RUNS.filter((n) => catalogued(n, names.length) !== undefined)
    return no({ reason: 'BadFraction', path: `${AT}.runs`, message: `there is no fraction of ${runs} runs for ${names.length} factors`, found: String(runs), expected: sizes.length > 0 ? `one of ${sizes.join(', ')}, or generators` : 'generators' })
  }
  const assigned = assignColumns(fraction, wishes)
  return assigned === undefined ? no(noRoom(runs, names.length)) : { ok: true, fraction: assigned }
}

function noRoom(runs: number, factors: number): Problem {
  const more = CATALOGUE_RUNS.find((n) => n > runs && catalogued(n, factors) !== undefined)
  return { reason: 'AliasedEffects', path: 'spec.design.effects', message: `no assignment of ${factors} factors to the fraction of ${runs} runs keeps all of these effects apart`, expected: `fewer effects, or ${more === undefined ? 'a fullFactorial' : `${AT}.runs: ${more}`}` }
}

function ofResolution(resolution: number, { names, ...wishes }: Wanted): FractionReading {
  const k = names.length
  const candidates = CATALOGUE_RUNS.flatMap((runs): Fraction[] => {
    const fraction = catalogued(runs, k)
    return fraction !== undefined && resolutionOf(fraction) >= resolution ? [fraction] : []
  })
  for (const fraction of candidates) {
    const assigned = assignColumns(fraction, wishes)
    if (assigned !== undefined) return { ok: true, fraction: assigned }
  }
  const largest = candidates.at(-1)
  if (largest !== undefined) return no(noRoom(runCount(largest), k))
  return no({ reason: 'BadFraction', path: `${AT}.resolution`, message: `no fraction of up to ${CATALOGUE_RUNS.at(-1)} runs has resolution ${romanResolution(resolution)} for ${k} factors`, found: String(resolution), expected: 'a lower resolution, fewer factors, generators, or a fullFactorial' })
}
