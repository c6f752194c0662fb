// SPDX-License-Identifier: Apache-2.0
/** What scores say of two models, with their errors: nothing is said of quality that no score shows. */
import { formatNumber, formatP } from '../format.ts'
import { message, type Message } from '../messages.ts'
import type { QualityDifference, QualityScore } from './quality.ts'

export function qualitySentence({ task, metric, base, other, p, verdict }: QualityDifference, labels: { readonly base: string; readonly other: string }): Message {
  const common = { ...labels, task, metric, baseValue: scoreText(base), otherValue: scoreText(other) }
  if (verdict === 'no error' || p === null) return message('models.quality.noError', common)
  return message(`models.quality.${verdict}`, { ...common, p: formatP(p) })
}

function scoreText({ value, stderr }: QualityScore): string {
  return stderr === null ? formatNumber(value) : `${formatNumber(value)} ± ${formatNumber(stderr)}`
}
