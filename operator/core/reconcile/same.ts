// SPDX-License-Identifier: Apache-2.0
/** Whether two JSON values say the same, whatever the order of their keys; undefined members do not count. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false
  const [x, y] = [a, b] as readonly Readonly<Record<string, unknown>>[]
  return Object.keys({ ...x, ...y }).every((key) => same(x?.[key], y?.[key]))
}
