// SPDX-License-Identifier: Apache-2.0
/** CEL conditions over factor names and constants: compiled and typed before any combination is tried. */
import { Environment, type ParseResult } from '@marcbachmann/cel-js'
import { nearest } from '../model/nearest.ts'
import { type Problem, showFound } from '../model/problem.ts'
import type { Cell, FactorPlan, PlannedFactor } from './factors.ts'
import { isObject } from './path.ts'

/** An expression and the place where it was written. */
interface Condition { readonly text: string; readonly at: string }
interface Program extends Condition { readonly run: ParseResult }
type Conditions = { readonly ok: true; readonly programs: readonly Program[]; readonly contextOf: (cell: Cell) => Record<string, unknown> } | { readonly ok: false; readonly problems: readonly Problem[] }

/** Compiles conditions; what does not compile, names unknown things or is no condition is a problem. */
export function compileConditions(conditions: readonly Condition[], plan: FactorPlan, constants: Readonly<Record<string, unknown>>): Conditions {
  const fixed = Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, celValue(value)]))
  const { environment, problems: declarations } = environmentFor(plan.factors, constants)
  if (declarations.length > 0) return { ok: false, problems: declarations }
  const names = [...plan.factors.map((f) => f.name), ...Object.keys(constants)]
  const compiled = conditions.map((condition) => compile(environment, condition, names))
  const problems = compiled.flatMap((c) => ('problem' in c ? [c.problem] : []))
  if (problems.length > 0) return { ok: false, problems }
  const values = plan.factors.map((factor) => levelValues(factor, isDouble(valuesOf(factor))))
  const contextOf = (cell: Cell) => {
    const context: Record<string, unknown> = { ...fixed }
    for (const [f, factor] of plan.factors.entries()) context[factor.name] = values[f]?.at(cell.picks[f] ?? -1)
    return context
  }
  return { ok: true, programs: compiled.flatMap((c) => ('program' in c ? [c.program] : [])), contextOf }
}

/** Levels as CEL values; the base comes last, where pick -1 finds it. */
function levelValues(factor: PlannedFactor, double: boolean): unknown[] {
  return valuesOf(factor).map((value) => (double ? value : celValue(value)))
}

const valuesOf = (factor: PlannedFactor) => [...factor.levels.map((l) => l.value), ...(factor.base === undefined ? [] : [factor.base])]

/** CEL has whole numbers and doubles apart; YAML has not. Whole numbers become int, and mixed arithmetic is defined below. */
function celValue(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map(celValue)
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, celValue(member)])) : value
}

function celType(values: readonly unknown[]): string {
  const types = new Set(values.map((value) => typeOf(value)))
  const [only] = types
  if (types.size === 1 && only !== undefined) return only
  return isDouble(values) ? 'double' : 'dyn'
}

function typeOf(value: unknown): string {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'int' : 'double'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (Array.isArray(value)) return 'list<dyn>'
  return value === null ? 'dyn' : 'map<string, dyn>'
}

/** Numbers of which some are no whole numbers: all of them are doubles then. */
function isDouble(values: readonly unknown[]): boolean {
  return values.every((v) => typeof v === 'number') && values.some((v) => !Number.isSafeInteger(v))
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b, '-': (a, b) => a - b, '*': (a, b) => a * b, '/': (a, b) => a / b, '%': (a, b) => a % b,
}

interface Declared { readonly environment: Environment; readonly problems: readonly Problem[] }

function environmentFor(factors: readonly PlannedFactor[], constants: Readonly<Record<string, unknown>>): Declared {
  const environment = new Environment({ unlistedVariablesAreDyn: false, limits: { maxDepth: 50, maxAstNodes: 500 } })
  for (const [operator, compute] of Object.entries(ARITHMETIC)) {
    const pairs = operator === '%' ? ['int double', 'double int', 'double double'] : ['int double', 'double int']
    for (const [left, right] of pairs.map((pair) => pair.split(' '))) environment.registerOperator(`${left} ${operator} ${right}: double`, (a: number | bigint, b: number | bigint) => compute(Number(a), Number(b)))
  }
  environment.registerOperator('double == int: bool', (a: number | bigint, b: number | bigint) => Number(a) === Number(b))
  const problems = [
    ...factors.map((factor) => declare(environment, { name: factor.name, type: celType(valuesOf(factor)), what: 'factor' })),
    ...Object.entries(constants).map(([name, value]) => declare(environment, { name, type: typeOf(value), what: 'constant' })),
  ].filter((problem) => problem !== undefined)
  return { environment, problems }
}

interface Declaration { readonly name: string; readonly type: string; readonly what: 'factor' | 'constant' }

/** Some names are CEL's own: in, as, type, double, … */
function declare(environment: Environment, { name, type, what }: Declaration): Problem | undefined {
  try {
    environment.registerVariable(name, type)
    return undefined
  } catch {
    return { reason: what === 'factor' ? 'BadFactor' : 'BadConstant', path: 'spec.design', message: `${what} ${name} cannot be used in constraints: CEL has its own meaning for this name`, found: name, expected: 'another name' }
  }
}

interface Place { readonly at: string; readonly names: readonly string[] }
type Compiled = { readonly program: Program } | { readonly problem: Problem }

function compile(environment: Environment, { text, at }: Condition, names: readonly string[]): Compiled {
  const place: Place = { at, names }
  try {
    const run = environment.parse(text)
    const check = run.check()
    if (!check.valid) return { problem: celProblem(text, check.error, place) }
    if (check.type !== 'bool' && check.type !== 'dyn') return { problem: { reason: 'BadConstraint', path: place.at, message: `"${text}" is no condition: it gives ${check.type}`, expected: 'true or false' } }
    return { program: { text, at, run } }
  } catch (error) {
    return { problem: celProblem(text, error, place) }
  }
}

interface CelFailure { readonly code?: string; readonly summary?: string; readonly message: string; readonly range?: { readonly start: number; readonly end: number } }

function celProblem(text: string, error: unknown, { at, names }: Place): Problem {
  const failure: CelFailure = error instanceof Error ? error : { message: String(error) }
  const said = (failure.summary ?? failure.message).replace(/\s+/g, ' ')
  const where = failure.range === undefined ? '' : ` (at character ${failure.range.start + 1})`
  if (failure.code !== 'unknown_variable') return { reason: 'BadConstraint', path: at, message: `"${text}": ${said}${where}`, expected: 'a CEL expression such as tp * 2 <= gpus' }
  const name = failure.range === undefined ? said : text.slice(failure.range.start, failure.range.end)
  return {
    reason: 'BadConstraint', path: at, message: `"${text}" uses "${name}", which is neither a factor nor a constant${where}`, found: name,
    expected: names.length > 0 ? `one of ${names.join(', ')}` : 'a factor or a constant', nearest: nearest(name, names)[0],
  }
}

/** Index of the first condition that is false; -1 when all hold. */
export function firstFalse(programs: readonly Program[], context: Record<string, unknown>): number | Problem {
  for (const [i, { run: program, text, at: path }] of programs.entries()) {
    const result = run(program, context)
    if ('failure' in result) return { reason: 'BadConstraint', path, message: `"${text}" cannot be evaluated for ${describe(context)}: ${result.failure}` }
    if (typeof result.value !== 'boolean') return { reason: 'BadConstraint', path, message: `"${text}" is no condition for ${describe(context)}`, found: showFound(result.value), expected: 'true or false' }
    if (!result.value) return i
  }
  return -1
}

function run(program: ParseResult, context: Record<string, unknown>): { readonly value: unknown } | { readonly failure: string } {
  try {
    return { value: program(context) }
  } catch (error) {
    const failure = error as CelFailure
    return { failure: (failure.summary ?? failure.message).replace(/\s+/g, ' ') }
  }
}

function describe(context: Readonly<Record<string, unknown>>): string {
  return Object.entries(context).map(([name, value]) => `${name}=${typeof value === 'bigint' ? value : JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? Number(v) : v))}`).join(' ')
}
