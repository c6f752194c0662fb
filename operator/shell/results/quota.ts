// SPDX-License-Identifier: Apache-2.0
/** How much each trial may store, over all its attempts; it counts what others write and refuses what is too much. */
import { Refusal } from './refusal.ts'

export interface Limits {
  readonly bytesPerTrial: number
  readonly filesPerTrial: number
}

export const DEFAULT_LIMITS: Limits = { bytesPerTrial: 8 * 2 ** 30, filesPerTrial: 4000 }

/** What one trial takes now. */
export interface Usage {
  readonly bytes: number
  readonly files: number
}

export interface Account {
  /** Throws a Refusal, and counts nothing, when the quota would be exceeded. Native files leave a share to records and findings. */
  readonly take: (usage: Usage, native: boolean) => void
  readonly give: (usage: Usage) => void
  readonly usage: () => Usage
}

export interface Quota {
  readonly account: (key: string) => Promise<Account>
  readonly forget: (key: string) => void
}

/** What the tool writes is outside of our control: it must not keep our own, small results out. */
const NATIVE_SHARE = 0.9
const MOST_ACCOUNTS = 2000

/** `measure` counts what lies in the store of a trial that has not been touched since we started. */
export function createQuota(limits: Limits, measure: (key: string) => Promise<Usage>): Quota {
  const accounts = new Map<string, Promise<Account>>()
  return {
    account: (key) => {
      const known = accounts.get(key) ?? measure(key).then((usage) => createAccount(usage, limits))
      accounts.delete(key)
      accounts.set(key, known)
      known.catch(() => accounts.delete(key))
      // The oldest is measured anew when it is wanted again.
      if (accounts.size > MOST_ACCOUNTS) accounts.delete(accounts.keys().next().value ?? '')
      return known
    },
    forget: (key) => {
      accounts.delete(key)
    },
  }
}

function createAccount(start: Usage, limits: Limits): Account {
  let { bytes, files } = start
  return {
    take: (usage, native) => {
      const most = native ? limits.bytesPerTrial * NATIVE_SHARE : limits.bytesPerTrial
      if (usage.bytes > 0 && bytes + usage.bytes > most) throw exceeded(`${most} bytes${native ? ' of native files' : ''}`)
      if (usage.files > 0 && files + usage.files > limits.filesPerTrial) throw exceeded(`${limits.filesPerTrial} files`)
      bytes += usage.bytes
      files += usage.files
    },
    give: (usage) => {
      bytes -= usage.bytes
      files -= usage.files
    },
    usage: () => ({ bytes, files }),
  }
}

function exceeded(limit: string): Refusal {
  return new Refusal({
    status: 413,
    code: 'QuotaExceeded',
    message: `the trial's results would take more than ${limit}: store less (results.keepRaw: false) or raise the results server's quota`,
  })
}
