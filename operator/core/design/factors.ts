// SPDX-License-Identifier: Apache-2.0
/** Factors with their levels, and combinations of them, as everything after the reading of a design sees them. It reads no design. */
import type { DesignKind } from '../model/design.ts'
import type { Problem } from '../model/problem.ts'
import type { Construction } from './design-points.ts'
import { applyLevel, type Part, type ResolvedPath } from './path-schema.ts'

export interface Assignment { readonly path: ResolvedPath; readonly level: unknown }
export interface PlannedLevel {
  /** What tables call it, where the design names it. */
  readonly label?: string
  /** What constraints see; for zipped paths the first one's level. */
  readonly value: unknown
  readonly assignments: readonly Assignment[]
  /** Where it lies between low (-1) and high (1), for numbers of a designed range and for two levels. */
  readonly coded?: number
}
export interface PlannedFactor {
  readonly name: string
  /** A setup factor changes the stack; a run factor only what is sent to it. */
  readonly role: 'setup' | 'run'
  readonly paths: readonly string[]
  readonly unit?: string
  readonly levels: readonly PlannedLevel[]
  /** What a treatment has that does not set it: for explicit treatments, and for factors that do not always apply. */
  readonly base?: unknown
  /** The CEL expression that says where it applies; everywhere when not set. */
  readonly when?: string
}
/** One combination: for each factor the index of its level, or -1 where the base stays. */
export interface Cell {
  readonly name?: string
  readonly picks: readonly number[]
  /** How often it is measured in each replicate; once when not set. */
  readonly repeats?: number
  /** The block of its replicate that it belongs to, from 0. */
  readonly block?: number
}
export interface FactorPlan {
  readonly kind: DesignKind
  readonly factors: readonly PlannedFactor[]
  /** Combinations that were written out or constructed; a factorial's follow from its levels. */
  readonly cells?: readonly Cell[]
  /** How they were constructed. */
  readonly construction?: Construction
  /** Blocks that each replicate is split into. */
  readonly blocks?: number
  /** The load that is searched, which is the last factor: its levels follow from what is measured. */
  readonly search?: { readonly path: ResolvedPath; readonly whole: boolean }
  /** Effects that must be estimable, as lists of factors. */
  readonly effects?: readonly (readonly number[])[]
}

export interface FactorReading { readonly plan: FactorPlan; readonly problems: readonly Problem[] }

/** How tables show a factor that does not apply. */
export const NOT_APPLICABLE = 'n/a'

/** The level of a factor as tables and records show it. */
export function shownLevel(factor: PlannedFactor, pick: number): unknown {
  const level = factor.levels[pick]
  if (level === undefined) return factor.when === undefined ? factor.base : NOT_APPLICABLE
  return level.label ?? level.value
}

/** The assignments of a cell to one part, in the order of the factors. */
export function assignmentsOf(factors: readonly PlannedFactor[], picks: readonly number[], part: Part): Assignment[] {
  return factors.flatMap((factor, i) => (factor.levels[picks[i] ?? -1]?.assignments ?? []).filter((a) => a.path.part === part))
}

/** The base of a part with the assignments made. */
export function overlay(base: unknown, assignments: readonly Assignment[]): unknown {
  return assignments.reduce((value, { path, level }) => applyLevel(value, path, level), base)
}
