// SPDX-License-Identifier: Apache-2.0
/** Constraints, which leave combinations out, and the `when` of factors, which says where they apply; both are conditions over factors and constants. */
import type { Problem } from '../model/problem.ts'
import { compileConditions, firstFalse } from './conditions.ts'
import type { Cell, FactorPlan } from './factors.ts'

export interface Constraints {
  /** Index of the first constraint that the cell does not meet; -1 when it meets all. A problem when one cannot be evaluated. */
  readonly firstUnmet: (cell: Cell) => number | Problem
  readonly texts: readonly string[]
}
export type CompiledConstraints = { readonly ok: true; readonly constraints: Constraints } | { readonly ok: false; readonly problems: readonly Problem[] }

const at = (index: number) => `spec.design.constraints[${index}]`

/** Compiles the constraints; what does not compile, names unknown things or is no condition is a problem. */
export function compileConstraints(texts: readonly string[], plan: FactorPlan, constants: Readonly<Record<string, unknown>>): CompiledConstraints {
  if (texts.length === 0) return { ok: true, constraints: { texts, firstUnmet: () => -1 } }
  const compiled = compileConditions(texts.map((text, i) => ({ text, at: at(i) })), plan, constants)
  if (!compiled.ok) return compiled
  const { programs, contextOf } = compiled
  return { ok: true, constraints: { texts, firstUnmet: (cell) => firstFalse(programs, contextOf(cell)) } }
}

export interface Applicability {
  /** The cell with -1 for every factor that does not apply to it; a problem when a condition cannot be evaluated. */
  readonly apply: (cell: Cell) => Cell | Problem
  /** Whether any factor has a condition. */
  readonly any: boolean
}
type CompiledApplicability = { readonly ok: true; readonly applicability: Applicability } | { readonly ok: false; readonly problems: readonly Problem[] }

/** Compiles where factors apply. Conditions see the levels that the design gives, also of factors that do not apply themselves. */
export function compileApplicability(plan: FactorPlan, constants: Readonly<Record<string, unknown>>): CompiledApplicability {
  const conditional = plan.factors.flatMap(({ name, when }, f) => (when === undefined ? [] : [{ f, text: when, at: `spec.design.${plan.kind}.factors[${name}].when` }]))
  if (conditional.length === 0) return { ok: true, applicability: { any: false, apply: (cell) => cell } }
  const compiled = compileConditions(conditional, plan, constants)
  if (!compiled.ok) return compiled
  const { programs, contextOf } = compiled
  const apply = (cell: Cell): Cell | Problem => {
    const context = contextOf(cell)
    const picks = [...cell.picks]
    for (const [i, { f }] of conditional.entries()) {
      const unmet = firstFalse(programs.slice(i, i + 1), context)
      if (typeof unmet === 'object') return unmet
      if (unmet >= 0) picks[f] = -1
    }
    return { ...cell, picks }
  }
  return { ok: true, applicability: { any: true, apply } }
}
