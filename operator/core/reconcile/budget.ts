// SPDX-License-Identifier: Apache-2.0
/** Whether the next stack or trial still fits into the budget. It asks no clock and remembers nothing: what was spent and how long things take are handed in. */
import type { Budget, UsageStatus } from '../model/budget.ts'
import { type Limit, limitsOf, ofLimit, type Spending } from '../plan/budget-limits.ts'
import { blockKey } from '../plan/check-budget.ts'
import { makespan, standUpTime, type StackTime, teardownTime, trialTime } from '../plan/estimate.ts'
import type { Learned } from '../plan/learn.ts'
import type { Range } from '../plan/load-time.ts'
import { isEnded, type ObservedExperiment, type StackState } from './experiment-observed.ts'
import { usageRate, usedBy } from './usage.ts'

export interface BudgetView {
  readonly budget: Budget
  /** What was used up to now is charged to it. */
  readonly usage: UsageStatus | undefined
  /** By stack of the plan. */
  readonly times: readonly StackTime[]
  readonly learned: Learned
  /** Since when trials run, by trial of the plan. */
  readonly runningSince: ReadonlyMap<number, number>
  /** Why the run ended for this very budget before; it ends for it again. */
  readonly ended?: string | undefined
}

export interface BudgetRuling {
  /** Why nothing more is begun. */
  readonly stop?: string
  /** A limit is used up: stacks that are only kept go too. */
  readonly usedUp: boolean
  readonly allowsStack: (stack: number) => boolean
  /** When what stands will have used a limit up. */
  readonly inMs?: number
}

const FREE: BudgetRuling = { usedUp: false, allowsStack: () => true }

export function ruleBudget(seen: ObservedExperiment): BudgetRuling {
  const { budget: view } = seen
  if (view === undefined) return FREE
  const limits = limitsOf(view.budget)
  const spent = spentBy(seen, view)
  const fits = (need: Spending) => limits.every((limit) => limit.of(spent) + limit.of(need) <= limit.most)
  const usedUp = limits.some((limit) => limit.of(spent) >= limit.most)
  const allowsStack = (stack: number) => !usedUp && fits(needOfStack(seen, view, stack))
  const open = seen.trials.some((t) => !isEnded(t))
  const inMs = msUntilUsedUp(limits, spent, view)
  const common = { usedUp, allowsStack, ...(inMs !== undefined && inMs > 0 && { inMs }) }
  if (!open) return common
  if (view.ended !== undefined) return { ...common, stop: view.ended }
  const blocked = usedUp || blockedTrial(seen, view, fits) || blockedStack(seen, allowsStack)
  return blocked ? { ...common, stop: explain(seen, view, { limits, spent }) } : common
}

function spentBy(seen: ObservedExperiment, { usage, budget }: BudgetView): Spending {
  const used = usedBy(usage, seen.now)
  return { gpuHours: used.gpuHours, cost: budget.money === undefined ? undefined : used.cost, wallSeconds: Math.max(0, seen.now - seen.startMs - seen.suspendedMs) / 1000 }
}

function msUntilUsedUp(limits: readonly Limit[], spent: Spending, { usage }: BudgetView): number | undefined {
  const perHour = { ...usageRate(usage), wallSeconds: 3600 }
  const hours = limits.map((limit) => (limit.most - limit.of(spent)) / limit.of(perHour)).filter((h) => Number.isFinite(h))
  return hours.length === 0 ? undefined : Math.ceil(Math.min(...hours) * 3_600_000)
}

/** A trial that would begin next on a stack that stands does not fit any more, not even alone. */
function blockedTrial(seen: ObservedExperiment, view: BudgetView, fits: (need: Spending) => boolean): boolean {
  if (seen.rules.suspend) return false
  const of = firstGuess(seen)
  return standing(seen).some((stack) => {
    const next = trialsOf(seen, stack).find((t) => seen.trials[t] !== 'running')
    return next !== undefined && !fits(needOf(seen, view, [...standing(seen).map((s) => ending(seen, view, { stack: s, of })), { stack, seconds: secondsOf(view, seen, { trial: next, of }) }]))
  })
}

/** Nothing stands or goes down any more, and what would be stood up next does not fit. */
function blockedStack(seen: ObservedExperiment, allows: (stack: number) => boolean): boolean {
  if (seen.stacks.some((s) => s.kind !== 'absent') || seen.rules.suspend) return false
  const next = seen.stacks.findIndex((_, stack) => trialsOf(seen, stack).length > 0)
  return next >= 0 && !allows(next)
}

const stands = (state: StackState) => state.kind === 'comingUp' || state.kind === 'ready'
const standing = (seen: ObservedExperiment) => [...seen.stacks.keys()].filter((s) => stands(seen.stacks[s] ?? { kind: 'absent' }))
/** Trials of a stack that are still to be measured. */
const trialsOf = (seen: ObservedExperiment, stack: number) => (seen.plan.stacks[stack]?.trials ?? []).filter((t) => !isEnded(seen.trials[t] ?? 'absent'))

interface Piece { readonly stack: number; readonly seconds: number }

/** Until a trial has ended only typical times are known, which are far apart: what may fit is begun, since the plan has warned. The limits hold all the same. */
const firstGuess = (seen: ObservedExperiment): keyof Range => (seen.trials.some(isEnded) ? 'likely' : 'low')

interface At { readonly stack: number; readonly of: keyof Range }

/** A stack that stands, with all that it has still to measure and with what it takes to come down. */
function finishing(seen: ObservedExperiment, view: BudgetView, { stack, of }: At): Piece {
  const open = trialsOf(seen, stack).reduce((sum, trial) => sum + secondsOf(view, seen, { trial, of }), 0)
  return { stack, seconds: risingSeconds(seen, view, { stack, of }) + open + teardownTime(timeOf(view, stack))[of] }
}

/** The same, if it ends after the trial that runs. */
function ending(seen: ObservedExperiment, view: BudgetView, { stack, of }: At): Piece {
  const running = trialsOf(seen, stack).filter((t) => seen.trials[t] === 'running').reduce((sum, trial) => sum + secondsOf(view, seen, { trial, of }), 0)
  return { stack, seconds: risingSeconds(seen, view, { stack, of }) + running + teardownTime(timeOf(view, stack))[of] }
}

/** What is left of a stand-up: at least a little, as long as it is not ready. */
function risingSeconds(seen: ObservedExperiment, view: BudgetView, { stack, of }: At): number {
  if (seen.stacks[stack]?.kind !== 'comingUp') return 0
  const since = view.usage?.standing.find((e) => e.name === seen.plan.stacks[stack]?.name)?.since
  const elapsed = since === undefined ? 0 : (seen.now - Date.parse(since)) / 1000
  return Math.max(1, standUpTime(timeOf(view, stack), view.learned)[of] - elapsed)
}

/** A stack that is not there, with everything that is to be measured on it. */
function anew(seen: ObservedExperiment, view: BudgetView, at: At): Piece {
  const time = timeOf(view, at.stack)
  const trials = trialsOf(seen, at.stack).reduce((sum, trial) => sum + secondsOf(view, seen, { trial, of: at.of }), 0)
  return { stack: at.stack, seconds: standUpTime(time, view.learned)[at.of] + trials + teardownTime(time)[at.of] }
}

const NO_TIME: StackTime = { engine: '', deployed: false, gpus: 0, setupHash: '', trials: [] }
const timeOf = (view: BudgetView, stack: number): StackTime => view.times[stack] ?? NO_TIME

/** What is still to come of a trial. */
function secondsOf(view: BudgetView, { plan, now }: ObservedExperiment, { trial, of }: { readonly trial: number; readonly of: keyof Range }): number {
  const stack = plan.trials[trial]?.stack ?? -1
  const time = timeOf(view, stack).trials[plan.stacks[stack]?.trials.indexOf(trial) ?? -1]
  const since = view.runningSince.get(trial)
  const elapsed = since === undefined ? 0 : (now - since) / 1000
  return time === undefined ? 0 : Math.max(0, trialTime(time, view.learned)[of] - elapsed)
}

/** A complete replicate is begun as a whole or not at all, so that what was measured is balanced; within one that has begun each stack is asked for anew. */
function needOfStack(seen: ObservedExperiment, view: BudgetView, stack: number): Spending {
  const begun = begunBlocks(seen)
  const own = blockKey(seen.plan.stacks[stack])
  const of = begun.size === 0 || begun.has(own) ? firstGuess(seen) : 'likely'
  const later = [...seen.stacks.keys()].filter((s) => s !== stack && seen.stacks[s]?.kind === 'absent' && trialsOf(seen, s).length > 0)
  const along = begun.has(own) ? [] : later.filter((s) => blockKey(seen.plan.stacks[s]) === own || begun.has(blockKey(seen.plan.stacks[s])))
  return needOf(seen, view, [...standing(seen).map((s) => finishing(seen, view, { stack: s, of })), ...[stack, ...along].map((s) => anew(seen, view, { stack: s, of }))])
}

function begunBlocks(seen: ObservedExperiment): Set<string> {
  return new Set(seen.plan.stacks.filter((s, i) => seen.stacks[i]?.kind !== 'absent' || s.trials.some((t) => (seen.trials[t] ?? 'absent') !== 'absent')).map(blockKey))
}

function needOf(seen: ObservedExperiment, view: BudgetView, pieces: readonly Piece[]): Spending {
  const gpuHours = (p: Piece) => (p.seconds * timeOf(view, p.stack).gpus) / 3600
  const byStack = [...Map.groupBy(pieces, (p) => p.stack).values()].map((own) => own.reduce((sum, p) => sum + p.seconds, 0))
  return {
    gpuHours: pieces.reduce((sum, p) => sum + gpuHours(p), 0), cost: pieces.reduce((sum, p) => sum + gpuHours(p) * (timeOf(view, p.stack).price?.amount ?? 0), 0),
    wallSeconds: pieces.length === 0 ? 0 : makespan(byStack, seen.rules.parallelStacks),
  }
}

/** What is missing, and what it would take: the answer to "how much must I raise it?" */
function explain(seen: ObservedExperiment, view: BudgetView, { limits, spent }: { readonly limits: readonly Limit[]; readonly spent: Spending }): string {
  const left = [...seen.stacks.keys()].filter((s) => trialsOf(seen, s).length > 0)
  const rest = needOf(seen, view, left.map((stack) => (stands(seen.stacks[stack] ?? { kind: 'absent' }) ? finishing(seen, view, { stack, of: 'likely' }) : anew(seen, view, { stack, of: 'likely' }))))
  const ended = seen.trials.filter(isEnded).length
  const whole = completeReplicates(seen)
  const used = limits.map((limit) => `${ofLimit(limit, limit.of(spent))} used`).join(', ')
  const raise = limits.filter((limit) => limit.of(spent) + limit.of(rest) > limit.most).map((limit) => `budget.${limit.name} to ${limit.show((limit.of(spent) + limit.of(rest)) * MARGIN)}`)
  return `${used}, and the next step does not fit; ${ended} of ${seen.trials.length} trials have ended, ${whole.complete} of ${whole.all} replicates are complete. ${seen.plan.adaptive?.ended === false ? 'For the trials that it has asked for so far' : 'To finish'} raise ${raise.join(' and ') || 'the budget'}: it goes on where it ended`
}

/** Estimates are about this far off. */
const MARGIN = 1.15

/** Replicates of which every trial has ended. */
export function completeReplicates(seen: Pick<ObservedExperiment, 'plan' | 'trials'>): { readonly complete: number; readonly all: number } {
  const blocks = [...Map.groupBy(seen.plan.stacks, blockKey).values()]
  return { complete: blocks.filter((stacks) => stacks.every((s) => s.trials.every((t) => isEnded(seen.trials[t] ?? 'absent')))).length, all: blocks.length }
}
