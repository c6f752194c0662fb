// SPDX-License-Identifier: Apache-2.0
/** What `watch` shows of an Experiment, as lines of text. Pure: a terminal and a log get the same words. */
import { findCondition, isTrue } from '../../core/model/conditions.ts'
import type { Experiment, Stack, Trial } from '../../core/model/kinds.ts'

export interface LiveNumbers { readonly sent?: number; readonly done?: number; readonly failed?: number; readonly stage?: string }
export interface WatchState {
  readonly experiment: Experiment
  readonly stacks: readonly Stack[]
  readonly trials: readonly Trial[]
  readonly now: number
  /** Live numbers of running trials by name. */
  readonly live: ReadonlyMap<string, LiveNumbers>
}

const RECENT = 6

export function viewLines(state: WatchState): string[] {
  return [headline(state), ...state.stacks.map((s) => stackLine(s, state.now)), ...trialLines(state), ...failureLines(state)]
}

/** One line: phase, n of m, time so far, ETA. */
export function headline({ experiment, now }: WatchState): string {
  const { phase = 'Pending', progress = '', trials, startTime, completionTime, eta } = experiment.status ?? {}
  const failed = (trials?.failed ?? 0) + (trials?.invalid ?? 0)
  const end = completionTime === undefined ? now : Date.parse(completionTime)
  const parts = [
    `${experiment.metadata.name}: ${phase}`, progress === '' ? '' : `${progress} trials`, failed > 0 ? `${failed} failed` : '',
    startTime === undefined ? '' : `${clock(end - Date.parse(startTime))} elapsed`,
    completionTime !== undefined || eta === undefined || eta === null ? '' : `ETA ${clock(Math.max(0, Date.parse(eta) - now))}`,
  ]
  return parts.filter((p) => p !== '').join(' · ')
}

function stackLine(stack: Stack, now: number): string {
  const { phase = 'Pending', startTime, startupSeconds, conditions, claim } = stack.status ?? {}
  const ready = findCondition(conditions, 'Ready')
  const how = isTrue(conditions, 'Ready') ? `ready after ${(startupSeconds ?? 0).toFixed(1)} s` : `${startTime === undefined ? '' : `${clock(now - Date.parse(startTime))} `}${ready?.message ?? ''}`
  const holder = claim === undefined || claim === null ? '' : ` · ${claim.trial}`
  return `  stack ${labelOf(stack.spec.treatment) || stack.metadata.name} #${stack.spec.replicate}  ${stack.metadata.deletionTimestamp === undefined ? phase : 'TearingDown'}  ${how}${holder}`.trimEnd()
}

function trialLines({ trials, live, now }: WatchState): string[] {
  const running = trials.filter((t) => t.status?.phase === 'Running' || t.status?.phase === 'Collecting')
  const ended = trials.filter((t) => t.status?.completionTime !== undefined).sort((a, b) => (a.status?.completionTime ?? '').localeCompare(b.status?.completionTime ?? ''))
  return [...ended.slice(-RECENT).map(endedLine), ...running.map((t) => runningLine(t, live.get(t.metadata.name), now))]
}

function endedLine(trial: Trial): string {
  const { phase, verdict = '', summary } = trial.status ?? {}
  const figures = [summary?.ttftP99 === undefined ? '' : `TTFT p99 ${summary.ttftP99}`, summary?.tokensPerSecond ?? ''].filter((f) => f !== '').join(' · ')
  return `  ${phase === 'Succeeded' ? '✔' : '✘'} ${trialLabel(trial)}  ${verdict || (phase ?? '')}  ${figures}`.trimEnd()
}

function runningLine(trial: Trial, live: LiveNumbers | undefined, now: number): string {
  const begun = trial.status?.attempts?.at(-1)?.createdTime
  const numbers = live === undefined ? '' : `${live.done ?? 0} of ${live.sent ?? 0} requests ended${(live.failed ?? 0) > 0 ? `, ${live.failed ?? 0} failed` : ''}${live.stage === undefined ? '' : ` (${live.stage})`}`
  return `  ▸ ${trialLabel(trial)}  ${trial.status?.phase ?? ''}  ${begun === undefined ? '' : clock(now - Date.parse(begun))}  ${numbers}`.trimEnd()
}

function failureLines({ experiment }: WatchState): string[] {
  return (experiment.status?.failures ?? []).map((f) => `  ! ${f.name}: ${f.reason}: ${f.message}`)
}

function trialLabel(trial: Trial): string {
  const { stack, run } = trial.spec.replicate
  return `${labelOf(trial.spec.treatment) || trial.metadata.name} #${stack}.${run}`
}

/** `tp=2 rate=12`: levels as tables show them. */
export function labelOf(treatment: Readonly<Record<string, unknown>> | undefined): string {
  return Object.entries(treatment ?? {}).map(([name, level]) => `${name}=${typeof level === 'object' ? JSON.stringify(level) : String(level)}`).join(' ')
}

/** Minutes and seconds, for people who wait. */
export function clock(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000))
  if (s < 60) return `${s}s`
  if (s < 3600) return `${Math.floor(s / 60)}m${String(s % 60).padStart(2, '0')}s`
  return `${Math.floor(s / 3600)}h${String(Math.floor((s % 3600) / 60)).padStart(2, '0')}m`
}
