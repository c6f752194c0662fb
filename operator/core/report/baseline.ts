// SPDX-License-Identifier: Apache-2.0
/** A baseline that outlives its Experiment: results in a ConfigMap, as they are written and read. */
import { LABELS } from '../model/kinds.ts'
import type { Checked } from '../model/problem.ts'
import { refused } from '../model/problem.ts'
import { readResults } from './from-json.ts'
import { parseRule } from './gate-rule.ts'
import { PRIMARY } from './primary.ts'
import { isSame, type Response } from './response.ts'
import type { ComparedResults } from './results.ts'

export const BASELINE_KEY = 'results.json'
const ROLE = 'baseline'
/** What the API server takes, less room for the rest of the object. */
export const MOST_BYTES = 900_000

interface BaselineMap { readonly metadata: { readonly name: string }; readonly data?: Readonly<Record<string, string>> }

export function baselineConfigMap(name: string, json: string): object {
  return {
    apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'assay', [LABELS.role]: ROLE } },
    data: { [BASELINE_KEY]: json },
  }
}

export function readBaseline({ metadata, data = {} }: BaselineMap): Checked<ComparedResults> {
  const where = `ConfigMap ${metadata.name}`
  const text = data[BASELINE_KEY]
  if (text === undefined)
    return refused({
      reason: 'BadFile',
      path: `data.${BASELINE_KEY}`,
      where,
      message: 'there is no such key',
      expected: 'what `assay export baseline` wrote',
    })
  return readResults(text, where)
}

/** What a baseline should hold: the primary responses, and what rules of a gate ask of it. */
export function baselineResponses(exprs: readonly string[]): Response[] {
  const asked = exprs.flatMap((expr): Response[] => {
    const parsed = parseRule(expr)
    return parsed.ok && parsed.value.kind === 'regression' ? [{ metric: parsed.value.metric, statistic: parsed.value.statistic }] : []
  })
  return [...PRIMARY, ...asked].filter((r, i, all) => all.findIndex((other) => isSame(other, r)) === i)
}
