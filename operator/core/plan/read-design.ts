// SPDX-License-Identifier: Apache-2.0
/** A design over its bases: constants set, factors resolved. What is wrong with either is reported together. */
import { readConstants } from '../design/constants.ts'
import { type FactorPlan, overlay } from '../design/factors.ts'
import { type Bases, type Part, PARTS, type PartBase } from '../design/path-schema.ts'
import { readFactors } from '../design/read-factors.ts'
import { type Design, writtenFactors } from '../model/design.ts'
import type { Checked, Problem } from '../model/problem.ts'
import { parseStrict } from './strict.ts'

export interface DesignReading {
  /** The bases with the constants set. */
  readonly bases: Bases
  readonly factors: FactorPlan
  /** Constants by name, for constraints. */
  readonly constants: Readonly<Record<string, unknown>>
}

export function readDesign(design: Design, bases: Bases): Checked<DesignReading> {
  const names = writtenFactors(design).map((f) => f.name)
  const constants = readConstants(design.constants, bases, names)
  const problems: Problem[] = [...constants.problems]
  const set = Object.fromEntries(PARTS.map((part) => {
    const own = constants.assignments.filter((a) => a.path.part === part)
    const base = bases[part]
    if (own.length === 0 || constants.problems.length > 0) return [part, base]
    const parsed = parseStrict(base.schema, overlay(base.value, own), { at: part, object: base.object })
    if (!parsed.ok) problems.push(...parsed.problems.map((p) => ({ ...p, message: `with the constants of the design: ${p.message}` })))
    return [part, { ...base, value: parsed.ok ? parsed.value : base.value }]
  })) as Record<Part, PartBase>
  const reading = readFactors(design, set, constants.paths)
  problems.push(...reading.problems)
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { bases: set, factors: reading.plan, constants: constants.values } }
}
