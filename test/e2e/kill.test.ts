// SPDX-License-Identifier: Apache-2.0
/** kill -9 of all operators at bad moments: the experiment finishes, nothing runs twice, nothing is left. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Stack, Trial } from '../../operator/core/model/kinds.ts'
import { killOperators } from './kill-operators.ts'
import { condition, ended, leftovers, list, stacks, trials, until } from './look.ts'
import { apply, experiment, useTenant } from './tenant.ts'

const namespace = useTenant('kill')
const jobs = new Map<string, Set<string>>()
let watching: NodeJS.Timeout | undefined

beforeAll(() => {
  watching = setInterval(() => { look().catch(() => undefined) }, 300)
})
afterAll(() => clearInterval(watching))

async function look(): Promise<void> {
  for (const { metadata } of await list(namespace(), 'jobs')) jobs.set(metadata.name, (jobs.get(metadata.name) ?? new Set()).add(metadata.uid ?? ''))
}

const one = { design: { treatments: [{ name: 'only', set: {} }] }, execution: { retries: 0, maxFailedTrials: 0, trialTimeout: '2m' } }
const mine = async (name: string): Promise<{ stack: Stack | undefined; trial: Trial | undefined }> => ({
  stack: (await stacks(namespace())).find((s) => s.metadata.name.startsWith(`${name}-`)),
  trial: (await trials(namespace())).find((t) => t.metadata.name.startsWith(`${name}-`)),
})

describe('killing every operator', () => {
  it.each<[string, (name: string) => Promise<boolean>]>([
    ['install', async (name) => (await mine(name)).stack?.status?.phase === 'Installing'],
    ['begin', async (name) => ((await mine(name)).trial?.status?.attempts?.length ?? 0) > 0],
    ['collect', async (name) => (await list<{ metadata: { name: string }; status?: { containerStatuses?: { state?: { terminated?: object } }[] } }>(namespace(), 'pods'))
      .some((p) => p.metadata.name.startsWith(`${name}-`) && p.metadata.name.includes('-a1-') && p.status?.containerStatuses?.[0]?.state?.terminated !== undefined)],
    ['teardown', async (name) => (await mine(name)).stack?.metadata.deletionTimestamp !== undefined],
  ])('during %s loses nothing and repeats nothing', async (name, moment) => {
    await apply(namespace(), experiment(name, one))
    await until(`the moment: ${name}`, () => moment(name), 120_000)
    await killOperators()
    const done = await ended(namespace(), name, 240_000)
    expect(condition(done, 'Complete')?.status, JSON.stringify(done.status)).toBe('True')
    expect(condition(done, 'TornDown')?.status).toBe('True')
    const { trial } = await mine(name)
    expect(trial?.status?.attempts).toHaveLength(1)
    expect(jobs.get(`${trial?.metadata.name ?? ''}-a1`)?.size).toBe(1)
    expect((await leftovers(namespace())).filter((o) => o.includes(`/${name}-`))).toEqual([])
  })
})
