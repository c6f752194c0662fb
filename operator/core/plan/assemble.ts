// SPDX-License-Identifier: Apache-2.0
/** From distinct treatments to the plan: blocks, stacks, trials in order, names and seeds. */
import type { PlannedFactor } from '../design/factors.ts'
import { type RunId, sha256Hex, shortHashes, stackName, trialName } from '../design/identity.ts'
import { type OrderedTrial, orderTrials } from '../design/order.ts'
import { trialSeeds } from '../design/seeds.ts'
import type { ExperimentSpec } from '../model/experiment.ts'
import { checkBudget } from './check-budget.ts'
import { estimatePlan, type StackTime } from './estimate.ts'
import { levelsOf } from './labels.ts'
import type { Learned } from './learn.ts'
import { checkNames } from './names.ts'
import type { PlannedStack, PlannedTreatment, PlannedTrial, PlanResult } from './plan-model.ts'
import { priceOf } from './prices.ts'
import type { DesignReading } from './read-design.ts'
import type { Expansion, PartVariants, ResolvedTreatment } from './treatments.ts'
import { warningsOf } from './warnings.ts'

export interface AssembleInput {
  readonly id: RunId
  readonly spec: ExperimentSpec
  readonly design: DesignReading
  readonly variants: PartVariants
  readonly expansion: Expansion
  readonly harnessName: string
  readonly nameOf: (picks: readonly number[]) => string
  readonly blocks: readonly (readonly string[])[]
  readonly learned?: Learned
}

interface Placed { readonly planned: PlannedTreatment; readonly resolved: ResolvedTreatment }

export function assemblePlan(input: AssembleInput): PlanResult {
  const { id, spec, design, expansion } = input
  const factors = design.factors.factors
  const placed = placeTreatments(expansion.treatments, factors, input.blocks)
  const treatments = placed.map((p) => p.planned)
  const { stacks, trials } = placeTrials(id, spec, { treatments, blocks: design.factors.blocks ?? 1 })
  const facts = (treatment: number) => resolvedAt(placed, treatment).scenario.facts
  const problems = checkNames({ experiment: id.experiment, stacks: stacks.map((s) => ({ name: s.name, releases: facts(s.treatment).releases })), trials, retries: spec.execution.retries })
  if (problems.length > 0) return { ok: false, problems }
  const times = stacks.map((stack) => stackTime(input, placed, stack.trials.map((t) => trials[t]?.treatment ?? 0)))
  const estimate = estimatePlan({ parallelStacks: spec.execution.parallelStacks, learned: input.learned, stacks: times })
  const budget = checkBudget({ spec, stacks, times, learned: input.learned, estimate })
  // A run that has begun is planned again from its snapshot, whatever is known of times now: only prices that are missing refuse what is added to it.
  const refused = input.blocks.length === 0 ? budget.problems : budget.problems.filter((p) => p.reason !== 'BudgetTooSmall')
  if (refused.length > 0) return { ok: false, problems: refused }
  return {
    ok: true,
    plan: {
      name: id.experiment, run: id.run, digest: digestOf(trials, placed), treatments, stacks, trials, factors, construction: design.factors.construction,
      design: { kind: design.factors.kind, excluded: expansion.excluded, collapsed: expansion.collapsed.length, notApplicable: expansion.notApplicable, blocks: design.factors.blocks ?? 1 },
      warnings: [...warningsOf({ spec, factors: design.factors, expansion }), ...budget.warnings], estimate, times, experiment: spec, harnessName: input.harnessName,
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

interface Measured { readonly treatments: readonly PlannedTreatment[]; readonly blocks: number }

function placeTrials(id: RunId, spec: ExperimentSpec, { treatments, blocks }: Measured): { stacks: PlannedStack[]; trials: PlannedTrial[] } {
  const { replicates, order } = spec.design
  const ordered = orderTrials({ treatments: treatments.map((t) => ({ setup: t.setupHash, hash: t.hash, block: t.block, repeats: t.repeats })), replicates, designBlocks: blocks, ...order })
  const stacks = new Map<string, PlannedStack & { readonly trials: number[] }>()
  const trials: PlannedTrial[] = []
  for (const [position, next] of ordered.entries()) {
    const treatment = treatments[next.treatment]
    if (treatment === undefined) continue
    const name = stackName(id, treatment.setupHash, next.stackReplicate)
    const stack = stacks.get(name) ?? { index: stacks.size, name, setupHash: treatment.setupHash, replicate: next.stackReplicate, block: treatment.block, treatment: treatment.index, gpus: treatment.gpus, trials: [] }
    stacks.set(name, stack)
    stack.trials.push(position)
    trials.push(placeTrial({ id, spec, treatment, next, position, stack: stack.index }))
  }
  return { stacks: [...stacks.values()], trials }
}

interface TrialPlace { readonly id: RunId; readonly spec: ExperimentSpec; readonly treatment: PlannedTreatment; readonly next: OrderedTrial; readonly position: number; readonly stack: number }

function placeTrial({ id, spec, treatment, next, position, stack }: TrialPlace): PlannedTrial {
  const replicate = { stack: next.stackReplicate, run: next.runReplicate }
  return {
    index: position, name: trialName(id, treatment.hash, replicate), treatment: treatment.index, stack, stackReplicate: replicate.stack, runReplicate: replicate.run, position, block: treatment.block,
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
