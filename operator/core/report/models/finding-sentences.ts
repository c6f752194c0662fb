// SPDX-License-Identifier: Apache-2.0
/** What is compared, what cannot be told apart, how things grow with size, and what quantisation gains and costs: in words, with the numbers. */
import { displayUnit, formatNumber, formatP, formatShare } from '../format.ts'
import { responseTitle } from '../primary.ts'
import type { Confounding } from './confounding.ts'
import type { FormPair } from './forms.ts'
import type { Alike, Law, Laws } from './laws.ts'
import { joined, listed, message, type Message, type Part } from '../messages.ts'
import type { ModelStudy } from './model-study.ts'
import type { PairRow } from './pairs.ts'
import { qualitySentence } from './quality-sentences.ts'
import type { Study } from './study.ts'
import { groupText, pOf, shiftOf, sizesText, where } from './words.ts'

export function comparedSentences({ study, confounding }: Pick<ModelStudy, 'study' | 'confounding'>): Message[] {
  const trials = study.groups.flatMap((g) => g.trials)
  const suspect = trials.filter((t) => t.findings.verdict.result === 'suspect').length
  return [
    message('models.compared', { models: listed(study.groups.map(groupText)) }),
    ...(study.unknown === 0 ? [] : [message('models.leftOut', { count: study.unknown })]),
    ...(suspect === 0 ? [] : [message('models.suspect', { count: suspect, total: trials.length })]),
    ...missingSentences(study),
    ...confoundingSentences(confounding),
  ]
}

/** Models that some conditions lack. */
function missingSentences(study: Study): Message[] {
  return study.groups.flatMap((group) => {
    const missing = study.conditions.filter((c) => study.trials(group, c).length === 0)
    return missing.length === 0 ? [] : [message('models.pairs.onlyUnder', { label: group.label, conditions: listed(missing.map((c) => c.label)) })]
  })
}

function confoundingSentences({ with: others, sizeWithForm }: Confounding): Message[] {
  const unquantised = (form: string): Part => (form === 'none' || form === '' ? message('models.unquantised') : form)
  return [
    ...others.map(({ what, values }) => message('models.goesWith', {
      what: message(`models.circumstance.${what}`),
      values: joined(values.map(({ group, value }) => message('models.goesWithOne', { label: group.label, value: value === '' ? message('models.unknownValue') : value })), 'list.semicolon'),
    })),
    ...(sizeWithForm === null ? [] : [message('models.sizeWithForm', {
      parts: joined(sizeWithForm.parts.map(({ sizes, forms }) => message('models.sizeWithFormPart', { sizes: listed(sizes), forms: listed(forms.map(unquantised)) })), 'list.semicolon'),
      size: sizeWithForm.missing.size, form: unquantised(sizeWithForm.missing.form),
    })]),
  ]
}

/** It says what gaps say: the table has it. */
const INVERSE = 'tokens_per_second_per_user'

/** Conditions beyond the first and the last are in the table. */
export function lawSentences({ laws, tooFew, unsized, mixtures, openLoop, lengthsDiffer }: Laws): Message[] {
  const places = [...new Set(laws.map((l) => l.condition.index))]
  const shown = new Set([places[0], places.at(-1)])
  const labels = (groups: Laws['unsized']) => listed(groups.map((g) => g.label))
  return [
    ...laws.filter((l) => shown.has(l.condition.index) && l.response.metric !== INVERSE).flatMap(lawSentence),
    ...(openLoop ? [message('models.law.openLoop')] : []), ...(lengthsDiffer ? [message('models.law.lengths')] : []),
    ...tooFew.map(({ models, sizes, ...alike }) => message('models.law.tooFew', { models: listed(models), sizes, alike: alikeText(alike) })),
    ...(unsized.length === 0 ? [] : [message('models.law.unsized', { models: labels(unsized) })]),
    ...(mixtures.length === 0 ? [] : [message('models.law.mixtures', { models: labels(mixtures) })]),
  ]
}

export function alikeText({ form, dtype, stack }: Alike): Part {
  const name = [form === 'none' ? '' : form, dtype].filter(Boolean).join(' ')
  return message('models.law.alike', { form: name === '' ? message('models.unquantised') : name, stack })
}

function lawSentence({ response, condition, points, law, lackP }: Law): Message[] {
  const { exponent: { estimate, low, high }, from, to } = law
  const place = { response: responseTitle(response), where: where(condition) }
  const common = { ...place, exponent: exponentText(estimate), low: exponentText(low), high: exponentText(high), count: points.length, sizes: sizesText(from, to) }
  const key = low > 0 ? 'models.law.grows' : high < 0 ? 'models.law.falls' : null
  return [
    key === null ? message('models.law.open', common) : message(key, { ...common, factor: factorText(estimate) }),
    ...(lackP !== null && lackP < LACK ? [message('models.law.lack', { response: responseTitle(response), where: where(condition), p: formatP(lackP), scatter: scatterText(law) })] : []),
  ]
}

const LACK = 0.05

export const exponentText = (b: number): string => b.toFixed(2).replace('-', '−').replace('−0.00', '0.00')
export const factorText = (b: number): string => (2 ** b).toFixed(2)
export const scatterText = ({ scatter }: Law['law']): string => `± ${formatShare(Math.expm1(scatter))}`

export function formSentences(pairs: readonly FormPair[]): Message[] {
  return pairs.flatMap((pair) => {
    const labels = { base: pair.base.label, other: pair.other.label }
    return [
      ...(pair.byName ? [message('models.form.readFromName', labels)] : []),
      ...(pair.notAlone.length > 0 ? [message('models.form.notAlone', { ...labels, what: listed(pair.notAlone.map((c) => message(`models.form.lowerCase.${c}`))) })] : gainSentences(pair)),
      ...(pair.quality.length === 0 ? [message('models.quality.none', labels)] : pair.quality.map((q) => qualitySentence(q, labels))),
    ]
  })
}

function gainSentences({ base, other, rows }: FormPair): Message[] {
  return [...Map.groupBy(rows, (r) => r.condition).entries()].flatMap(([condition, own]) => {
    const of = (...verdicts: readonly PairRow['verdict'][]) => own.filter((r) => verdicts.includes(r.verdict))
    const place = { base: base.label, other: other.label, where: where(condition) }
    const [shown, same, open] = [of('better', 'worse'), of('same'), of('insufficient')]
    const names = (some: readonly PairRow[]) => ({ responses: listed(some.map(responseTitle)) })
    return [
      shown.length === 0 ? message('models.form.nothing', place) : message('models.form.shown', { ...place, changes: joined(shown.map(changeText), 'list.semicolon') }),
      ...(same.length === 0 ? [] : [message('models.form.same', names(same))]), ...(open.length === 0 ? [] : [message('models.form.open', names(open))]),
    ]
  })
}

function changeText(row: PairRow): Part {
  const { unit, scale } = displayUnit(row.unit)
  const value = (side: 'base' | 'candidate') => `${formatNumber((row[side].median.estimate ?? Number.NaN) * scale)} ${unit}`
  return message('models.form.change', {
    response: responseTitle(row), verdict: message(`verdict.${row.verdict}`), from: value('base'), to: value('candidate'), shift: shiftOf(row, row.unit), p: pOf(row) ?? '',
  })
}
