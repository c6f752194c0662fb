// SPDX-License-Identifier: Apache-2.0
/** Which objects of the library an Experiment names. It looks at the specification as it was written, and finds nothing in the library itself. */
import { type Part, PARTS } from '../design/path-schema.ts'
import { isObject } from '../design/path.ts'
import { PART_INFO } from './resolve.ts'

export interface NamedObject { readonly part: Part; readonly name: string }

/** Every library object that an Experiment names: by its references, and as levels of a whole part. What is wrong with them, the plan says. */
export function namedObjects(spec: unknown): NamedObject[] {
  return PARTS.flatMap((part) => {
    const ref = isObject(spec) ? spec[PART_INFO[part].ref] : undefined
    const names = [isObject(ref) ? ref['name'] : undefined, ...(isObject(spec) ? levelsOfPart(spec['design'], part) : [])]
    return [...new Set(names)].filter((name) => typeof name === 'string').map((name) => ({ part, name }))
  })
}

/** Values that a design sets a whole part to, wherever it writes them: levels of factors, members of zips, treatments, constants. */
function levelsOfPart(design: unknown, part: Part): unknown[] {
  if (Array.isArray(design)) return design.flatMap((item) => levelsOfPart(item, part))
  if (!isObject(design)) return []
  const levels = design['path'] === part && Array.isArray(design['levels']) ? design['levels'] : []
  return Object.entries(design).flatMap(([key, value]) => (key === part && typeof value === 'string' ? [value] : levelsOfPart(value, part))).concat(levels)
}
