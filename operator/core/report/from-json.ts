// SPDX-License-Identifier: Apache-2.0
/** The JSON of results, read back as far as a comparison needs it. It trusts nobody who wrote it. */
import { z } from 'zod'
import { METRIC_NAMES, STATISTICS } from '../model/metric.ts'
import { type Checked, refused, valid } from '../model/problem.ts'
import type { ComparedResults } from './results.ts'

export const RESULTS_SCHEMA = 'assay.dev/results/v1'

const Interval = z.union([
  z.object({
    kind: z.literal('interval'), low: z.number(), high: z.number(), df: z.number(), level: z.number(),
    basis: z.enum(['between stand-ups', 'within one stand-up']),
  }),
  z.object({ kind: z.literal('none'), reason: z.string() }),
])

const Cell = z.object({
  treatment: z.int().min(0),
  stage: z.string(),
  metric: z.enum(METRIC_NAMES),
  statistic: z.enum(['value', ...STATISTICS]),
  unit: z.string(),
  better: z.enum(['lower', 'higher', 'none']),
  mean: z.number(),
  median: z.number(),
  interval: Interval,
  stacks: z.int(),
  trials: z.int(),
  weak: z.boolean(),
  claimed: z.literal(true).optional(),
  values: z.array(
    z.object({
      trial: z.string(), stack: z.string(), value: z.number(), weak: z.boolean(), claimed: z.literal(true).optional(), suspect: z.boolean(),
    }),
  ),
})

const Compared = z.object({
  schema: z.literal(RESULTS_SCHEMA),
  name: z.string(),
  namespace: z.string(),
  run: z.int().optional(),
  measured: z.object({ from: z.string(), to: z.string() }).optional(),
  factors: z.array(
    z.object({
      name: z.string(),
      unit: z.string().optional(),
      role: z.enum(['setup', 'run']),
      isLoad: z.boolean(),
      levels: z.array(z.string()),
    }),
  ),
  treatments: z.array(z.object({ index: z.int().min(0), label: z.string(), levels: z.record(z.string(), z.string()) })),
  standUps: z.array(z.object({ stack: z.string(), replicate: z.int(), block: z.int() })).optional(),
  cells: z.array(Cell),
})

/** `where` names the file or object, for messages. */
export function readResults(text: string, where: string): Checked<ComparedResults> {
  const bad = (message: string, expected: string) => refused({ reason: 'BadFile', path: '', where, message, expected })
  const json = parsed(text)
  if (json === undefined) return bad('it is no JSON', 'results.json of a report, or what `assay export baseline` wrote')
  const { success, data, error } = Compared.safeParse(json)
  if (success) return valid({ standUps: [], ...data })
  const issue = error.issues[0]
  return bad(
    `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it cannot be read'}`,
    `results of schema ${RESULTS_SCHEMA}, as this version of Assay writes them`,
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
