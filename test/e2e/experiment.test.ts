// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { Findings } from '../../operator/core/model/findings.ts'
import { BenchmarkReport } from '../../operator/core/model/benchmark-report.ts'
import { kubectl } from '../integration/cluster.ts'
import { condition, ended, getExperiment, leftovers, list, stacks, trials, until } from './look.ts'
import { apply, experiment, our, SHORT_LOAD, useTenant } from './tenant.ts'

const namespace = useTenant('main')

describe('an Experiment', () => {
  it('goes from kubectl apply to results, and leaves nothing else', async () => {
    await apply(namespace(), experiment('whole', { design: {
      fullFactorial: { factors: [
        { name: 'tp', path: 'scenario.serving.parallelism.tensor', levels: [1, 2] },
        { name: 'rate', path: 'workload.load.poisson.stages[main].rate', levels: [5, 15], unit: 'req/s' },
      ] },
    }, execution: { parallelStacks: 2 }, gate: { rules: [{ name: 'errors', expr: 'value(error_rate) <= 1%' }] } }))
    const done = await ended(namespace(), 'whole')
    expect(condition(done, 'Complete')).toMatchObject({ status: 'True' })
    expect(condition(done, 'Ready')).toMatchObject({ status: 'True' })
    expect(condition(done, 'TornDown')).toMatchObject({ status: 'True' })
    expect(condition(done, 'GatePassed')).toMatchObject({ status: 'True' })
    expect(done.status).toMatchObject({ phase: 'Succeeded', progress: '4/4', treatments: 4, trials: { total: 4, succeeded: 4, failed: 0 }, stacks: { total: 2, up: 0, removed: 2 } })
    expect(await stacks(namespace())).toEqual([])
    expect(await leftovers(namespace())).toEqual([])
  })

  it('keeps findings and a benchmark report of every trial', async () => {
    const measured = await trials(namespace())
    expect(measured).toHaveLength(4)
    for (const trial of measured) {
      const map = (await list(namespace(), 'configmaps')).find((m) => m.metadata.name === trial.status?.results?.configMap)
      const findings = Findings.parse(JSON.parse(map?.data?.['findings.json'] ?? ''))
      expect(findings.trial).toMatchObject({ name: trial.metadata.name, namespace: namespace(), attempt: 1 })
      const [stage] = findings.stages
      expect(stage?.requests.failed).toBe(0)
      expect(stage?.requests.ok).toBeGreaterThan(0)
      expect(stage?.distributions['ttft']?.p50).toBeGreaterThan(0)
      expect(stage?.distributions['output_length']).toMatchObject({ min: 8, max: 8 })
      const report = BenchmarkReport.parse(parse(map?.data?.['report.main.yaml'] ?? ''))
      expect(report.version).toBe('0.2.1')
      expect(trial.status?.attempts).toHaveLength(1)
    }
  })

  it('tells its story in Events', async () => {
    const events = await until('the Event of the end', async () => {
      const told = (await list<{ reason: string; regarding?: { name: string } }>(namespace(), 'events.events.k8s.io')).filter((e) => e.regarding?.name === 'whole').map((e) => e.reason)
      return told.includes('Complete') && told
    }, 30_000)
    expect(new Set(events)).toEqual(new Set(['Planned', 'StackCreated', 'StackRemoved', 'Complete']))
  })

  it('runs again when the annotation says so, and only then', async () => {
    await kubectl(['-n', namespace(), 'annotate', 'experiments.assay.dev', 'whole', 'assay.dev/rerun=again'])
    const again = await until('the second run to end', async () => {
      const e = await getExperiment(namespace(), 'whole')
      return e.status?.run === 2 && condition(e, 'Complete')?.status === 'True' && e
    })
    expect(again.status).toMatchObject({ run: 2, handledRerun: 'again', progress: '4/4' })
    expect((await trials(namespace())).map((t) => t.metadata.labels?.['assay.dev/run']).toSorted((a, b) => Number(a) - Number(b))).toEqual(['1', '1', '1', '1', '2', '2', '2', '2'])
  })
})

describe('a change after start', () => {
  it('keeps to what was planned when the library is edited meanwhile', async () => {
    await apply(namespace(), our('WorkloadProfile', 'edited', SHORT_LOAD))
    await apply(namespace(), experiment('snapshot', { workload: undefined, workloadRef: { name: 'edited' } }))
    await until('a trial of it', async () => (await trials(namespace())).some((t) => t.metadata.name.startsWith('snapshot-')))
    await apply(namespace(), our('WorkloadProfile', 'edited', { ...SHORT_LOAD, data: { synthetic: { input: { fixed: 999 }, output: { fixed: 8 } } } }))
    await ended(namespace(), 'snapshot')
    const lengths = (await trials(namespace())).filter((t) => t.metadata.name.startsWith('snapshot-')).map((t) => t.spec.workload.data.synthetic?.input.fixed)
    expect(lengths).toEqual([32, 32])
  })

  it('measures only what was added when the matrix grows', async () => {
    const before = (await trials(namespace())).filter((t) => t.metadata.name.startsWith('snapshot-')).map((t) => t.metadata.uid)
    const grow = { spec: { design: { fullFactorial: { factors: [{ name: 'tp', path: 'scenario.serving.parallelism.tensor', levels: [1, 2, 4] }] } } } }
    await kubectl(['-n', namespace(), 'patch', 'experiments.assay.dev', 'snapshot', '--type=merge', '-p', JSON.stringify(grow)])
    await until('three of three', async () => (await getExperiment(namespace(), 'snapshot')).status?.progress === '3/3')
    const done = await ended(namespace(), 'snapshot')
    expect(condition(done, 'Complete')?.status).toBe('True')
    const after = (await trials(namespace())).filter((t) => t.metadata.name.startsWith('snapshot-'))
    expect(after.map((t) => t.metadata.uid)).toEqual(expect.arrayContaining(before))
    expect(after.map((t) => t.spec.block).toSorted((a, b) => a - b)).toEqual([0, 0, 1])
  })

  it('refuses to take away what was planned', async () => {
    const shrink = { spec: { design: { fullFactorial: { factors: [{ name: 'tp', path: 'scenario.serving.parallelism.tensor', levels: [2, 4] }] } } } }
    await kubectl(['-n', namespace(), 'patch', 'experiments.assay.dev', 'snapshot', '--type=merge', '-p', JSON.stringify(shrink)])
    const refused = await until('the refusal', async () => {
      const e = await getExperiment(namespace(), 'snapshot')
      return condition(e, 'Stalled')?.reason === 'SpecChangeRefused' && e
    }, 30_000)
    expect(condition(refused, 'Stalled')?.message).toContain('none taken away')
  })

  it('starts nothing while suspended, and goes on', async () => {
    await apply(namespace(), experiment('pause', { suspend: true }))
    await until('suspension', async () => condition(await getExperiment(namespace(), 'pause'), 'Suspended')?.status === 'True', 30_000)
    expect((await stacks(namespace())).filter((s) => s.metadata.name.startsWith('pause-'))).toEqual([])
    await kubectl(['-n', namespace(), 'patch', 'experiments.assay.dev', 'pause', '--type=merge', '-p', '{"spec":{"suspend":false}}'])
    expect((await ended(namespace(), 'pause')).status).toMatchObject({ phase: 'Succeeded', progress: '2/2' })
  })

  it('is cancelled by deletion, and nothing is left', async () => {
    await apply(namespace(), experiment('cancel', { workload: { ...SHORT_LOAD, load: { poisson: { stages: [{ name: 'main', rate: 5, duration: '60s' }] } } } }))
    await until('a running trial', async () => (await trials(namespace())).some((t) => t.metadata.name.startsWith('cancel-') && t.status?.phase === 'Running'))
    await kubectl(['-n', namespace(), 'delete', 'experiments.assay.dev', 'cancel', '--timeout=60s'])
    await until('everything gone', async () => (await leftovers(namespace())).every((o) => !o.includes('cancel-')) && (await stacks(namespace())).every((s) => !s.metadata.name.startsWith('cancel-')), 60_000)
  })
})

describe('a Stack and a Trial alone', () => {
  it('are standup, run and teardown', async () => {
    await apply(namespace(), our('Stack', 'alone', { scenarioRef: { name: 'simulator' } }))
    await kubectl(['-n', namespace(), 'wait', 'stacks.assay.dev/alone', '--for=condition=Ready', '--timeout=90s'])
    const harness = JSON.parse(await kubectl(['-n', namespace(), 'get', 'harnesses.assay.dev', 'native', '-o', 'json'])) as { spec: object }
    await apply(namespace(), our('Trial', 'alone', { stackRef: { name: 'alone' }, workload: SHORT_LOAD, harness: harness.spec }))
    await kubectl(['-n', namespace(), 'wait', 'trials.assay.dev/alone', '--for=condition=Complete', '--timeout=120s'])
    await kubectl(['-n', namespace(), 'delete', 'stacks.assay.dev', 'alone', '--timeout=60s'])
    expect((await leftovers(namespace())).filter((o) => o.includes('alone'))).toEqual([])
  })
})
