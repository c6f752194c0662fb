// SPDX-License-Identifier: Apache-2.0
/** What `watch` shows of an Experiment, as lines of text. Pure: a terminal and a log get the same words. */
import { findCondition, isTrue } from '../../core/model/conditions.ts'
import type { ExperimentStatus } from '../../core/model/experiment.ts'
import type { Experiment, Stack, Trial } from '../../core/model/kinds.ts'
import type { Budget } from '../../core/model/budget.ts'
import { limitsOf, ofLimit } from '../../core/plan/budget-limits.ts'
import { levelText } from '../../core/plan/labels.ts'
import { usedBy } from '../../core/reconcile/usage.ts'
import { ENGLISH } from '../../core/report/messages/languages.ts'
import { usedText } from '../../core/report/spent.ts'

export interface LiveNumbers { readonly sent?: number; readonly done?: number; readonly failed?: number; readonly stage?: string }
export interface WatchState {
  readonly experiment: Experiment
  readonly stacks: readonly Stack[]
  /** Trials of this run. */
  readonly trials: readonly Trial[]
  readonly now: number
  /** Live numbers of running trials by name. */
  readonly live: ReadonlyMap<string, LiveNumbers>
}

/** Something that is told once in a log; `key` says what makes it new. */
export interface News { readonly key: string; readonly text: string }

const RECENT = 6
const DEFAULT_ROWS = 40
const MOST_RUNNING = 8

/** A picture that fits the terminal: the newest trials, and as many stacks as there is room for. */
export function viewLines(state: WatchState, rows: number = DEFAULT_ROWS): string[] {
  const [stacks, trials] = [stackLines(state), [...endedTrials(state).slice(-RECENT).map((t) => endedLine(t, state.experiment)), ...runningTrials(state).map((t) => runningLine(t, state))]]
  const room = Math.max(2, Math.floor((rows - RECENT - 4) / 2))
  return [headline(state), ...capped(stacks, room, 'stacks'), ...capped(trials, room + RECENT, 'trials'), ...trouble(state).map((t) => t.text)]
}

function capped(lines: readonly string[], room: number, what: string): string[] {
  return lines.length <= room ? [...lines] : [...lines.slice(0, room - 1), `  … and ${lines.length - room + 1} more ${what}`]
}

/** One line: phase, n of m, time so far, ETA. */
export function headline({ experiment: { metadata: { name }, spec, status = {} }, now }: WatchState): string {
  const { phase = 'Pending', progress = '', trials, run = 1 } = status
  const failed = (trials?.failed ?? 0) + (trials?.invalid ?? 0)
  const parts = [`${name}${run > 1 ? ` (run ${run})` : ''}: ${phase}`, progress === '' ? '' : trialsText(progress), failed > 0 ? `${failed} failed` : '', ...spendings(status, spec?.budget, now), ...times(status, now)]
  return parts.filter((p) => p !== '').join(' · ')
}

/** `5/12 trials`, and with it how far a plan is that grows: `5/12 trials, 2 of at most 48 probes`. */
function trialsText(progress: string): string {
  const [counts = '', ...growth] = progress.split('; ')
  return [`${counts} trials`, ...growth].join(', ')
}

/** What was used, of how much where that is limited. */
function spendings({ usage, startTime, suspendedSeconds = 0, completionTime }: ExperimentStatus, budget: Budget | undefined, now: number): string[] {
  const at = completionTime === undefined ? now : Date.parse(completionTime)
  const used = { ...usedBy(usage, at), wallSeconds: Math.max(0, (at - Date.parse(startTime ?? '')) / 1000 - suspendedSeconds) }
  if (budget !== undefined && startTime !== undefined) return limitsOf(budget).map((limit) => ofLimit(limit, limit.of(used)))
  return used.gpuHours > 0 ? [ENGLISH.textOf(usedText(used, usage?.currency))] : []
}

function times({ startTime, completionTime, eta }: ExperimentStatus, now: number): string[] {
  if (startTime === undefined) return []
  const elapsed = `${clock((completionTime === undefined ? now : Date.parse(completionTime)) - Date.parse(startTime))} elapsed`
  return completionTime !== undefined || eta === undefined ? [elapsed] : [elapsed, `ETA ${clock(Date.parse(eta) - now)}`]
}

/** A sign of life for a log in which nothing changes: what is running, with its numbers. */
export function pulse(state: WatchState): string[] {
  return [headline(state), ...capped(runningTrials(state).map((t) => runningLine(t, state)), MOST_RUNNING, 'trials')]
}

/** What a log tells, oldest first: each phase, each stack's steps, each ended trial, each failure. */
export function news(state: WatchState): News[] {
  const { phase = 'Pending', run = 1, progress = '' } = state.experiment.status ?? {}
  const ended = endedTrials(state)
  return [
    { key: `phase/${run}/${phase}/${ended.length === 0 ? '' : progress}`, text: headline(state) },
    ...state.stacks.map((s) => ({ key: `stack/${s.metadata.uid ?? s.metadata.name}/${stackPhase(s)}`, text: stackLine(s, state) })),
    ...ended.map((t) => ({ key: `trial/${t.metadata.uid ?? t.metadata.name}`, text: endedLine(t, state.experiment) })),
    ...trouble(state),
  ]
}

const stackLines = ({ experiment, stacks, now }: WatchState): string[] => stacks.map((s) => stackLine(s, { experiment, now }))
const stackPhase = ({ metadata, status }: Stack): string => (metadata.deletionTimestamp === undefined ? status?.phase ?? 'Pending' : 'TearingDown')

function stackLine(stack: Stack, { experiment, now }: Pick<WatchState, 'experiment' | 'now'>): string {
  const { startTime, startupSeconds, conditions, claim } = stack.status ?? {}
  const phase = stackPhase(stack)
  const waiting = findCondition(conditions, 'Ready')?.message ?? ''
  const since = startTime === undefined ? '' : clock(now - Date.parse(startTime))
  const how = phase === 'TearingDown' ? '' : isTrue(conditions, 'Ready') ? `after ${(startupSeconds ?? 0).toFixed(1)} s` : `${since}  ${waiting}`.trim()
  const holder = claim === undefined || claim === null || phase !== 'Ready' ? '' : ' · in use'
  return `  stack ${titleOf(stack, experiment)} #${stack.spec.replicate}  ${phase}  ${how}${holder}`.trimEnd()
}

export function runningTrials({ trials }: Pick<WatchState, 'trials'>): Trial[] {
  return trials.filter((t) => t.status?.phase === 'Preparing' || t.status?.phase === 'Running' || t.status?.phase === 'Collecting')
}

function endedTrials({ trials }: WatchState): Trial[] {
  return trials.filter((t) => t.status?.completionTime !== undefined).sort((a, b) => (a.status?.completionTime ?? '').localeCompare(b.status?.completionTime ?? ''))
}

function endedLine(trial: Trial, experiment: Experiment): string {
  const { phase = '', verdict = '', summary, reasons = [] } = trial.status ?? {}
  const why = [...new Set(reasons.map((r) => /^\w+/.exec(r)?.[0] ?? r))].join(', ')
  const figures = [summary?.ttftP99 === undefined ? '' : `TTFT p99 ${summary.ttftP99}`, summary?.tokensPerSecond ?? ''].filter((f) => f !== '').join(' · ')
  return `  ${phase === 'Succeeded' ? '✔' : '✘'} ${trialLabel(trial, experiment)}  ${verdict || phase}${why === '' ? '' : ` (${why})`}  ${figures}`.trimEnd()
}

function runningLine(trial: Trial, { experiment, live, now }: WatchState): string {
  const begun = trial.status?.attempts?.at(-1)?.createdTime
  const since = begun === undefined ? '' : clock(now - Date.parse(begun))
  const ready = findCondition(trial.status?.conditions, 'Ready')
  // A pod that cannot start is the news, not how long nothing has run.
  const [what, more] = ready?.reason === 'PodStuck' ? ['Stuck', ready.message] : [trial.status?.phase ?? '', liveText(live.get(trial.metadata.name))]
  return `  ▸ ${trialLabel(trial, experiment)}  ${[what, since, more].filter(Boolean).join('  ')}`
}

/** Not every tool says how many requests it has sent. */
export function liveText(live: LiveNumbers | undefined): string {
  if (live === undefined) return ''
  const { sent, done = 0, failed = 0, stage = '' } = live
  const ended = `${done}${sent === undefined ? '' : ` of ${sent} sent`} requests ended`
  return [ended, failed > 0 ? `, ${failed} failed` : '', stage === '' ? '' : ` (stage ${stage})`].join('')
}

/** Failures, and what keeps the Experiment from going on. */
function trouble({ experiment: { status } }: WatchState): News[] {
  const failures = (status?.failures ?? []).map((f) => ({ key: `failure/${f.name}/${f.reason}`, text: `  ! ${f.name}: ${f.reason}: ${f.message}` }))
  const stalled = findCondition(status?.conditions, 'Stalled')
  const end = status?.budgetEnd
  if (end !== undefined && stalled?.reason !== 'BudgetExhausted') failures.push({ key: `budget/${end.time}`, text: `  ! budget: ${end.message}` })
  return stalled?.status === 'True' ? [...failures, { key: `stalled/${stalled.message}`, text: `  ! ${stalled.reason}: ${stalled.message}` }] : failures
}

function trialLabel(trial: Trial, experiment: Experiment): string {
  const { stack, run } = trial.spec.replicate
  return `${titleOf(trial, experiment)} #${stack}.${run}`
}

/** Its levels; where nothing is varied what its name adds to that of the Experiment and its run. */
function titleOf({ metadata: { name }, spec: { treatment } }: Stack | Trial, { metadata, status }: Experiment): string {
  const prefix = `${metadata.name}-${status?.run ?? 1}-`
  return labelOf(treatment) || (name.startsWith(prefix) ? name.slice(prefix.length) : name)
}

/** `tp=2 rate=12`: levels as tables show them. */
export function labelOf(treatment: Readonly<Record<string, unknown>> | undefined): string {
  return Object.entries(treatment ?? {}).map(([name, level]) => `${name}=${levelText(level)}`).join(' ')
}

/** Minutes and seconds, for people who wait. */
export function clock(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000))
  if (s < 60) return `${s}s`
  if (s < 3600) return `${Math.floor(s / 60)}m${String(s % 60).padStart(2, '0')}s`
  return `${Math.floor(s / 3600)}h${String(Math.floor((s % 3600) / 60)).padStart(2, '0')}m`
}
