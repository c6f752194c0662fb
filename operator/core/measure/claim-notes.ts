// SPDX-License-Identifier: Apache-2.0
/** Differences between a tool's own numbers and ours in words: one note for all values of one cause. */
import type { ClaimComparison } from './claims.ts'

const UNKNOWN = 'the cause is not known'

/** Notes on all differences beyond rounding. Those beyond the limits and without a cause are objections of the verdict too. */
export function claimNotes(comparisons: readonly ClaimComparison[]): string[] {
  const differing = comparisons.filter((c) => !c.exact)
  const groups = Map.groupBy(differing, ({ claim, cause }) => cause ?? `${UNKNOWN}: ${claim.metric}`)
  return [...groups.values()].map(noteOf)
}

function noteOf(group: readonly ClaimComparison[]): string {
  const widest = group.reduce((a, b) => (relative(b) > relative(a) ? b : a))
  const { claim: { statistic, metric, stage, value, unit, nativeName }, ours, cause } = widest
  const values = `${round(value)} by the tool (${nativeName}) and ${round(ours)} ${unit} by its records`
  const metrics = [...new Set(group.map((c) => c.claim.metric))]
  const more = group.length > 1 ? `, the most of ${group.length} values${metrics.length > 1 ? ` of ${metrics.join(', ')}` : ''}` : ''
  return `${statistic}(${metric}, stage=${stage}) is ${values}${more}: ${cause ?? UNKNOWN}`
}

function relative({ claim, ours }: ClaimComparison): number {
  return Math.abs(claim.value - ours) / Math.max(Math.abs(ours), Number.MIN_VALUE)
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)))
}
