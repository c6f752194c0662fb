// SPDX-License-Identifier: Apache-2.0
/** A failure of a command that people should read: message, hint, exit code. It prints nothing. */
import { formatProblem, type Problem } from '../../core/model/problem.ts'
import { EXIT } from './exit-codes.ts'

export class CliError extends Error {
  override readonly name = 'CliError'
  readonly exitCode: number
  readonly hint: string | undefined

  constructor(exitCode: number, message: string, hint?: string) {
    super(message)
    this.exitCode = exitCode
    this.hint = hint
  }
}

/** Everything that is wrong with an input, one problem a line. */
export function invalidInput(problems: readonly Problem[]): CliError {
  const heading = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  return new CliError(EXIT.invalidExperiment, `${heading}\n${problems.map((p) => `  ${formatProblem(p)}`).join('\n')}`)
}
