// SPDX-License-Identifier: Apache-2.0
/** The card of a data set, in English as hubs are: front matter that a hub reads, and in words what was measured where, in which units, how sure, and how to measure it again. */
import { stringify } from 'yaml'
import { ENGLISH } from '../report/messages/languages.ts'
import { escapeMarkdown } from '../report/markdown-text.ts'
import type { BoardRow, Leaderboard } from './board.ts'
import type { LlmPerfTable } from './llm-perf-table.ts'

export interface CardInput {
  readonly name: string
  /** As hubs name it; `unknown` where nobody said. */
  readonly license: string
  /** Of Assay. */
  readonly version: string
  /** What wrote it. */
  readonly command: string
  readonly board: Leaderboard
  readonly tables: readonly LlmPerfTable[]
  readonly hasScores: boolean
  readonly experiments: readonly string[]
}

/** Sizes that hubs know. */
const SIZES = [[1e3, 'n<1K'], [1e4, '1K<n<10K'], [1e5, '10K<n<100K']] as const

export function dataSetCard(input: CardInput): string {
  return `---\n${stringify(frontMatter(input), { lineWidth: 0 })}---\n\n${body(input).join('\n')}\n`
}

function frontMatter({ name, license, board, tables, hasScores }: CardInput): object {
  const configs = [...tables.map((t) => t.name), ...(hasScores ? ['llm-df'] : [])]
  return {
    pretty_name: name, license, tags: ['assay', 'llm-perf', 'benchmark', 'latency', 'throughput', 'memory', 'energy'],
    size_categories: [SIZES.find(([most]) => board.rows.length < most)?.[1] ?? '100K<n<1M'],
    configs: configs.map((config, i) => ({ config_name: config, data_files: `data/${config}.parquet`, ...(i === 0 ? { default: true } : {}) })),
  }
}

function body(input: CardInput): string[] {
  const { name, version, command, board: { rows, notes }, hasScores, experiments } = input
  const failed = rows.filter((row) => row.failure !== undefined)
  const times = rows.flatMap((row) => row.trials.map((t) => t.time)).sort((a, b) => a.start.localeCompare(b.start))
  const ends = times.map((t) => t.end).sort()
  return [
    `# ${name}: latency, throughput, memory and energy of language models`, '',
    `Measured by Assay ${version} with ${toolsOf(rows)}, in the engine's own process, without a server. ${ROWS}`, '',
    `Combinations: ${rows.length - failed.length} measured, ${failed.length} failed.${times[0] === undefined ? '' : ` Measured from ${times[0].start} to ${ends.at(-1) ?? ''}.`}`, '',
    ...filesTable(input), '', ...[UNITS, UNCERTAINTY, ENERGY].flatMap((text) => [text, '']),
    hasScores ? SCORES.replace('{tables}', tablesOf(rows)) : 'There are no quality scores of others in this data set.', '',
    ...notes.map((note) => `- ${escapeMarkdown(ENGLISH.textOf(note))}`), ...(notes.length > 0 ? [''] : []),
    'To measure the same again:', '', ...experiments.map((path) => `    assay run ${path}`), `    ${command}`,
  ]
}

const ROWS = 'One row for each combination of model, back end, number format, quantisation and attention; combinations that failed are rows with `report.traceback`.'
const UNITS = 'Columns have the names and units of LLM-Perf: latency in s, memory in MB (10⁶ bytes), energy in kWh, throughput in tokens/s or samples/s, efficiency in tokens/kWh or samples/kWh. A cell is empty where nothing was measured.'
const UNCERTAINTY = 'A statistic is the median over the trials of that combination. Columns that begin with `assay.` are ours: stand-ups and trials behind a row, verdict, and for the leading numbers the mean over stand-ups with its 95 % interval (`.mean`, `.low`, `.high`), empty where there was one trial. Lists of single iterations (`values`) are not carried.'
const ENERGY = 'Energy and efficiency are as the tool says them; where the processor has no counter it assumes a power, which the notes of the report say.'
const SCORES = 'Scores in `data/llm-df.csv` are those of {tables}; nothing of them was measured here. It has one row for a model, to be joined by its name; where a model was scored in several number formats, `assay.quality.…` of each combination is the one to take.'

/** What was measured where. */
function filesTable({ tables }: CardInput): string[] {
  return ['| table | hardware | models | combinations | failed |', '|---|---|--:|--:|--:|', ...tables.map(({ name, boardRows }) => {
    const hardware = [...new Set(boardRows.map((r) => r.hardware).filter(Boolean))].sort().join(', ')
    const counts = [new Set(boardRows.map((r) => r.configuration.model)).size, boardRows.length, boardRows.filter((r) => r.failure !== undefined).length]
    return `| ${[`data/${name}.csv`, hardware || '–', ...counts.map(String)].map(escapeMarkdown).join(' | ')} |`
  })]
}

const toolsOf = (rows: readonly BoardRow[]) => [...new Set(rows.flatMap(({ trials, witness }) => [...trials, ...(witness === undefined ? [] : [witness])].map((t) => `${t.tool.name} ${t.tool.version}`)))].sort().join(', ') || '–'
const tablesOf = (rows: readonly BoardRow[]) => [...new Set(rows.flatMap((row) => (row.quality?.scores ?? []).map((s) => s.table)))].sort().join(', ')
