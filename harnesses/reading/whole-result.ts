// SPDX-License-Identifier: Apache-2.0
/** An adapter's result read to its end and held in memory: for tests and for what is known to be small. */
import type { AdapterResult, AdapterSummary, RequestRecord } from '../../operator/core/model/record.ts'

export async function wholeResult({ records: source, afterRecords, ...before }: AdapterResult): Promise<AdapterSummary & { readonly records: readonly RequestRecord[] }> {
  const records: RequestRecord[] = []
  for await (const record of source) records.push(record)
  return { ...before, ...afterRecords?.(), records }
}
