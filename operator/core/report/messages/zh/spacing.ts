// SPDX-License-Identifier: Apache-2.0
/** What stands between two pieces of a Chinese sentence: a blank between Chinese and Latin letters or digits, none beside Chinese signs. */

const HAN = /\p{Script=Han}/u
const SIGN = /[，。；：（）、“”？！]/
const LATIN = /[\p{L}\p{N}%]/u

/** `blank`: whether the sentence has one there. */
export function between(left: string, right: string, blank: boolean): '' | ' ' {
  const [a, b] = [[...left].at(-1) ?? '', [...right][0] ?? '']
  if (SIGN.test(a) || SIGN.test(b) || (HAN.test(a) && HAN.test(b))) return ''
  if (HAN.test(a) ? LATIN.test(b) : HAN.test(b) && LATIN.test(a)) return ' '
  return blank ? ' ' : ''
}
