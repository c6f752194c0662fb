// SPDX-License-Identifier: Apache-2.0
/** Keeps answers of the API server for a short while, and asks once for those who ask at the same time. */
import type { Clock } from '../kube/clock.ts'

export interface AnswerCache<T> {
  readonly get: (key: string, ask: () => Promise<T>) => Promise<T>
  readonly clear: () => void
}

export interface AnswerCacheOptions<T> {
  readonly clock: Clock
  /** How long an answer holds; a refusal should hold less long than a grant. */
  readonly holdsMs: (answer: T) => number
  readonly most?: number
}

export function createAnswerCache<T>({ clock, holdsMs, most = 10_000 }: AnswerCacheOptions<T>): AnswerCache<T> {
  const answers = new Map<string, { readonly answer: Promise<T>; until: number }>()
  const ask = (key: string, question: () => Promise<T>): Promise<T> => {
    const entry = { answer: question(), until: Number.POSITIVE_INFINITY }
    answers.set(key, entry)
    // A failure is no answer: the next one asks again.
    entry.answer.then(
      (answer) => {
        entry.until = clock.now() + holdsMs(answer)
      },
      () => {
        if (answers.get(key) === entry) answers.delete(key)
      },
    )
    if (answers.size > most) answers.delete(answers.keys().next().value ?? '')
    return entry.answer
  }
  return {
    get: (key, question) => {
      const known = answers.get(key)
      if (known !== undefined && clock.now() < known.until) return known.answer
      answers.delete(key)
      return ask(key, question)
    },
    clear: () => answers.clear(),
  }
}
