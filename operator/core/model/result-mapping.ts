// SPDX-License-Identifier: Apache-2.0
/** How a tool's JSON, JSON lines or CSV becomes request records, written down in a Harness instead of code. */
import { z } from 'zod'
import { atMostOne, exactlyOne, refined, text } from './common.ts'

export const TIME_UNITS = ['ns', 'us', 'ms', 's'] as const
export const MAPPING_FORMATS = ['json', 'jsonl', 'csv'] as const
const ANCHORS = ['scheduled', 'sent', 'firstToken'] as const

const path = (of: string) => text(`Where it lies in ${of}: names joined by dots, places in brackets, such as metrics.ttft.value or choices[0].text; of CSV the name of the column.`, 256)

const MappedValue = z.object({ path: path('a row') })
const MappedTime = z.object({
  path: path('a row'),
  unit: z.enum(TIME_UNITS).meta({ description: 'Unit of the number.' }),
  since: z.enum(ANCHORS).optional().meta({ description: 'Set for a duration: what it is counted from. A time stamp has none.' }),
})
const MappedGaps = z.object({ path: path('a row'), unit: z.enum(TIME_UNITS).meta({ description: 'Unit of the numbers.' }) })
const value = (description: string) => MappedValue.meta({ description }).optional()
const time = (description: string) => MappedTime.meta({ description }).optional()

export const MappedFields = z.object({
  id: value('Identifier of the request; without it, its place in the file.'),
  stage: value('Stage: its name, or its index among the workload\'s stages from 0.'),
  session: value('Session that it belongs to.'), turn: value('Turn within the session, from 0.'),
  scheduled: time('When the schedule wanted it sent.'),
  sent: time('When it was sent. Without it, durations count from the send and there is no clock.'),
  firstToken: time('First event with content.'),
  end: time('Last event with content; without it, the first token and all gaps.'),
  gaps: MappedGaps.meta({ description: 'Gaps between events, a list of numbers.' }).optional(),
  inputTokens: value('Prompt tokens by the server\'s usage.'), outputTokens: value('Answer tokens by the server\'s usage.'), cachedTokens: value('Prompt tokens that the server took from its cache.'),
  clientInputTokens: value('Prompt tokens by the tool\'s tokenizer.'), clientOutputTokens: value('Answer tokens by the tool\'s tokenizer.'), wantedOutputTokens: value('Answer length that was asked for.'),
  httpStatus: value('HTTP status.'), error: value('What went wrong, in words; empty for a success.'),
}).meta({ description: 'Members of a record and where they lie in a row. What is not mapped is not known.' })
export type MappedFields = z.infer<typeof MappedFields>

const CONDITION = ['equals', 'is'] as const
export const RowCondition = z.object({
  path: path('a row'),
  equals: z.array(text('A value, as text.', 256)).min(1).max(16).optional().meta({ description: 'It is one of these; numbers and booleans are compared as they are written.' }),
  is: z.enum(['empty', 'present', 'positive', 'true']).optional().meta({ description: 'empty: missing, null or without content; present: the contrary; positive: a number above 0; true: the boolean.' }),
}).refine(...refined(CONDITION, 'condition'))
  .meta({ description: 'A condition that a row meets or not.', 'x-kubernetes-validations': [exactlyOne(CONDITION, 'condition')] })
export type RowCondition = z.infer<typeof RowCondition>

const conditionsOf = (description: string) => z.array(RowCondition).max(8).default([]).meta({ description })

const MappedClaim = z.object({
  metric: text('Metric of the catalogue that it means.', 64),
  statistic: text('mean, p50, p99, …; value for a rate.', 16).default('value'),
  path: path('the document'),
  unit: text('Its unit, such as ms, s, req/s or tokens/s.', 32),
}).meta({ description: 'A number that the tool says of itself; it is compared with ours and never takes its place.' })

const documentValue = (description: string) => z.object({ path: path('the document') }).meta({ description }).optional()

const CHOICE = ['rows', 'columns'] as const
const JSON_ONLY = [...CHOICE, 'offered', 'counts', 'window'] as const
const NOT_JSON = { properties: { format: { not: { const: 'json' } } } }
export const ResultMapping = z.object({
  format: z.enum(MAPPING_FORMATS).meta({ description: 'Form of the files: one JSON document, one JSON value a line, or CSV with a header.' }),
  files: text('Glob of the files that hold requests, below results.folder, such as **/requests*.jsonl. Folders stage-0, stage-1, … hold what belongs to that stage.', 256),
  rows: text('Of JSON: path of the list whose items are requests, such as requests or benchmarks[].requests; empty for a document that is the list.', 256).optional(),
  columns: z.boolean().optional().meta({ description: 'Of JSON: paths of fields lead to lists beside each other, with one entry a request. They are held in memory, all but the gaps.' }),
  clock: z.enum(['epoch', 'monotonic']).default('epoch').meta({ description: 'What time stamps are counted from: 1970, or the start of the machine.' }),
  fields: MappedFields,
  ok: conditionsOf('A request succeeded when all of these hold. Without any: it has no error and no HTTP status from 400 on, and it ended.'),
  cancelled: conditionsOf('A request was cancelled by the tool when all of these hold.'),
  warmup: conditionsOf('A request was of the warm-up when all of these hold.'),
  offered: z.object({ rate: documentValue('Offered requests per second.'), concurrency: documentValue('Offered concurrency.') }).optional().meta({ description: 'Of JSON: what the tool offered, for results of which nobody knows the workload.' }),
  counts: z.object({ ok: documentValue('Successful requests.'), failed: documentValue('Failed requests.') }).optional().meta({ description: 'Of JSON: what the tool counted; with fewer rows than that, rows are a sample.' }),
  window: z.object({ path: path('the document'), unit: z.enum(TIME_UNITS).meta({ description: 'Unit of the number.' }) }).optional().meta({ description: 'Of JSON: how long the tool\'s own window was, which its rates are over.' }),
  claims: z.array(MappedClaim).max(64).default([]).meta({ description: 'Of JSON: what the tool says of itself in the document of the requests.' }),
}).refine((m) => m.rows === undefined || m.columns === undefined, { error: 'mapping: set at most one of rows, columns' })
  .refine((m) => m.format !== 'json' || m.rows !== undefined || m.columns === true, { error: 'mapping: of json, set rows or columns: true' })
  .refine((m) => m.format === 'json' || (m.rows === undefined && m.columns === undefined && m.offered === undefined && m.counts === undefined && m.window === undefined && m.claims.length === 0), { error: 'mapping: rows, columns, offered, counts, window and claims are for json only' })
  .meta({
    description: 'A declarative mapping from the tool\'s files to request records (adapter: mapping).',
    'x-kubernetes-validations': [
      atMostOne(CHOICE, 'mapping'),
      { rule: 'self.format != \'json\' || has(self.rows) || (has(self.columns) && self.columns)', message: 'mapping: of json, set rows or columns: true', editor: { anyOf: [NOT_JSON, { required: ['rows'] }, { required: ['columns'], properties: { columns: { const: true } } }] } },
      { rule: 'self.format == \'json\' || !(has(self.rows) || has(self.columns) || has(self.offered) || has(self.counts) || has(self.window) || (has(self.claims) && size(self.claims) > 0))', message: 'mapping: rows, columns, offered, counts, window and claims are for json only', editor: { anyOf: [{ properties: { format: { const: 'json' } } }, { not: { anyOf: [...JSON_ONLY.map((m) => ({ required: [m] })), { required: ['claims'], properties: { claims: { minItems: 1 } } }] } }] } },
    ],
  })
export type ResultMapping = z.infer<typeof ResultMapping>
