// SPDX-License-Identifier: Apache-2.0
/** One row → a record, by the fields and conditions of a mapping. Durations are counted from what the mapping says. */
import type { RequestRecord } from '../../operator/core/model/record.ts'
import type { ResultMapping } from '../../operator/core/model/result-mapping.ts'
import { failureOf } from '../reading/failure.ts'
import type { RawTime, RowReader } from './row-fields.ts'

export interface RowPlace {
  readonly id: string
  readonly stage: string
  readonly warmup: boolean
  /** For messages: file and row. */
  readonly place: string
  /** From a time stamp of the tool's clock to the trial's. */
  readonly at: (time: RawTime) => number
}

type Times = Pick<RequestRecord, 'scheduledMs' | 'sentMs' | 'firstTokenMs' | 'endMs' | 'gapsMs'>

export function rowRecord(row: unknown, mapping: ResultMapping, reader: RowReader, at: RowPlace): RequestRecord {
  const { place } = at
  const clockless = mapping.fields.sent === undefined
  const { gapsMs, ...times } = timesOf(row, mapping, { reader, at, clockless })
  const httpStatus = reader.number(row, 'httpStatus', place)
  const said = reader.text(row, 'error', place)
  const status = statusOf(row, mapping, { reader, failed: said !== undefined || (httpStatus ?? 0) >= 400 || times.endMs === null })
  if (status === 'ok') reader.sawSuccess(row)
  const ok = status === 'ok'
  return {
    id: reader.text(row, 'id', place) ?? at.id, stage: at.stage, phase: at.warmup || isWarmup(row, mapping, reader) ? 'warmup' : 'measure', ...(clockless ? { clockless } : {}),
    ...conversationOf(row, reader, place), ...times, ...tokensOf(row, reader, { place, ok }), status, ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(ok ? (gapsMs === undefined ? {} : { gapsMs }) : { firstTokenMs: null, ...failed({ said, httpStatus, place }) }),
  }
}

function conversationOf(row: unknown, reader: RowReader, place: string): Pick<RequestRecord, 'session' | 'turn'> {
  const session = reader.text(row, 'session', place)
  const turn = reader.number(row, 'turn', place)
  return { ...(session === undefined ? {} : { session }), ...(turn === undefined ? {} : { turn }) }
}

function failed({ said, httpStatus, place }: { readonly said: string | undefined; readonly httpStatus: number | undefined; readonly place: string }): Pick<RequestRecord, 'error' | 'httpStatus'> {
  const code = httpStatus !== undefined && httpStatus >= 400 ? httpStatus : undefined
  return failureOf(said ?? (httpStatus === undefined ? `the tool says no reason; ${place}` : `HTTP ${httpStatus}`), code)
}

function isWarmup(row: unknown, { warmup }: ResultMapping, reader: RowReader): boolean {
  return warmup.length > 0 && reader.holds(row, warmup)
}

function statusOf(row: unknown, { ok, cancelled }: ResultMapping, { reader, failed }: { readonly reader: RowReader; readonly failed: boolean }): RequestRecord['status'] {
  if (cancelled.length > 0 && reader.holds(row, cancelled)) return 'cancelled'
  const good = ok.length > 0 ? reader.holds(row, ok) : !failed
  return good ? 'ok' : 'error'
}

interface Timing { readonly reader: RowReader; readonly at: RowPlace; readonly clockless: boolean }

function timesOf(row: unknown, { fields }: ResultMapping, { reader, at, clockless }: Timing): Times {
  const known: Partial<Record<'scheduled' | 'sent' | 'firstToken', number | null>> = clockless ? { sent: 0 } : {}
  const time = (name: 'scheduled' | 'sent' | 'firstToken' | 'end'): number | null => {
    const since = fields[name]?.since
    const value = reader.time(row, name, at.place)
    if (value === undefined) return null
    if (since === undefined) return at.at(value)
    const from = known[since]
    return from === undefined || from === null ? null : from + value.value * value.unitMs
  }
  if (!clockless) known.sent = time('sent')
  known.scheduled = time('scheduled')
  // A send may be given as a delay after its schedule.
  if (fields.sent?.since === 'scheduled') known.sent = time('sent')
  known.firstToken = time('firstToken')
  const gapsMs = reader.gapsMs(row, at.place)
  const sum = gapsMs === undefined || known.firstToken === null ? null : gapsMs.reduce((total, gap) => total + gap, known.firstToken)
  return {
    scheduledMs: known.scheduled, sentMs: known.sent ?? null, firstTokenMs: known.firstToken, endMs: fields.end === undefined ? sum : time('end'),
    ...(gapsMs === undefined ? {} : { gapsMs }),
  }
}

const COUNTS = ['inputTokens', 'outputTokens', 'cachedTokens', 'clientInputTokens', 'clientOutputTokens', 'wantedOutputTokens'] as const

function tokensOf(row: unknown, reader: RowReader, { place, ok }: { readonly place: string; readonly ok: boolean }): Pick<RequestRecord, (typeof COUNTS)[number]> {
  const found = Object.fromEntries(COUNTS.flatMap((name) => {
    const value = reader.number(row, name, place)
    return value === undefined ? [] : [[name, Math.round(value)]]
  })) as Partial<Record<(typeof COUNTS)[number], number>>
  return { ...found, inputTokens: found.inputTokens ?? null, outputTokens: ok ? (found.outputTokens ?? null) : null }
}
