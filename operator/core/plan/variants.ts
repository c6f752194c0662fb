// SPDX-License-Identifier: Apache-2.0
/** Distinct specifications of one part: a treatment's levels are laid over the base once, checked, hashed and let go of. */
import { specHash } from '../design/identity.ts'
import { type Assignment, assignmentsOf, overlay, type PlannedFactor } from '../design/factors.ts'
import type { Part, PartBase } from '../design/path-schema.ts'
import type { Checked, Problem } from '../model/problem.ts'
import { parseStrict } from './strict.ts'

export interface Variant<Facts> {
  readonly hash: string
  readonly facts: Facts
  /** Levels that made it, by factor index; enough to make it again. */
  readonly picks: readonly number[]
}

export interface Variants<Spec, Facts> {
  /** The variant that these levels lead to; problems when the levels do not go together. */
  readonly of: (picks: readonly number[]) => Variant<Facts> | { readonly problems: readonly Problem[] }
  /** The whole specification, made anew or from a small cache. */
  readonly spec: (variant: Variant<Facts>) => Spec
  readonly all: () => Iterable<Variant<Facts>>
}

interface VariantInput<Spec, Facts> {
  readonly part: Part
  readonly base: PartBase
  readonly factors: readonly PlannedFactor[]
  /** Small facts that are kept for each variant; problems refuse it. */
  readonly read: (spec: Spec) => { readonly facts: Facts; readonly problems: readonly Problem[] }
}

/** The base is known to be sound, so that only levels can bring unknown members: thousands of treatments are parsed here. */
function parseOver({ part, base }: { readonly part: Part; readonly base: PartBase }, assignments: readonly Assignment[]): Checked<unknown> {
  const value = overlay(base.value, assignments)
  const plain = assignments.every(({ level }) => typeof level !== 'object')
  const parsed = plain ? base.schema.safeParse(value) : undefined
  return parsed?.success ? { ok: true, value: parsed.data } : parseStrict(base.schema, value, { at: part })
}

/** Specifications that are kept at once: a controller asks again for the few that it works on. */
const CACHED = 32

export function variantsOf<Spec, Facts>({ part, base, factors, read }: VariantInput<Spec, Facts>): Variants<Spec, Facts> {
  const own = factors.flatMap((factor, i) => (factor.paths.some((path) => path === part || path.startsWith(`${part}.`) || path.startsWith(`${part}[`)) ? [i] : []))
  const known = new Map<string, Variant<Facts> | { readonly problems: readonly Problem[] }>()
  const recent = new Map<string, Spec>()
  const build = (picks: readonly number[]) => parseOver({ part, base }, assignmentsOf(factors, picks, part))

  const make = (picks: readonly number[]): Variant<Facts> | { readonly problems: readonly Problem[] } => {
    const parsed = build(picks)
    if (!parsed.ok) return parsed
    const { facts, problems } = read(parsed.value as Spec)
    return problems.length > 0 ? { problems } : { hash: specHash(base.schema, parsed.value), facts, picks }
  }
  return {
    of: (picks) => {
      const key = own.map((i) => picks[i]).join(',')
      const variant = known.get(key) ?? make(picks)
      known.set(key, variant)
      return variant
    },
    spec: (variant) => {
      const spec = recent.get(variant.hash) ?? specOf(build(variant.picks))
      recent.delete(variant.hash)
      recent.set(variant.hash, spec)
      const [oldest] = recent.keys()
      if (recent.size > CACHED && oldest !== undefined) recent.delete(oldest)
      return spec
    },
    all: () => [...known.values()].filter((v) => 'hash' in v),
  }

  function specOf(parsed: ReturnType<typeof build>): Spec {
    if (!parsed.ok) throw new Error(`a ${part} that was planned no longer parses`)
    return parsed.value as Spec
  }
}
