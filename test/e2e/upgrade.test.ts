// SPDX-License-Identifier: Apache-2.0
/** Stacks of one replicate that are upgrades in place: what is kept, what is new, and that nothing is lost or left whatever happens in between. */
import { describe, expect, it } from 'vitest'
import { Findings } from '../../operator/core/model/findings.ts'
import type { Stack } from '../../operator/core/model/kinds.ts'
import { kubectl } from '../integration/cluster.ts'
import { killOperators } from './kill-operators.ts'
import { condition, ended, leftovers, list, stacks, trials, until } from './look.ts'
import { apply, experiment, our, useTenant } from './tenant.ts'

const namespace = useTenant('upgrade')

/** The simulator's scenario, with the word that makes it upgradable. */
async function useScenario(): Promise<void> {
  const found = JSON.parse(await kubectl(['-n', namespace(), 'get', 'scenarios.assay.dev', 'simulator', '-o', 'json'])) as { spec: { deploy: object } }
  await apply(namespace(), our('Scenario', 'upgraded', { ...found.spec, deploy: { ...found.spec.deploy, upgradeInPlace: true } }))
}

async function begin(name: string, levels: readonly number[], over: object = {}): Promise<void> {
  await useScenario()
  const design = { fullFactorial: { factors: [{ name: 'tp', path: 'scenario.serving.parallelism.tensor', levels }] }, order: { randomize: false } }
  await apply(namespace(), experiment(name, { scenarioRef: { name: 'upgraded' }, design, execution: { retries: 0, maxFailedTrials: 0, trialTimeout: '2m' }, ...over }))
}

const own = async (name: string): Promise<Stack[]> => (await stacks(namespace())).filter((s) => s.metadata.name.startsWith(`${name}-`))
const left = async (name: string): Promise<string[]> => (await leftovers(namespace())).filter((o) => o.includes(`/${name}-`))

/** What every trial says of how its stack came up. */
async function startups(name: string): Promise<Map<string, Findings['startup']>> {
  const maps = await list(namespace(), 'configmaps')
  const measured = (await trials(namespace())).filter((t) => t.metadata.name.startsWith(`${name}-`))
  return new Map(measured.map((t) => [t.spec.stackRef.name, Findings.parse(JSON.parse(maps.find((m) => m.metadata.name === t.status?.results?.configMap)?.data?.['findings.json'] ?? '')).startup]))
}

async function finished(name: string): Promise<void> {
  const done = await ended(namespace(), name, 300_000)
  expect(condition(done, 'Complete')?.status, JSON.stringify(done.status)).toBe('True')
  expect(condition(done, 'TornDown')?.status).toBe('True')
  expect((await trials(namespace())).filter((t) => t.metadata.name.startsWith(`${name}-`)).map((t) => t.status?.attempts?.length)).toEqual(expect.arrayContaining([1]))
  expect(await own(name)).toEqual([])
  expect(await left(name)).toEqual([])
}

describe('stacks that are upgraded in place', () => {
  it('share a release, never a pod, and leave nothing', async () => {
    await begin('chain', [1, 2, 4])
    const seen = new Set<string>()
    const looking = setInterval(() => { list(namespace(), 'secrets').then((all) => { for (const s of all) if (s.metadata.name.startsWith('sh.helm.release.v1.chain-')) seen.add(s.metadata.name.replace(/^sh\.helm\.release\.v1\./, '')) }).catch(() => undefined) }, 500)
    await finished('chain').finally(() => clearInterval(looking))
    expect(new Set([...seen].map((s) => s.split('.').at(-1)))).toEqual(new Set(['v1', 'v2', 'v3']))
    expect(new Set([...seen].map((s) => s.split('.')[0])).size).toBe(1)
    const found = [...(await startups('chain')).values()]
    expect(found.filter((s) => s?.upgradedFrom !== undefined)).toHaveLength(2)
    expect(new Set(found.flatMap((s) => s?.pods.map((p) => p.pod) ?? [])).size).toBe(3)
  })

  it('are installed afresh, once, when helm refuses the upgrade', async () => {
    await begin('refused', [1, 2])
    const first = await until('the first stack', async () => (await own('refused')).find((s) => condition(s, 'Ready')?.status === 'True'))
    // Somebody else has a field that the upgrade changes: server-side apply refuses.
    const name = `${first.metadata.name}-model`
    const map = (await list(namespace(), 'configmaps')).find((m) => m.metadata.name === name)
    await kubectl(['-n', namespace(), 'apply', '--server-side', '--force-conflicts', '--field-manager=somebody', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: map?.data }))
    const said = await until('the failed upgrade', async () => (await own('refused')).find((s) => s.status?.upgradeFailed !== undefined)?.status?.upgradeFailed)
    expect(said).toContain('conflict')
    await finished('refused')
    expect([...(await startups('refused')).values()].filter((s) => s?.upgradedFrom !== undefined)).toEqual([])
  })

  it.each<[string, (stack: Stack) => boolean]>([
    ['takeover', (s) => condition(s, 'Ready')?.reason === 'TakingOver'],
    ['upgrade', (s) => s.status?.upgradedFrom !== undefined && condition(s, 'Ready')?.status !== 'True'],
  ])('lose nothing when every operator is killed during %s', async (name, moment) => {
    await begin(name, [1, 2])
    await until(`the moment: ${name}`, async () => (await own(name)).some(moment), 120_000)
    await killOperators()
    await finished(name)
  })

  it('leave nothing when the Experiment is deleted while they change hands', async () => {
    await begin('deleted', [1, 2])
    await until('the moment', async () => (await own('deleted')).some((s) => condition(s, 'Ready')?.reason === 'TakingOver'), 120_000)
    await kubectl(['-n', namespace(), 'delete', 'experiments.assay.dev', 'deleted', '--timeout=60s'])
    await until('everything gone', async () => (await left('deleted')).length === 0 && (await own('deleted')).length === 0, 90_000)
  })
})
