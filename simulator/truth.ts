// SPDX-License-Identifier: Apache-2.0
/** The record of what really happened, so that clients can be checked against it. It remembers; it measures nothing itself. */

/** How an answer ended. `dropped` and `hung` are planted; `cancelled` is the client's doing; `refused` never reached the engine. */
export type Outcome = 'stop' | 'length' | 'cancelled' | 'dropped' | 'hung' | 'refused'

/** One answer (choice) of one request. Stamps are nanoseconds of CLOCK_MONOTONIC. */
export type TruthRecord = {
  readonly requestId: string
  readonly ordinal: number
  readonly choice: number
  readonly status: number
  readonly outcome: Outcome
  readonly streamed: boolean
  /** When the head of the request had been read. */
  readonly arrivalNs: number
  /** When each event was handed to the kernel (streamed) or generated (not streamed). */
  readonly eventNs: readonly number[]
  /** Tokens of each event. */
  readonly eventTokens: readonly number[]
  readonly endNs: number
  readonly promptTokens: number
  readonly cachedTokens: number
  readonly queueMs: number
  readonly preemptions: number
}

export type Truth = {
  readonly add: (record: TruthRecord) => void
  readonly reset: () => void
  readonly size: () => number
  /** JSON lines, oldest first, in pieces of a bounded size. */
  readonly lines: (options: { readonly sinceOrdinal: number; readonly stamps: boolean }) => Generator<string>
}

const LINES_PER_PIECE = 200

export function createTruth(limits: { readonly requests: number; readonly events: number }): Truth {
  let records: TruthRecord[] = []
  let first = 0
  let events = 0
  const dropOldest = () => {
    while (records.length - first > limits.requests || (events > limits.events && first < records.length)) {
      events -= records[first]?.eventNs.length ?? 0
      first++
    }
    // the array is cut now and then, not at every request
    if (first > 1024 && first * 2 > records.length) {
      records = records.slice(first)
      first = 0
    }
  }
  return {
    add: (record) => {
      records.push(record)
      events += record.eventNs.length
      dropOldest()
    },
    reset: () => {
      records = []
      first = 0
      events = 0
    },
    size: () => records.length - first,
    lines: function* ({ sinceOrdinal, stamps }) {
      const wanted = records.slice(first).filter((record) => record.ordinal >= sinceOrdinal)
      for (let i = 0; i < wanted.length; i += LINES_PER_PIECE) {
        yield wanted.slice(i, i + LINES_PER_PIECE).map((record) => `${JSON.stringify(truthLine(record, stamps))}\n`).join('')
      }
    },
  }
}

/** What a reader gets: the stamps, and the durations that follow from them. */
export function truthLine(record: TruthRecord, stamps: boolean): Record<string, unknown> {
  const { eventNs, eventTokens, arrivalNs, endNs, ...rest } = record
  const firstNs = eventNs[0]
  const several = eventTokens.some((tokens) => tokens !== 1)
  return {
    ...rest,
    tokens: eventTokens.reduce((sum, tokens) => sum + tokens, 0),
    ttftMs: firstNs === undefined ? null : durationMs(arrivalNs, firstNs),
    gapsMs: eventNs.slice(1).map((at, i) => durationMs(eventNs[i] ?? at, at)),
    ...(several ? { eventTokens } : {}),
    e2eMs: eventNs.length === 0 ? null : durationMs(arrivalNs, eventNs.at(-1) ?? endNs),
    arrivalNs,
    firstTokenNs: firstNs ?? null,
    endNs,
    ...(stamps ? { tokenNs: eventNs } : {}),
  }
}

/** Milliseconds with the resolution of the clock and no noise from the subtraction. */
function durationMs(fromNs: number, toNs: number): number {
  return Math.round(toNs - fromNs) / 1e6
}
