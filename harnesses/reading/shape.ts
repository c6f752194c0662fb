// SPDX-License-Identifier: Apache-2.0
/** Checks of what a tool wrote: a message names the file, the place in it, what was found and what was expected. */
import { z } from 'zod'

export function shaped<S extends z.ZodType>(schema: S, value: unknown, name: string): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const at = issue === undefined || issue.path.length === 0 ? '' : `${z.core.toDotPath(issue.path)}: `
  throw new Error(`${name}: ${at}${issue?.message ?? 'of another form'}`)
}

/** A number, or nothing where the tool gives none; other types are a form that we do not know. */
export const maybeNumber = z.number().nullish()
/** Statistics by name. */
export const Statistics = z.record(z.string(), z.unknown())
