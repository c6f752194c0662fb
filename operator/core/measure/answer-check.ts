// SPDX-License-Identifier: Apache-2.0
/** Whether an answer gives the number that was asked for. It knows no request. */

/** Numbers of an answer as they are written, commas between digits left out. */
export function numbersIn(answer: string): string[] {
  return answer.replaceAll(/(\d),(?=\d)/g, '$1').match(/\d+/g) ?? []
}

export type Match = 'any' | 'first'

/** any: among the numbers of the answer, as LLMPerf wants it; first: the first of them, as llmval wants it. */
export function isRight(expected: string, answer: string, match: Match): boolean {
  const numbers = numbersIn(answer)
  return match === 'any' ? numbers.includes(expected) : numbers[0] !== undefined && Number(numbers[0]) === Number(expected)
}
