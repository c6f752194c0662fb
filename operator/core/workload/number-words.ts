// SPDX-License-Identifier: Apache-2.0
/** Whole numbers in English words, as people read them out: "five thousand, five hundred and thirty-five"; and the question for them. */

const SMALL = [
  'zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen',
  'seventeen', 'eighteen', 'nineteen',
]
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety']
const GROUPS = [[1_000_000, 'million'], [1000, 'thousand']] as const
export const LARGEST_IN_WORDS = 999_999_999

export function numberWords(value: number): string {
  if (!Number.isInteger(value) || value < 0 || value > LARGEST_IN_WORDS) throw new RangeError(`number ${value}: expected a whole number from 0 to ${LARGEST_IN_WORDS}`)
  for (const [size, name] of GROUPS) {
    if (value < size) continue
    const rest = value % size
    // A rest without hundreds belongs to the last word: one thousand and five.
    return `${numberWords(Math.floor(value / size))} ${name}${rest === 0 ? '' : `${rest < 100 ? ' and ' : ', '}${numberWords(rest)}`}`
  }
  return belowThousand(value)
}

/** Word for word what LLMPerf and llmval ask. */
export function questionOf(number: number): string {
  return `Convert the following sequence of words into a number: ${numberWords(number)}.\nPrint the number first.`
}

function belowThousand(value: number): string {
  const rest = value % 100
  if (value >= 100) return `${SMALL[Math.floor(value / 100)] ?? ''} hundred${rest === 0 ? '' : ` and ${belowThousand(rest)}`}`
  if (value < SMALL.length) return SMALL[value] ?? ''
  return (TENS[Math.floor(value / 10)] ?? '') + (value % 10 === 0 ? '' : `-${SMALL[value % 10] ?? ''}`)
}
