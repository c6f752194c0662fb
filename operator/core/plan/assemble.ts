// SPDX-License-Identifier: Apache-2.0
/** From distinct treatments to the plan: blocks, stacks, trials in order, names and seeds. */
import type { PlannedFactor } from '../design/factors.ts'
import { type RunId, sha256Hex, shortHashes, stackName, trialName } from '../design/identity.ts'
import type { Measured } from '../adaptive/measured.ts'
import type { OrderedTrial } from '../design/order.ts'
import { trialSeeds } from '../design/seeds.ts'
import type { ExperimentSpec } from '../model/experiment.ts'
import { adaptiveWarnings } from './adaptive-warnings.ts'
import type { Ordering, Placement } from './adaptive-model.ts'
import { orderPlan } from './adaptive-order.ts'
import { checkBudget } from './check-budget.ts'
import { between, type Estimate, estimatePlan, type StackTime } from './estimate.ts'
import { levelsOf } from './labels.ts'
import type { Learned } from './learn.ts'
import { checkNames } from './names.ts'
import type { PlannedStack, PlannedTreatment, PlannedTrial, PlanResult } from './plan-model.ts'
import { priceOf } from './prices.ts'
import type { DesignReading } from './read-design.ts'
import type { SearchCells } from './search-cells.ts'
import type { Expansion, PartVariants, ResolvedTreatment } from './treatments.ts'
import { warningsOf } from './warnings.ts'

export interface AssembleInput {
  readonly id: RunId
  readonly spec: ExperimentSpec
  readonly design: DesignReading
  readonly search?: SearchCells | undefined
  readonly measured: Measured
  readonly variants: PartVariants
  readonly expansion: Expansion
  readonly harnessName: string
  readonly nameOf: (picks: readonly number[]) => string
  readonly blocks?: readonly (readonly string[])[] | undefined
  readonly learned?: Learned
}

interface Placed { readonly planned: PlannedTreatment; readonly resolved: ResolvedTreatment }

export function assemblePlan(input: AssembleInput): PlanResult {
  const { id, spec, design, expansion } = input
  const factors = design.factors.factors
  // What a search adds belongs to what was there: nobody extended it.
  const placed = placeTreatments(expansion.treatments, factors, input.search === undefined ? (input.blocks ?? []) : [])
  const treatments = placed.map((p) => p.planned)
  const ordering = orderPlan({ spec, treatments, blocks: design.factors.blocks ?? 1, measured: input.measured, search: input.search })
  if (!ordering.ok) return ordering
  const facts = (treatment: number) => resolvedAt(placed, treatment).scenario.facts
  const { stacks, trials } = placeTrials(id, spec, { treatments, ordered: ordering.value.trials, upgrades: (treatment) => facts(treatment).upgrades })
  const problems = checkNames({ experiment: id.experiment, stacks: stacks.map((s) => ({ name: s.name, releases: facts(s.treatment).releases })), trials, retries: spec.execution.retries })
  if (problems.length > 0) return { ok: false, problems }
  const { adaptive } = ordering.value
  const stages = [...new Set(expansion.treatments.flatMap(({ workload }) => workload.facts.stages.map((s) => s.name)))]
  const times = stacks.map((stack) => stackTime(input, placed, stack.trials.map((t) => trials[t]?.treatment ?? 0)))
  const estimate = estimateOf(input, ordering.value, { placed, times })
  const budget = checkBudget({ spec, stacks, times, learned: input.learned, estimate })
  // A run that has begun is planned again from its snapshot, whatever is known of times now: only prices that are missing refuse what is added to it.
  const refused = (input.blocks ?? []).length === 0 ? budget.problems : budget.problems.filter((p) => p.reason !== 'BudgetTooSmall')
  if (refused.length > 0) return { ok: false, problems: refused }
  return {
    ok: true,
    plan: {
      name: id.experiment, run: id.run, digest: digestOf(trials, placed), treatments, stacks, trials, factors, construction: design.factors.construction,
      ...(adaptive === undefined ? {} : { adaptive }),
      design: { kind: design.factors.kind, excluded: expansion.excluded, collapsed: expansion.collapsed.length, notApplicable: expansion.notApplicable, ...(expansion.measured.length === 0 ? {} : { measured: expansion.measured.length }), blocks: design.factors.blocks ?? 1 },
      warnings: [...warningsOf({ spec, factors: design.factors, expansion }), ...(adaptive === undefined ? [] : adaptiveWarnings(adaptive, { spec, stages })), ...budget.warnings], estimate, times, experiment: spec, harnessName: input.harnessName,
      resolved: resolver(placed, factors, input),
    },
  }
}

/** Treatments in the order of their blocks; within a block in the order of the design. */
function placeTreatments(resolved: readonly ResolvedTreatment[], factors: readonly PlannedFactor[], blocks: readonly (readonly string[])[]): Placed[] {
  const short = shortHashes(resolved.map((t) => t.whole))
  const setups = shortHashes(resolved.map((t) => t.hashes.scenario))
  const blockOf = new Map(blocks.flatMap((hashes, block) => hashes.map((hash) => [hash, block] as const)))
  return resolved
    .map((t) => ({ t, hash: short.get(t.whole) ?? '', block: blockOf.get(short.get(t.whole) ?? '') ?? blocks.length }))
    .sort((a, b) => a.block - b.block)
    .map(({ t, hash, block }, index) => ({
      resolved: t,
      planned: { index, label: t.label, levels: levelsOf(factors, t.cell.picks), setupHash: setups.get(t.hashes.scenario) ?? '', hash, block, gpus: t.scenario.facts.gpus, ...(t.repeats === undefined ? {} : { repeats: t.repeats }) },
    }))
}

/** What a stack with trials of these treatments takes in time and money, as far as specifications say. */
function stackTime({ spec, nameOf }: AssembleInput, placed: readonly Placed[], treatments: readonly number[]): StackTime {
  const first = treatments[0] ?? 0
  const { engine, releases, accelerator } = resolvedAt(placed, first).scenario.facts
  return {
    engine, deployed: releases.length > 0, gpus: placed[first]?.planned.gpus ?? 0, setupHash: placed[first]?.planned.setupHash ?? '', product: accelerator.product, price: priceOf(accelerator, spec.prices),
    trials: treatments.map((t) => ({ load: resolvedAt(placed, t).workload.facts.seconds, treatment: placed[t]?.planned.hash ?? '', harness: nameOf(resolvedAt(placed, t).cell.picks) })),
  }
}

function resolvedAt(placed: readonly Placed[], treatment: number): ResolvedTreatment {
  const found = placed[treatment]
  if (found === undefined) throw new RangeError(`there is no treatment ${treatment} in a plan of ${placed.length}`)
  return found.resolved
}

/** One time for a fixed plan; of one that grows the ends are those of its shortest and its longest course. */
function estimateOf(input: AssembleInput, { forecast }: Ordering, { placed, times }: { readonly placed: readonly Placed[]; readonly times: readonly StackTime[] }): Estimate {
  const estimate = (stacks: readonly StackTime[]) => estimatePlan({ parallelStacks: input.spec.execution.parallelStacks, learned: input.learned, stacks })
  if (forecast === undefined) return estimate(times)
  const course = (ordered: readonly OrderedTrial[]) => estimate([...Map.groupBy(ordered, (t) => `${t.setup}/${t.stackReplicate}`).values()].map((own) => stackTime(input, placed, own.map((t) => t.treatment))))
  return between({ few: course(forecast.fewest), likely: course(forecast.likely), most: course(forecast.most) })
}

interface Ordered { readonly treatments: readonly PlannedTreatment[]; readonly ordered: readonly Placement[]; readonly upgrades: (treatment: number) => string | undefined }

function placeTrials(id: RunId, spec: ExperimentSpec, { treatments, ordered, upgrades }: Ordered): { stacks: PlannedStack[]; trials: PlannedTrial[] } {
  const stacks = new Map<string, PlannedStack & { readonly trials: number[] }>()
  const trials: PlannedTrial[] = []
  for (const [index, next] of ordered.entries()) {
    const treatment = treatments[next.treatment]
    if (treatment === undefined) continue
    const name = stackName(id, treatment.setupHash, next.stackReplicate)
    const of = upgrades(treatment.index)
    const stack = stacks.get(name) ?? { index: stacks.size, name, ...(of !== undefined && { upgrades: of }), setupHash: treatment.setupHash, replicate: next.stackReplicate, block: treatment.block, treatment: treatment.index, gpus: treatment.gpus, trials: [] }
    stacks.set(name, stack)
    stack.trials.push(index)
    trials.push(placeTrial({ id, spec, treatment, next, index, stack: stack.index }))
  }
  return { stacks: [...stacks.values()], trials }
}

interface TrialPlace { readonly id: RunId; readonly spec: ExperimentSpec; readonly treatment: PlannedTreatment; readonly next: Placement; readonly index: number; readonly stack: number }

function placeTrial({ id, spec, treatment, next, index, stack }: TrialPlace): PlannedTrial {
  const replicate = { stack: next.stackReplicate, run: next.runReplicate }
  return {
    index, name: trialName(id, treatment.hash, replicate), treatment: treatment.index, stack, stackReplicate: replicate.stack, runReplicate: replicate.run, position: next.position, block: treatment.block,
    seeds: trialSeeds({ seed: spec.design.order.seed, treatment: treatment.hash, replicate, caches: spec.execution.caches }),
  }
}

function digestOf(trials: readonly PlannedTrial[], placed: readonly Placed[]): string {
  return sha256Hex(trials.map((t) => `${t.name} ${resolvedAt(placed, t.treatment).whole} ${t.seeds.arrival} ${t.seeds.content}`).join('\n'))
}

function resolver(placed: readonly Placed[], factors: readonly PlannedFactor[], { variants, nameOf }: Pick<AssembleInput, 'variants' | 'nameOf'>) {
  return {
    scenario: (treatment: number) => variants.scenario.spec(resolvedAt(placed, treatment).scenario),
    workload: (treatment: number) => variants.workload.spec(resolvedAt(placed, treatment).workload),
    harness: (treatment: number) => variants.harness.spec(resolvedAt(placed, treatment).harness),
    harnessName: (treatment: number) => nameOf(resolvedAt(placed, treatment).cell.picks),
    setupLevels: (treatment: number) => levelsOf(factors, resolvedAt(placed, treatment).cell.picks, 'setup'),
    picks: (treatment: number) => resolvedAt(placed, treatment).cell.picks,
  }
}
