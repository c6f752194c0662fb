// SPDX-License-Identifier: Apache-2.0
/** What finished stand-ups and trials teach about the next ones: medians by setup, by treatment and by harness. */
import { hashInStackName, hashInTrialName } from '../design/identity.ts'
import { median } from '../stats/quantile.ts'

/** What earlier runs have shown, in seconds. */
export interface Learned {
  /** From the first release to ready, by hash of the setup. */
  readonly standUpSeconds?: ReadonlyMap<string, number>
  /** From the claim of the stack to stored results, by hash of the treatment. */
  readonly trialSeconds?: ReadonlyMap<string, number>
  /** What a trial takes beyond its harness, by name of the harness. */
  readonly overheadSeconds?: ReadonlyMap<string, number>
}

/** A stack that stands or stood. */
export interface PastStack { readonly name: string; readonly startupSeconds?: number | undefined }
/** A trial of any Experiment; times in milliseconds. */
export interface PastTrial {
  readonly name: string
  readonly stack: string
  readonly createdMs: number
  readonly startMs: number
  readonly endMs: number
  readonly succeeded: boolean
  readonly harness?: string | undefined
  /** The harness itself, where one attempt was enough. */
  readonly harnessMs?: number | undefined
}

/** Hashes tell which of them are of the same setup or treatment, whatever Experiment they were of. */
export function learnFrom(stacks: readonly PastStack[], trials: readonly PastTrial[]): Learned {
  const good = trials.filter((t) => t.succeeded && t.endMs > t.startMs)
  return {
    standUpSeconds: medians([...standing(stacks), ...gone(trials, new Set(stacks.map((s) => s.name)))]),
    trialSeconds: medians(good.flatMap((t): Sample[] => sample(hashInTrialName(t.name), (t.endMs - t.startMs) / 1000))),
    overheadSeconds: medians(good.flatMap((t): Sample[] => (t.harnessMs === undefined ? [] : sample(t.harness, (t.endMs - t.startMs - t.harnessMs) / 1000)))),
  }
}

type Sample = readonly [key: string, seconds: number]
const sample = (key: string | undefined, seconds: number): Sample[] => (key === undefined || !(seconds > 0) ? [] : [[key, seconds]])

const standing = (stacks: readonly PastStack[]): Sample[] => stacks.flatMap((s) => sample(hashInStackName(s.name), s.startupSeconds ?? 0))

/** A stack that is gone left its trials: the first is created with it, and starts when it is ready. */
function gone(trials: readonly PastTrial[], known: ReadonlySet<string>): Sample[] {
  return [...Map.groupBy(trials.filter((t) => !known.has(t.stack) && t.startMs > 0), (t) => t.stack)].flatMap(([stack, own]) => {
    const created = Math.min(...own.map((t) => t.createdMs))
    return sample(hashInStackName(stack), (Math.min(...own.map((t) => t.startMs)) - created) / 1000)
  })
}

function medians(samples: readonly Sample[]): Map<string, number> {
  const found = new Map<string, number>()
  for (const [key, own] of Map.groupBy(samples, ([k]) => k)) found.set(key, median(own.map(([, seconds]) => seconds)) ?? 0)
  return found
}
