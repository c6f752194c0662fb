// SPDX-License-Identifier: Apache-2.0
/** The ledger of what an Experiment has really used: every stack is charged from its creation until it is gone, whatever it did in between. */
import type { UsageStatus } from '../model/budget.ts'
import { stamp } from './stamp.ts'

/** A stack that is there, also one on its way out: its accelerators are taken. */
export interface StandingStack {
  readonly name: string
  readonly sinceMs: number
  readonly gpus: number
  readonly hourlyCost?: number | undefined
}

type Entry = UsageStatus['standing'][number]
export interface Used { readonly gpuHours: number; readonly cost: number }

const round = (value: number) => Math.round(value * 1e4) / 1e4

/** The ledger as of now: stacks that are gone are charged for good in the same step in which they leave the list, so that nothing is charged twice or never. */
export function settleUsage(ledger: UsageStatus | undefined, standing: readonly StandingStack[], at: { readonly now: number; readonly currency?: string | undefined }): UsageStatus {
  const there = new Map(standing.map((s) => [s.name, s]))
  const before = ledger?.standing ?? []
  const kept = before.flatMap((entry) => (isThere(entry, there.get(entry.name)) ? [{ ...entry, gpus: there.get(entry.name)?.gpus ?? entry.gpus }] : []))
  const closed = before.filter((entry) => !isThere(entry, there.get(entry.name))).map((entry) => entrySpent(entry, there.get(entry.name)?.sinceMs ?? at.now))
  const known = new Set(kept.map((entry) => entry.name))
  const added = standing.filter((s) => !known.has(s.name)).map(entryOf)
  return {
    gpuSeconds: round(closed.reduce((sum, c) => sum + c.gpuSeconds, ledger?.gpuSeconds ?? 0)), ...moneyOf(ledger, closed, at.currency),
    standing: [...kept, ...added].sort((x, y) => (x.name < y.name ? -1 : 1)),
  }
}

/** One of the same name that was made later is another stack. */
function isThere({ since }: Entry, now: StandingStack | undefined): boolean {
  return now !== undefined && Date.parse(since) >= floorToSecond(now.sinceMs)
}

function entryOf({ name, sinceMs, gpus, hourlyCost }: StandingStack): Entry {
  return { name, since: stamp(sinceMs), gpus, ...(hourlyCost !== undefined && { hourlyCost }) }
}

function moneyOf(ledger: UsageStatus | undefined, closed: readonly { readonly cost: number }[], now: string | undefined): Pick<UsageStatus, 'cost' | 'currency'> {
  const currency = ledger?.currency ?? now
  return currency === undefined ? {} : { cost: round(closed.reduce((sum, c) => sum + c.cost, ledger?.cost ?? 0)), currency }
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
