// SPDX-License-Identifier: Apache-2.0
/** Results of one run → its line of a history. */
import { isSame, type Response } from '../report/response.ts'
import type { Cell, ComparedResults, ExperimentResults } from '../report/results.ts'
import { type Checked, refused, valid } from '../model/problem.ts'
import type { Fingerprint } from './fingerprint.ts'
import { HISTORY_SCHEMA, type HistoryLine, historyId, type HistoryResponse } from './history-line.ts'

export interface EntryOptions extends Fingerprint {
  readonly responses: readonly Response[]
  /** Name in the history; that of the Experiment when not set. */
  readonly name?: string | undefined
  readonly commit?: string | undefined
  readonly labels?: Readonly<Record<string, string>>
  /** Place in the history; the start of the first trial when not set. */
  readonly time?: string | undefined
}

type Entered = ComparedResults & Partial<Pick<ExperimentResults, 'counts' | 'gate'>>

/** `where` names what was read. */
export function historyEntry(results: Entered, options: EntryOptions, where: string): Checked<HistoryLine> {
  const { namespace, run, measured, treatments, counts, gate } = results
  const cells = results.cells.filter((cell) => options.responses.some((r) => isSame(r, cell)))
  if (measured === undefined)
    return refused({ reason: 'BadFile', path: '', where, message: 'nothing was measured in it', expected: 'a run with at least one trial that left findings' })
  if (cells.length === 0)
    return refused({ reason: 'BadFile', path: '', where, message: 'it has none of the metrics that the history is to keep', expected: 'others: --metrics NAME,NAME' })
  const experiment = options.name ?? results.name
  const label = new Map(treatments.map((t) => [t.index, t.label]))
  return valid({
    schema: HISTORY_SCHEMA,
    id: historyId({ experiment, namespace, run, from: measured.from }),
    experiment, namespace, ...(run !== undefined && { run }),
    time: options.time ?? measured.from, measured,
    ...(options.commit !== undefined && { commit: options.commit }), labels: options.labels ?? {},
    environment: options.environment, subject: options.subject,
    ...(counts !== undefined && { counts }), ...(gate !== undefined && { gate: gate.result }),
    responses: cells.map((cell) => responseOf(cell, label.get(cell.treatment) ?? '')),
  })
}

function responseOf({ stage, metric, statistic, unit, better, mean, median, interval, stacks, trials, weak, claimed, values }: Cell, treatment: string): HistoryResponse {
  const suspect = values.filter((v) => v.suspect).length
  return {
    treatment, stage, metric, statistic, unit, better, mean, median, stacks, trials,
    ...(interval.kind === 'interval' && { interval: { low: interval.low, high: interval.high, level: interval.level, basis: interval.basis } }),
    ...(suspect > 0 && { suspect }), ...(weak && { weak }), ...(claimed === true && { claimed }),
  }
}
