// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Stack } from '../model/kinds.ts'
import type { Succession } from './hand-over.ts'
import { decideStack, decideTrouble } from './stack.ts'
import type { ObservedStack, ReleaseState, WorkloadsView } from './stack-observed.ts'

const NOW = Date.parse('2026-01-01T00:10:00Z')
const condition = (type: string, status = 'True') => ({ type, status, reason: 'x', message: 'm', lastTransitionTime: '' })
const stack = (status: object = {}, metadata: object = {}): Stack => ({
  apiVersion: 'assay.dev/v1alpha1', kind: 'Stack', metadata: { name: 's', uid: 'u', ...metadata }, spec: { reinstalls: 1 } as Stack['spec'], status: status,
})
const deployed = (workloads: WorkloadsView): ReleaseState => ({ kind: 'deployed', sinceMs: NOW - 1000, workloads })
const up = deployed({ kind: 'ready' })
const deploy = { kind: 'deploy', releases: 1, timeoutMs: 1_500_000, troubleGraceMs: 120_000 } as const
const seen = (over: Partial<ObservedStack>): ObservedStack => ({
  stack: stack(), now: NOW, hasFinalizer: true, namespaceTerminating: false, forceDelete: false, scenario: deploy, succession: { kind: 'own' }, remains: undefined, releases: [{ kind: 'absent' }], probe: { kind: 'none' },
  leftovers: undefined, factsDigest: undefined, ...over,
})
const began = { startTime: '2026-01-01T00:09:00Z' }
const late = { startTime: '2025-12-31T23:00:00Z' }
const ready = stack({ ...began, readyTime: 'x', factsDigest: 'a', conditions: [condition('Ready')] })
const offered = (asked: boolean): Succession => ({ kind: 'offered', from: ready, asked })
const inherited: ReleaseState = { kind: 'inherited' }
const taken = stack({ ...began, takenFrom: { name: 'o', uid: 'o' } })
const upgrading = stack({ ...taken.status, upgradedFrom: 'o', releases: [{ name: 'model', release: 'o-model', state: 'upgrading', revision: 2 }] })
const afresh = stack({ ...taken.status, upgradeFailed: 'm', releases: [{ name: 'model', release: 'o-model', state: 'installing', revision: 1 }] })
const deleted = (status: object = {}) => stack(status, { deletionTimestamp: 'x' })
const crash = { kind: 'failed', reason: 'CrashLoopBackOff', message: 'm' } as const
const probeFailed = (hopeless: boolean, atMs = NOW) => ({ kind: 'failed', reason: 'ModelNotListed', message: 'm', hopeless, atMs }) as const

describe('decideStack', () => {
  it.each<[string, Partial<ObservedStack>, object]>([
    ['adds its finalizer before anything else', { hasFinalizer: false }, { kind: 'addFinalizer' }],
    ['refuses bad input', { scenario: { kind: 'refused', reason: 'BadTemplate', message: 'm' } }, { kind: 'fail', reason: 'BadTemplate' }],
    ['needs nothing for an in-process scenario', { scenario: { kind: 'inProcess' }, releases: [] }, { kind: 'ready' }],
    ['looks Helm\'s storage up', { releases: [{ kind: 'unknown' }] }, { kind: 'lookUp' }],
    ['installs the first release', {}, { kind: 'install', release: 0 }],
    ['waits for helm', { releases: [{ kind: 'busy' }] }, { kind: 'wait', phase: 'Installing' }],
    ['removes what a killed helm left', { releases: [{ kind: 'interrupted' }] }, { kind: 'uninstall', why: 'Interrupted' }],
    ['fails when helm fails', { releases: [{ kind: 'failed', message: 'm' }] }, { kind: 'fail', reason: 'HelmFailed' }],
    ['waits for workloads before the next release', { releases: [deployed({ kind: 'progressing', message: '0/1' }), { kind: 'absent' }], stack: stack(began) }, { kind: 'wait', phase: 'Starting', againInMs: 1_440_000 }],
    ['installs the second release when the first is ready', { releases: [up, { kind: 'absent' }] }, { kind: 'install', release: 1 }],
    ['fails fast on a crash loop', { releases: [deployed(crash)], stack: stack(began) }, { kind: 'fail', reason: 'CrashLoopBackOff' }],
    ['gives trouble a grace', { releases: [deployed({ kind: 'troubled', reason: 'Unschedulable', message: 'm', sinceMs: NOW - 20_000 })], stack: stack(began) }, { kind: 'wait', reason: 'Unschedulable', againInMs: 100_000 }],
    ['ends the grace', { releases: [deployed({ kind: 'troubled', reason: 'Unschedulable', message: 'm', sinceMs: NOW - 120_000 })], stack: stack(began) }, { kind: 'fail', reason: 'Unschedulable' }],
    ['times out', { releases: [deployed({ kind: 'progressing', message: 'm' })], stack: stack(late) }, { kind: 'fail', reason: 'ReadinessTimeout' }],
    ['probes when all workloads are ready', { releases: [up] }, { kind: 'probe' }],
    ['waits for the probe', { releases: [up], probe: { kind: 'running' } }, { kind: 'wait', phase: 'Probing' }],
    ['is ready when the probe has passed', { releases: [up], probe: { kind: 'passed' } }, { kind: 'ready' }],
    ['fails at once on a model that is not listed', { releases: [up], probe: probeFailed(true), stack: stack(began) }, { kind: 'fail', reason: 'ModelNotListed' }],
    ['rests between probes', { releases: [up], probe: probeFailed(false), stack: stack(began) }, { kind: 'wait', phase: 'Probing', againInMs: 1000 }],
    ['probes again', { releases: [up], probe: probeFailed(false, NOW - 1000), stack: stack(began) }, { kind: 'probe' }],
    ['stops probing at the timeout', { releases: [up], probe: probeFailed(false), stack: stack(late) }, { kind: 'fail', reason: 'ModelNotListed' }],
    ['probes a server that is there already', { scenario: { kind: 'external', timeoutMs: 1 }, releases: [], hasFinalizer: false }, { kind: 'probe' }],
    ['has nothing to do when it stands', { stack: ready, releases: [up], factsDigest: 'a' }, { kind: 'done' }],
    ['looks up after a restart of the operator', { stack: ready, releases: [{ kind: 'unknown' }] }, { kind: 'lookUp' }],
    ['notices drift', { stack: ready, releases: [up], factsDigest: 'b' }, { kind: 'drifted' }],
    ['notices that the server is lost', { stack: ready, releases: [deployed({ kind: 'progressing', message: '0/1' })] }, { kind: 'unready', reason: 'ServerLost' }],
    ['installs a crashed server again', { stack: ready, releases: [deployed(crash)] }, { kind: 'reinstall', reason: 'CrashLoopBackOff' }],
    ['does so once', { stack: stack({ ...ready.status, reinstalls: 1 }), releases: [deployed(crash)] }, { kind: 'fail', reason: 'CrashLoopBackOff' }],
    ['installs again when somebody removed a release', { stack: ready }, { kind: 'reinstall', reason: 'ReleaseGone' }],
    ['rests when failed', { stack: stack({ conditions: [condition('Failed')] }) }, { kind: 'done' }],
    ['uninstalls on deletion', { stack: deleted(), releases: [up] }, { kind: 'uninstall', why: 'Deleted' }],
    ['uninstalls a failed stack too', { stack: deleted({ conditions: [condition('Failed')] }), releases: [{ kind: 'failed', message: '' }] }, { kind: 'uninstall' }],
    ['lets helm end before it uninstalls', { stack: deleted(), releases: [{ kind: 'busy' }] }, { kind: 'wait', phase: 'TearingDown' }],
    ['looks up before it believes that nothing is there', { stack: deleted(), releases: [{ kind: 'unknown' }] }, { kind: 'lookUp' }],
    ['looks for leftovers', { stack: deleted() }, { kind: 'sweep' }],
    ['waits for leftovers', { stack: deleted(), leftovers: ['Pod/x'] }, { kind: 'wait', reason: 'LeftoversRemain' }],
    ['is gone when nothing is left', { stack: deleted(), leftovers: [] }, { kind: 'gone' }],
    ['lets go without a finalizer', { stack: deleted(), hasFinalizer: false }, { kind: 'done' }],
    ['skips Helm in a namespace that goes', { stack: deleted(), namespaceTerminating: true, releases: [up] }, { kind: 'gone', warning: expect.stringContaining('namespace') }],
    ['has a way out', { stack: deleted({ inventory: ['Service/a'] }), forceDelete: true, releases: [up] }, { kind: 'gone', warning: expect.stringContaining('Service/a') }],
    ['waits for who has the releases', { succession: { kind: 'waits', holder: 'o' }, releases: [{ kind: 'unknown' }] }, { kind: 'wait', phase: 'Pending', reason: 'ReleasesHeld' }],
    ['asks for releases, on record', { succession: offered(false), releases: [{ kind: 'unknown' }] }, { kind: 'ask', from: { metadata: { name: 's' } } }],
    ['then takes them', { succession: offered(true), releases: [{ kind: 'unknown' }] }, { kind: 'takeOver' }],
    ['clears what the stack before has running', { stack: taken, releases: [inherited] }, { kind: 'clear' }],
    ['waits for its pods', { stack: taken, releases: [inherited], remains: ['Pod/x'] }, { kind: 'wait', phase: 'Installing', reason: 'TakingOver', message: expect.stringContaining('Pod/x') }],
    ['installs afresh when they do not go', { stack: stack({ ...taken.status, ...late }), releases: [inherited], remains: ['Pod/x'] }, { kind: 'afresh', reason: 'OldPodsRemain' }],
    ['upgrades once nothing remains', { stack: taken, releases: [inherited], remains: [] }, { kind: 'upgrade', release: 0 }],
    ['does not clear what it has made itself', { stack: upgrading, releases: [up, inherited] }, { kind: 'upgrade', release: 1 }],
    ['upgrades again what a killed operator had only put on record', { stack: upgrading, releases: [inherited] }, { kind: 'upgrade', release: 0 }],
    ['waits for the workloads of an upgrade', { stack: upgrading, releases: [deployed({ kind: 'progressing', message: '0/1' })] }, { kind: 'wait', phase: 'Starting' }],
    ['installs afresh when helm was killed in an upgrade', { stack: upgrading, releases: [{ kind: 'interrupted' }] }, { kind: 'afresh', reason: 'Interrupted' }],
    ['installs afresh when an upgrade fails', { stack: upgrading, releases: [{ kind: 'failed', message: 'immutable' }] }, { kind: 'afresh', reason: 'HelmFailed', message: 'immutable' }],
    ['installs afresh when an upgraded server crashes', { stack: upgrading, releases: [deployed(crash)] }, { kind: 'afresh', reason: 'CrashLoopBackOff' }],
    ['installs afresh when an upgraded server is the wrong one', { stack: upgrading, releases: [up], probe: probeFailed(true) }, { kind: 'afresh', reason: 'ModelNotListed' }],
    ['does so once', { stack: afresh, releases: [deployed(crash)] }, { kind: 'fail', reason: 'CrashLoopBackOff' }],
    ['removes what is left of a failed upgrade', { stack: afresh, releases: [{ kind: 'interrupted' }] }, { kind: 'uninstall' }],
    ['installs a crashed upgraded server again as any other', { stack: stack({ ...ready.status, upgradedFrom: 'o' }), releases: [deployed(crash)] }, { kind: 'reinstall' }],
    ['installs what it asked for and the other one removed', { stack: taken }, { kind: 'install', release: 0 }],
    ['makes sure that what it removed is gone', { stack: afresh }, { kind: 'sweep' }],
    ['waits for it', { stack: afresh, leftovers: ['Deployment/x'] }, { kind: 'wait', phase: 'Installing', reason: 'LeftoversRemain' }],
    ['not for ever', { stack: stack({ ...afresh.status, ...late }), leftovers: ['Deployment/x'] }, { kind: 'fail', reason: 'LeftoversRemain' }],
    ['then installs', { stack: afresh, leftovers: [] }, { kind: 'install', release: 0 }],
    ['sweeps nothing while a release stands', { stack: afresh, releases: [up, { kind: 'absent' }] }, { kind: 'install', release: 1 }],
    ['rests when it has handed its releases over', { stack: ready, succession: { kind: 'handedOver', to: 'n' }, releases: [{ kind: 'absent' }] }, { kind: 'done' }],
    ['goes without touching what it handed over', { stack: deleted(), succession: { kind: 'handedOver', to: 'n' }, releases: [up] }, { kind: 'gone', note: expect.stringContaining('n') }],
    ['goes without touching what is another\'s', { stack: deleted(), succession: { kind: 'waits', holder: 'o' }, releases: [up] }, { kind: 'gone', note: expect.any(String) }],
    ['goes without touching what it was only offered', { stack: deleted(), succession: offered(true), releases: [up] }, { kind: 'gone', note: expect.any(String) }],
    ['removes what it took over and has not upgraded yet', { stack: deleted(taken.status), releases: [inherited] }, { kind: 'uninstall' }],
  ])('%s', (_, over, want) => {
    expect(decideStack(seen(over))).toMatchObject(want)
  })
})

describe('decideTrouble', () => {
  const why = { reason: 'NotATenant', message: 'm' }
  it.each<[string, Partial<ObservedStack>, object]>([
    ['is said before anything stands', {}, { kind: 'wait', phase: 'Pending', ...why }],
    ['keeps the phase', { stack: stack({ ...began, phase: 'Installing' }) }, { kind: 'wait', phase: 'Installing', ...why }],
    ['gives up when the stack should long serve', { stack: stack(late) }, { kind: 'fail', ...why }],
    ['never doubts a stack that stands', { stack: ready }, { kind: 'done' }],
    ['never gives a removal up', { stack: deleted(late) }, { kind: 'wait', phase: 'TearingDown', ...why }],
  ])('%s', (_, over, want) => {
    expect(decideTrouble(seen(over), why)).toEqual(want)
  })
})
