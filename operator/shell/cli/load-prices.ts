// SPDX-License-Identifier: Apache-2.0
/** The price of a model's tokens from a table in a file. It computes no cost. */
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'
import { nearest } from '../../core/model/nearest.ts'
import { TokenPrice } from '../../core/model/scenario-metrics.ts'
import { priceOf } from '../../core/plan/token-price.ts'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'

const Table = z.array(z.strictObject(TokenPrice.shape)).min(1)

/** The file has what endpoint.prices of a Scenario has: a list of model, input, output, request, currency. */
export async function readPrice(path: string, model: string): Promise<TokenPrice> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CliError(EXIT.usage, `${path} cannot be read: ${(cause as Error).message}`)
  })
  const table = Table.safeParse(parseYaml(text))
  if (!table.success) throw new CliError(EXIT.usage, `${path}: expected a list of prices (model, input, output, request, currency): ${z.prettifyError(table.error)}`)
  const price = priceOf(table.data, model)
  if (price !== undefined) return price
  const known = table.data.flatMap((row) => row.model ?? [])
  const [guess] = nearest(model, known)
  throw new CliError(EXIT.usage, `${path} has no price of ${model}, but of ${known.join(', ')}${guess === undefined ? '' : `; did you mean ${guess}?`}`, 'a row without a model is of every model')
}

function parseYaml(text: string): unknown {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}
