// SPDX-License-Identifier: Apache-2.0
/** What goes with the model so closely that a difference between models may be due to it, and which measurement would tell them apart. */
import { type Circumstance, CIRCUMSTANCES, type Circumstances, circumstancesOf, differing } from './circumstances.ts'
import type { Group } from './groups.ts'
import type { Study } from './study.ts'

/** Something else than the model that never changes without it. */
export interface GoesWith {
  readonly what: Circumstance | 'experiment'
  readonly values: readonly { readonly group: Group; readonly value: string }[]
}
/** Sizes and forms that no chain of shared sizes and forms connects. */
export interface SizeWithForm {
  readonly parts: readonly { readonly sizes: readonly string[]; readonly forms: readonly string[] }[]
  /** One measurement that would connect the first two parts. */
  readonly missing: { readonly size: string; readonly form: string }
}
export interface Confounding { readonly with: readonly GoesWith[]; readonly sizeWithForm: SizeWithForm | null }

export function confoundingOf(study: Study): Confounding {
  const { groups } = study
  return {
    with: [...CIRCUMSTANCES.flatMap((c) => circumstance(study, c)), ...experiments(study)],
    sizeWithForm: groups.every((g) => g.model === null) ? null : sizeWithForm(groups),
  }
}

/** Only where no two groups were ever measured with it alike while it differs between some. */
function circumstance(study: Study, what: Circumstance): GoesWith[] {
  const seen = study.groups.map((group) => ({ group, at: study.conditions.flatMap((c) => {
    const trials = study.trials(group, c)
    return trials.length === 0 ? [] : [circumstancesOf(trials, c.stage)]
  }) })).filter((s) => s.at.length > 0)
  return goesWith(what, seen.map(({ group, at }) => ({ group, values: spread(at, what) })), (a, b) => isAlike(what, a, b))
}

function spread(at: readonly Circumstances[], what: Circumstance): string[] {
  return [...new Set(at.map((c) => c[what]))].sort()
}

function isAlike(what: Circumstance, a: string, b: string): boolean {
  const only = (value: string) => Object.fromEntries(CIRCUMSTANCES.map((c) => [c, c === what ? value : ''])) as Circumstances
  return differing(only(a), only(b)).length === 0
}

function experiments({ groups, sources }: Study): GoesWith[] {
  const values = groups.map((group) => ({ group, values: [...new Set(group.trials.map((t) => `${sources[t.source]}${sources.filter((s) => s === sources[t.source]).length > 1 ? ` (${t.source + 1})` : ''}`))] }))
  return goesWith('experiment', values, (a, b) => a === b)
}

interface Spread { readonly group: Group; readonly values: readonly string[] }

function goesWith(what: GoesWith['what'], all: readonly Spread[], alike: (a: string, b: string) => boolean): GoesWith[] {
  const apart = (a: Spread, b: Spread) => !a.values.some((x) => b.values.some((y) => alike(x, y)))
  const mixed = all.filter((a) => all.some((b) => b !== a && apart(a, b)))
  return mixed.length < 2 ? [] : [{ what, values: mixed.map(({ group, values }) => ({ group, value: values.join(', ') })) }]
}

/** As with a table of sizes by forms: main effects can be told apart where its filled cells hang together. */
function sizeWithForm(groups: readonly Group[]): SizeWithForm | null {
  const cells = groups.flatMap(({ model }) => (model === null ? [] : [{ size: model.plain, form: formOf(model) }]))
  if (new Set(cells.map((c) => c.size)).size < 2 || new Set(cells.map((c) => c.form)).size < 2) return null
  const parts = cells.reduce<{ readonly sizes: Set<string>; readonly forms: Set<string> }[]>((found, { size, form }) => {
    const joined = found.filter((p) => p.sizes.has(size) || p.forms.has(form))
    const one = { sizes: new Set([size, ...joined.flatMap((p) => [...p.sizes])]), forms: new Set([form, ...joined.flatMap((p) => [...p.forms])]) }
    return [...found.filter((p) => !joined.includes(p)), one]
  }, [])
  const [first, second] = parts
  if (first === undefined || second === undefined) return null
  return { parts: parts.map((p) => ({ sizes: [...p.sizes], forms: [...p.forms] })), missing: { size: [...second.sizes][0] as string, form: [...first.forms][0] as string } }
}

/** Quantisation with the number format of what is not quantised. */
export function formOf({ form, dtype }: { readonly form: string; readonly dtype: string }): string {
  return [form === 'none' && dtype !== '' ? '' : form, dtype].filter(Boolean).join(' ')
}
