// SPDX-License-Identifier: Apache-2.0
/** Counters, gauges and histograms in the Prometheus text format, cheap enough for every token. It knows no vLLM. */

export type Labels = Readonly<Record<string, string>>

export type Metric = { readonly render: () => string }
export type Counter = Metric & { readonly add: (amount: number, series?: number) => void }
export type Histogram = Metric & { readonly observe: (value: number) => void }

type Head = { readonly name: string; readonly help: string }

/** A counter with one series per set of labels; `add` addresses them by position. */
export function createCounter(head: Head, series: readonly Labels[]): Counter {
  const values = new Float64Array(series.length)
  return {
    add: (amount, index = 0) => { values[index] = (values[index] ?? 0) + amount },
    render: () => [...heading(head, 'counter'), ...series.map((labels, i) => sample(head.name, labels, values[i] ?? 0))].join(''),
  }
}

/** A gauge that is read when it is asked for. */
export function createGauge(head: Head, series: readonly { readonly labels: Labels; readonly read: () => number }[]): Metric {
  return { render: () => [...heading(head, 'gauge'), ...series.map(({ labels, read }) => sample(head.name, labels, read()))].join('') }
}

export function createHistogram(head: Head, bounds: readonly number[], labels: Labels): Histogram {
  const counts = new Float64Array(bounds.length + 1)
  let sum = 0
  return {
    observe: (value) => {
      const bucket = bucketOf(bounds, value)
      counts[bucket] = (counts[bucket] ?? 0) + 1
      sum += value
    },
    render: () => {
      let total = 0
      const buckets = [...bounds, Infinity].map((bound, i) => {
        total += counts[i] ?? 0
        return sample(`${head.name}_bucket`, { ...labels, le: bound === Infinity ? '+Inf' : float(bound) }, total)
      })
      return [...heading(head, 'histogram'), ...buckets, sample(`${head.name}_count`, labels, total), sample(`${head.name}_sum`, labels, sum)].join('')
    },
  }
}

function heading(head: Head, type: string): string[] {
  return [`# HELP ${head.name} ${head.help}\n`, `# TYPE ${head.name} ${type}\n`]
}

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.keys(labels).sort().map((key) => `${key}="${escaped(labels[key] ?? '')}"`)
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${float(value)}\n`
}

function escaped(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')
}

/** As Python writes floats, because that is what scrapers of vLLM see. */
function float(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value)
}

/** The first bucket whose upper bound holds the value. */
function bucketOf(bounds: readonly number[], value: number): number {
  let low = 0
  let high = bounds.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (value <= (bounds[middle] ?? Infinity)) high = middle
    else low = middle + 1
  }
  return low
}
