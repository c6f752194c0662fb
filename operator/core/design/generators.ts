// SPDX-License-Identifier: Apache-2.0
/** Reads generators such as D=ABC or kv = -tp*rate into a fraction; refuses those that make two factors the same. */
import type { Problem } from '../model/problem.ts'
import { letterOf, parseEffect, wordOf } from './effects.ts'
import { definingGenerators, type Fraction, resolutionOf } from './regular-fraction.ts'

export type FractionReading = { readonly ok: true; readonly fraction: Fraction } | { readonly ok: false; readonly problems: readonly Problem[] }
interface Generator { readonly factor: number; readonly product: readonly number[]; readonly sign: number; readonly at: string; readonly text: string }

export function readGenerators(texts: readonly string[], names: readonly string[], at: string): FractionReading {
  const read = texts.map((text, i) => readOne(text, names, `${at}[${i}]`))
  const problems = read.flatMap((r) => ('problem' in r ? [r.problem] : []))
  const generators = read.flatMap((r) => ('generator' in r ? [r.generator] : []))
  const twice = generators.filter((g, i) => generators.findIndex((other) => other.factor === g.factor) !== i)
  problems.push(...twice.map((g) => bad(g, `${names[g.factor]} is generated twice`)))
  if (problems.length > 0) return { ok: false, problems }
  const fraction = build(generators, names)
  return 'problem' in fraction ? { ok: false, problems: [fraction.problem] } : checkResolution(fraction, { names, at })
}

function readOne(text: string, names: readonly string[], at: string): { readonly generator: Generator } | { readonly problem: Problem } {
  const [left, right, ...more] = text.split('=')
  if (left === undefined || right === undefined || more.length > 0) return { problem: bad({ text, at }, 'expected one "="') }
  const factor = parseEffect(left, names, at)
  const product = parseEffect(right.trim().replace(/^[-+]/, ''), names, at)
  if (!factor.ok) return { problem: asGenerator(factor.problem) }
  if (!product.ok) return { problem: asGenerator(product.problem) }
  const [only, ...others] = factor.factors
  if (only === undefined || others.length > 0) return { problem: bad({ text, at }, 'the left side is one factor') }
  if (product.factors.includes(only)) return { problem: bad({ text, at }, `${names[only]} cannot follow from itself`) }
  return { generator: { factor: only, product: product.factors, sign: right.trim().startsWith('-') ? -1 : 1, at, text } }
}

const asGenerator = (problem: Problem): Problem => ({ ...problem, reason: 'BadGenerator' })

function bad({ text, at }: { readonly text: string; readonly at: string }, message: string): Problem {
  return { reason: 'BadGenerator', path: at, message: `"${text}": ${message}`, expected: 'a factor and the product that it follows from, such as D=ABC or kv = tp*rate' }
}

/** Factors that nothing generates are basic; a product may hold generated ones, as long as it leads back to basic ones. */
function build(generators: readonly Generator[], names: readonly string[]): Fraction | { readonly problem: Problem } {
  const basics = names.flatMap((_, f) => (generators.some((g) => g.factor === f) ? [] : [f]))
  const columns = names.map((_, f) => (basics.includes(f) ? 1 << basics.indexOf(f) : -1))
  const signs = names.map(() => 1)
  let open = generators
  while (open.length > 0) {
    const ready = open.filter((g) => g.product.every((f) => (columns[f] ?? -1) >= 0))
    const [stuck] = open
    if (ready.length === 0 && stuck !== undefined) return { problem: bad(stuck, 'these generators lead back to each other') }
    for (const g of ready) {
      columns[g.factor] = g.product.reduce((bits, f) => bits ^ (columns[f] ?? 0), 0)
      signs[g.factor] = g.product.reduce((sign, f) => sign * (signs[f] ?? 1), g.sign)
    }
    open = open.filter((g) => !ready.includes(g))
  }
  return { basic: basics.length, columns, signs }
}

interface Naming { readonly names: readonly string[]; readonly at: string }

function checkResolution(fraction: Fraction, { names, at }: Naming): FractionReading {
  const constant = fraction.columns.indexOf(0)
  if (constant >= 0) return { ok: false, problems: [{ reason: 'BadGenerator', path: at, message: `these generators leave ${names[constant]} at one level`, expected: 'products of three or more different basic factors' }] }
  const same = fraction.columns.findIndex((column, f) => fraction.columns.indexOf(column) !== f)
  if (same >= 0) {
    const other = fraction.columns.indexOf(fraction.columns[same] ?? 0)
    return { ok: false, problems: [{ reason: 'BadGenerator', path: at, message: `these generators always change ${names[other]} and ${names[same]} together (resolution II): their effects cannot be told apart`, expected: 'resolution III or more', nearest: 'resolution: 4' }] }
  }
  return { ok: true, fraction }
}

/** Generators as a person would write them, by letters: what follows from basic factors only. */
export function generatorTexts(fraction: Fraction): string[] {
  const basics = fraction.columns.flatMap((column, f) => (isBasic(column) ? [{ bit: column, f }] : []))
  if (basics.length < fraction.basic) return definingGenerators(fraction).map((w) => `I=${w.sign < 0 ? '-' : ''}${wordOf(factorsIn(w.factors))}`)
  return fraction.columns.flatMap((column, f) => (isBasic(column) ? [] : [`${letterOf(f)}=${(fraction.signs[f] ?? 1) < 0 ? '-' : ''}${wordOf(basics.filter((b) => column & b.bit).map((b) => b.f))}`]))
}

const isBasic = (column: number) => (column & (column - 1)) === 0

/** Factors of a word that is written as bits. */
export function factorsIn(bits: number): number[] {
  return Array.from({ length: 32 }, (_, f) => f).filter((f) => (bits >>> f) & 1)
}

export const resolutionName = (fraction: Fraction) => romanResolution(resolutionOf(fraction))

const ROMAN = ['', 'I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X']
export const romanResolution = (length: number) => (length === Number.POSITIVE_INFINITY ? 'full' : (ROMAN[length] ?? String(length)))
