// SPDX-License-Identifier: Apache-2.0
/** A comparison for people: group by group, what differs on both sides; then what is the same. Pure. */
import type { Comparison, Difference, Group } from './facts.ts'
import { counted } from './say.ts'
import { tableLines } from './table.ts'

const TITLES: Readonly<Record<Group, string>> = {
  images: 'images', versions: 'versions', model: 'model', args: 'arguments of the serving containers', values: 'rendered values of releases', scenario: 'scenario', workload: 'workload',
  harness: 'harness', design: 'design', seeds: 'seeds (arrivals, prompts)', data: 'data sent', execution: 'execution', hardware: 'hardware',
}
const LONGEST = 72

export function comparisonLines({ differences, same, unknown }: Comparison, names: { readonly a: string; readonly b: string }): string[] {
  const listed = (what: string, groups: readonly Group[]) => (groups.length === 0 ? [] : [`${what}: ${groups.map((g) => TITLES[g]).join(', ')}`])
  const unchanged = [...listed('the same', same), ...listed('on record of one side only', unknown)]
  if (differences.length === 0) return [`${names.a} and ${names.b} were measured the same way`, ...unchanged]
  const groups = Map.groupBy(differences, (d) => d.group)
  return [...[...groups].flatMap(([group, lines]) => [`${TITLES[group]}: ${counted(lines.length, 'difference')}`, ...groupLines(lines, names), '']), ...unchanged]
}

function groupLines(differences: readonly Difference[], { a, b }: { readonly a: string; readonly b: string }): string[] {
  const columns = [
    { title: 'what', value: (d: Difference) => d.path }, { title: `a (${a})`, value: (d: Difference) => shown(d.a) }, { title: `b (${b})`, value: (d: Difference) => shown(d.b) },
  ]
  return tableLines(columns, differences).map((line) => `  ${line}`)
}

function shown(value: string | undefined): string {
  if (value === undefined) return '–'
  const line = value.replaceAll(/\s+/g, ' ')
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line
}
