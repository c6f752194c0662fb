// SPDX-License-Identifier: Apache-2.0
/** Answers that can be checked: how many are right, and which of the wrong ones belong to another request that was in flight. */
import { KEPT_ANSWER, type RequestRecord } from '../model/record.ts'
import { isRight, type Match, numbersIn } from './answer-check.ts'

/** A wrong answer that holds the number of another request in flight. */
export interface Crossing {
  readonly id: string
  readonly expected: string
  readonly found: string
  /** Request that asked for what was found. */
  readonly other: string
}

export interface AnswerFindings {
  readonly checked: number
  readonly wrong: number
  /** Cut off before the number was found: neither right nor wrong. */
  readonly cut: number
  readonly crossings: readonly Crossing[]
  /** How many crossings wrong answers of random numbers would make. */
  readonly byChance: number
}

export interface AnswerTally {
  readonly add: (record: RequestRecord, match: Match) => void
  /** undefined where no answer can be checked. */
  readonly findings: () => AnswerFindings | undefined
}

interface Asked { readonly id: string; readonly sentMs: number; readonly endMs: number }
interface Wrong extends Asked { readonly expected: string; readonly numbers: readonly string[] }

/** Wrong answers that are looked at; more are counted only. */
const MOST_WRONG = 10_000

export function createAnswerTally(): AnswerTally {
  const asked = new Map<string, Asked[]>()
  const wrong: Wrong[] = []
  const counts = { checked: 0, wrong: 0, cut: 0 }
  const range = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY }
  return {
    add(record, match) {
      const { id, expected, answer, sentMs, endMs } = record
      if (expected === undefined) return
      const request = { id, sentMs: sentMs ?? Number.NaN, endMs: endMs ?? Number.NaN }
      const same = asked.get(expected)
      if (same === undefined) asked.set(expected, [request])
      else same.push(request)
      range.min = Math.min(range.min, Number(expected))
      range.max = Math.max(range.max, Number(expected))
      if (record.status !== 'ok' || answer === undefined) return
      const right = isRight(expected, answer, match)
      if (!right && answer.length >= KEPT_ANSWER) counts.cut++
      else counts.checked++
      if (right || answer.length >= KEPT_ANSWER) return
      counts.wrong++
      if (wrong.length < MOST_WRONG) wrong.push({ ...request, expected, numbers: numbersIn(answer) })
    },
    findings: () => (counts.checked + counts.cut === 0 ? undefined : { ...counts, ...crossingsOf(wrong, asked, range) }),
  }
}

function crossingsOf(wrong: readonly Wrong[], asked: ReadonlyMap<string, readonly Asked[]>, range: { readonly min: number; readonly max: number }): Pick<AnswerFindings, 'crossings' | 'byChance'> {
  const others = wrong.length === 0 ? [] : [...asked.values()].flat()
  const size = range.max - range.min + 1
  const sent = Float64Array.from(others, ({ sentMs }) => sentMs).sort()
  const ended = Float64Array.from(others, ({ endMs }) => endMs).sort()
  let byChance = 0
  const crossings = wrong.flatMap((one): Crossing[] => {
    byChance += (new Set(one.numbers).size * beside(one, sent, ended)) / size
    for (const found of one.numbers) {
      const other = found === one.expected ? undefined : asked.get(found)?.find((request) => request.id !== one.id && overlaps(one, request))
      if (other !== undefined) return [{ id: one.id, expected: one.expected, found, other: other.id }]
    }
    return []
  })
  return { crossings, byChance }
}

/** Without times nobody knows what was in flight together. */
const overlaps = (a: Asked, b: Asked) => a.sentMs <= b.endMs && b.sentMs <= a.endMs

/** Other requests that were in flight at any time of this one: those sent before its end, less those ended before its start. */
function beside({ sentMs, endMs }: Asked, sent: Float64Array, ended: Float64Array): number {
  return Math.max(0, countBelow(sent, endMs, true) - countBelow(ended, sentMs, false) - 1)
}

function countBelow(sorted: Float64Array, bound: number, inclusive: boolean): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const value = sorted[middle] ?? 0
    if (value < bound || (inclusive && value === bound)) low = middle + 1
    else high = middle
  }
  return low
}
