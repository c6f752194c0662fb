// SPDX-License-Identifier: Apache-2.0
/** What a reader must know of stacks that came up by an upgrade in place. */
import type { Findings } from '../model/findings.ts'
import { type Message, message } from './messages.ts'

export function upgradeNotes(trials: readonly Pick<Findings, 'stack' | 'startup'>[]): Message[] {
  const stacks = new Map(trials.map((t) => [t.stack, t.startup?.upgradedFrom !== undefined]))
  const upgraded = [...stacks.values()].filter(Boolean).length
  return upgraded === 0 ? [] : [message('upgrade.note', { upgraded, all: stacks.size })]
}
