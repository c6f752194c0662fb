// SPDX-License-Identifier: Apache-2.0
/** Reads trial.json, which tells the containers of an attempt what to do. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { TrialJob } from '../../core/model/trial-job.ts'
import { InputProblem, unreadable } from './input-problem.ts'

export async function readTrial(path: string): Promise<TrialJob> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(path, 'the trial', error)
  })
  const parsed = TrialJob.safeParse(parseJson(text, path))
  if (parsed.success) return parsed.data
  throw new InputProblem('InvalidTrial', `${path}: ${z.prettifyError(parsed.error)}`)
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new InputProblem('InvalidTrial', `${path}: expected JSON, found ${JSON.stringify(text.slice(0, 60))}`, cause)
  }
}
