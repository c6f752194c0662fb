// SPDX-License-Identifier: Apache-2.0
/** What of a delivery fits into the Trial's ConfigMap; what does not is left to the results server, with its address. */
import { stringify } from 'yaml'
import type { Findings } from '../../core/model/findings.ts'
import type { Receipt } from '../../core/model/trial-job.ts'

export const LIMIT_BYTES = 64 * 1024

/** Data of the ConfigMap: findings.json, report.<stage>.yaml, receipt.json; reports, then server series, give way when it is too large. */
export function resultsConfigMap(input: { readonly name: string; readonly receipt: Receipt; readonly findings: Findings; readonly reports: Readonly<Record<string, unknown>> }): Record<string, string> {
  const { receipt, findings, reports } = input
  const base = { 'receipt.json': JSON.stringify(receipt), 'findings.json': JSON.stringify(findings) }
  const texts = Object.entries(reports).map(([stage, report]) => [`report.${stage}.yaml`, stringify(report)] as const)
  const whole = { ...base, ...Object.fromEntries(texts) }
  if (size(whole) <= LIMIT_BYTES) return whole
  const note = `reports are too large for a ConfigMap: see ${receipt.address ?? 'the results server'} (${texts.map(([name]) => name).join(', ')})`
  const without = { ...base, 'reports.txt': note }
  if (size(without) <= LIMIT_BYTES) return without
  const slim: Findings = { ...findings, server: [], notes: [...findings.notes, 'server series are on the results server only'] }
  return { 'receipt.json': base['receipt.json'], 'findings.json': JSON.stringify(slim), 'reports.txt': note }
}

function size(data: Readonly<Record<string, string>>): number {
  return Object.entries(data).reduce((sum, [key, value]) => sum + key.length + Buffer.byteLength(value), 0)
}
