// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { kubectl } from '../integration/cluster.ts'
import { condition, ended, leftovers, list, stacks, trials, until } from './look.ts'
import { apply, experiment, SHORT_LOAD, useTenant } from './tenant.ts'

const namespace = useTenant('fail')

const simulator = (values: object, over: object = {}) => ({
  model: { name: 'm' }, serving: { engine: 'simulator' }, endpoint: { service: '{{release.model}}', metrics: {} },
  deploy: { releases: [{ name: 'model', chart: { bundled: 'simulator' }, values: { simulator: { model: { name: '{{model.name}}' }, ...values } } }] }, ...over,
})
const inline = (scenario: object, over: object = {}) => ({ scenarioRef: undefined, scenario, design: { treatments: [{ name: 'only', set: {} }] }, execution: { maxFailedTrials: 0, retries: 0 }, ...over })
const release = (chart: object, values: object = {}) => ({ deploy: { releases: [{ name: 'model', chart, version: '1.0.0', values }] } })

describe('wrong input', () => {
  it.each<[string, object, string, RegExp]>([
    ['factor-path', { design: { fullFactorial: { factors: [{ name: 'tp', path: 'scenario.serving.paralelism.tensor', levels: [1] }] } } }, 'UnknownPath', /parallelism/],
    ['level-type', { design: { fullFactorial: { factors: [{ name: 'tp', path: 'scenario.serving.parallelism.tensor', levels: ['two'] }] } } }, 'WrongType', /two/],
    ['scenario-ref', { scenarioRef: { name: 'simulatr' } }, 'MissingReference', /simulator/],
    ['constraint', { design: { fullFactorial: { factors: [{ name: 'tp', path: 'scenario.serving.parallelism.tensor', levels: [1] }] }, constraints: ['tp > 5'] } }, 'EmptyDesign', /constraint/i],
    ['gate', { gate: { rules: [{ name: 'g', expr: 'p99(tfft) <= 1s' }] } }, 'BadGate', /ttft/],
  ])('%s is refused before anything is stood up', async (name, over, reason, message) => {
    await apply(namespace(), experiment(name, over))
    const refused = await ended(namespace(), name, 30_000)
    expect(condition(refused, 'Ready')).toMatchObject({ status: 'False' })
    expect(condition(refused, 'Failed')).toMatchObject({ status: 'True', message: expect.stringMatching(message) })
    expect(refused.status?.startTime).toBeUndefined()
    expect(reason).toBeTruthy()
    expect((await stacks(namespace())).filter((s) => s.metadata.name.startsWith(`${name}-`))).toEqual([])
  })

  it.each<[string, object, RegExp]>([
    ['no-chart', simulator({}, release({ configMap: { name: 'nowhere' } })), /ConfigMap nowhere/],
    ['bad-values', simulator({ decode: { baseMs: 'fast' } }), /baseMs|schema/],
    ['not-listed', simulator({}, { endpoint: { service: '{{release.model}}', servedModel: 'other', metrics: {} } }), /does not list the model "other"/],
    ['no-image', simulator({}, release({ bundled: 'simulator' }, { image: { repository: 'ghcr.io/assay-dev/nothing', tag: 'none', pullPolicy: 'Never' } })), /nothing|Image/],
  ])('%s fails with its reason, before the stack or by it', async (name, scenario, message) => {
    await apply(namespace(), experiment(name, inline(scenario)))
    const failed = await ended(namespace(), name, 120_000)
    expect(condition(failed, 'Failed')?.status).toBe('True')
    const said = [condition(failed, 'Failed')?.message, ...(failed.status?.failures ?? []).map((f) => f.message)]
    expect(said.join('\n')).toMatch(message)
    expect((await leftovers(namespace())).filter((o) => o.includes(name))).toEqual([])
  })

  it('a Secret without the key is told apart from an endpoint that is down', async () => {
    await kubectl(['-n', namespace(), 'create', 'secret', 'generic', 'key', '--from-literal=other=x'])
    const at = (url: string, key: string) => ({ model: { name: 'm' }, readiness: { timeout: '8s' }, endpoint: { url, credentials: { secretKeyRef: { name: 'key', key } } } })
    await apply(namespace(), experiment('no-key', inline(at('http://kubernetes.default.svc:443', 'token'))), experiment('down', inline(at('http://nobody.default.svc:1', 'other'))))
    const [noKey, down] = await Promise.all([ended(namespace(), 'no-key', 120_000), ended(namespace(), 'down', 120_000)])
    expect(noKey.status?.failures?.[0]?.message).toMatch(/token/)
    expect(down.status?.failures?.[0]?.message).toMatch(/nobody/)
  })
})

describe('a harness', () => {
  const harness = (script: string) => ({
    harnessRef: undefined, harness: {
      image: 'ghcr.io/assay-dev/harness-native:0.1.0', version: '0', supports: { load: ['poisson'], data: ['synthetic'], features: ['drain', 'timeout'] }, command: ['sh', '-c', script], results: { adapter: 'native' }, gracePeriodSeconds: 2,
    },
  })
  const one = { design: { treatments: [{ name: 'only', set: {} }] }, execution: { maxFailedTrials: 0, retries: 0, trialTimeout: '6s' } }

  it.each<[string, string, RegExp]>([
    ['fails', 'echo nothing works >&2; exit 3', /exit code 3|NoSuccessfulRequest|no request/i],
    ['hangs', 'trap "" TERM; while true; do sleep 1; done', /time|NoSuccessfulRequest|HarnessTimedOut/i],
  ])('that %s ends in a clear condition, with its log kept', async (name, script, message) => {
    await apply(namespace(), experiment(name, { ...one, ...harness(script) }))
    const done = await ended(namespace(), name, 120_000)
    expect(condition(done, 'Failed')?.status).toBe('True')
    const trial = (await trials(namespace())).find((t) => t.metadata.name.startsWith(`${name}-`))
    expect(condition(trial ?? {}, 'Failed')?.message, condition(done, 'Failed')?.message).toMatch(message)
    expect((await leftovers(namespace())).filter((o) => o.includes(name))).toEqual([])
  })
})

describe('a server that dies while it is measured', () => {
  it('costs the trial an attempt, not a number', async () => {
    const long = { ...SHORT_LOAD, load: { poisson: { stages: [{ name: 'main', rate: 5, duration: '12s' }] }, drain: '5s' } }
    await apply(namespace(), experiment('dies', { workload: long, design: { treatments: [{ name: 'only', set: {} }] }, execution: { retries: 2, maxFailedTrials: 0 } }))
    const harness = await until('the harness to run', async () => (await list<{ metadata: { name: string; labels?: Record<string, string> }; status?: { containerStatuses?: { state?: { running?: object } }[] } }>(namespace(), 'pods'))
      .find((p) => p.metadata.labels?.['assay.dev/role'] === 'harness' && p.metadata.name.startsWith('dies-') && p.status?.containerStatuses?.[0]?.state?.running !== undefined))
    expect(harness.metadata.name).toContain('-a1-')
    const server = (await list(namespace(), 'pods')).find((p) => p.metadata.name.startsWith('dies-') && p.metadata.labels?.['assay.dev/role'] !== 'harness')
    await kubectl(['-n', namespace(), 'delete', 'pod', server?.metadata.name ?? '', '--grace-period=0', '--force'])
    const done = await ended(namespace(), 'dies', 240_000)
    const trial = (await trials(namespace())).find((t) => t.metadata.name.startsWith('dies-'))
    expect(condition(done, 'Complete')?.status).toBe('True')
    const verdict = trial?.status?.verdict
    const attempts = trial?.status?.attempts ?? []
    expect(verdict === 'suspect' || attempts.length > 1, JSON.stringify(trial?.status)).toBe(true)
    if (attempts.length > 1) expect(attempts[0]?.outcome).toBe('StackLost')
    else expect(trial?.status?.reasons?.join()).toMatch(/ServerRestarted|ErrorRateHigh/)
  })
})
