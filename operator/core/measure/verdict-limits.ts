// SPDX-License-Identifier: Apache-2.0
/** All limits that a verdict is made by, in one table: what is compared with what, and why there. */

export interface Limit {
  readonly value: number
  readonly unit: 'ms' | 'ratio' | 's' | 'requests' | 'count'
  readonly why: string
}

const limit = (value: number, unit: Limit['unit'], why: string): Limit => ({ value, unit, why })

export const LIMITS = {
  loopLagP99: limit(5, 'ms', 'Above it the event loop was busy when answers arrived, and its waiting was counted as the server\'s.'),
  cpuUtilization: limit(0.8, 'ratio', 'Of the busiest thread: above it queueing within the client grows without bound.'),
  lagP99: limit(10, 'ms', 'p99 of send − schedule: above it the load is not the one that was asked for.'),
  lagShareOfTtft: limit(0.05, 'ratio', 'p99 of send − schedule, of the median TTFT: above it lateness is visible in the result.'),
  lagFloor: limit(1, 'ms', 'Lateness below the resolution of the client\'s timers is never held against it.'),
  rateOff: limit(0.01, 'ratio', 'Sent rate against scheduled rate, open loop; sampling of arrivals is in both and cancels.'),
  rateSamplingErrors: limit(4, 'count', 'Where a tool shows no schedule: standard errors that its rate may be off by chance.'),
  arrivalCvErrors: limit(4, 'count', 'Standard errors by which the gaps\' coefficient of variation may differ from the wanted process.'),
  arrivalCvSlack: limit(0.1, 'ratio', 'And this much in addition, for timers.'),
  arrivalJitter: limit(1, 'ms', 'Gaps that scatter less than a timer\'s resolution are as even as they can be.'),
  errorRateSuspect: limit(0.05, 'ratio', 'Above it the successes are a selection.'),
  errorRateInvalid: limit(0.5, 'ratio', 'Above it most of the load was never served.'),
  outputLengthsOff: limit(0.05, 'ratio', 'Share of answers whose length is not the one that was asked for with ignoreEos.'),
  hitRateAtStart: limit(0.1, 'ratio', 'Prefix-cache hits on prompts that share nothing: caches were carried over from an earlier trial.'),
  hitRateAtStartChat: limit(0.5, 'ratio', 'The same for chat, where the template\'s own text is shared.'),
  throttled: limit(0, 's', 'Any throttling of the client\'s cgroup stops its clock reads for whole periods.'),
  gpuThrottled: limit(0.01, 'ratio', 'Share of readings in which heat or a power brake held a GPU\'s clocks down: above it the GPU is not the one that was bought. A power cap is how GPUs are built to run, and noted only.'),
  gpuErrors: limit(0, 'count', 'ECC or XID errors while it was measured: corrections stall a GPU, and what is not corrected may be wrong.'),
  energyUncovered: limit(0.2, 'ratio', 'Share of a stage that the exporter\'s values do not reach: above it no energy is given. Below it the rest is taken to go on as it did.'),
  otherCpu: limit(0.25, 'ratio', 'Cores of the server\'s node that pods of others request: above it they are named in a note.'),
  ttftBeyondServer: limit(50, 'ms', 'mean(ttft) − mean(server_ttft): above it, and above the share below, network, gateway or client make the latency.'),
  ttftBeyondServerShare: limit(0.2, 'ratio', 'The same as a share of the client\'s mean TTFT.'),
  ttftNegative: limit(1, 'ms', 'A client cannot see a first token sooner than the server sends it; this much, and what other requests in the server\'s window may do to its mean, is forgiven.'),
  fewRequests: limit(20, 'requests', 'Below it even a mean is luck; percentiles have their own minimum.'),
  claimRounding: limit(0.001, 'ratio', 'Below it a tool\'s own number and ours are the same; above it the report says that they differ.'),
  claimMean: limit(0.02, 'ratio', 'A tool\'s own mean or rate against ours.'),
  claimPercentile: limit(0.05, 'ratio', 'A tool\'s own percentile against ours: definitions of quantiles differ between order statistics.'),
} as const satisfies Readonly<Record<string, Limit>>

/** How a message names a limit: `(limit 5 ms)`. */
export function limitOf(name: keyof typeof LIMITS): string {
  const { value, unit } = LIMITS[name]
  return unit === 'ratio' ? `(limit ${percent(value)})` : `(limit ${value} ${unit})`
}

export function percent(ratio: number): string {
  return `${Number((ratio * 100).toFixed(1))} %`
}
