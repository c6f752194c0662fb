// SPDX-License-Identifier: Apache-2.0
/** Where things lie on the volume: DATA/<namespace uid>/<trial>/<trial uid>/<attempt>/…; no name can lead out of it. */
import { join, sep } from 'node:path'
import type { AttemptId, FileId, TrialId } from './store.ts'

/** What a crash left half written; hidden names cannot be asked for. */
export const PARTS = '.parts'
export const MEMO = '.trial.json'

const UID = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/

export const trialKey = ({ namespaceUid, trial, trialUid }: TrialId): string => `${namespaceUid}/${trial}/${trialUid}`

export function trialFolder(data: string, trial: TrialId): string {
  for (const uid of [trial.namespaceUid, trial.trialUid]) if (!UID.test(uid)) throw new TypeError(`"${uid}" is not a uid`)
  return within(data, join(data, trial.namespaceUid, trial.trial, trial.trialUid))
}

export function attemptFolder(data: string, attempt: AttemptId): string {
  return join(trialFolder(data, attempt), String(attempt.attempt))
}

export function filePath(data: string, file: FileId): string {
  const folder = attemptFolder(data, file)
  return within(folder, join(folder, file.name))
}

/** The last line of defence: names were checked before they came here. */
function within(folder: string, path: string): string {
  if (path.startsWith(folder + sep)) return path
  throw new TypeError(`${path} is not within ${folder}`)
}
