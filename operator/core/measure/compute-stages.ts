// SPDX-License-Identifier: Apache-2.0
/** Request records → findings of every stage, one record at a time. */
import type { Slo } from '../model/experiment.ts'
import type { StageFindings } from '../model/findings.ts'
import type { Records, RequestRecord, StageWindow } from '../model/record.ts'
import type { CountBy } from './request-metrics.ts'
import { sloBounds } from './slo.ts'
import { finishStage, type StageResult } from './stage-findings.ts'
import { addRecord, createStageTally, type StageTally } from './stage-tally.ts'

export interface StageOptions {
  readonly countBy: CountBy
  readonly slo?: Slo | undefined
  readonly gpus: number
  /** Wall-clock time of the records' origin; 0 leaves times relative. */
  readonly originEpochMs?: number
}

export interface StageAccumulator {
  add(record: RequestRecord): void
  /** Results in the order of the windows; stages that only records name come last. */
  finish(windows: readonly StageWindow[]): StageResult[]
}

export function createStageAccumulator(options: StageOptions): StageAccumulator {
  const tallies = new Map<string, StageTally>()
  const slo = sloBounds(options.slo)
  const tallyOf = (stage: string) => {
    const tally = tallies.get(stage) ?? createStageTally()
    tallies.set(stage, tally)
    return tally
  }
  const context = { originEpochMs: options.originEpochMs ?? 0, gpus: options.gpus, hasSlo: slo !== undefined }
  return {
    add: (record) => addRecord(tallyOf(record.stage), record, { countBy: options.countBy, slo }),
    finish(windows) {
      const unnamed = [...tallies.keys()].filter((name) => !windows.some((w) => w.name === name))
      return [...windows, ...unnamed.map(windowUnknown)].map((window) => finishStage(tallyOf(window.name), window, context))
    },
  }
}

export async function computeStages(records: Records, windows: readonly StageWindow[], options: StageOptions): Promise<StageFindings[]> {
  return (await measureStages(records, windows, options)).map((stage) => stage.findings)
}

/** As computeStages, with what the verdict needs. */
export async function measureStages(records: Records, windows: readonly StageWindow[], options: StageOptions): Promise<StageResult[]> {
  const accumulator = createStageAccumulator(options)
  for await (const record of records) accumulator.add(record)
  return accumulator.finish(windows)
}

/** A stage that the tool gave no window for: its window comes from its records. */
function windowUnknown(name: string): StageWindow {
  return { name, kind: 'unknown', startMs: 0, sendEndMs: 0, endMs: 0 }
}
