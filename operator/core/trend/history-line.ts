// SPDX-License-Identifier: Apache-2.0
/** One run of an Experiment as a line of a history: what was measured, of what, with what. It is data, and how its text is read and written. */
import { z } from 'zod'
import { canonicalJson } from '../design/canonical.ts'
import { sha256Hex } from '../design/identity.ts'
import { type Checked, type Problem, refused, valid } from '../model/problem.ts'
import { parseStrict } from '../plan/strict.ts'

export const HISTORY_SCHEMA = 'assay.dev/history/v1'

const text = (description: string) => z.string().meta({ description })
const number = (description: string) => z.number().meta({ description })
const count = (description: string) => z.int().min(0).meta({ description })
const instant = (description: string) => z.string().refine((t) => !Number.isNaN(Date.parse(t)), 'it is no time as ISO 8601 writes it').meta({ description })
const facts = (description: string) => z.record(z.string(), z.string()).meta({ description })

export const HistoryResponse = z.object({
  treatment: text('Levels of its factors; empty where nothing is varied.'),
  stage: text('Stage of the load, or startup.'),
  metric: text('Metric of the catalogue.').min(1),
  statistic: text('Statistic of a distribution, or value.').min(1),
  unit: text('Unit of the numbers.'),
  better: z.enum(['lower', 'higher', 'none']).meta({ description: 'Which way is better.' }),
  mean: number('Mean over stand-ups of the mean of their trials.'),
  median: number('Median of all trials.'),
  interval: z.object({ low: number('Lower end.'), high: number('Upper end.'), level: number('Confidence.'), basis: text('What varied.') }).optional()
    .meta({ description: 'Of the mean; not set where nothing was repeated.' }),
  stacks: count('Stand-ups.'),
  trials: count('Trials.'),
  suspect: count('Suspect ones among them.').optional(),
  weak: z.literal(true).optional().meta({ description: 'Too few requests in a trial for this percentile: it decides nothing.' }),
  claimed: z.literal(true).optional().meta({ description: 'A tool claims it; no records show it.' }),
}).meta({ description: 'One response of one treatment at one stage.' })
export type HistoryResponse = z.infer<typeof HistoryResponse>

export const HistoryLine = z.object({
  schema: z.literal(HISTORY_SCHEMA).meta({ description: 'Which schema this is.' }),
  id: text('Identity of the run: the same run has the same one wherever it was read from.').min(8),
  experiment: text('Name that the run has in this history.').min(1),
  namespace: text('Namespace that it ran in.'),
  run: z.int().optional().meta({ description: 'Run of the Experiment.' }),
  time: instant('Place in the history.'),
  measured: z.object({ from: instant('Start of the first trial.'), to: instant('End of the last.') }).meta({ description: 'When it was measured.' }),
  commit: text('Commit that was measured.').optional(),
  labels: facts('What else was said of it.').default({}),
  environment: facts('What measures, and on what: where it differs, runs are not compared.'),
  subject: facts('What is measured: where it differs, it may be why results do.'),
  counts: z.object({ valid: count('Valid.'), suspect: count('Suspect.'), invalid: count('Invalid.'), failed: count('Without findings.') }).optional().meta({ description: 'Trials by verdict.' }),
  gate: z.enum(['passed', 'failed', 'insufficient']).optional().meta({ description: 'Outcome of its gate.' }),
  responses: z.array(HistoryResponse).meta({ description: 'What was measured.' }),
})
export type HistoryLine = z.infer<typeof HistoryLine>

export function historyId(of: { readonly experiment: string; readonly namespace: string; readonly run: number | undefined; readonly from: string }): string {
  return sha256Hex(canonicalJson(of)).slice(0, 16)
}

/** With sorted keys, so that the same run is the same line. */
export const formatHistoryLine = (line: HistoryLine): string => `${canonicalJson(line)}\n`

/** Every line of a text, or everything that is wrong with it by number of line. Empty lines say nothing. */
export function readHistory(content: string, file: string): Checked<HistoryLine[]> {
  const lines: HistoryLine[] = []
  const problems: Problem[] = []
  for (const [i, text] of content.split('\n').entries()) {
    if (text.trim() === '') continue
    const read = readLine(text, `${file}:${i + 1}`)
    if (read.ok) lines.push(read.value)
    else problems.push(...read.problems)
  }
  return problems.length > 0 ? refused(...problems) : valid(lines)
}

function readLine(text: string, where: string): Checked<HistoryLine> {
  const bad = (message: string) => refused({ reason: 'BadFile', path: '', where, message, expected: 'a line that `assay history append` wrote' })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return bad('it is no JSON, or was cut off')
  }
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? String(value.schema) : 'nothing'
  if (schema !== HISTORY_SCHEMA) return bad(`it is of schema ${schema}, and this version of Assay reads ${HISTORY_SCHEMA}`)
  const parsed = parseStrict(HistoryLine, value, { at: '' })
  return parsed.ok ? parsed : refused(...parsed.problems.map((p) => ({ ...p, where })))
}

/** In the order of time, each run once: of two lines of one run the one that was measured longer, for it saw more. */
export function mergeHistory(lines: readonly HistoryLine[]): HistoryLine[] {
  const byId = Map.groupBy(lines, (line) => line.id)
  const seen = ({ measured, responses }: HistoryLine) => [Date.parse(measured.to), responses.length] as const
  const last = (own: readonly HistoryLine[]) => own.reduce((best, line) => {
    const [[to, size], [bestTo, bestSize]] = [seen(line), seen(best)]
    return to > bestTo || (to === bestTo && size > bestSize) ? line : best
  })
  return [...byId.values()].map(last).sort((a, b) => Date.parse(a.time) - Date.parse(b.time) || (a.id < b.id ? -1 : 1))
}
