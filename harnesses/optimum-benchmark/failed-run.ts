// SPDX-License-Identifier: Apache-2.0
/** The traceback of a failed benchmark → a stage with one failed request, so that a failure is a row. */
import type { RequestRecord, StageWindow } from '../../operator/core/model/record.ts'
import type { PhaseName } from './phases.ts'

/** Functions of the tool that a traceback goes through, by the phase that they measure. */
const WHERE: readonly (readonly [RegExp, PhaseName])[] = [
  [/in warmup_text_generation/, 'first_generate'], [/in run_per_token_text_generation|in run_text_generation/, 'generate'],
]
const LONGEST_MESSAGE = 512
const LONGEST_NOTE = 2000

export interface FailedRun { readonly window: StageWindow; readonly record: RequestRecord; readonly note: string }

/** Loading is where nearly all fail, and where those fail that say nothing of where. */
export function failedRun(traceback: string): FailedRun {
  const name = WHERE.find(([words]) => words.test(traceback))?.[1] ?? 'load_model'
  const message = `${exceptionOf(traceback)}${placesOf(traceback)}`.slice(0, LONGEST_MESSAGE)
  return {
    window: { name, kind: 'phase', startMs: 0, sendEndMs: 0, endMs: 0, counted: { total: 1, ok: 0, failed: 1, cancelled: 0 } },
    record: { id: `${name}-0`, stage: name, phase: 'measure', scheduledMs: null, sentMs: null, firstTokenMs: null, endMs: null, inputTokens: null, outputTokens: null, status: 'error', error: { class: 'client', message } },
    note: `${name} failed: ${traceback.length > LONGEST_NOTE ? `… ${traceback.slice(-LONGEST_NOTE).trim()}` : traceback.trim()}`,
  }
}

/** What was raised comes last, after the last frame; its own lines are not indented by frames. */
function exceptionOf(traceback: string): string {
  const lines = traceback.trimEnd().split('\n')
  const lastFrame = lines.findLastIndex((line) => /^ {2}File "/.test(line))
  const raised = lines.slice(lastFrame + 1).findIndex((line) => /^\S/.test(line))
  return (raised < 0 ? lines : lines.slice(lastFrame + 1 + raised)).join(' ').replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_MESSAGE)
}

/** The innermost frames, innermost first. */
function placesOf(traceback: string): string {
  const frames = [...traceback.matchAll(/^ {2}File "(?:.*\/site-packages\/)?([^"]*)", line (\d+), in (\S+)/gm)].map(([, file, line, name]) => `${name} (${file}:${line})`)
  return frames.length === 0 ? '' : `; in ${frames.toReversed().slice(0, 3).join(' ← ')}`
}
