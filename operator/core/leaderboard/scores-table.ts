// SPDX-License-Identifier: Apache-2.0
/** Published scores of the models of a leaderboard, as the table that LLM-Perf joins its own with. */
import type { TidyTable } from '../report/tidy-table.ts'
import type { Leaderboard } from './board.ts'

/**
 * Undefined where nothing was joined. Readers join it by the name of the model alone, so that each has one row: where it was scored in
 * several number formats, the one that stands first; the scores of each combination are beside it in its own table.
 */
export function scoresTable({ rows }: Leaderboard): TidyTable | undefined {
  const scored = new Map(rows.toReversed().flatMap((row) => (row.quality === undefined ? [] : [[row.configuration.model, row] as const])))
  const own = [...scored.values()].toReversed()
  if (own.length === 0) return undefined
  const about = [...new Set(own.flatMap((row) => Object.keys(row.quality?.about ?? {})))]
  const columns = [...new Set(own.flatMap((row) => (row.quality?.scores ?? []).map((s) => s.column)))]
  return {
    columns: [{ name: 'Model', type: 'text' }, ...about.map((name) => ({ name, type: 'text' as const })), ...columns.map((name) => ({ name, type: 'number' as const })), { name: 'assay.table', type: 'text' }],
    rows: own.map(({ configuration, quality }) => [
      configuration.model, ...about.map((name) => quality?.about[name]), ...columns.map((column) => quality?.scores.find((s) => s.column === column)?.value),
      [...new Set(quality?.scores.map((s) => s.table))].join(', '),
    ]),
  }
}
