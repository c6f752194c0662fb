// SPDX-License-Identifier: Apache-2.0
/** What a reader must know of stacks that came up by an upgrade in place, in words. */
import type { Findings } from '../model/findings.ts'

export const UPGRADE_TEXT = {
  bar: (stack: string) => `${stack} (upgraded)`,
  from: (stack: string, before: string) => `${stack} from ${before}`,
  note: (upgraded: number, all: number) =>
    `${upgraded} of ${all} stand-ups were upgrades in place of the one before in the same replicate. Their pods are new; what stays (volumes, caches on them, placement) they share, so that stand-ups of one replicate may be more alike than those of different ones. Replicates are blocks of the analysis of variance, which takes that out; intervals compare replicates, which share nothing. Start-up times after an upgrade stand apart (startup_upgraded); gates and comparisons of start-up use those of installations.`,
} as const

export function upgradeNotes(trials: readonly Pick<Findings, 'stack' | 'startup'>[]): string[] {
  const stacks = new Map(trials.map((t) => [t.stack, t.startup?.upgradedFrom !== undefined]))
  const upgraded = [...stacks.values()].filter(Boolean).length
  return upgraded === 0 ? [] : [UPGRADE_TEXT.note(upgraded, stacks.size)]
}
