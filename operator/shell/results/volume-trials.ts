// SPDX-License-Identifier: Apache-2.0
/** Which trials lie on the volume, and what is remembered of each. */
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Store, type TrialId, TrialMemo } from './store.ts'
import { MEMO, trialFolder } from './volume-layout.ts'
import { foldersIn } from './volume-tree.ts'

export function memos(data: string): Pick<Store, 'memo' | 'remember'> {
  const place = (trial: TrialId) => join(trialFolder(data, trial), MEMO)
  return {
    memo: async (trial) => {
      const text = await readFile(place(trial), 'utf8').catch(() => undefined)
      return text === undefined ? undefined : TrialMemo.safeParse(JSON.parse(text)).data
    },
    remember: async (trial, memo) => {
      await mkdir(trialFolder(data, trial), { recursive: true })
      const part = `${place(trial)}.${randomUUID()}`
      await writeFile(part, JSON.stringify(memo), { flush: true })
      await rename(part, place(trial))
    },
  }
}

export async function* storedTrials(data: string, of?: { readonly namespaceUid: string; readonly trial?: string }): AsyncIterable<TrialId> {
  for (const namespaceUid of of === undefined ? await foldersIn(data) : [of.namespaceUid]) {
    for (const trial of of?.trial === undefined ? await foldersIn(join(data, namespaceUid)) : [of.trial]) {
      for (const trialUid of await foldersIn(join(data, namespaceUid, trial))) yield { namespaceUid, trial, trialUid }
    }
  }
}
