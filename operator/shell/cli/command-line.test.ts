// SPDX-License-Identifier: Apache-2.0
/** The program as people start it: what it says where, and with which exit code it ends. No cluster is there. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VERSION } from '../version.ts'
import { EXIT } from './exit-codes.ts'

const ROOT = join(import.meta.dirname, '../../..')
const QUICKSTART = join(ROOT, 'experiments/quickstart.yaml')
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-command-line-'))
  await writeFile(join(folder, 'typo.yaml'), (await readFile(QUICKSTART, 'utf8')).replace('scenario.serving.parallelism.tensor', 'scenario.serving.paralelism.tensor'))
  await writeFile(join(folder, 'gate.yaml'), `${await readFile(QUICKSTART, 'utf8')}  gate: { rules: [{ name: latency, expr: "p99(tfft) <= 1s" }] }\n`)
  await writeFile(join(folder, 'dead.kubeconfig'), JSON.stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': 'dead', clusters: [{ name: 'dead', cluster: { server: 'https://127.0.0.1:1' } }], users: [{ name: 'u', user: { token: 't' } }], contexts: [{ name: 'dead', context: { cluster: 'dead', user: 'u' } }],
  }))
})
afterAll(() => rm(folder, { recursive: true }))

async function assay(args: string, env: Readonly<Record<string, string>> = {}): Promise<{ readonly out: string; readonly err: string; readonly code: number | undefined }> {
  const words = args.split(' ').map((word) => word.replace('FOLDER', folder).replace('QUICKSTART', QUICKSTART))
  const { stdout, stderr, exitCode } = await execa(join(ROOT, 'bin/assay'), words, { reject: false, cwd: folder, env: { KUBECONFIG: join(folder, 'none'), ...env } })
  return { out: stdout, err: stderr, code: exitCode }
}

describe.concurrent('exit codes', () => {
  it.each<[string, number, string]>([
    ['nonsense', EXIT.usage, 'unknown command'],
    ['run', EXIT.usage, 'which Experiment?'],
    ['watch', EXIT.usage, "missing required argument 'experiment'"],
    ['watch x --timeout soon', EXIT.usage, 'is not a duration'],
    ['results missing/folder', EXIT.usage, 'is no work folder'],
    ['run FOLDER/missing.yaml', EXIT.invalidExperiment, 'there is no such file or folder'],
    ['run FOLDER/typo.yaml', EXIT.invalidExperiment, 'did you mean scenario.serving.parallelism.tensor?'],
    ['run FOLDER/gate.yaml', EXIT.invalidExperiment, 'there is no metric "tfft"; did you mean "ttft"?'],
    ['run QUICKSTART', EXIT.clusterUnreachable, 'no cluster'],
    ['run QUICKSTART --kubeconfig FOLDER/dead.kubeconfig', EXIT.clusterUnreachable, 'https://127.0.0.1:1 does not answer'],
    ['doctor --kubeconfig FOLDER/dead.kubeconfig', EXIT.clusterUnreachable, ''],
    ['e2e --workload sanity_randm --dry-run', EXIT.invalidExperiment, 'did you mean sanity-random?'],
  ])('assay %s', { timeout: 60_000 }, async (args, code, message) => {
    const { out, err, code: ended } = await assay(args)
    expect(err).toContain(message)
    expect({ ended, escapes: (out + err).includes('\u001b') }).toEqual({ ended: code, escapes: false })
  })
})

it('says file and line of what is wrong before it looks for a cluster', async () => {
  const { err } = await assay('run FOLDER/typo.yaml')
  expect(err).toMatch(/typo\.yaml:\d+: .*spec\.design\.fullFactorial\.factors\[tp\]\.path/)
})

it('keeps data on standard output and words on standard error', { timeout: 60_000 }, async () => {
  const { out, err, code } = await assay('e2e --dry-run --method simulator')
  expect({ code, first: out.split('\n')[0] }).toEqual({ code: EXIT.ok, first: 'apiVersion: assay.dev/v1alpha1' })
  expect(err).toContain('dry run: nothing was applied')
})

it('is a plugin of kubectl under its other name', { timeout: 60_000 }, async () => {
  const { stdout } = await execa(join(ROOT, 'bin/kubectl-assay'), ['watch', '--help'])
  expect(stdout.split('\n')[0]).toBe('Usage: kubectl assay watch [options] <experiment>')
  expect((await assay('--version')).out).toBe(VERSION)
})

it('lists what people type, and not the roles of the image', { timeout: 60_000 }, async () => {
  const { out } = await assay('--help')
  const commands = out.split('Commands:')[1]?.split('\n').flatMap((line) => /^ {2}(\w[\w-]*)/.exec(line)?.[1] ?? [])
  expect(commands).toEqual([
    'plan', 'explain', 'run', 'watch', 'results', 'report', 'export', 'compare', 'check', 'history', 'trends', 'diff', 'doctor', 'e2e', 'standup', 'trial', 'teardown', 'load', 'analyze',
    'leaderboard', 'import', 'ingest', 'complete', 'help',
  ])
})
