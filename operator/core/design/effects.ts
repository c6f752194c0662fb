// SPDX-License-Identifier: Apache-2.0
/** Effects as people write them: tp, tp:rate, tp*rate, or ABC with letters by position. An effect is the list of its factors. */
import { nearest } from '../model/nearest.ts'
import type { Problem } from '../model/problem.ts'

/** Letters of factors by position; I is left out, for it means the mean. */
const LETTERS = 'ABCDEFGHJKLMNOPQRSTUVWXYZabcdefghjkl'.split('')

export const letterOf = (factor: number) => LETTERS[factor] ?? `(${factor + 1})`
/** A word such as ABD. */
export const wordOf = (factors: readonly number[]) => factors.map(letterOf).join('')
/** An effect by the names of its factors: tp:rate. */
export const effectName = (factors: readonly number[], names: readonly string[]) => factors.map((f) => names[f] ?? letterOf(f)).join(':')

export type ParsedEffect = { readonly ok: true; readonly factors: readonly number[] } | { readonly ok: false; readonly problem: Problem }

/** Factors of an effect in order; a factor twice, or one that is not there, is a problem. */
export function parseEffect(text: string, names: readonly string[], at: string): ParsedEffect {
  const tokens = text.split(/[\s:*×·]+/).filter(Boolean)
  const factors: number[] = []
  for (const token of tokens) {
    const found = readToken(token, names)
    if (found === undefined) return unknown(token, { text, names, at })
    factors.push(...found)
  }
  const twice = factors.find((f, i) => factors.indexOf(f) !== i)
  if (tokens.length === 0) return refuse({ at, text, message: 'an effect names at least one factor' })
  if (twice !== undefined) return refuse({ at, text, message: `${names[twice]} is in it twice` })
  return { ok: true, factors: factors.toSorted((a, b) => a - b) }
}

/** A name wins over letters; letters mean positions unless factors are themselves called by capital letters. */
function readToken(token: string, names: readonly string[]): readonly number[] | undefined {
  const named = names.indexOf(token)
  if (named >= 0) return [named]
  const byName = names.some((name) => /^[A-Z]$/.test(name))
  const letters = token.split('').map((letter) => (byName ? names.indexOf(letter) : LETTERS.indexOf(letter)))
  return letters.every((f) => f >= 0 && f < names.length) ? letters : undefined
}

interface Refusal { readonly at: string; readonly text: string; readonly message: string }

function refuse({ at, text, message }: Refusal): ParsedEffect {
  return { ok: false, problem: { reason: 'BadEffect', path: at, message: `"${text}": ${message}`, expected: 'a factor such as tp, or an interaction such as tp:rate or AB' } }
}

interface Context { readonly text: string; readonly names: readonly string[]; readonly at: string }

function unknown(token: string, { text, names, at }: Context): ParsedEffect {
  const legend = names.map((name, f) => (name === letterOf(f) ? name : `${letterOf(f)} ${name}`)).join(', ')
  return { ok: false, problem: { reason: 'BadEffect', path: at, message: `"${text}" uses "${token}", which is no factor`, found: token, expected: `one of ${legend}`, nearest: nearest(token, names)[0] } }
}
