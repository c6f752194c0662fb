// SPDX-License-Identifier: Apache-2.0
/** Objections to a trial as a whole: how the harness ended, what became of the server, caches, the client's own health. */
import { dataKind } from '../model/workload-profile.ts'
import type { ClaimComparison } from './claims.ts'
import type { JudgeInput, Objection } from './verdict.ts'
import { LIMITS, limitOf, percent } from './verdict-limits.ts'

export function judgeRun(input: JudgeInput): Objection[] {
  const objections = [
    harnessEnd(input), unreadable(input), noStage(input), ...restarts(input), ...caches(input), ...client(input), ...incomplete(input),
    claims(input.claims),
  ]
  return objections.filter((objection) => objection !== null)
}

function harnessEnd({ harness }: JudgeInput): Objection | null {
  const { exitCode, timedOut, oomKilled, message } = harness
  const said = message === undefined || message === '' ? '' : `: ${message}`
  if (timedOut) return { reason: 'HarnessTimedOut', severity: 'invalid', message: `the harness was ended at the trial's timeout${said}` }
  if (oomKilled) return { reason: 'HarnessFailed', severity: 'invalid', message: `the harness ran out of memory and was killed${said}` }
  if (exitCode === null || exitCode === 0) return null
  return { reason: 'HarnessFailed', severity: 'invalid', message: `the harness ended with exit code ${exitCode}${said}` }
}

function unreadable({ harness }: JudgeInput): Objection | null {
  return harness.unreadable === undefined ? null : { reason: 'HarnessFailed', severity: 'invalid', message: harness.unreadable }
}

function noStage({ stages, sendsNothing }: JudgeInput): Objection | null {
  if (sendsNothing || stages.length > 0) return null
  return { reason: 'NoSuccessfulRequest', severity: 'invalid', message: 'the harness wrote no stage and no request' }
}

function restarts({ server }: JudgeInput): Objection[] {
  return server.restarts.map(({ pod, atMs, what }) =>
    ({ reason: 'ServerRestarted', severity: 'invalid', message: `${pod}, ${(atMs / 1000).toFixed(1)} s into the trial: ${what}` }))
}

function caches({ caches: { policy, how, failed }, server, workload }: JudgeInput): Objection[] {
  if (failed) return [suspect('CacheResetFailed', `caches: ${policy} was asked for and failed${how === '' ? '' : ` (${how})`}`)]
  const { data, api } = workload
  // Prompts that share a prefix hit the cache from their own run; only prompts that share nothing tell of an earlier one.
  const sharesNothing = dataKind(data) === 'synthetic' && data.synthetic?.prefix === undefined && data.synthetic?.turns === undefined
  const { value: limit } = api.kind !== 'completions' ? LIMITS.hitRateAtStartChat : LIMITS.hitRateAtStart
  const rate = server.hitRateAtStart
  if (policy === 'Keep' || !sharesNothing || rate === null || rate <= limit) return []
  const message = `${percent(rate)} of the first prompts' tokens came from the prefix cache although prompts share nothing`
  return [suspect('CachesCarriedOver', `${message} (limit ${percent(limit)})`)]
}

function client({ client: health }: JudgeInput): Objection[] {
  const { loopLagP99Ms: lag = 0, cpuUtilization: cpu = 0, throttledSeconds: throttled = 0 } = health ?? {}
  const found = [
    lag > LIMITS.loopLagP99.value
      && suspect('ClientSaturated', `the client's event loop was late by ${lag.toFixed(1)} ms at p99 ${limitOf('loopLagP99')}`),
    cpu > LIMITS.cpuUtilization.value
      && suspect('ClientSaturated', `the client's busiest thread took ${percent(cpu)} of a core ${limitOf('cpuUtilization')}`),
    throttled > LIMITS.throttled.value && suspect('Throttled', `the client's cgroup was throttled for ${throttled.toFixed(3)} s`),
  ]
  return found.filter((objection) => objection !== false)
}

function incomplete({ server, truncated }: JudgeInput): Objection[] {
  return [...server.gaps.map((gap) => suspect('ScrapeIncomplete', gap)), ...truncated.map((note) => suspect('RecordsTruncated', note))]
}

/** One reason for all: a tool that counts differently differs everywhere. Differences with a known cause are notes, not doubts. */
function claims(comparisons: readonly ClaimComparison[]): Objection | null {
  const unexplained = comparisons.filter((c) => !c.agrees && c.cause === undefined)
  if (unexplained.length === 0) return null
  const shown = unexplained.slice(0, 3).map(({ claim: { statistic, metric, stage, value, unit }, ours }) =>
    `${statistic}(${metric}, stage=${stage}) is ${round(value)} by the tool and ${round(ours)} ${unit} by its records`)
  const more = unexplained.length > shown.length ? `, and ${unexplained.length - shown.length} more` : ''
  return suspect('ClaimsDisagree', `${shown.join('; ')}${more}`)
}

function suspect(reason: Objection['reason'], message: string): Objection {
  return { reason, severity: 'suspect', message }
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)))
}
