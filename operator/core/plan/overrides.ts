// SPDX-License-Identifier: Apache-2.0
/** What a workload says for one harness alone: whether that harness takes it, and how it is laid over the tool's configuration. It renders nothing. */
import { isObject } from '../design/path.ts'
import type { HarnessSpec } from '../model/harness.ts'
import { BUNDLED_HARNESSES } from '../model/harness-features.ts'
import { nearest } from '../model/nearest.ts'
import { type Problem, showFound } from '../model/problem.ts'
import type { WorkloadProfileSpec } from '../model/workload-profile.ts'

type Tree = Readonly<Record<string, unknown>>

/** Maps member by member, anything else as a whole; null removes. */
export function overlaid(base: Tree, over: Tree): Tree {
  const result: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const before = result[key]
    if (value === null) delete result[key]
    else result[key] = isObject(before) && isObject(value) ? overlaid(before, value) : value
  }
  return result
}

interface Side { readonly name: string; readonly overrides: HarnessSpec['overrides'] }

/** Names that nobody knows, and members that the harness of this trial does not take. */
export function checkOverrides({ overrides }: Pick<WorkloadProfileSpec, 'overrides'>, harness: Side, library: ReadonlyMap<string, unknown>): Problem[] {
  const known = [...new Set([harness.name, ...library.keys(), ...BUNDLED_HARNESSES])]
  const strangers = Object.keys(overrides).filter((name) => !known.includes(name)).map((name): Problem => ({
    reason: 'UnknownField', path: `workload.overrides.${name}`, message: `there is no harness called ${name}`, found: name, expected: `one of ${known.join(', ')}`, nearest: nearest(name, known)[0],
  }))
  const own = overrides[harness.name]
  return own === undefined ? strangers : [...strangers, ...checkOwn(own, harness)]
}

function checkOwn(own: unknown, { name, overrides }: Side): Problem[] {
  const path = `workload.overrides.${name}`
  const takes = [...(overrides.args ? ['args'] : []), ...(overrides.config === undefined ? [] : ['config'])]
  if (takes.length === 0) return [{ reason: 'NotExpressible', path, message: `harness ${name} takes no overrides`, found: showFound(own), expected: 'overrides of other harnesses only' }]
  const expected = takes.map((member) => (member === 'args' ? 'args (a list of words)' : 'config (a map)')).join(' and ')
  if (!isObject(own)) return [{ reason: 'WrongType', path, message: `overrides of ${name} are no map`, found: showFound(own), expected }]
  return Object.entries(own).flatMap(([member, value]): Problem[] => {
    if (!takes.includes(member)) return [{ reason: 'UnknownField', path: `${path}.${member}`, message: `harness ${name} takes no ${member}`, found: member, expected, nearest: nearest(member, takes)[0] }]
    const fits = member === 'config' ? isObject(value) : Array.isArray(value) && value.every(isWord)
    return fits ? [] : [{ reason: 'WrongType', path: `${path}.${member}`, message: `${member} of ${name} is of another type`, found: showFound(value), expected }]
  })
}

const isWord = (value: unknown) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
