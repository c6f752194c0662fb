// SPDX-License-Identifier: Apache-2.0
/** `assay import`: files of other benchmarks as our objects, and in plain words what of them is lost. */
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Command, Option } from 'commander'
import type { ForeignFile } from '../../core/import/foreign-files.ts'
import { importedPath, importedText } from '../../core/import/import-text.ts'
import { importFiles, type ImportedObject, type ImportResult } from '../../core/import/llm-d-benchmark.ts'
import { libraryFolders, loadObjects } from '../library.ts'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'
import { counted, say } from './say.ts'

/** Folder of the package, three levels up from here. */
const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')

interface ImportFlags { readonly output: string; readonly scenario?: string; readonly workload?: string }

export function registerImport(program: Command): void {
  program.command('import')
    .description('turn experiments, scenarios and profiles of llm-d-benchmark into objects of Assay')
    .argument('<path...>', 'files or folders; those that belong together, such as an experiment with its scenario and profile, are best given together')
    .addOption(new Option('--from <format>', 'whose files they are').choices(['llm-d-benchmark']).default('llm-d-benchmark'))
    .requiredOption('-o, --output <folder>', 'where objects are written, as scenarios/, workload-profiles/ and experiments/; "-" for standard output')
    .option('--scenario <name>', 'Scenario for experiments whose scenario is not given')
    .option('--workload <name>', 'WorkloadProfile for experiments whose profile is not given')
    .addHelpText('after', `\nWhat cannot be expressed is named on standard error and as comments above each object.\nExit codes: ${EXIT.ok} everything is expressed, ${EXIT.importedInPart} something is not, ${EXIT.invalidExperiment} nothing could be imported, ${EXIT.usage} wrong usage.`)
    .action(importCommand)
}

async function importCommand(paths: readonly string[], { output, scenario, workload }: ImportFlags): Promise<void> {
  const files = (await Promise.all(paths.map(readForeign))).flat()
  const { objects } = await loadObjects(libraryFolders(PACKAGE))
  const harnesses = objects.filter((o) => o.kind === 'Harness').map((o) => o.name)
  const result = importFiles(files, { harnesses, ...(scenario === undefined ? {} : { scenario }), ...(workload === undefined ? {} : { workload }) })
  const made = result.objects.filter((o) => o.spec !== undefined)
  report(result)
  if (made.length === 0) throw new CliError(EXIT.invalidExperiment, `nothing could be imported from ${paths.join(', ')}`, 'llm-d-benchmark has experiments/*.yaml, scenarios as YAML or LLMDBENCH_ variables, and profiles *.yaml.in')
  if (output === '-') process.stdout.write(made.map(importedText).join('---\n'))
  else await write(made, output)
  say(`imported ${count(made, 'Scenario')}, ${count(made, 'WorkloadProfile')}, ${count(made, 'Experiment')}${output === '-' ? '' : ` into ${output}`}`)
  if (result.objects.some((o) => o.spec === undefined || o.dropped.length > 0)) process.exitCode = EXIT.importedInPart
}

const count = (objects: readonly ImportedObject[], kind: ImportedObject['kind']) => counted(objects.filter((o) => o.kind === kind).length, kind)

async function write(objects: readonly ImportedObject[], folder: string): Promise<void> {
  const taken = new Set<string>()
  for (const object of objects) {
    const path = importedPath(object)
    if (taken.has(path)) throw new CliError(EXIT.invalidExperiment, `two files lead to ${path} (the second is ${object.from})`, 'import them into folders of their own')
    taken.add(path)
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), importedText(object))
  }
}

/** Grouped by file, so that a reader sees what each one loses. */
function report({ objects, passedOver }: ImportResult): void {
  for (const { kind, name, from, spec, dropped, notes } of objects) {
    if (dropped.length + notes.length > 0) say(`${from} → ${spec === undefined ? 'nothing' : `${kind}/${name}`}`)
    for (const { path, reason } of dropped) say(`  not expressed: ${path}: ${reason}`)
    for (const { path, reason } of notes) say(`  not quite the same: ${path}: ${reason}`)
  }
  if (passedOver.length > 0) say(`passed over ${counted(passedOver.length, 'file')} that ${passedOver.length === 1 ? 'is' : 'are'} no experiment, scenario or profile: ${passedOver.slice(0, 5).join(', ')}${passedOver.length > 5 ? ', …' : ''}`)
}

const FILE = /\.(ya?ml|ya?ml\.in|sh)$/
const MAX_BYTES = 1024 * 1024
const PASSED_OVER = new Set(['node_modules', '.git'])

async function readForeign(path: string): Promise<ForeignFile[]> {
  const info = await stat(path).catch(() => undefined)
  if (info === undefined) throw new CliError(EXIT.usage, `there is no ${path}`)
  if (!info.isDirectory()) return [{ path, text: await readFile(path, 'utf8') }]
  const found = (await filesBelow(path)).sort()
  return Promise.all(found.map(async (file) => ({ path: relative(dirname(path), file), text: await readFile(file, 'utf8') })))
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const found = await Promise.all(entries.map(async (entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return PASSED_OVER.has(entry.name) ? [] : filesBelow(path)
    return FILE.test(entry.name) && (await stat(path)).size <= MAX_BYTES ? [path] : []
  }))
  return found.flat()
}
