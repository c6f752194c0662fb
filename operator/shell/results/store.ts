// SPDX-License-Identifier: Apache-2.0
/** What a store of results can do. Names are checked before they come here; uids keep objects of the same name apart. */
import type { Readable } from 'node:stream'
import { z } from 'zod'
import type { Written } from './api.ts'

export interface TrialId {
  readonly namespaceUid: string
  readonly trial: string
  readonly trialUid: string
}

export interface AttemptId extends TrialId {
  readonly attempt: number
}

export interface FileId extends AttemptId {
  readonly name: string
}

/** What is remembered of a trial when its object is gone. */
export const TrialMemo = z.object({
  namespace: z.string(),
  trial: z.string(),
  trialUid: z.string(),
  experiment: z.string().optional(),
  createdTime: z.string(),
  retention: z.string().meta({ description: 'How long the files stay once the Trial is gone.' }),
  goneTime: z.string().optional().meta({ description: 'When the Trial was first seen to be gone.' }),
})
export type TrialMemo = z.infer<typeof TrialMemo>

export interface StoredFile {
  readonly name: string
  readonly bytes: number
}

interface ReadFile {
  readonly bytes: number
  readonly body: Readable
}

/** Refusals that a store throws: 409 OffsetMismatch (with the size), 413 QuotaExceeded, 507 NoSpace. */
export interface Store {
  /** Puts a whole file in place, atomically: a reader sees the old one or the new one. */
  readonly put: (file: FileId, body: Readable) => Promise<Written>
  /** Adds to a file that grows; what arrived before a failure stays. */
  readonly append: (file: FileId, offset: number, body: Readable) => Promise<Written>
  /** From an offset on; undefined when there is no such file. */
  readonly read: (file: FileId, from?: number) => Promise<ReadFile | undefined>
  readonly digest: (file: FileId) => Promise<Written | undefined>
  readonly remove: (file: FileId) => Promise<void>
  /** Files of an attempt, sorted by name. */
  readonly list: (attempt: AttemptId) => Promise<StoredFile[]>
  /** Makes everything of an attempt survive a loss of power. */
  readonly sync: (attempt: AttemptId) => Promise<void>
  readonly attempts: (trial: TrialId) => Promise<number[]>
  readonly memo: (trial: TrialId) => Promise<TrialMemo | undefined>
  readonly remember: (trial: TrialId, memo: TrialMemo) => Promise<void>
  /** All trials, or those of one namespace, or of one name in it. */
  readonly trials: (of?: { readonly namespaceUid: string; readonly trial?: string }) => AsyncIterable<TrialId>
  readonly removeTrial: (trial: TrialId) => Promise<void>
  /** Throws when nothing can be written. */
  readonly check: () => Promise<void>
  /** Bytes left, where that can be told. */
  readonly freeBytes: () => Promise<number | undefined>
}
