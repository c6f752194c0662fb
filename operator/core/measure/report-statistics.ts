// SPDX-License-Identifier: Apache-2.0
/** Our distributions and scalars → statistics of the benchmark report; what has no mean is no statistic and is left out. */
import type { ReportStatistics } from '../model/benchmark-report-statistics.ts'
import type { Distribution, Scalar } from '../model/findings.ts'
import { STATISTICS } from '../model/metric.ts'

type Named = Record<string, ReportStatistics>
type Spread = Partial<Pick<Distribution, (typeof STATISTICS)[number]>>

/** An object with the statistic under that name, or an empty one: spread it. */
export function statisticsOf(name: string, distribution: Spread | undefined, units: string): Named {
  if (typeof distribution?.mean !== 'number') return {}
  const numbers = STATISTICS.flatMap((s) => (typeof distribution[s] === 'number' ? [[s, distribution[s]]] : []))
  return { [name]: { units, ...Object.fromEntries(numbers) } as ReportStatistics }
}

/** One value, such as a rate over the whole window, is a statistic of which only the mean is known. */
export function valueOf(name: string, scalar: Scalar | undefined, units: string): Named {
  return typeof scalar?.value === 'number' ? { [name]: { units, mean: scalar.value } } : {}
}
