// SPDX-License-Identifier: Apache-2.0
/** `assay leaderboard`: models and configurations measured in the tool's own process, best first; and `publish`, the same as a data set. */
import { type Command, Option } from 'commander'
import type { Leaderboard } from '../../core/leaderboard/board.ts'
import { boardLines } from '../../core/leaderboard/board-markdown.ts'
import { type BoardCell, boardTable } from '../../core/leaderboard/board-table.ts'
import { lastWords } from '../../core/leaderboard/last-words.ts'
import { boardJson, tidyBoard } from '../../core/leaderboard/board-tidy.ts'
import type { Texts } from '../../core/report/messages.ts'
import { csvOf } from '../../core/report/to-csv.ts'
import { repeated } from './arguments.ts'
import { type ClusterOptions, withClusterOptions } from './cluster.ts'
import { EXIT } from './exit-codes.ts'
import { type LanguageOptions, languageOption } from './language.ts'
import { readBoard } from './leaderboard-sources.ts'
import { publish, type PublishOptions } from './publish.ts'
import { tableLines } from './table.ts'

const FORMS = ['table', 'csv', 'json', 'html', 'markdown'] as const
interface BoardOptions extends ClusterOptions, LanguageOptions { readonly quality: readonly string[]; readonly output: (typeof FORMS)[number] }

const WHAT = 'work folders, or names of Experiments (NAME@RUN for an earlier run)'
const QUALITY = 'CSV of published scores by model, such as the table of the Open LLM Leaderboard; may be repeated'

export function registerLeaderboard(program: Command): void {
  const command = withClusterOptions(program.command('leaderboard'))
    .description('put models and configurations that were measured in the tool\'s own process into one table, with published scores beside them')
    .argument('<experiment|folder...>', WHAT)
    .option('--quality <file>', QUALITY, repeated, [])
    .addOption(new Option('-o, --output <form>', 'how it is written').choices(FORMS).default('table'))
    .addOption(languageOption())
    .addHelpText('after', `\nAn Experiment called publish: give its work folder.\nExit codes: ${EXIT.ok} written, ${EXIT.usage} wrong usage, ${EXIT.invalidExperiment} results or tables that no leaderboard can be made of, ${EXIT.clusterUnreachable} no cluster.`)
    .action(async (whats: readonly string[], options: BoardOptions) => {
      const { board, collected } = await readBoard(whats, options)
      process.stdout.write(await formatBoard(board, options, collected.map((c) => c.experiment.metadata.name)))
    })
  registerPublish(command)
}

function registerPublish(parent: Command): void {
  withClusterOptions(parent.command('publish'))
    .description('write the leaderboard as a data set with LLM-Perf\'s tables, into a folder or onto a hub')
    .argument('<experiment|folder...>', WHAT)
    .requiredOption('--to <place>', 'a folder, or hf://datasets/OWNER/NAME; the token is read from $HF_TOKEN, the hub\'s address from $HF_ENDPOINT')
    .option('--quality <file>', QUALITY, repeated, [])
    .option('--machine <name>', 'what tables call the hardware, such as 1xA10 (default: what nodes and exporters told)')
    .option('--license <name>', 'license of the data set, as hubs name it', 'unknown')
    .option('--private', 'a repository that is made is private', false)
    .option('--dry-run', 'name the files and write nothing', false)
    .addHelpText('after', `\nOn a hub the repository is made where there is none, and all files go into one commit.\nExit codes: ${EXIT.ok} written, ${EXIT.unexpected} the hub refused, ${EXIT.usage} wrong usage, ${EXIT.invalidExperiment} results or tables that no leaderboard can be made of.`)
    .action(async (whats: readonly string[], options: PublishOptions, self: Command) => {
      // Options of the same name before the subcommand belong to it.
      await publish(whats, { ...self.optsWithGlobals<PublishOptions>(), ...options, quality: [...parent.opts<BoardOptions>().quality, ...options.quality] })
    })
}

async function formatBoard(board: Leaderboard, { output, lang }: BoardOptions, experiments: readonly string[]): Promise<string> {
  switch (output) {
    case 'table':
      return `${boardText(board, lang).join('\n')}\n`
    case 'csv':
      return csvOf(tidyBoard(board))
    case 'json':
      return `${JSON.stringify(boardJson(board), null, 2)}\n`
    case 'markdown':
      return `${boardLines(board, lang).join('\n')}\n`
    case 'html':
      // Figures bring a plotting library along, which nothing else needs.
      return (await import('../../core/leaderboard/board-page.ts')).boardPage(board, experiments, lang)
  }
}

function boardText(board: Leaderboard, texts: Texts): string[] {
  const { columns, rows, notes, failures, failureColumns } = boardTable(board, texts)
  const shown = columns.map(({ title, unit, isNumber }, i) => ({
    title: unit === '' ? title : `${title} (${unit})`, align: isNumber ? ('right' as const) : ('left' as const), value: (row: readonly BoardCell[]) => row[i]?.text ?? '',
  }))
  const failed = [
    ...failureColumns.map((title, i) => ({ title, value: (f: (typeof failures)[number]) => f.row[i] ?? '' })), { title: texts.say('board.reason'), value: (f: (typeof failures)[number]) => f.reason },
    { title: texts.say('board.traceback'), value: (f: (typeof failures)[number]) => lastWords(f.traceback) },
  ]
  return [
    ...(rows.length === 0 ? [] : [...tableLines(shown, rows), '']), ...notes,
    ...(failures.length === 0 ? [] : ['', `${texts.say('board.failures', { count: failures.length, total: board.rows.length })}:`, ...tableLines(failed, failures)]),
  ]
}
