// SPDX-License-Identifier: Apache-2.0
/** What to do next for one planned Experiment: which stacks and trials to make or remove, and whether it has ended. */
import { blockKey } from '../plan/check-budget.ts'
import { type BudgetRuling, ruleBudget } from './budget.ts'
import { countTrials, isEnded, type ObservedExperiment, type StackState, type TrialState } from './experiment-observed.ts'

export type ExperimentAction =
  /** `takesOver`: the stack whose releases are upgraded. */
  | { readonly kind: 'createStack'; readonly stack: number; readonly takesOver?: number }
  | { readonly kind: 'createTrial'; readonly trial: number }
  | { readonly kind: 'deleteStack'; readonly stack: number; readonly why: string }
  | { readonly kind: 'deleteTrial'; readonly trial: number; readonly why: string }

export type ExperimentOutcome =
  | { readonly kind: 'succeeded'; readonly held: number }
  /** `covered`: whether every treatment was measured at least once. */
  | { readonly kind: 'exhausted'; readonly message: string; readonly covered: boolean }
  | { readonly kind: 'failed'; readonly reason: 'TooManyFailedTrials' | 'DeadlineExceeded'; readonly message: string }

export interface ExperimentDecision {
  readonly actions: readonly ExperimentAction[]
  readonly outcome?: ExperimentOutcome
  /** Why the budget lets nothing more begin. */
  readonly budgetStop?: string
  /** When time alone may change the decision. */
  readonly againInMs?: number
}

/** Trials that exist ahead of the running one, so that a ready stack never waits for us. */
const WINDOW = 2

type Stop = { readonly reason: 'TooManyFailedTrials' | 'DeadlineExceeded' | 'BudgetExhausted'; readonly message: string; readonly kill: boolean }

export function decideExperiment(seen: ObservedExperiment): ExperimentDecision {
  const budget = ruleBudget(seen)
  const stop = whyStop(seen, budget)
  const actions: ExperimentAction[] = []
  const timers: number[] = []
  let held = 0
  const next = stop === undefined && !seen.rules.suspend ? stacksWanted(seen, budget) : []
  seen.stacks.forEach((state, stack) => {
    const removal = budget.usedUp ? spare(seen, stack, stop) : removeStack(seen, stack, stop)
    if (removal.kind === 'now') actions.push(succeed(seen, stack, { why: removal.why, next }))
    if (removal.kind === 'in') timers.push(removal.ms)
    if (removal.kind === 'in' && removal.held) held += 1
    if (stop === undefined && !seen.rules.suspend && removal.kind !== 'now') actions.push(...trialsToCreate(seen, stack, state))
  })
  if (stop !== undefined) actions.push(...trialsToDelete(seen, stop))
  else actions.push(...stacksToCreate(seen, next))
  const deadline = deadlineInMs(seen)
  if (deadline !== undefined && deadline > 0) timers.push(deadline)
  if (budget.inMs !== undefined) timers.push(budget.inMs)
  const outcome = whetherEnded(seen, { stop, held })
  return { actions, ...(outcome && { outcome }), ...(stop?.reason === 'BudgetExhausted' && { budgetStop: stop.message }), ...(timers.length > 0 && { againInMs: Math.max(0, Math.min(...timers)) }) }
}

function deadlineInMs(seen: ObservedExperiment): number | undefined {
  if (seen.rules.deadlineMs === undefined || seen.rules.suspend) return undefined
  return seen.startMs + seen.suspendedMs + seen.rules.deadlineMs - seen.now
}

function whyStop(seen: ObservedExperiment, budget: BudgetRuling): Stop | undefined {
  const counts = countTrials(seen.trials)
  const bad = counts.failed + counts.invalid
  if (bad > seen.rules.maxFailedTrials) {
    return { reason: 'TooManyFailedTrials', message: `${bad} trials failed or are invalid; ${seen.rules.maxFailedTrials} are tolerated (execution.maxFailedTrials)`, kill: false }
  }
  const left = deadlineInMs(seen)
  const open = counts.pending + counts.running
  if (left !== undefined && left <= 0 && open > 0) return { reason: 'DeadlineExceeded', message: `the deadline passed with ${open} of ${counts.total} trials open (execution.deadline)`, kill: true }
  return budget.stop === undefined ? undefined : { reason: 'BudgetExhausted', message: budget.stop, kill: false }
}

type Removal = { readonly kind: 'no' } | { readonly kind: 'now'; readonly why: string } | { readonly kind: 'in'; readonly ms: number; readonly held: boolean }
const KEEP: Removal = { kind: 'no' }

/** Whether a stack goes: its trials are done, the Experiment stops, or it idles while suspended. Results are stored before a trial ends. */
function removeStack(seen: ObservedExperiment, stack: number, stop: Stop | undefined): Removal {
  const state = seen.stacks[stack]
  if (state === undefined || state.kind === 'absent' || state.kind === 'goingDown') return KEEP
  const handed = handedOn(state, stop)
  if (handed !== undefined) return handed
  if (stop?.kill) return { kind: 'now', why: stop.reason }
  const trials = trialsOf(seen, stack)
  if (trials.every(isEnded)) return retire(seen, state, trials.some((t) => t !== 'succeeded'))
  if (trials.includes('running')) return KEEP
  if (stop?.reason === 'BudgetExhausted') return { kind: 'now', why: stop.reason }
  if (stop !== undefined) return retire(seen, state, true)
  return seen.rules.suspend ? after(seen, state, { ms: seen.rules.idleTimeoutMs, why: 'Suspended', held: false }) : KEEP
}

/** What another takes over is kept for it, unless all stops; what it has taken is an empty shell. */
function handedOn({ kind }: StackState, stop: Stop | undefined): Removal | undefined {
  if (kind === 'handedOver') return { kind: 'now', why: 'HandedOver' }
  return kind === 'handingOver' && stop === undefined ? KEEP : undefined
}

/** With the budget used up nothing is kept that does not measure. */
function spare(seen: ObservedExperiment, stack: number, stop: Stop | undefined): Removal {
  const removal = removeStack(seen, stack, stop)
  return removal.kind === 'in' ? { kind: 'now', why: 'BudgetExhausted' } : removal
}

function trialsOf(seen: ObservedExperiment, stack: number): TrialState[] {
  return (seen.plan.stacks[stack]?.trials ?? []).map((t) => seen.trials[t] ?? 'absent')
}

function retire(seen: ObservedExperiment, state: StackState, spoiled: boolean): Removal {
  const { teardown } = seen.rules
  if (teardown === 'Always' || (teardown === 'OnSuccess' && !spoiled)) return { kind: 'now', why: 'Measured' }
  return after(seen, state, { ms: seen.rules.holdMs, why: 'HoldEnded', held: true })
}

function after(seen: ObservedExperiment, state: StackState, rule: { ms: number; why: string; held: boolean }): Removal {
  const since = (state.kind === 'ready' || state.kind === 'failed' ? state.idleSinceMs : undefined) ?? seen.now
  const left = since + rule.ms - seen.now
  return left <= 0 ? { kind: 'now', why: rule.why } : { kind: 'in', ms: left, held: rule.held }
}

/** Trials are made lazily: those that run next on a stack that exists. A failed stack's trials are made too, so that each is on record. */
function trialsToCreate(seen: ObservedExperiment, stack: number, state: StackState): ExperimentAction[] {
  if (state.kind !== 'comingUp' && state.kind !== 'ready' && state.kind !== 'failed') return []
  const open = (seen.plan.stacks[stack]?.trials ?? []).filter((t) => !isEnded(seen.trials[t] ?? 'absent'))
  return open.slice(0, WINDOW).filter((t) => (seen.trials[t] ?? 'absent') === 'absent').map((trial) => ({ kind: 'createTrial', trial }))
}

/** Stacks that may be begun, in order. A smaller one that would fit is not preferred: the order is random, and what was measured is balanced. */
function stacksWanted(seen: ObservedExperiment, budget: BudgetRuling): number[] {
  const wanted: number[] = []
  for (const [stack, state] of seen.stacks.entries()) {
    if (state.kind !== 'absent' || trialsOf(seen, stack).every(isEnded)) continue
    if (wanted.length >= seen.rules.parallelStacks || !budget.allowsStack(stack)) break
    wanted.push(stack)
  }
  return wanted
}

/** A stack that has done its work goes, or the next one of its replicate is upgraded from it; that one is no longer in the queue then. */
function succeed(seen: ObservedExperiment, stack: number, { why, next }: { why: string; next: number[] }): ExperimentAction {
  const state = seen.stacks[stack]
  const [heir] = next
  const fits = heir !== undefined && why === 'Measured' && state?.kind === 'ready' && state.upgradable === true && isOfOneChain(seen.plan.stacks[stack], seen.plan.stacks[heir])
  if (!fits) return { kind: 'deleteStack', stack, why }
  next.shift()
  return { kind: 'createStack', stack: heir, takesOver: stack }
}

/** Never across replicates: their stand-ups must not depend on each other. */
function isOfOneChain(a: PlannedShape | undefined, b: PlannedShape | undefined): boolean {
  return a?.upgrades !== undefined && a.upgrades === b?.upgrades && blockKey(a) === blockKey(b)
}
type PlannedShape = ObservedExperiment['plan']['stacks'][number]

/** A stack that hands its releases over shares its place with the one that takes them. */
function stacksToCreate(seen: ObservedExperiment, next: readonly number[]): ExperimentAction[] {
  const places = seen.stacks.filter((s) => s.kind !== 'absent' && s.kind !== 'handingOver' && s.kind !== 'handedOver').length
  return next.slice(0, Math.max(0, seen.rules.parallelStacks - places)).map((stack) => ({ kind: 'createStack', stack }))
}

function trialsToDelete(seen: ObservedExperiment, stop: Stop): ExperimentAction[] {
  return seen.trials.flatMap((state, trial): ExperimentAction[] =>
    state === 'pending' || (state === 'running' && stop.kill) ? [{ kind: 'deleteTrial', trial, why: stop.reason }] : [])
}

function whetherEnded(seen: ObservedExperiment, at: { stop: Stop | undefined; held: number }): ExperimentOutcome | undefined {
  const standing = seen.stacks.filter((s) => s.kind !== 'absent').length
  if (standing > at.held || seen.trials.includes('running')) return undefined
  if (at.stop?.reason === 'BudgetExhausted') return { kind: 'exhausted', message: at.stop.message, covered: coversAll(seen) }
  if (at.stop !== undefined) return { kind: 'failed', reason: at.stop.reason, message: at.stop.message }
  return seen.trials.every(isEnded) ? { kind: 'succeeded', held: at.held } : undefined
}

/** Whether every treatment left something to look at. */
function coversAll({ plan, trials }: ObservedExperiment): boolean {
  const measured = new Set(plan.trials.filter((_, t) => trials[t] === 'succeeded').map((t) => t.treatment))
  return plan.trials.every((t) => measured.has(t.treatment))
}
