// SPDX-License-Identifier: Apache-2.0
/** `--prices` of plan, run and report: what accelerators cost an hour, by product, from a file. It prices nothing. */
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'
import { Prices } from '../../core/model/budget.ts'
import type { PlanResult } from '../../core/plan/plan.ts'
import { withPriceTable } from '../../core/plan/price-table.ts'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'
import { say } from './say.ts'

export const PRICES_HELP = 'what accelerators cost an hour: a list of product, amount, currency, for products that neither their scenario nor the Experiment prices'
const Rows = z.array(z.strictObject(Prices.element.shape)).min(1)
  .refine((rows) => new Set(rows.map((row) => row.product)).size === rows.length, { error: 'two rows are of the same product' })

/** A list of rows, alone or as `prices:`, as an Experiment has them. */
export async function readPriceTable(path: string): Promise<Prices> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CliError(EXIT.usage, `${path} cannot be read: ${(cause as Error).message}`)
  })
  const value = parsed(path, text)
  const table = Rows.safeParse((value as { readonly prices?: unknown } | null)?.prices ?? value)
  if (table.success) return table.data
  const tokens = Array.isArray(value) && value.some((row: unknown) => typeof row === 'object' && row !== null && 'input' in row)
  throw new CliError(EXIT.usage, `${path}: expected a list of prices (product, amount of an hour, currency): ${z.prettifyError(table.error)}`, tokens ? 'prices of tokens belong into endpoint.prices of the Scenario' : undefined)
}

/** The specification with the rows that it needs; what has no price after all is said. */
export function pricedSpec(spec: unknown, table: Prices, plan: (spec: unknown) => PlanResult): unknown {
  const { spec: priced, notes } = withPriceTable(spec, table, plan)
  for (const note of notes) say(`note: ${note}`)
  return priced
}

function parsed(path: string, text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    throw new CliError(EXIT.usage, `${path} is no YAML: ${(error as Error).message.split('\n')[0] ?? ''}`)
  }
}
