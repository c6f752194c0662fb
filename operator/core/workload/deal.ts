// SPDX-License-Identifier: Apache-2.0
/** Deals the frozen requests out to the operating points, whole sessions at a time, from the first again when they run out. It reads no file. */
import type { PlannedRequest } from '../model/request.ts'
import type { Share } from './shares.ts'

/** All turns of one session, or one request that belongs to none. */
export type Conversation = readonly PlannedRequest[]

/** Turns of one session are consecutive. */
export function* conversationsOf(requests: Iterable<PlannedRequest>): Generator<Conversation> {
  let open: PlannedRequest[] = []
  for (const request of requests) {
    const [before] = open
    if (before !== undefined && (request.session === undefined || before.session !== request.session)) {
      yield open
      open = []
    }
    open.push(request)
  }
  if (open.length > 0) yield open
}

/** Conversations without end; `requests` begins anew each time that it is asked. */
function* withoutEnd(requests: () => Iterable<PlannedRequest>): Generator<Conversation> {
  for (;;) {
    let any = false
    for (const conversation of conversationsOf(requests())) {
      any = true
      yield conversation
    }
    if (!any) return
  }
}

/** One pile for each share, in their order; each must be drawn to its end before the next is begun. */
export function* deal(requests: () => Iterable<PlannedRequest>, shares: readonly Share[]): Generator<Iterable<Conversation>> {
  const source = withoutEnd(requests)
  for (const share of shares) yield pile(source, share)
}

function* pile(source: Iterator<Conversation>, { unit, count }: Share): Generator<Conversation> {
  for (let taken = 0; taken < count;) {
    const { done, value } = source.next() as IteratorResult<Conversation, undefined>
    if (done === true || value === undefined) return
    taken += unit === 'sessions' ? 1 : value.length
    yield value
  }
}

/** The part of a trace before `warmupMs` of its clock (`before`), or the rest, whose clock begins there. */
export function* partOfTrace(requests: Iterable<PlannedRequest>, warmupMs: number, part: 'before' | 'after'): Generator<Conversation> {
  for (const conversation of conversationsOf(requests)) {
    const [first] = conversation
    const isBefore = (first?.atMs ?? 0) < warmupMs
    if (isBefore !== (part === 'before')) continue
    yield part === 'before' || warmupMs === 0 ? conversation : conversation.map((request) => ({ ...request, atMs: (request.atMs ?? 0) - warmupMs }))
  }
}
