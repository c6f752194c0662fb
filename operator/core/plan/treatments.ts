// SPDX-License-Identifier: Apache-2.0
/** From a design to distinct treatments: constrained, resolved, checked against the harness, equal ones collapsed. */
import { checkCardinality, checkReplicates, checkTrials, expandCells } from '../design/expand.ts'
import type { Cell, FactorPlan } from '../design/factors.ts'
import { type Applicability, compileApplicability, compileConstraints, type Constraints } from '../design/constraints.ts'
import { type PartHashes, treatmentHash } from '../design/identity.ts'
import type { Design } from '../model/design.ts'
import type { HarnessSpec } from '../model/harness.ts'
import type { Checked, Problem } from '../model/problem.ts'
import type { ScenarioSpec } from '../model/scenario.ts'
import type { WorkloadProfileSpec } from '../model/workload-profile.ts'
import type { HarnessFacts, ScenarioFacts, WorkloadFacts } from './facts.ts'
import { cellLabel } from './labels.ts'
import { type MeasuredElsewhere, measuredElsewhere } from './measured-elsewhere.ts'
import type { Variant, Variants } from './variants.ts'

export interface PartVariants {
  readonly scenario: Variants<ScenarioSpec, ScenarioFacts>
  readonly workload: Variants<WorkloadProfileSpec, WorkloadFacts>
  readonly harness: Variants<HarnessSpec, HarnessFacts>
}

interface ResolvedParts {
  readonly scenario: Variant<ScenarioFacts>
  readonly workload: Variant<WorkloadFacts>
  readonly harness: Variant<HarnessFacts>
}
/** One combination with everything resolved. */
export interface ResolvedTreatment extends ResolvedParts {
  readonly cell: Cell
  /** How often each block of the design measures it; once in the only block when not set. */
  readonly repeats?: readonly number[]
  readonly label: string
  readonly hashes: PartHashes
  readonly whole: string
  /** What the harness does otherwise than the workload says. */
  readonly notes: readonly string[]
}
interface Collapsed { readonly label: string; readonly into: string }
export interface Expansion {
  readonly treatments: readonly ResolvedTreatment[]
  readonly collapsed: readonly Collapsed[]
  /** Combinations that constraints left out. */
  readonly excluded: number
  /** Combinations that are the same as others because a factor does not apply to them. */
  readonly notApplicable: number
  /** Combinations that were measured elsewhere, and are left out. */
  readonly measured: readonly MeasuredCell[]
}
interface MeasuredCell { readonly label: string; readonly from: string }

/** How a harness and a workload go together; no problems when the harness can express and render it. */
export interface Fit { readonly problems: readonly Problem[]; readonly notes: readonly string[] }

export interface ExpansionInput {
  readonly design: Design
  readonly factors: FactorPlan
  readonly constants: Readonly<Record<string, unknown>>
  readonly variants: PartVariants
  readonly fit: (parts: ResolvedParts) => Fit
}

/** More problems than this help nobody. */
const MAX_PROBLEMS = 20

export function expandTreatments(input: ExpansionInput): Checked<Expansion> {
  const { design, factors, constants } = input
  const tooLarge = checkCardinality(factors, design.replicates, design.constraints.length > 0 || design.measured !== undefined)
  if (tooLarge !== undefined) return { ok: false, problems: [tooLarge] }
  const compiled = compileConstraints(design.constraints, factors, constants)
  if (!compiled.ok) return compiled
  const where = compileApplicability(factors, constants)
  if (!where.ok) return where
  const elsewhere = measuredElsewhere(design, factors)
  const kept = keepCells(factors, { constraints: compiled.constraints, applicability: where.applicability, elsewhere })
  if (!kept.ok) return kept
  const unknown = elsewhere.unknown()
  if (unknown.length > 0) return { ok: false, problems: unknown }
  const repeats = kept.value.cells.map((cell) => cell.repeats ?? 1)
  const tooMany = checkTrials(repeats.reduce((a, b) => a + b, 0), design.replicates) ?? checkReplicates(factors.blocks ?? 1, repeats.reduce((a, b) => Math.max(a, b), 1), design.replicates)
  if (tooMany !== undefined) return { ok: false, problems: [tooMany] }
  return resolveCells(input, kept.value)
}

interface Kept {
  readonly cells: readonly Cell[]
  readonly excluded: number
  /** Combinations that came again once factors which do not apply were taken out. */
  readonly notApplicable: number
  readonly measured: readonly MeasuredCell[]
}

interface Keeping { readonly constraints: Constraints; readonly applicability: Applicability; readonly elsewhere: MeasuredElsewhere }

function keepCells(factors: FactorPlan, { constraints, applicability: { any, apply }, elsewhere }: Keeping): Checked<Kept> {
  const kept: Cell[] = []
  const measured = new Map<string, MeasuredCell>()
  const seen = new Set<string>()
  const blame = new Map<number, number>()
  let [total, notApplicable] = [0, 0]
  for (const whole of expandCells(factors)) {
    total += 1
    const cell = apply(whole)
    if ('reason' in cell) return { ok: false, problems: [cell] }
    const from = elsewhere.whereMeasured(cell)
    if (from !== undefined) {
      measured.set(cell.picks.join(), { label: cellLabel(factors.factors, cell), from })
      continue
    }
    const unmet = constraints.firstUnmet(cell)
    if (typeof unmet === 'object') return { ok: false, problems: [unmet] }
    if (unmet >= 0) {
      blame.set(unmet, (blame.get(unmet) ?? 0) + 1)
      continue
    }
    const key = any ? `${cell.block ?? 0}/${cell.picks.join()}` : ''
    if (any && seen.has(key)) notApplicable += 1
    else kept.push(cell)
    seen.add(key)
  }
  if (kept.length > 0) return { ok: true, value: { cells: kept, excluded: [...blame.values()].reduce((sum, count) => sum + count, 0), notApplicable, measured: [...measured.values()] } }
  return { ok: false, problems: [nothingLeft(total, { measured: measured.size, blame, texts: constraints.texts })] }
}

interface Emptied { readonly measured: number; readonly blame: ReadonlyMap<number, number>; readonly texts: readonly string[] }

function nothingLeft(total: number, { measured, blame, texts }: Emptied): Problem {
  if (measured > 0) {
    const others = total - measured
    return { reason: 'EmptyDesign', path: 'spec.design.measured', message: `nothing is left to be measured: ${measured} of ${total} combinations were measured already${others > 0 ? `, and ${others} are left out otherwise` : ''}`, expected: 'at least one combination that was not' }
  }
  const reasons = [...blame].map(([i, count]) => `"${texts[i]}" leaves out ${count}`).join(', ')
  return { reason: 'EmptyDesign', path: 'spec.design.constraints', message: `the constraints leave nothing of ${total} combinations: ${reasons}`, expected: 'at least one combination that meets them all' }
}

function resolveCells(input: ExpansionInput, { cells, excluded, notApplicable, measured }: Kept): Checked<Expansion> {
  const byHash = new Map<string, ResolvedTreatment>()
  const collapsed: Collapsed[] = []
  const problems = new Map<string, Problem>()
  for (const cell of cells) {
    const result = resolveCell(input, cell)
    if ('problems' in result) {
      for (const problem of result.problems) problems.set(`${problem.path}\n${problem.message}`, problem)
      if (problems.size >= MAX_PROBLEMS) break
      continue
    }
    const known = byHash.get(result.whole)
    const again = known !== undefined && sameCell(known.cell, cell)
    if (known !== undefined && !again) collapsed.push({ label: result.label, into: known.label })
    if (known === undefined || again) byHash.set(result.whole, known === undefined ? placed(result, [], cell) : placed(known, known.repeats ?? [1], cell))
  }
  if (problems.size > 0) return { ok: false, problems: [...problems.values()] }
  return { ok: true, value: { treatments: [...byHash.values()], collapsed, excluded, notApplicable, measured } }
}

/** The same levels in another block, such as the centre: one treatment that is measured in both. */
const sameCell = (a: Cell, b: Cell) => a.block !== b.block && a.picks.every((pick, f) => pick === b.picks[f])

/** Measured in one more block; once in the first block alone needs no words. */
function placed(treatment: ResolvedTreatment, before: readonly number[], { block = 0, repeats = 1 }: Cell): ResolvedTreatment {
  if (before.length === 0 && block === 0 && repeats === 1) return treatment
  return { ...treatment, repeats: Array.from({ length: Math.max(before.length, block + 1) }, (_, b) => (before[b] ?? 0) + (b === block ? repeats : 0)) }
}

function resolveCell({ variants, factors, fit }: ExpansionInput, cell: Cell): ResolvedTreatment | { readonly problems: readonly Problem[] } {
  const label = cellLabel(factors.factors, cell)
  const scenario = variants.scenario.of(cell.picks)
  const workload = variants.workload.of(cell.picks)
  const harness = variants.harness.of(cell.picks)
  if ('problems' in scenario || 'problems' in workload || 'problems' in harness) {
    return { problems: [scenario, workload, harness].flatMap((v) => ('problems' in v ? v.problems : [])).map((p) => ofTreatment(p, label)) }
  }
  const { problems, notes } = fit({ scenario, workload, harness })
  if (problems.length > 0) return { problems }
  const hashes = { scenario: scenario.hash, workload: workload.hash, harness: harness.hash }
  return { cell, label, hashes, whole: treatmentHash(hashes), notes, scenario, workload, harness }
}

function ofTreatment(problem: Problem, label: string): Problem {
  return label === '' ? problem : { ...problem, message: `treatment ${label}: ${problem.message}` }
}
