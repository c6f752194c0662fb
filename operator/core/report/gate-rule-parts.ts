// SPDX-License-Identifier: Apache-2.0
/** The text of a gate's rule taken apart. It knows the form alone, and no metric. */

export interface RuleParts {
  readonly kind: 'bound' | 'regression'
  readonly statistic?: string | undefined
  readonly metric: string
  readonly stage: string | undefined
  readonly baseline?: string | undefined
  readonly operator: string
  readonly value: number
  readonly unit: string
}

const NAME = '[A-Za-z0-9_]+'
const OBJECT = '[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?'
const CALL = new RegExp(String.raw`^\s*(${NAME})\s*\(\s*(${NAME})\s*(?:,\s*stage\s*=\s*([a-z0-9-]+)\s*)?\)\s*`)
const REGRESSION = new RegExp(
  String.raw`^\s*regression\s*\(\s*(?:(${NAME})\s*\(\s*(${NAME})\s*\)|(${NAME}))\s*((?:,\s*[a-z]+\s*=\s*${OBJECT}\s*)*)\)\s*`,
)
const COMPARISON = /^(<=|>=|==|!=|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)\s*(\S*)\s*$/

/** null where the text has neither form. */
export function partsOf(expr: string): RuleParts | null {
  return regressionParts(expr) ?? boundParts(expr)
}

function boundParts(expr: string): RuleParts | null {
  const call = CALL.exec(expr)
  const comparison = comparisonAfter(expr, call)
  if (call === null || comparison === null || call[1] === 'regression') return null
  const [, statistic, metric = '', stage] = call
  return { kind: 'bound', statistic, metric, stage, ...comparison }
}

function regressionParts(expr: string): RuleParts | null {
  const call = REGRESSION.exec(expr)
  const comparison = comparisonAfter(expr, call)
  if (call === null || comparison === null) return null
  const [, statistic, inner, alone, options = ''] = call
  const given = [...options.matchAll(new RegExp(String.raw`([a-z]+)\s*=\s*(${OBJECT})`, 'g'))].map(
    ([, key = '', value = '']) => [key, value] as const,
  )
  const named = new Map(given)
  if (given.length !== named.size || [...named.keys()].some((key) => key !== 'stage' && key !== 'baseline')) return null
  return {
    kind: 'regression',
    statistic,
    metric: inner ?? alone ?? '',
    stage: named.get('stage'),
    baseline: named.get('baseline'),
    ...comparison,
  }
}

function comparisonAfter(expr: string, call: RegExpExecArray | null): Pick<RuleParts, 'operator' | 'value' | 'unit'> | null {
  const found = call === null ? null : COMPARISON.exec(expr.slice(call[0].length))
  if (found === null) return null
  const [, operator = '', value = '', unit = ''] = found
  return { operator, value: Number(value), unit }
}
