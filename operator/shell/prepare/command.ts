// SPDX-License-Identifier: Apache-2.0
/** The command `prepare`: the first container of a trial's pod. What is wrong with the input goes to the termination log. */
import type { Command } from 'commander'
import { writeTerminationText } from '../collector/termination.ts'
import { asInputProblem } from './input-problem.ts'
import { prepareTrial } from './prepare.ts'
import { readTrial } from './read-trial.ts'
import { TRIAL_FILE } from './trial-file.ts'

/** The input must be mended before another try makes sense; everything else is 1. */
export const BAD_INPUT_EXIT_CODE = 3

export function registerPrepare(program: Command): void {
  program
    .command('prepare', { hidden: true })
    .description("expand a trial's data into requests (first container of a trial's pod)")
    .option('--trial <file>', 'trial.json', process.env['ASSAY_TRIAL'] ?? TRIAL_FILE)
    .action(async ({ trial }: { readonly trial: string }) => {
      process.exitCode = await runPrepare(trial)
    })
}

export async function runPrepare(trial: string): Promise<number> {
  try {
    const manifest = await prepareTrial(await readTrial(trial))
    process.stdout.write(`${JSON.stringify(manifest ?? { count: 0, notes: ['the harness sends no requests'] })}\n`)
    return 0
  } catch (error) {
    const problem = asInputProblem(error)
    writeTerminationText(problem === undefined ? (error as Error).message : `${problem.code}: ${problem.message}`)
    if (problem === undefined) process.stderr.write(`${String((error as Error).stack)}\n`)
    return problem === undefined ? 1 : BAD_INPUT_EXIT_CODE
  }
}
