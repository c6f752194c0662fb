// SPDX-License-Identifier: Apache-2.0
/** What stands between two pieces of a Chinese sentence: a blank between Chinese and Latin letters or digits, none beside Chinese signs. */

const ENDS = { han: /\p{Script=Han}$/u, sign: /[，。；：（）、“”？！]$/, latin: /[\p{L}\p{N}%]$/u }
const BEGINS = { han: /^\p{Script=Han}/u, sign: /^[，。；：（）、“”？！]/, latin: /^[\p{L}\p{N}%]/u }

/** `blank`: whether the sentence has one there. */
export function between(left: string, right: string, blank: boolean): '' | ' ' {
  const [before, after] = [ENDS.han.test(left), BEGINS.han.test(right)]
  if (ENDS.sign.test(left) || BEGINS.sign.test(right) || (before && after)) return ''
  if (before ? BEGINS.latin.test(right) : after && ENDS.latin.test(left)) return ' '
  return blank ? ' ' : ''
}
