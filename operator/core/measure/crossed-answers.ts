// SPDX-License-Identifier: Apache-2.0
/** Whether answers belong to other requests, in words, with the evidence. It looks at no record. */
import { logGamma } from '../stats/gamma.ts'
import type { AnswerFindings } from './answer-tally.ts'
import type { MixedStreams } from './response-id-tally.ts'
import { LIMITS } from './verdict-limits.ts'

const SHOWN = 3

/** Undefined where there are none, or no more than wrong answers of random numbers would make. */
export function crossedNumbers(answers: AnswerFindings | undefined): string | undefined {
  if (answers === undefined || answers.crossings.length === 0) return undefined
  const { crossings, byChance, checked } = answers
  if (atLeastByChance(crossings.length, byChance) > LIMITS.crossedByChance.value) return undefined
  const shown = crossings.slice(0, SHOWN).map(({ id, expected, found, other }) => `${id} asked for ${expected} and got ${found}, which ${other} asked for at the same time`)
  return `${crossings.length} of ${checked} answers belong to another request in flight (by chance ${byChance.toPrecision(2)} would): ${shown.join('; ')}${more(crossings.length)}`
}

/** Certain where the other id is that of another request; else only odd. */
export function mixedIds({ count, found }: MixedStreams): { readonly certain: boolean; readonly message: string } | undefined {
  if (count === 0) return undefined
  const known = found.filter(({ other }) => other !== undefined)
  const shown = (known.length > 0 ? known : found).slice(0, SHOWN).map(({ id, responseIds: [own, ...foreign], other }) =>
    `${id} (${own}) has ${foreign.join(', ')}${other === undefined ? '' : `, which is the answer to ${other}`}`)
  const message = `${count} streams mix response ids${known.length > 0 ? ` of other requests` : ', which no other request was seen to have'}: ${shown.join('; ')}${more(count)}`
  return { certain: known.length > 0, message }
}

const more = (count: number) => (count > SHOWN ? `; and ${count - SHOWN} more` : '')

/** Poisson: the probability of so many or more. */
function atLeastByChance(n: number, mean: number): number {
  if (mean <= 0) return 0
  let below = 0
  for (let k = 0; k < n; k++) below += Math.exp(k * Math.log(mean) - mean - logGamma(k + 1))
  return Math.max(0, 1 - below)
}
