// SPDX-License-Identifier: Apache-2.0
/** An input of a trial's pod that cannot be used: what people must mend, told apart from failures of ours. */

export class InputProblem extends Error {
  override readonly name = 'InputProblem'
  readonly code: string

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

/** Errors that the pure rooms throw about data, and those of files that are not there, are problems of the input too. */
export function asInputProblem(error: unknown): InputProblem | undefined {
  if (error instanceof InputProblem) return error
  if (!(error instanceof Error)) return undefined
  const { code, hint } = error as { readonly code?: unknown; readonly hint?: unknown }
  const aside = typeof hint === 'string' ? ` (${hint})` : ''
  if (code === 'InvalidData' || code === 'TokenizerUnreadable') return new InputProblem(code, `${error.message}${aside}`, error)
  return error instanceof RangeError ? new InputProblem('InvalidData', error.message, error) : undefined
}

/** Reads with the words that the file's owner needs when it is not there. */
export function unreadable(path: string, what: string, error: unknown): InputProblem {
  const { code } = error as { readonly code?: unknown }
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new InputProblem(
        'MissingFile',
        `${what}: there is no ${path}: is the key of the ConfigMap or the path on the volume right?`,
        error,
      )
    case 'EISDIR':
      return new InputProblem('MissingFile', `${what}: ${path} is a folder: name a file in it`, error)
    case 'EACCES':
    case 'EPERM':
      return new InputProblem('MissingFile', `${what}: ${path} may not be read by user ${process.getuid?.() ?? ''}`, error)
    case undefined:
    default:
      return new InputProblem('MissingFile', `${what}: ${path} cannot be read: ${(error as Error).message}`, error)
  }
}
