// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleExperiment } from '../../core/report/testdata/experiment.ts'
import { toTable } from '../../core/report/to-table.ts'
import { type Collected, resultsOf } from './collect.ts'
import { pathWithin } from './download.ts'
import { experimentName } from './results.ts'
import { trialLines } from './trial-table.ts'
import { isWorkFolder, readWorkFolder, saveData, saveReports } from './work-folder.ts'

let folder = ''
let collected: Collected
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-work-'))
  const { experiment: { name, namespace, spec, status }, trials } = await sampleExperiment({ requests: 40 })
  collected = {
    experiment: { apiVersion: 'assay.dev/v1alpha1', kind: 'Experiment', metadata: { name, namespace, managedFields: [{}] } as never, spec: spec as never, status }, trials,
    failed: [{ trial: 'lost', reason: 'Evicted', message: 'the node went away' }], reports: [{ trial: trials[0]!.trial.name, stage: 'low', text: 'version: 0.2.1\n' }],
    treatments: [...new Set(trials.map((t) => t.treatment))].map((levels) => ({ levels })), library: { workload: { data: {} } },
  }
})
afterAll(() => rm(folder, { recursive: true }))

describe('a work folder', () => {
  it('gives back what was put in, without the bookkeeping of the API server', async () => {
    const path = join(folder, 'whole')
    await saveData(path, collected)
    const read = await readWorkFolder(path)
    expect(read.experiment.metadata).toEqual({ name: 'quickstart', namespace: 'bench' })
    expect({ ...read, experiment: undefined, trials: undefined }).toEqual({ ...JSON.parse(JSON.stringify({ ...collected, experiment: undefined, trials: undefined })) as object, experiment: undefined, trials: undefined })
    expect(toTable(resultsOf(read))).toBe(toTable(resultsOf(collected)))
  })

  it('holds the report in every form that is asked for', async () => {
    const path = join(folder, 'reports')
    expect(await saveReports(path, collected, { formats: ['markdown', 'csv'] })).toEqual({ markdown: join(path, 'report.md'), csv: join(path, 'results.csv') })
    expect((await readdir(path)).sort()).toEqual(['report.md', 'results.csv'])
    expect((await saveReports(path, collected)).html).toBe(join(path, 'report.html'))
    expect(await readFile(join(path, 'report.html'), 'utf8')).toContain('<!doctype html>')
  })

  it('may be that of one measurement without a cluster', async () => {
    const path = await mkdtemp(join(folder, 'load-'))
    await writeFile(join(path, 'findings.json'), JSON.stringify(collected.trials[0]))
    const { experiment, trials } = await readWorkFolder(path)
    expect([experiment.metadata.name, trials]).toEqual([path.slice(folder.length + 1), [collected.trials[0]]])
    expect(toTable(resultsOf({ experiment, trials, failed: [], reports: [] }))).toContain('TTFT p50 [ms]')
  })

  it('is known by what lies in it', async () => {
    expect([isWorkFolder(join(folder, 'whole')), isWorkFolder(folder), isWorkFolder('quickstart')]).toEqual([true, false, false])
    await expect(readWorkFolder(folder)).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('holds neither experiment.json nor findings.json') as string })
  })

  it('of another version is refused', async () => {
    const path = await mkdtemp(join(folder, 'old-'))
    await writeFile(join(path, 'experiment.json'), JSON.stringify({ schema: 'assay.dev/work-folder/v0' }))
    await expect(readWorkFolder(path)).rejects.toThrow('is of schema assay.dev/work-folder/v0')
  })
})

it.each([['quickstart', 'quickstart'], ['experiment/quickstart', 'quickstart'], ['experiments.assay.dev/quickstart', 'quickstart']])('%s is the Experiment %s', (text, name) => {
  expect(experimentName(text)).toBe(name)
})

it.each(['work/missing', './quickstart', 'trial/x'])('%s is no Experiment', (text) => {
  expect(() => experimentName(text)).toThrow('is no work folder')
})

it('lists every trial, and those that left nothing', () => {
  const lines = trialLines(resultsOf(collected))
  expect(lines[0]?.split(/ +/)).toEqual(['TRIAL', 'TREATMENT', 'ATTEMPT', 'VERDICT', 'REQUESTS', 'FAILED', 'STARTED', 'WHY'])
  expect(lines.at(-1)).toBe('✘ lost: Evicted: the node went away')
  expect(lines).toHaveLength(collected.trials.length + 2)
})

it.each(['../../etc/passwd', '/etc/passwd', 'raw/../../x', ''])('a file that a tool called "%s" stays where it belongs', (name) => {
  expect(() => pathWithin('/tmp/data/trial', name)).toThrow('would lie outside')
})

it('a file within its folder is fine', () => {
  expect(pathWithin('/tmp/data/trial', 'raw/a/../b.json')).toBe('/tmp/data/trial/raw/b.json')
})
