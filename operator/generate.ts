// SPDX-License-Identifier: Apache-2.0
/** Writes what is generated from the model (CRDs, editor schemas, reference pages); with --check it writes nothing and names what is stale. */
import { readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { benchmarkReportJsonSchema, REPORT_VERSION } from './core/model/benchmark-report.ts'
import { Findings } from './core/model/findings.ts'
import { type KindInfo, KINDS } from './core/model/kinds.ts'
import { BUNDLED_HARNESSES } from './core/model/harness-features.ts'
import { HarnessSpec } from './core/model/harness.ts'
import { crdOf, keptAtUninstall } from './core/schema/crd.ts'
import { documentSchemaOf, editorSchemaOf } from './core/schema/editor.ts'
import { exitCodesPage, indexPage, kindPage, metricsPage } from './core/schema/reference.ts'
import { abilitiesPage } from './core/schema/reference-abilities.ts'
import { conditionsPage } from './core/schema/reference-conditions.ts'
import { EXIT_MEANINGS } from './shell/cli/exit-codes.ts'
import type { HelmReason } from './shell/helm/helm-error.ts'
import type { ProbeReason } from './shell/probe/probe-endpoint.ts'

const ROOT = join(import.meta.dirname, '..')
/** Folders that hold nothing but generated files: a file there that is not generated any more is stale too. */
const FOLDERS = ['crds', 'schemas', 'docs/reference', 'charts/assay/files/crds'] as const

const HELM_TEXTS: Readonly<Record<HelmReason, string>> = {
  ChartNotFound: 'The chart, or that version of it, does not exist.', ChartInvalid: 'The chart cannot be rendered, or makes objects outside its namespace.',
  ValuesInvalid: 'The values do not fit the chart\'s schema, or cannot be read.', NameInUse: 'Objects of that name are there and belong to somebody else.',
  Forbidden: 'The ServiceAccount of the tenant may not do what the chart asks.', NotATenant: 'The operator may not act as the ServiceAccount of this namespace; it is tried again.', HookFailed: 'A hook of the chart failed.', HelmTimeout: 'Helm did not end in time.',
  HelmStopped: 'Helm was stopped; it is tried again.', Unreachable: 'The API server or the registry could not be reached; it is tried again.', HelmFailed: 'Helm failed otherwise; the message says how.',
}
const PROBE_TEXTS: Readonly<Record<ProbeReason, string>> = {
  EndpointDown: 'Nothing answers, or not as an OpenAI-compatible server does.', ModelNotListed: 'The server does not list the model; the message names those that it lists.',
  Unauthorized: 'The server refuses the credentials.', CompletionFailed: 'The model is listed, but a real request fails.', Timeout: 'The answer did not come in time.',
}

/** Every generated file by its path in the repository. */
export function generated(): ReadonlyMap<string, string> {
  const kinds: readonly KindInfo[] = Object.values(KINDS)
  return new Map([
    ...kinds.flatMap((info) => kindFiles(info, kinds)),
    ['schemas/findings.json', json(documentSchemaOf('Findings', Findings))],
    [`schemas/benchmark-report-${REPORT_VERSION}.json`, json(benchmarkReportJsonSchema())],
    ['docs/reference/README.md', indexPage(kinds)],
    ['docs/reference/metrics.md', metricsPage()],
    ['docs/reference/abilities.md', abilitiesPage(bundledHarnesses())],
    ['docs/reference/conditions.md', conditionsPage({ helm: HELM_TEXTS, probe: PROBE_TEXTS })],
    ['docs/reference/exit-codes.md', exitCodesPage(EXIT_MEANINGS)],
  ])
}

function bundledHarnesses(): Map<string, HarnessSpec> {
  return new Map(BUNDLED_HARNESSES.map((name) => {
    const { spec } = parse(readFileSync(join(ROOT, 'harnesses', name, 'harness.yaml'), 'utf8')) as { readonly spec: unknown }
    return [name, HarnessSpec.parse(spec)] as const
  }))
}

function kindFiles(info: KindInfo, kinds: readonly KindInfo[]): [string, string][] {
  const crd = crdOf(info)
  const name = info.kind.toLowerCase()
  return [
    [`crds/${info.plural}.yaml`, yaml(crd)],
    [`charts/assay/files/crds/${info.plural}.yaml`, yaml(keptAtUninstall(crd))],
    [`schemas/${name}.json`, json(editorSchemaOf(info))],
    [`docs/reference/${name}.md`, kindPage(info, kinds)],
  ]
}

/** Paths below root whose content is not what the model gives, and those that should not be there. */
export async function staleFiles(root: string, wanted: ReadonlyMap<string, string>): Promise<string[]> {
  const stale: string[] = []
  for (const [path, content] of wanted) {
    if (await readIfThere(join(root, path)) !== content) stale.push(path)
  }
  return [...stale, ...await leftovers(root, wanted)].sort()
}

export async function write(root: string, wanted: ReadonlyMap<string, string>): Promise<string[]> {
  const stale = await staleFiles(root, wanted)
  for (const path of stale) {
    const content = wanted.get(path)
    if (content === undefined) await rm(join(root, path))
    else await mkdir(dirname(join(root, path)), { recursive: true }).then(() => writeFile(join(root, path), content))
  }
  return stale
}

async function leftovers(root: string, wanted: ReadonlyMap<string, string>): Promise<string[]> {
  const listed = await Promise.all(FOLDERS.map(async (folder) => (await listIfThere(join(root, folder))).map((name) => `${folder}/${name}`)))
  return listed.flat().filter((path) => !wanted.has(path))
}

function yaml(value: unknown): string {
  const notice = '# SPDX-License-Identifier: Apache-2.0\n# Generated by operator/generate.ts from operator/core/model: do not edit.\n'
  return notice + stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

async function readIfThere(path: string): Promise<string | undefined> {
  return unlessMissing(() => readFile(path, 'utf8'), undefined)
}

async function listIfThere(folder: string): Promise<string[]> {
  return unlessMissing(() => readdir(folder), [])
}

async function unlessMissing<T>(read: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise
    throw error
  }
}

async function main(args: readonly string[]): Promise<void> {
  if (!args.includes('--check')) {
    const written = await write(ROOT, generated())
    process.stdout.write(written.length === 0 ? 'Generated files are up to date.\n' : written.map((path) => `${path}\n`).join(''))
    return
  }
  const stale = await staleFiles(ROOT, generated())
  if (stale.length === 0) return
  process.stderr.write(`Stale generated files (run node operator/generate.ts):\n${stale.map((path) => `  ${path}\n`).join('')}`)
  process.exitCode = 1
}

if (import.meta.main) await main(process.argv.slice(2))
