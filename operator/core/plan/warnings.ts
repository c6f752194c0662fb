// SPDX-License-Identifier: Apache-2.0
/** What a planner should say before GPUs are taken: designs that cannot answer what they seem to ask. Nothing here refuses. */
import type { FactorPlan, PlannedFactor } from '../design/factors.ts'
import type { ExperimentSpec } from '../model/experiment.ts'
import type { Expansion } from './treatments.ts'

export interface WarningInput {
  readonly spec: ExperimentSpec
  readonly factors: FactorPlan
  readonly expansion: Expansion
}

const LISTED = 3

export function warningsOf(input: WarningInput): string[] {
  return [...errorTerms(input), ...designLimits(input), ...collapsedCells(input), ...measuredCells(input), ...fewRequests(input), ...parallelismGaps(input), ...harnessNotes(input)]
}

const varied = (factor: PlannedFactor) => factor.levels.length > 1 || factor.base !== undefined
const listed = (names: readonly string[]) => (names.length > LISTED ? `${names.slice(0, LISTED).join(', ')} and ${names.length - LISTED} more` : names.join(', '))

function errorTerms({ spec, factors, expansion }: WarningInput): string[] {
  const { replicates: { stacks, runs, until }, search, successiveHalving } = spec.design
  // These say for themselves how often they measure.
  if (until !== undefined || search !== undefined || successiveHalving !== undefined) return []
  const setup = factors.factors.filter((f) => f.role === 'setup' && varied(f)).map((f) => f.name)
  const warnings: string[] = []
  if (setup.length > 0 && stacks === 1) {
    warnings.push(`${listed(setup)} ${setup.length > 1 ? 'change' : 'changes'} the stack and each stack is stood up once: no error term, so no interval or p-value for ${setup.length > 1 ? 'them' : 'it'} (replicates.stacks: 2 or more gives one)`)
  }
  if (stacks * runs === 1 && expansion.treatments.length > 1) warnings.push('every treatment is measured once: differences cannot be told from noise (replicates.runs: 3 or more)')
  return warnings
}

function designLimits({ spec, factors }: WarningInput): string[] {
  const warnings: string[] = []
  const several = factors.factors.filter(varied).length > 1
  if (factors.kind === 'oneFactorAtATime' && several) warnings.push('one factor at a time cannot see interactions: a fullFactorial of the same factors does')
  if (factors.kind === 'sobol' && factors.cells !== undefined && !Number.isInteger(Math.log2(factors.cells.length))) warnings.push(`${factors.cells.length} points of a Sobol sequence: a power of two (${2 ** Math.floor(Math.log2(factors.cells.length))} or ${2 ** Math.ceil(Math.log2(factors.cells.length))}) is more even`)
  if (!spec.design.order.randomize) warnings.push('the order is not randomised: whatever drifts with time (heat, neighbours, caches) looks like an effect')
  if (spec.execution.caches === 'Keep') warnings.push('caches are kept and prompts repeat: later trials on a stack find their prompts cached')
  return warnings
}

function collapsedCells({ expansion }: WarningInput): string[] {
  const { collapsed } = expansion
  if (collapsed.length === 0) return []
  return [`${collapsed.length} ${collapsed.length === 1 ? 'combination is' : 'combinations are'} the same as another and measured once: ${listed(collapsed.map((c) => `${c.label} = ${c.into}`))}`]
}

/** Whoever reads the analysis must know that a part of the design is not in it. */
function measuredCells({ expansion: { measured, treatments } }: WarningInput): string[] {
  if (measured.length === 0) return []
  const total = measured.length + treatments.length
  return [`${measured.length} of ${total} combinations ${measured.length === 1 ? 'is' : 'are'} left out, since ${measured.length === 1 ? 'it was' : 'they were'} measured already: ${listed(measured.map(({ label, from }) => `${label} (${from})`))}; effects and comparisons see only the rest`]
}

/** A percentile needs values beyond it: the 99th rests on a hundredth of the requests. */
const FEW_FOR_P99 = 100

function fewRequests({ expansion }: WarningInput): string[] {
  const fewest = new Map<string, number>()
  for (const { workload } of expansion.treatments) {
    for (const { name, requests = Number.POSITIVE_INFINITY } of workload.facts.stages) fewest.set(name, Math.min(requests, fewest.get(name) ?? requests))
  }
  const few = [...fewest].filter(([, requests]) => requests < FEW_FOR_P99).map(([name, requests]) => `${name} ${requests}`)
  return few.length === 0 ? [] : [`few requests in stage ${listed(few)}: a p99 needs ${FEW_FOR_P99} or more, so those percentiles decide nothing`]
}

function parallelismGaps({ expansion }: WarningInput): string[] {
  const gaps = new Set(expansion.treatments.flatMap(({ scenario }) => (scenario.facts.gap === undefined ? [] : [scenario.facts.gap])))
  return [...gaps].slice(0, LISTED).map((gap) => `accelerators do not match: ${gap} (zip serving.parallelism with accelerator.perReplica)`)
}

/** What the tool does otherwise than the workload says, and a load that nobody but the tool knows. */
function harnessNotes({ expansion }: WarningInput): string[] {
  const unread = new Set(expansion.treatments.flatMap(({ workload }) => workload.facts.needs.toolProfile ?? []))
  return [
    ...[...unread].map((name) => `the load is a profile of ${name}'s own: it is neither checked nor compared with what was offered, and its time is a guess`),
    ...new Set(expansion.treatments.flatMap(({ notes }) => notes)),
  ]
}
