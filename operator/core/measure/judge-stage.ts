// SPDX-License-Identifier: Apache-2.0
/** Objections to one stage: its errors, its load, its client, its answers. */
import type { ClientHealth } from '../model/record.ts'
import type { Arrivals } from './arrivals.ts'
import { crossedNumbers, mixedIds } from './crossed-answers.ts'
import { overloadOf, overloadText } from './overload.ts'
import { plannedStage, type PlannedStage } from './planned-load.ts'
import type { StageResult } from './stage-findings.ts'
import type { JudgeInput, Objection } from './verdict.ts'
import { LIMITS, limitOf, percent } from './verdict-limits.ts'

export function judgeStage(result: StageResult, { workload, client, inProcess }: Pick<JudgeInput, 'workload' | 'client' | 'inProcess'>): Objection[] {
  const planned = plannedStage(workload.load, result.findings.stage)
  const objections: (Omit<Objection, 'stage'> | null)[] = [
    errors(result), late(result, client), offeredRate(result, planned, client), arrivals(result.checks.arrivals, planned),
    workload.api.ignoreEos ? lengths(result) : null, inProcess ? null : few(result), stopped(result), overloaded(result, workload), ...crossed(result),
  ]
  return objections.flatMap((objection) => (objection === null ? [] : [{ ...objection, stage: result.findings.stage }]))
}

type Found = Omit<Objection, 'stage'> | null
const suspect = (reason: Objection['reason'], message: string): Found => ({ reason, severity: 'suspect', message })
const invalid = (reason: Objection['reason'], message: string): Found => ({ reason, severity: 'invalid', message })

function errors({ findings: { requests, scalars } }: StageResult): Found {
  if (requests.ok === 0) return invalid('NoSuccessfulRequest', `none of ${requests.total} requests succeeded${because(requests)}`)
  const rate = scalars['error_rate']?.value ?? 0
  if (rate <= LIMITS.errorRateSuspect.value) return null
  const severe = rate > LIMITS.errorRateInvalid.value
  const message = `${percent(rate)} of requests failed ${limitOf(severe ? 'errorRateInvalid' : 'errorRateSuspect')}${because(requests)}`
  return severe ? invalid('ErrorRateHigh', message) : suspect('ErrorRateHigh', message)
}

/** Enough for what was raised and where, of a tool that runs the engine itself. */
const LONGEST_QUOTE = 300

function because({ errors: classes, firstErrors }: StageResult['findings']['requests']): string {
  const counts = Object.entries(classes).map(([kind, count]) => `${count} × ${kind}`).join(', ')
  return counts === '' ? '' : `: ${counts}${firstErrors[0] === undefined ? '' : `, such as "${firstErrors[0].slice(0, LONGEST_QUOTE)}"`}`
}

/** Waiting for maxConcurrency is no fault of the client: it is reported as a rate that was not reached. */
function late({ findings: { distributions } }: StageResult, client: ClientHealth | undefined): Found {
  const lag = distributions['schedule_lag']?.p99 ?? 0
  if ((client?.capWaits ?? 0) > 0) return null
  const saturated = (message: string) => suspect('ClientSaturated', `requests were sent ${message}`)
  if (lag > LIMITS.lagP99.value) return saturated(`${lag.toFixed(1)} ms late at p99 ${limitOf('lagP99')}`)
  const median = distributions['ttft']?.p50
  const limit = typeof median === 'number' ? Math.max(LIMITS.lagFloor.value, LIMITS.lagShareOfTtft.value * median) : Infinity
  if (lag <= limit) return null
  const share = percent(lag / (median as number))
  return saturated(`${lag.toFixed(2)} ms late at p99, ${share} of the median TTFT ${limitOf('lagShareOfTtft')}`)
}

function offeredRate({ checks: { arrivals: seen } }: StageResult, planned: PlannedStage | undefined, client?: ClientHealth): Found {
  const waits = client?.capWaits ?? 0
  const cause = waits > 0 ? `; ${waits} requests waited for maxConcurrency` : ''
  if (seen.scheduled > 0) return againstSchedule(seen, cause)
  const { achievedRate: sent } = seen
  if (sent === null || planned?.rate === undefined) return null
  // Without a schedule the tool's own draw of arrivals is unknown: chance alone moves the rate by cv/√n.
  const chance = (LIMITS.rateSamplingErrors.value * (planned.gapCv ?? 1)) / Math.sqrt(seen.sent)
  if (!off(sent, planned.rate, LIMITS.rateOff.value + chance)) return null
  return suspect('OfferedRateNotReached', rates(sent, planned.rate, 'asked for') + cause)
}

function againstSchedule(seen: Arrivals, cause: string): Found {
  const limit = LIMITS.rateOff.value
  if (seen.sent < seen.scheduled * (1 - limit)) {
    return suspect('OfferedRateNotReached', `${seen.sent} of ${seen.scheduled} scheduled requests were sent${cause}`)
  }
  if (seen.offeredRate === null || seen.achievedRate === null || !off(seen.achievedRate, seen.offeredRate, limit)) return null
  return suspect('OfferedRateNotReached', rates(seen.achievedRate, seen.offeredRate, 'scheduled') + cause)
}

function off(value: number, wanted: number, limit: number): boolean {
  return Math.abs(value - wanted) > limit * wanted
}

function rates(sent: number, wanted: number, what: string): string {
  return `${sent.toPrecision(4)} req/s were sent and ${wanted.toPrecision(4)} req/s ${what} ${limitOf('rateOff')}`
}

/**
 * The gaps' coefficient of variation against the wanted process. For Gamma gaps of coefficient c (Poisson: 1) its standard error is
 * c·√((1 + c²)/2n), so a seeded run of the right process passes and another process does not.
 */
function arrivals({ gaps }: Arrivals, planned: PlannedStage | undefined): Found {
  const wanted = planned?.gapCv
  if (gaps === null || wanted === undefined) return null
  const error = wanted * Math.sqrt((1 + wanted * wanted) / (2 * gaps.n))
  const slack = LIMITS.arrivalCvErrors.value * error + LIMITS.arrivalCvSlack.value
  const even = wanted === 0 && gaps.stddevMs <= LIMITS.arrivalJitter.value
  if (even || Math.abs(gaps.cv - wanted) <= slack) return null
  const should = `${planned?.kind} should give ${wanted.toFixed(2)} ± ${slack.toFixed(2)}`
  return suspect('ArrivalsOff', `gaps between requests have a coefficient of variation of ${gaps.cv.toFixed(2)}; ${should}`)
}

function lengths({ checks: { lengths: seen } }: StageResult): Found {
  const limit = LIMITS.outputLengthsOff.value
  if (seen.compared === 0 || seen.off <= limit * seen.compared) return null
  const answers = `${seen.off} of ${seen.compared} answers`
  return suspect('OutputLengthsOff', `${answers} are not as long as asked for with ignoreEos ${limitOf('outputLengthsOff')}`)
}

function few({ findings: { requests } }: StageResult): Found {
  if (requests.ok === 0 || requests.ok >= LIMITS.fewRequests.value) return null
  return suspect('FewRequests', `${requests.ok} successful requests (at least ${LIMITS.fewRequests.value} are needed)`)
}

/** Only where the profile says what overload is: who looks for the limit of a server goes beyond it on purpose. */
function overloaded({ findings }: StageResult, { load }: JudgeInput['workload']): Found {
  const { scalars } = findings
  const found = scalars['ttft_over_share']?.value ?? 0
  return load.overload === undefined || found <= load.overload.share ? null : suspect('Overloaded', overloadText(found, overloadOf(load)))
}

function crossed({ checks }: StageResult): Found[] {
  const [byNumber, byId] = [crossedNumbers(checks.answers), mixedIds(checks.mixedStreams)]
  return [byNumber === undefined ? null : invalid('AnswersCrossed', byNumber), byId === undefined ? null : byId.certain ? invalid('AnswersCrossed', byId.message) : suspect('AnswersCrossed', byId.message)]
}

function stopped({ checks }: StageResult): Found {
  return checks.stopped === undefined ? null : suspect('StoppedEarly', checks.stopped)
}
