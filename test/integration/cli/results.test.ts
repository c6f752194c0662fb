// SPDX-License-Identifier: Apache-2.0
/** What is read back from a cluster: results, reports, bundles and what is left. The objects are those that the operator writes, made by hand. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_VERSION, LABELS } from '../../../operator/core/model/kinds.ts'
import { buildPlan, type Plan, trialSpecOf } from '../../../operator/core/plan/plan.ts'
import { sampleExperiment } from '../../../operator/core/report/testdata/experiment.ts'
import { leftovers, ofExperiment } from '../../../operator/shell/cli/leftovers-view.ts'
import { lookForLeftovers } from '../../../operator/shell/cli/leftovers.ts'
import { libraryObjects } from '../../../operator/shell/cli/run-input.ts'
import { loadObjects, shelve } from '../../../operator/shell/library.ts'
import { kubectl, useApi, useNamespace } from '../cluster.ts'
import { apply, assay, ROOT } from './assay.ts'

const namespace = useNamespace('cli-results')
const { client, api } = useApi()
let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'assay-cli-')) })
afterAll(() => rm(folder, { recursive: true }))

const configMap = (name: string, labels: Record<string, string>, data: Record<string, string>) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data })

describe('what an Experiment found', () => {
  beforeAll(async () => {
    const { experiment, trials } = await sampleExperiment({ requests: 60 })
    const labels = { [LABELS.experiment]: 'quickstart', [LABELS.run]: '1' }
    await apply(namespace(), { apiVersion: API_VERSION, kind: 'Experiment', metadata: { name: 'quickstart' }, spec: {
      suspend: true, scenarioRef: { name: 'none' }, workloadRef: { name: 'none' }, harnessRef: { name: 'none' }, design: experiment.spec.design,
    } }, ...trials.map((f) => configMap(f.trial.name, { ...labels, [LABELS.trial]: f.trial.name }, { 'findings.json': JSON.stringify(f), 'report.low.yaml': 'version: 0.2.1\n' })))
  })

  it('is a table for people and data for programs', async () => {
    const table = await assay(['results', 'quickstart', '-n', namespace()])
    expect(table.code).toBe(0)
    expect(table.out).toContain('TTFT p50 [ms]')
    const json = await assay(['results', 'experiment/quickstart', '-n', namespace(), '-o', 'json'])
    expect(JSON.parse(json.out)).toMatchObject({ schema: 'assay.dev/results/v1', name: 'quickstart', counts: { valid: 8 } })
    expect((await assay(['results', 'quickstart', '-n', namespace(), '-o', 'csv'])).out.split('\n')[0]).toContain('experiment,trial,attempt')
    expect((await assay(['results', 'quickstart', '-n', namespace(), '-o', 'wide'])).out).toContain('VERDICT')
  })

  it('becomes a folder that says the same without a cluster', async () => {
    const path = join(folder, 'saved')
    const saved = await assay(['results', 'quickstart', '-n', namespace(), '--out', path])
    expect((await readdir(path)).sort()).toEqual(['experiment.json', 'findings', 'junit.xml', 'report.html', 'report.md', 'reports', 'results.csv', 'results.json', 'results.parquet'])
    const offline = await assay(['results', path, '--kubeconfig', '/none'])
    expect([offline.code, offline.out]).toEqual([0, saved.out])
    const report = await assay(['report', path, '--format', 'md', '--out', join(folder, 'only')])
    expect([report.out, await readdir(join(folder, 'only'))]).toEqual([join(folder, 'only', 'report.md'), ['report.md']])
  })

  it('of a run that there was not is no result', async () => {
    expect(await assay(['results', 'quickstart', '-n', namespace(), '--run', '7'])).toMatchObject({ code: 2, err: expect.stringContaining('has no run 7') as string })
  })
})

describe('a trial whose Stack is gone', () => {
  let plan: Plan
  beforeAll(async () => {
    const { objects } = await loadObjects([join(ROOT, 'experiments/quickstart.yaml')])
    const { library } = shelve(await libraryObjects([]))
    const spec = { ...(objects[0]?.spec as object), suspend: true }
    const result = buildPlan({ experiment: { name: 'planned', spec, run: 1 }, library })
    if (!result.ok) throw new Error(JSON.stringify(result.problems))
    plan = result.plan
    const labels = { [LABELS.experiment]: 'planned', [LABELS.run]: '1' }
    const named = (shelf: ReadonlyMap<string, unknown>, name: string) => ({ [name]: shelf.get(name) })
    const snapshot = { spec: plan.experiment, run: 1, blocks: [], library: { scenarios: named(library.scenarios, 'simulator'), workloads: named(library.workloads, 'quickstart'), harnesses: named(library.harnesses, 'native') } }
    await apply(namespace(), { apiVersion: API_VERSION, kind: 'Experiment', metadata: { name: 'planned' }, spec },
      configMap('planned-1-snapshot', { ...labels, [LABELS.role]: 'snapshot' }, { 'snapshot.json': JSON.stringify(snapshot) }),
      ...[0, 1].map((i) => ({ apiVersion: API_VERSION, kind: 'Trial', metadata: { name: plan.trials[i]?.name, labels }, spec: trialSpecOf(plan, i) })))
  })
  const name = (i: number) => plan.trials[i]?.name ?? ''

  it('becomes one file that the API server takes elsewhere', async () => {
    const path = join(folder, 'bundle.yaml')
    expect(await assay(['export', 'trial', name(0), '-n', namespace(), '-o', path])).toMatchObject({ code: 0, out: '' })
    expect(await readFile(path, 'utf8')).not.toContain(`namespace: ${namespace()}`)
    const taken = await kubectl(['apply', '-n', 'default', '--dry-run=server', '-f', path])
    expect(taken.split('\n').map((line) => line.replace(/ .*/, ''))).toEqual([`configmap/${name(0)}-bundle`, `stack.assay.dev/${plan.stacks[plan.trials[0]?.stack ?? 0]?.name ?? ''}`, `trial.assay.dev/${name(0)}`])
  })

  it('is compared with its own bundle, and with another trial', async () => {
    const path = join(folder, 'bundle.yaml')
    expect(await assay(['diff', path, name(0), '-n', namespace()])).toMatchObject({ code: 0, out: expect.stringContaining('were measured the same way') as string })
    const other = await assay(['diff', `trial/${name(0)}`, `trial/${name(1)}`, '-n', namespace(), '-o', 'json'])
    expect(other.code).toBe(1)
    const { differences } = JSON.parse(other.out) as { differences: { group: string; path: string }[] }
    expect(differences.map((d) => `${d.group} ${d.path}`)).toContain('seeds content')
    expect(differences.every((d) => ['seeds', 'workload', 'model', 'values', 'scenario', 'execution'].includes(d.group))).toBe(true)
  })

  it('is not mistaken for an Experiment, nor for a file', async () => {
    expect(await assay(['diff', name(0), 'experiment/planned', '-n', namespace()])).toMatchObject({ code: 2, err: expect.stringContaining('is one trial') as string })
    await writeFile(join(folder, 'other.yaml'), 'kind: ConfigMap\n')
    expect(await assay(['diff', join(folder, 'other.yaml'), name(0), '-n', namespace()])).toMatchObject({ code: 2, err: expect.stringContaining('is no bundle') as string })
    expect(await assay(['export', 'trial', 'nobody', '-n', namespace()])).toMatchObject({ code: 2 })
  })
})

describe('what is left in a namespace', () => {
  it('is found by labels, by Helm\'s marks and by name, and results are none of it', async () => {
    const stack = 'tidy-1-0a1b2c3d-s1'
    await apply(namespace(),
      configMap('tidy-1-snapshot', { [LABELS.experiment]: 'tidy', [LABELS.role]: 'snapshot' }, {}), configMap(`${stack}-r1`, { [LABELS.experiment]: 'tidy', [LABELS.trial]: `${stack}-r1` }, {}),
      configMap(`${stack}-model-config`, {}, {}), configMap('other-1-0a1b2c3d-s1-model', {}, {}),
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: `sh.helm.release.v1.${stack}-model.v1`, labels: { owner: 'helm', name: `${stack}-model` } }, type: 'helm.sh/release.v1' },
      { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'cache', annotations: { 'meta.helm.sh/release-name': `${stack}-model` } }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } } })
    const cluster = { client: client(), api: api(), namespace: namespace(), access: { server: '', namespace: '', credentials: () => Promise.reject(new Error('not used')) } }
    expect(leftovers(await lookForLeftovers(cluster, ofExperiment('tidy')))).toEqual([`Helm release ${stack}-model`, 'PersistentVolumeClaim cache', `ConfigMap ${stack}-model-config`])
  })
})

describe('doctor', () => {
  it('finds what the namespace lacks, for people and for programs', async () => {
    const text = await assay(['doctor', '-n', namespace()])
    expect(text.code).toBe(1)
    expect(text.out).toContain('✘ ServiceAccount: there is no assay-runner')
    const json = JSON.parse((await assay(['doctor', '-n', namespace(), '-o', 'json'])).out) as { healthy: boolean; tiers: { title: string; checks: { name: string; state: string }[] }[] }
    expect(json.healthy).toBe(false)
    expect(json.tiers[0]).toMatchObject({ title: 'Cluster', checks: [{ name: 'API server', state: 'ok' }, { name: 'version', state: 'ok' }] })
  })
})

it('teardown of nothing is no failure', async () => {
  expect(await assay(['teardown', '-n', namespace(), '--dry-run'])).toMatchObject({ code: 0, err: expect.stringContaining('there is no Stack to remove') as string })
})
