// SPDX-License-Identifier: Apache-2.0
/** What a foreign workload file becomes: the members of a WorkloadProfile, or why it cannot be one. */
import type { Ledger } from './ledger.ts'

export interface ProfileDraft {
  readonly api: Readonly<Record<string, unknown>>
  readonly data: Readonly<Record<string, unknown>>
  readonly load: Readonly<Record<string, unknown>>
  readonly tokenizer?: Readonly<Record<string, unknown>>
}
export type ProfileReading = { readonly draft: ProfileDraft } | { readonly refusal: string }
export type ReadProfile = (ledger: Ledger) => ProfileReading

/** Names of stages do not depend on their values, which treatments change. */
export const stageName = (index: number) => `stage-${index + 1}`

/** Placeholders of llm-d-benchmark for what Assay knows from the Scenario. */
export const PLACEHOLDER = /REPLACE_ENV_[A-Z0-9_]+/

/** A file that the foreign tool finds by itself: its place has to be filled in. */
export function fileSource(ledger: Ledger, path: string, what: string): Record<string, unknown> {
  const file = ledger.text(path)
  if (file !== undefined && !PLACEHOLDER.test(file)) {
    ledger.note(path, `read from this path by the command line only: a cluster needs data source configMap or volume`)
    return { source: { path: file } }
  }
  ledger.missing(path, `which file: set source of data.${what}`)
  return { source: { path: `${what}.json` } }
}
