// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { formatProblem } from '../../model/problem.ts'
import type { FactorInfo } from '../results.ts'
import { matchTreatments, type TreatmentPick } from './match-treatments.ts'

const side = (levels: Readonly<Record<string, readonly string[]>>) => {
  const names = Object.keys(levels)
  const all = names.reduce<Record<string, string>[]>((list, name) => list.flatMap((t) => (levels[name] ?? []).map((level) => ({ ...t, [name]: level }))), [{}])
  const factors: FactorInfo[] = names.map((name) => ({ name, role: 'run', isLoad: false, levels: levels[name] ?? [] }))
  return { factors, treatments: all.map((own, index) => ({ index, label: '', levels: own })) }
}
const pick = (text: string): TreatmentPick => {
  const [, at, factor = '', level = ''] = /^(?:(base|new):)?(.+)=(.+)$/.exec(text) ?? []
  return { side: at === 'base' || at === 'new' ? at : 'both', factor, level }
}

it.each<[string, Parameters<typeof side>[0], Parameters<typeof side>[0], string[], string[], object]>([
  ['the same factors: every treatment', { tp: ['1', '2'], rate: ['4'] }, { tp: ['1', '2'], rate: ['4'] }, [], ['tp=1', 'tp=2'], {}],
  ['nothing varied', {}, {}, [], [''], {}],
  ['2 is 2.0, and the order of levels does not matter', { tp: ['1', '2'] }, { tp: ['2.0', '1'] }, [], ['tp=1', 'tp=2'], {}],
  ['levels that one side has alone are named', { rate: ['4', '8'] }, { rate: ['8', '16'] }, [], ['rate=8'], { alone: { base: ['rate=4'], candidate: ['rate=16'] } }],
  ['a factor that stands still on the side that has it', { rate: ['4', '8'] }, { rate: ['4', '8'], image: ['new'] }, [], ['rate=4', 'rate=8'], { apart: [{ factor: 'image', base: null, candidate: 'new' }] }],
  ['one level chosen on both', { tp: ['1', '2'], rate: ['4', '8'] }, { tp: ['1', '2'], rate: ['4', '8'] }, ['tp=2'], ['rate=4', 'rate=8'], {}],
  ['two levels of one factor against each other', { tp: ['1', '2'], rate: ['4', '8'] }, { tp: ['1', '2'], rate: ['4', '8'] }, ['base:tp=1', 'new:tp=2'], ['rate=4', 'rate=8'], { apart: [{ factor: 'tp', base: '1', candidate: '2' }] }],
])('%s', (...[, base, candidate, picks, labels, more]) => {
  const matched = matchTreatments(side(base), side(candidate), picks.map(pick))
  expect(matched.ok && matched.value.pairs.map((p) => p.label)).toEqual(labels)
  expect(matched.ok && matched.value).toMatchObject(more)
})

it.each<[string, Parameters<typeof side>[0], Parameters<typeof side>[0], string[], string]>([
  ['an unknown factor', { batch: ['1'] }, { batch: ['1'] }, ['batc=1'], '--treatment: there is no factor "batc"; did you mean "batch"? (expected one of batch)'],
  ['an unknown level', { tp: ['1', '2'] }, { tp: ['1', '2'] }, ['new:tp=4'], 'no treatment of NEW has tp=4 (expected one of 1, 2)'],
  ['a factor that varies on one side alone', { rate: ['4'] }, { rate: ['4'], tp: ['1', '2'] }, [], 'tp is varied in NEW (1, 2) and does not tell which of its treatments is meant (expected one level: --treatment new:tp=1)'],
  ['no treatment in common', { rate: ['4', '8'] }, { rate: ['16'] }, [], 'no treatment of BASE is one of NEW: rate is 4, 8 in BASE and 16 in NEW'],
])('%s is refused', (...[, base, candidate, picks, message]) => {
  const matched = matchTreatments(side(base), side(candidate), picks.map(pick))
  expect(matched.ok ? '' : matched.problems.map(formatProblem).join('\n')).toContain(message)
})
