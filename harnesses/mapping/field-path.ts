// SPDX-License-Identifier: Apache-2.0
/** Simple paths into JSON values: names joined by dots, places in brackets. They find one value and search nothing. */

type Step = string | number

/** Throws where a path cannot be read. */
export function parseFieldPath(path: string, what: string): Step[] {
  const steps: Step[] = []
  const word = /([^.[\]]+)|\[([0-9]+)\]|\["([^"]*)"\]/y
  for (let at = 0; at < path.length;) {
    if (path[at] === '.' && at > 0) at++
    word.lastIndex = at
    const found = word.exec(path)
    if (found === null) throw new Error(`${what}: "${path}" is no path: expected names joined by dots and places in brackets, such as metrics.ttft.value or choices[0]`)
    steps.push(found[2] === undefined ? (found[1] ?? found[3] ?? '') : Number(found[2]))
    at = word.lastIndex
  }
  return steps
}

/** undefined where there is nothing. */
export function valueAt(value: unknown, steps: readonly Step[]): unknown {
  let at: unknown = value
  for (const step of steps) {
    if (typeof at !== 'object' || at === null) return undefined
    at = Array.isArray(at) ? (typeof step === 'number' ? at[step] : undefined) : (at as Readonly<Record<string, unknown>>)[String(step)]
  }
  return at
}

/** Paths of all leaves, for messages. */
export function leafPaths(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return prefix === '' ? [] : [prefix]
  return Object.entries(value).flatMap(([key, member]) => leafPaths(member, prefix === '' ? key : `${prefix}.${key}`))
}
