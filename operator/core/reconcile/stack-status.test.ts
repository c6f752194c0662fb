// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Stack } from '../model/kinds.ts'
import type { ReleaseStatus } from '../model/stack.ts'
import { installingStack, readyStack, waitingStack } from './stack-status.ts'

const NOW = Date.parse('2026-01-01T00:10:00Z')
const BEFORE = '2026-01-01T00:05:00.000Z'
const stack = (status: object): Stack => ({ apiVersion: 'assay.dev/v1alpha1', kind: 'Stack', metadata: { name: 's', generation: 2 }, spec: {} as Stack['spec'], status })
const release = (name: string): ReleaseStatus => ({ name, release: `s-${name}`, state: 'installing' })

describe('installingStack', () => {
  it.each<[string, object, string]>([
    ['the first release starts the clock, whatever was waited for', { startTime: BEFORE, phase: 'Pending' }, new Date(NOW).toISOString()],
    ['the second leaves it', { startTime: BEFORE, releases: [release('a')] }, BEFORE],
  ])('%s', (_, status, startTime) => {
    expect(installingStack(stack(status), NOW, { status: release('b'), inventory: [] }).startTime).toBe(startTime)
  })

  it('keeps what the releases before it made', () => {
    const patch = installingStack(stack({ releases: [release('a')], inventory: ['v1/Service/a'] }), NOW, { status: release('b'), inventory: ['v1/Service/b', 'v1/Service/a'] })
    expect([patch.inventory, patch.releases?.map((r) => r.name)]).toEqual([['v1/Service/a', 'v1/Service/b'], ['a', 'b']])
  })
})

describe('readyStack', () => {
  it('counts from the first release', () => {
    expect(readyStack(stack({ startTime: '2026-01-01T00:09:54.500Z' }), NOW, {})).toMatchObject({ startupSeconds: 5.5, phase: 'Ready' })
  })
})

describe('waitingStack', () => {
  it('has nothing to write when the status says so already', () => {
    const wait = { phase: 'Starting', reason: 'Starting', message: '0/1' } as const
    const once = waitingStack(stack({}), NOW, wait)
    expect(once).toMatchObject({ phase: 'Starting' })
    expect(waitingStack(stack({ ...once }), NOW, wait)).toBeUndefined()
  })
})
