// SPDX-License-Identifier: Apache-2.0
/** Runs a whole load: stages one after another, records as they end, and what there is to say of the run. It reads no trial and no command line. */
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { durationMs } from '../../operator/core/model/common.ts'
import type { StageWindow } from '../../operator/core/model/record.ts'
import { textForm, type WorkloadProfileSpec } from '../../operator/core/model/workload-profile.ts'
import { schedule, type PlannedStage, type Schedule } from '../../operator/core/workload/schedule.ts'
import type { Tokenizer } from '../../operator/core/workload/tokenize.ts'
import { runClosedStage } from './closed-loop.ts'
import { startClock, type Clock } from './clock.ts'
import type { Client } from './client.ts'
import { createAnswerCounter, type AnswerCounter } from './counting.ts'
import { createFlight, type Flight, type FlightCounts } from './flight.ts'
import { watchHealth, type HealthWatch } from './health.ts'
import { RECORDS_FILE, RESULT_FILE, TOOL, type NativeResult } from './native-result.ts'
import { runOpenStage } from './open-loop.ts'
import { startPacer, type Pacer } from './pacer.ts'
import { openRecordLog } from './record-log.ts'
import { openRequests, traceTimes, type RequestSource } from './requests.ts'
import { pause, type StageContext, type Window } from './stage-context.ts'
import { createStageTally, type StageTally } from './stage-tally.ts'
import { createTurns, type Turns } from './turns.ts'

export interface RunOptions {
  readonly workload: WorkloadProfileSpec
  readonly arrivalSeed: number
  /** Path of requests.jsonl. */
  readonly requests: string
  /** Folder for native.jsonl and native.json; it exists. */
  readonly out: string
  readonly client: Client
  /** Loads the profile's tokenizer, when it turns out to be needed. */
  readonly tokenizer: () => Promise<Tokenizer>
  /** Ends the run: what is in flight is cancelled, and files are completed. Its reason must be ENDED. */
  readonly signal: AbortSignal
  /** Things found before the run that belong into its notes. */
  readonly notes?: readonly string[]
  /** Things that are known when the run has ended, for its notes. */
  readonly lateNotes?: () => readonly string[]
  /** Handed the live numbers once; they may be read at any time. */
  readonly onStart?: (live: () => LiveCounts) => void
}

export interface LiveCounts extends Readonly<FlightCounts> {
  readonly stage: string
}

/** Everything that one run holds on to. */
interface Run {
  readonly options: RunOptions
  readonly plan: Schedule
  readonly clock: Clock
  readonly health: HealthWatch
  readonly source: RequestSource
  readonly turns: Turns
  readonly counter: AnswerCounter
  readonly pacer: Pacer
  readonly flight: Flight
  readonly windows: StageWindow[]
  tally: StageTally
}

/** Longest time to get ready; a server that does not answer by then is for the requests to show. */
const WARM_UP_MS = 3000
/** Connections that are opened before the schedule starts. */
const FEWEST_OPENED = 4
const MOST_OPENED = 128
/** Time that TERM leaves for counting answers. */
const COUNT_AFTER_END_MS = 3000

export async function runLoad(options: RunOptions): Promise<NativeResult> {
  const { workload, client } = options
  const traceMs = workload.load.trace === undefined ? undefined : traceTimes(options.requests)
  const plan = schedule({ load: workload.load, seed: options.arrivalSeed, traceMs })
  const source = openRequests({ path: options.requests, prepare: client.prepare })
  const log = await openRecordLog(join(options.out, RECORDS_FILE))
  const clock = startClock()
  const health = watchHealth(clock)
  const counter = createAnswerCounter({ countBy: workload.tokenizer.countBy, tokenizer: options.tokenizer, out: log.add, now: clock.now })
  const pacer = await startPacer(clock)
  const flight = createFlight({
    client,
    hooks: { now: clock.now, timeoutMs: durationMs(workload.api.timeout), onRead: health.onRead },
    maxConcurrency: plan.maxConcurrency,
    onEnd: (record, exchange) => {
      counter.take(record, exchange.text)
      run.tally.add(record)
    },
  })
  const run: Run = {
    options, plan, clock, health, source, turns: createTurns(source, client, textForm(workload.api.kind)), counter, pacer, flight, windows: [],
    tally: createStageTally({ stopErrorRate: plan.stopErrorRate, longestPauseMs: durationMs(workload.api.timeout) }),
  }
  options.onStart?.(() => ({ ...flight.counts(), stage: run.tally.stage }))
  try {
    await getReady(run)
    await runStages(run)
  } finally {
    health.stop()
    source.close()
    await Promise.all([pacer.close(), client.close(), log.close()])
  }
  return await writeResult(run, true)
}

async function runStages(run: Run): Promise<void> {
  const { plan, options, counter, clock } = run
  for (const [index, stage] of plan.stages.entries()) {
    if (options.signal.aborted) break
    if (index > 0) await pause(plan.stageGapMs, options.signal)
    run.windows.push(await runStage(run, stage, index === 0 ? plan.warmup : undefined))
    await counter.count(options.signal.aborted ? clock.now() + COUNT_AFTER_END_MS : undefined)
    if (run.tally.stop.aborted) break
    await writeResult(run, false)
  }
}

async function getReady({ options, plan }: Run): Promise<void> {
  const over = new AbortController()
  const limit = pause(WARM_UP_MS, AbortSignal.any([options.signal, over.signal]))
  await Promise.race([options.client.warmUp?.(expectedConnections(plan)), limit])
  over.abort()
}

/** Connections that the load will need at least: a second's requests of an open loop, all slots of a closed one, within reason. */
function expectedConnections({ stages, maxConcurrency = MOST_OPENED }: Schedule): number {
  const wanted = stages.map((stage) => (stage.loop === 'open' ? Math.ceil(stage.rate) + FEWEST_OPENED : stage.concurrency))
  return Math.min(MOST_OPENED, maxConcurrency, Math.max(...wanted))
}

async function runStage(run: Run, stage: PlannedStage, warmup: PlannedStage | undefined): Promise<StageWindow> {
  const { options, plan, clock, pacer, turns, flight } = run
  run.tally = createStageTally({ stopErrorRate: plan.stopErrorRate, longestPauseMs: durationMs(options.workload.api.timeout), stage: stage.name })
  const context: StageContext = {
    clock, pacer, turns, flight, drainMs: plan.drainMs, thinkMs: thinkMs(options.workload), signal: AbortSignal.any([options.signal, run.tally.stop]),
  }
  const window = await runLoop(stage, warmup, context)
  return { name: stage.name, kind: stage.kind, ...window, endMs: Math.max(window.endMs, run.tally.lastEndMs()) }
}

async function runLoop(stage: PlannedStage, warmup: PlannedStage | undefined, context: StageContext): Promise<Window> {
  return stage.loop === 'open'
    ? await runOpenStage(stage, warmup?.loop === 'open' ? warmup : undefined, context)
    : await runClosedStage(stage, warmup?.loop === 'closed' ? (warmup.durationMs ?? 0) : 0, context)
}

function thinkMs({ data }: WorkloadProfileSpec): number {
  return durationMs(data.synthetic?.turns?.thinkTime ?? '0s')
}

/** Written after every stage, so that a run that is killed leaves its finished stages. */
async function writeResult(run: Run, complete: boolean): Promise<NativeResult> {
  const { options, windows, health, flight } = run
  const result: NativeResult = { tool: TOOL, complete, stages: [...windows], client: health.report(flight.counts()), notes: notesOf(run) }
  const path = join(options.out, RESULT_FILE)
  await writeFile(`${path}.new`, `${JSON.stringify(result, undefined, 2)}\n`)
  await rename(`${path}.new`, path)
  return result
}

function notesOf({ options, plan, source, turns, counter, flight, windows }: Run): string[] {
  const repeated = source.repeated()
  const broken = turns.broken()
  const left = plan.stages.slice(windows.length).map((stage) => stage.name)
  return [
    ...(options.notes ?? []),
    ...plan.notes,
    ...(repeated > 0 ? [`the prepared requests ran out: ${repeated} were sent again, so a prefix cache may have known them`] : []),
    ...(broken > 0 ? [`${broken} sessions ended early after a turn that failed`] : []),
    ...(flight.counts().capWaits > 0 ? [`${flight.counts().capWaits} requests waited for maxConcurrency; their wait is in the schedule lag`] : []),
    ...holdNotes(flight.counts()),
    ...(left.length > 0 ? [`not run: ${left.join(', ')}`] : []),
    ...counter.notes(),
    ...(options.client.notes?.() ?? []),
    ...(options.lateNotes?.() ?? []),
  ]
}

function holdNotes({ pauses, pausedMs, held }: Readonly<FlightCounts>): string[] {
  if (pauses === 0) return []
  return [`the server asked for a pause (Retry-After) ${pauses} times: nothing was sent for ${(pausedMs / 1000).toFixed(1)} s together, and ${held} requests were held back; that is in rate_limit_wait, and in no time of the server`]
}
