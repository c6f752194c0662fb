// SPDX-License-Identifier: Apache-2.0
/** Observations that a Prometheus histogram took between two readings; of each only its bucket is known, so its upper bound stands for it. */

const LINE = /^(\w+)_bucket\{([^}]*)\} (\d+)$/
const BOUND = /(?:^|,)le="([^"]+)"/

/** `labels`: text that the labels must contain, such as `name="trial"`. Beyond the last bound an observation is infinite. */
export function observationsBetween(before: string, after: string, of: { readonly name: string; readonly labels: string }): number[] {
  const [was, is] = [cumulative(before, of), cumulative(after, of)]
  const bounds = [...is.keys()].sort((a, b) => a - b)
  let seen = 0
  return bounds.flatMap((bound) => {
    const total = (is.get(bound) ?? 0) - (was.get(bound) ?? 0)
    const here = Math.max(0, total - seen)
    seen = Math.max(seen, total)
    return Array.from({ length: here }, () => bound)
  })
}

function cumulative(metrics: string, of: { readonly name: string; readonly labels: string }): Map<number, number> {
  const counts = new Map<number, number>()
  for (const line of metrics.split('\n')) {
    const [, name, labels = '', count] = LINE.exec(line) ?? []
    if (name !== of.name || !labels.includes(of.labels)) continue
    const [, bound = ''] = BOUND.exec(labels) ?? []
    counts.set(bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound), Number(count))
  }
  return counts
}
