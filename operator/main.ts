// SPDX-License-Identifier: Apache-2.0
/** Where every process begins: the command line and the roles of the one image. It loads only what the command needs. */
import { Command, CommanderError } from 'commander'
import { EXIT } from './shell/cli/exit-codes.ts'
import { VERSION } from './shell/version.ts'

type Register = (program: Command) => void

/** Roles of the image first, then what people type. */
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  controller: async () => (await import('./shell/controllers/command.ts')).registerController,
  'results-server': async () => (await import('./shell/results/command.ts')).registerResults,
  collector: async () => (await import('./shell/collector/command.ts')).registerCollector,
  prepare: async () => (await import('./shell/prepare/command.ts')).registerPrepare,
  probe: async () => (await import('./shell/probe/probe-command.ts')).registerProbe,
  plan: async () => (await import('./shell/cli/plan.ts')).registerPlan,
  explain: async () => (await import('./shell/cli/explain.ts')).registerExplain,
  run: async () => (await import('./shell/cli/run.ts')).registerRun,
  watch: async () => (await import('./shell/cli/watch.ts')).registerWatch,
  results: async () => (await import('./shell/cli/results.ts')).registerResults,
  report: async () => (await import('./shell/cli/report.ts')).registerReport,
  export: async () => (await import('./shell/cli/export.ts')).registerExport,
  compare: async () => (await import('./shell/cli/compare.ts')).registerCompare,
  check: async () => (await import('./shell/cli/check.ts')).registerCheck,
  history: async () => (await import('./shell/cli/history.ts')).registerHistory,
  trends: async () => (await import('./shell/cli/trends.ts')).registerTrends,
  diff: async () => (await import('./shell/cli/diff.ts')).registerDiff,
  doctor: async () => (await import('./shell/cli/doctor.ts')).registerDoctor,
  e2e: async () => (await import('./shell/cli/e2e.ts')).registerE2e,
  standup: async () => (await import('./shell/cli/standup.ts')).registerStandup,
  trial: async () => (await import('./shell/cli/trial.ts')).registerTrial,
  teardown: async () => (await import('./shell/cli/teardown.ts')).registerTeardown,
  load: async () => (await import('./shell/cli/load.ts')).registerLoad,
  analyze: async () => (await import('./shell/cli/analyze.ts')).registerAnalyze,
  import: async () => (await import('./shell/cli/import.ts')).registerImport,
  ingest: async () => (await import('./shell/cli/ingest.ts')).registerIngest,
  // Last: it completes all the others.
  complete: async () => (await import('./shell/cli/completion.ts')).registerCompletion,
}

async function main(argv: readonly string[]): Promise<void> {
  const program = new Command(process.env['ASSAY_NAME'] ?? 'assay').version(VERSION, '--version').description('Benchmarks LLM serving: designed experiments, real harnesses, numbers with their uncertainty.')
  program.exitOverride().showHelpAfterError('(assay --help shows the commands)').configureHelp({ sortSubcommands: false })
  const named = argv[2] === 'complete' ? undefined : COMMANDS[argv[2] ?? '']
  const loaders = named === undefined ? Object.values(COMMANDS) : [named]
  for (const load of loaders) (await load())(program)
  await program.parseAsync(argv)
}

// Whoever reads us may stop early, as head does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok)
  throw error
})

try {
  await main(process.argv)
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage
  } else {
    const { message, hint, exitCode } = error as Error & { hint?: string; exitCode?: number }
    process.stderr.write(`assay: ${message}\n${hint === undefined ? '' : `  ${hint}\n`}`)
    if (process.env.LOG_LEVEL === 'debug') process.stderr.write(`${String((error as Error).stack)}\n`)
    process.exitCode = exitCode ?? EXIT.unexpected
  }
}
