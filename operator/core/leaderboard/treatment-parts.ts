// SPDX-License-Identifier: Apache-2.0
/** Base specifications + the levels that a trial recorded → the specifications that it ran with. Nothing is parsed: results are older than any schema. */
import { NOT_APPLICABLE } from '../design/factors.ts'
import { columnNames } from '../design/explicit-treatments.ts'
import { parsePath, setAt } from '../design/path.ts'
import { type Design, DESIGN_KINDS, type Factor, type RangeFactor, writtenFactors } from '../model/design.ts'
import { levelText } from '../plan/labels.ts'
import type { Parts } from './configuration.ts'

interface Setting { readonly path: string; readonly level: unknown }

/** `levels` as findings have them: by factor name, as tables show them. */
export function treatmentParts(base: Parts, design: Partial<Design>, levels: Readonly<Record<string, unknown>>): Parts {
  return settingsOf(design, levels).reduce<Parts>(withSetting, base)
}

function withSetting(parts: Parts, { path, level }: Setting): Parts {
  const parsed = parsePath(path)
  if (!parsed.ok) return parts
  try {
    return setAt(parts, parsed.segments, level) as Parts
  } catch (error) {
    // The base is not on record, or is another one: what cannot be placed tells nothing.
    if (error instanceof RangeError) return parts
    throw error
  }
}

function settingsOf(design: Partial<Design>, levels: Readonly<Record<string, unknown>>): Setting[] {
  if (design.treatments !== undefined) {
    const paths = [...new Set(design.treatments.flatMap((t) => Object.keys(t.set)))]
    const names = columnNames(paths)
    return paths.flatMap((path, i) => (Object.hasOwn(levels, names[i] ?? path) ? [{ path, level: levels[names[i] ?? path] }] : []))
  }
  if (DESIGN_KINDS.every((kind) => design[kind] === undefined)) return []
  return writtenFactors(design as Design).flatMap((factor) => (Object.hasOwn(levels, factor.name) ? settingsOfFactor(factor, levels[factor.name]) : []))
}

/** A label stands for the level at its place; without labels the first member of a zip names all. */
function settingsOfFactor({ path, zip, labels, levels, when }: Factor | RangeFactor, shown: unknown): Setting[] {
  const text = levelText(shown)
  if (when !== undefined && text === NOT_APPLICABLE) return []
  if (zip !== undefined) {
    const place = (labels ?? zip[0]?.levels ?? []).findIndex((level) => levelText(level) === text)
    return place < 0 ? [] : zip.map((member) => ({ path: member.path, level: member.levels[place] }))
  }
  if (path === undefined) return []
  const place = labels?.findIndex((label) => label === text) ?? -1
  if (labels !== undefined && levels !== undefined) return place < 0 ? [] : [{ path, level: levels[place] }]
  return [{ path, level: shown }]
}
