// SPDX-License-Identifier: Apache-2.0
/** Which requests the operator made between two readings of its counters: writes, reads and lists of trials, apart from what goes on anyway. */

/** Requests by "verb resource". */
export type Calls = ReadonlyMap<string, number>

const LINE = /^rest_client_requests_total\{([^}]*)\} (\d+)$/
const LABEL = /(\w+)="([^"]*)"/g
const WRITES = new Set(['create', 'update', 'apply', 'patch', 'delete'])
/** Not of trials: the Lease and the watches go on without any; Events and reviews do not count. */
const APART = /^(watch |\w+ (leases|events|tokenreviews|subjectaccessreviews|serviceaccounts\/token)$)/

export function readCalls(metrics: string): Calls {
  const calls = new Map<string, number>()
  for (const line of metrics.split('\n')) {
    const [, labels = '', count] = LINE.exec(line) ?? []
    if (count === undefined) continue
    const { verb, resource } = Object.fromEntries([...labels.matchAll(LABEL)].map(([, name = '', value]) => [name, value])) as { verb: string; resource: string }
    const key = `${verb} ${resource}`
    calls.set(key, (calls.get(key) ?? 0) + Number(count))
  }
  return calls
}

export interface CallsMade { readonly writes: number; readonly all: number; readonly lists: number; readonly each: Calls; readonly apart: Calls }

export function callsBetween(before: Calls, after: Calls): CallsMade {
  const made = [...after].map(([key, count]) => [key, count - (before.get(key) ?? 0)] as const).filter(([, count]) => count > 0)
  const each = new Map(made.filter(([key]) => !APART.test(key)))
  const sum = (counts: (verb: string) => boolean) => [...each].reduce((total, [key, count]) => (counts(key.split(' ')[0] ?? '') ? total + count : total), 0)
  return { writes: sum((verb) => WRITES.has(verb)), all: sum(() => true), lists: sum((verb) => verb === 'list'), each, apart: new Map(made.filter(([key]) => APART.test(key))) }
}

export function describeCalls(calls: Calls, trials: number): string {
  return [...calls].sort(([, a], [, b]) => b - a).map(([key, count]) => `${key} ${Number((count / trials).toFixed(2))}`).join(', ')
}
