// SPDX-License-Identifier: Apache-2.0
/** A leaderboard for programs, in our own names and units: as a table with a row for each combination, and as JSON. */
import { ENGLISH } from '../report/messages/languages.ts'
import type { TidyTable } from '../report/tidy-table.ts'
import type { Cell } from '../report/results.ts'
import type { BoardRow, Leaderboard } from './board.ts'
import { boardMeasures } from './board-measures.ts'
import { CONFIGURATION_KEYS } from './configuration.ts'
import { type LeadingQuality, measuredScores, qualityColumns } from './leading-quality.ts'

export const BOARD_SCHEMA = 'assay.dev/leaderboard/v1'

export function tidyBoard({ rows }: Leaderboard): TidyTable {
  const measures = boardMeasures(rows)
  const scores = [...qualityColumns(rows), ...measuredScores(rows)]
  const factors = [...new Set(rows.flatMap((row) => Object.keys(row.levels)))]
  const text = (names: readonly string[]) => names.map((name) => ({ name, type: 'text' as const }))
  const number = (names: readonly string[]) => names.map((name) => ({ name, type: 'number' as const }))
  return {
    columns: [
      ...text(['experiment', ...CONFIGURATION_KEYS, 'hardware', ...factors.map((name) => `factor_${name}`)]), ...(['stacks', 'trials', 'lost'] as const).map((name) => ({ name, type: 'whole' as const })),
      ...text(['failure', 'traceback']), ...number(scores.map((s) => s.label)), ...number(measures.flatMap(({ id, unit }) => [`${id} (${unit})`, `${id} low`, `${id} high`])),
    ],
    rows: rows.map((row) => [
      row.experiment, ...CONFIGURATION_KEYS.map((key) => row.configuration[key]), row.hardware, ...factors.map((name) => row.levels[name]), row.stacks, row.trials.length, row.lost,
      row.failure?.reason, row.failure?.traceback, ...scores.map((s) => s.of(row)?.value), ...measures.flatMap((m) => bounds(m.of(row))),
    ]),
  }
}

function bounds(cell: Cell | undefined): (number | null)[] {
  if (cell === undefined) return [null, null, null]
  return cell.interval.kind === 'none' ? [cell.mean, null, null] : [cell.mean, cell.interval.low, cell.interval.high]
}

export function boardJson(board: Leaderboard): object {
  const measures = boardMeasures(board.rows)
  const quality = qualityColumns(board.rows)
  return {
    schema: BOARD_SCHEMA, notes: board.notes.map(ENGLISH.textOf),
    rows: board.rows.map((row) => ({
      experiment: row.experiment, configuration: row.configuration, levels: row.levels, hardware: row.hardware, stacks: row.stacks, trials: row.trials.map((t) => t.trial.name), lost: row.lost,
      ...(row.failure === undefined ? {} : { failure: row.failure }), quality: scoresOf(quality, row), scores: row.scores,
      measures: Object.fromEntries(measures.flatMap((m) => {
        const cell = m.of(row)
        return cell === undefined ? [] : [[m.id, { unit: m.unit, mean: cell.mean, median: cell.median, interval: cell.interval, stacks: cell.stacks, trials: cell.trials, weak: cell.weak, claimed: cell.claimed ?? false }]]
      })),
    })),
  }
}

const scoresOf = (columns: readonly LeadingQuality[], row: BoardRow) => Object.fromEntries(columns.flatMap(({ label, of }) => (of(row) === undefined ? [] : [[label, of(row)?.value]])))
