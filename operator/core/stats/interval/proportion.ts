// SPDX-License-Identifier: Apache-2.0
/** Intervals of a share: exact (Clopper & Pearson 1934), which never covers too rarely, and Wilson's score (1927), which is shorter. */
import { betaQuantile } from '../distribution/binomial.ts'
import { normalQuantile } from '../distribution/normal.ts'
import type { Bounds } from './bounds.ts'

/** k of n. */
interface Share { readonly k: number; readonly n: number }

export function clopperPearson({ k, n }: Share, level = 0.95): Bounds {
  check({ k, n })
  const tail = (1 - level) / 2
  return {
    kind: 'interval', estimate: k / n, level, method: 'Clopper–Pearson',
    low: k === 0 ? 0 : betaQuantile(tail, k, n - k + 1),
    high: k === n ? 1 : betaQuantile(1 - tail, k + 1, n - k),
  }
}

export function wilson({ k, n }: Share, level = 0.95): Bounds {
  check({ k, n })
  const z = normalQuantile(1 - (1 - level) / 2)
  const share = k / n
  const centre = (share + (z * z) / (2 * n)) / (1 + (z * z) / n)
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))
  return { kind: 'interval', estimate: share, level, method: 'Wilson', low: k === 0 ? 0 : centre - half, high: k === n ? 1 : centre + half }
}

function check({ k, n }: Share): void {
  if (Number.isInteger(k) && Number.isInteger(n) && n >= 1 && k >= 0 && k <= n) return
  throw new RangeError(`a share needs whole numbers 0 ≤ k ≤ n, n ≥ 1; got ${k} of ${n}`)
}
