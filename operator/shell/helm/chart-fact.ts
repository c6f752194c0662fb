// SPDX-License-Identifier: Apache-2.0
/** Whether a chart can be had: fetched before anything is stood up, and kept for the stacks, so that none waits for it with accelerators taken. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChartFact, WantedChart } from '../../core/preflight/cluster-facts.ts'
import { type ChartSources, fetchChart } from './chart-source.ts'
import { HelmError } from './helm-error.ts'

/** A registry that hangs must not hold the plan up; what comes later is kept all the same. */
const FETCH_SECONDS = 60

export async function chartFact(sources: ChartSources, namespace: string, chart: Pick<WantedChart, 'chart' | 'version'>, withinMs = 1000 * FETCH_SECONDS): Promise<ChartFact> {
  const ended = new AbortController()
  const late = sleep(withinMs, { kind: 'unreachable', message: `it did not come within ${withinMs / 1000} s` } as const, { signal: ended.signal, ref: false })
  try {
    return await Promise.race([fetchChart(sources, namespace, chart).then(() => ({ kind: 'fetched' }) as const), late])
  } catch (error) {
    if (!(error instanceof HelmError)) throw error
    return { kind: error.transient || error.code === 'HelmTimeout' ? 'unreachable' : 'refused', message: error.message }
  } finally {
    late.catch(() => undefined)
    ended.abort()
  }
}
