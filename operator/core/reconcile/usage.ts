// SPDX-License-Identifier: Apache-2.0
/** The ledger of what an Experiment has really used: every stack is charged from its creation until it is gone, whatever it did in between. */
import type { UsageStatus } from '../model/budget.ts'

/** A stack that is there, also one on its way out: its accelerators are taken. */
export interface StandingStack {
  readonly name: string
  readonly sinceMs: number
  readonly gpus: number
  readonly hourlyCost?: number | undefined
}

type Entry = UsageStatus['standing'][number]
export interface Used { readonly gpuHours: number; readonly cost: number }

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
const round = (value: number) => Math.round(value * 1e4) / 1e4

/** The ledger as of now: stacks that are gone are charged for good in the same step in which they leave the list, so that nothing is charged twice or never. */
export function settleUsage(ledger: UsageStatus | undefined, standing: readonly StandingStack[], at: { readonly now: number; readonly currency?: string | undefined }): UsageStatus {
  const there = new Map(standing.map((s) => [s.name, s]))
  const kept = new Map<string, Entry>()
  let [gpuSeconds, cost] = [ledger?.gpuSeconds ?? 0, ledger?.cost ?? 0]
  for (const entry of ledger?.standing ?? []) {
    const now = there.get(entry.name)
    // One of the same name that was made later is another stack.
    const replaced = now !== undefined && Date.parse(entry.since) < floorToSecond(now.sinceMs)
    if (now !== undefined && !replaced) kept.set(entry.name, { ...entry, gpus: now.gpus })
    if (now !== undefined && !replaced) continue
    const spent = entrySpent(entry, now?.sinceMs ?? at.now)
    gpuSeconds += spent.gpuSeconds
    cost += spent.cost
  }
  for (const { name, sinceMs, gpus, hourlyCost } of standing) {
    if (!kept.has(name)) kept.set(name, { name, since: iso(sinceMs), gpus, ...(hourlyCost !== undefined && { hourlyCost }) })
  }
  const currency = ledger?.currency ?? at.currency
  return { gpuSeconds: round(gpuSeconds), ...(currency !== undefined && { cost: round(cost), currency }), standing: [...kept.values()].sort((a, b) => (a.name < b.name ? -1 : 1)) }
}

const floorToSecond = (ms: number) => Math.floor(ms / 1000) * 1000

function entrySpent({ since, gpus, hourlyCost = 0 }: Entry, untilMs: number): { readonly gpuSeconds: number; readonly cost: number } {
  const gpuSeconds = (gpus * Math.max(0, untilMs - Date.parse(since))) / 1000
  return { gpuSeconds, cost: (gpuSeconds / 3600) * hourlyCost }
}

/** Everything up to now, stacks that stand included. */
export function usedBy(ledger: UsageStatus | undefined, now: number): Used {
  const open = (ledger?.standing ?? []).map((entry) => entrySpent(entry, now))
  return {
    gpuHours: ((ledger?.gpuSeconds ?? 0) + open.reduce((sum, e) => sum + e.gpuSeconds, 0)) / 3600,
    cost: (ledger?.cost ?? 0) + open.reduce((sum, e) => sum + e.cost, 0),
  }
}

/** How fast it grows: GPU-hours an hour, and money an hour. */
export function usageRate(ledger: UsageStatus | undefined): Used {
  const standing = ledger?.standing ?? []
  return { gpuHours: standing.reduce((sum, e) => sum + e.gpus, 0), cost: standing.reduce((sum, e) => sum + e.gpus * (e.hourlyCost ?? 0), 0) }
}
