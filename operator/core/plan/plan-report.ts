// SPDX-License-Identifier: Apache-2.0
/** A plan as data for people and programs: what is printed, and what `-o json` writes. It holds no schema and no function. */
import { shownLevel } from '../design/factors.ts'
import type { Adaptive } from './adaptive-model.ts'
import { type LimitName, limitsOf } from './budget-limits.ts'
import { spending } from './check-budget.ts'
import { type DesignProperties, designProperties } from './design-properties.ts'
import type { Estimate } from './estimate.ts'
import { levelText } from './labels.ts'
import type { Plan, PlannedTreatment, PlannedTrial } from './plan-model.ts'
import { type StandUps, standUpsOf } from './stand-ups.ts'

export interface PlanReport {
  readonly experiment: string
  readonly run: number
  readonly digest: string
  readonly uses: { readonly scenario: string; readonly workload: string; readonly harness: string }
  readonly design: Plan['design']
  readonly replicates: { readonly stacks: number; readonly runs: number }
  readonly order: { readonly randomize: boolean; readonly seed: number }
  readonly factors: readonly { readonly name: string; readonly role: string; readonly paths: readonly string[]; readonly unit?: string; readonly levels: readonly unknown[] }[]
  readonly treatments: readonly PlannedTreatment[]
  readonly stacks: readonly StackReport[]
  readonly trials: readonly PlannedTrial[]
  readonly standUps: StandUps
  readonly gpus: { readonly perStack: number; readonly atOnce: number }
  readonly estimate: Estimate
  /** What may be spent, against what is expected. */
  readonly budget: readonly BudgetReport[]
  readonly properties: DesignProperties
  /** Of a design that grows from what is measured; trials and stacks are those that are wanted so far. */
  readonly adaptive?: Adaptive
  readonly warnings: readonly string[]
}
export interface BudgetReport { readonly limit: LimitName; readonly most: number; readonly likely: number; readonly text: string }

export interface StackReport {
  readonly name: string
  readonly setup: Readonly<Record<string, unknown>>
  readonly setupHash: string
  readonly replicate: number
  readonly block: number
  readonly gpus: number
  /** Labels of its trials in order. */
  readonly trials: readonly string[]
}

/** With the power for a difference of so many standard deviations. */
export function reportPlan(plan: Plan, effect?: number): PlanReport {
  const { experiment: spec, estimate } = plan
  const perStack = Math.max(0, ...plan.stacks.map((s) => s.gpus))
  const busiest = plan.stacks.map((s) => s.gpus).sort((a, b) => b - a).slice(0, spec.execution.parallelStacks)
  return {
    experiment: plan.name, run: plan.run, digest: plan.digest,
    uses: { scenario: spec.scenarioRef?.name ?? 'inline', workload: spec.workloadRef?.name ?? 'inline', harness: plan.harnessName },
    design: plan.design, replicates: spec.design.replicates, order: spec.design.order,
    factors: plan.factors.map((f) => ({ name: f.name, role: f.role, paths: f.paths, unit: f.unit, levels: f.levels.map((_, i) => shownLevel(f, i)) })),
    treatments: plan.treatments, trials: plan.trials, stacks: plan.stacks.map((stack) => reportStack(plan, stack)), standUps: standUpsOf(plan.stacks, spec.execution.parallelStacks),
    gpus: { perStack, atOnce: busiest.reduce((sum, gpus) => sum + gpus, 0) }, estimate, budget: reportBudget(plan), properties: designProperties(plan, effect), ...(plan.adaptive === undefined ? {} : { adaptive: plan.adaptive }), warnings: plan.warnings,
  }
}

function reportBudget({ experiment: { budget }, estimate }: Plan): BudgetReport[] {
  const likely = spending(estimate, 'likely')
  return budget === undefined ? [] : limitsOf(budget).map(({ name, most, of, show }) => {
    const share = Math.round((100 * of(likely)) / most)
    return { limit: name, most, likely: of(likely), text: `${show(most)}; ${show(of(likely))} are likely (${share} %)` }
  })
}

function reportStack(plan: Plan, stack: Plan['stacks'][number]): StackReport {
  const { name, setupHash, replicate, block, gpus } = stack
  return { name, setup: plan.resolved.setupLevels(stack.treatment), setupHash, replicate, block, gpus, trials: stack.trials.map((t) => runLabel(plan, t)) }
}

/** What distinguishes a trial on its stack: run levels, and the run replicate where there are several. */
function runLabel(plan: Plan, index: number): string {
  const trial = plan.trials[index]
  const treatment = plan.treatments[trial?.treatment ?? -1]
  if (trial === undefined || treatment === undefined) return ''
  const run = plan.factors.filter((f) => f.role === 'run').map((f) => `${f.name}=${levelText(treatment.levels[f.name])}`).join(' ')
  const label = plan.design.kind === 'treatments' ? treatment.label : run
  const repeated = plan.experiment.design.replicates.runs > 1 || plan.adaptive !== undefined
  return repeated ? `${label} r${trial.runReplicate}`.trim() : label || `r${trial.runReplicate}`
}
