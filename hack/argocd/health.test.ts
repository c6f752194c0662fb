// SPDX-License-Identifier: Apache-2.0
/** What Argo CD and Flux make of our objects: the Lua script run by a Lua interpreter, the guide's CEL by a CEL one, on statuses that our own code writes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { evaluate } from '@marcbachmann/cel-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LuaEngine, LuaFactory } from 'wasmoon'
import { parse } from 'yaml'
import { type Condition } from '../../operator/core/model/common.ts'
import { ExperimentSpec, ExperimentStatus } from '../../operator/core/model/experiment.ts'
import type { Experiment, Stack, Trial } from '../../operator/core/model/kinds.ts'
import { StackStatus } from '../../operator/core/model/stack.ts'
import { TrialStatus } from '../../operator/core/model/trial.ts'
import type { ObservedExperiment } from '../../operator/core/reconcile/experiment-observed.ts'
import { plannedStatus, type Progress, progressStatus, refusedStatus } from '../../operator/core/reconcile/experiment-status.ts'
import { failedStack, readyStack, removingStack, waitingStack } from '../../operator/core/reconcile/stack-status.ts'
import { failedStatus, waitingStatus } from '../../operator/core/reconcile/trial-status.ts'
import { HEALTH_CASES, type HealthState } from '../../operator/core/schema/health-cases.ts'
import { objectOf } from '../../operator/core/schema/testdata/valid-objects.ts'

const SCRIPT = readFileSync(join(import.meta.dirname, 'health.lua'), 'utf8')
const NOW = Date.parse('2026-01-01T00:00:00Z')

let lua: LuaEngine
beforeAll(async () => { lua = await new LuaFactory().createEngine({ openStandardLibs: true }) })
afterAll(() => lua.global.close())

/** As Argo CD runs it: the object is the global `obj`, the answer is the table that the script returns. */
async function argoHealth(obj: object): Promise<{ readonly status: string; readonly message: string }> {
  lua.global.set('obj', JSON.parse(JSON.stringify(obj)))
  return await lua.doString(SCRIPT) as { status: string; message: string }
}

const of = <T>(kind: 'Experiment' | 'Stack' | 'Trial', generation = 1) => ({ ...objectOf(kind), metadata: { name: 'x', namespace: 'n', generation } }) as unknown as T
const experiment = { ...of<Experiment>('Experiment'), spec: ExperimentSpec.parse(objectOf('Experiment').spec) }

/** What the API server keeps of a patch: null removes. */
function merged<S>(before: object | undefined, patch: object | undefined): S {
  return Object.fromEntries(Object.entries({ ...before, ...patch }).filter(([, value]) => value !== null)) as S
}

const planned = merged<ExperimentStatus>(undefined, plannedStatus(experiment, NOW, { run: 1, snapshot: { name: 's', digest: 'd' }, specDigest: 'd', treatments: 1, trials: 1, stacks: 1 }))
const rules = { suspend: false, parallelStacks: 1, maxFailedTrials: 0, idleTimeoutMs: 1, teardown: 'Always', holdMs: 0 } as const
const seen = (more: Partial<ObservedExperiment>): ObservedExperiment => ({
  now: NOW, startMs: NOW, suspendedMs: 0, rules, plan: { stacks: [{ name: 'a', trials: [0] }], trials: [{ name: 'a', stack: 0 }] }, stacks: [{ kind: 'absent' }], trials: ['succeeded'], ...more,
})
const later = (more: Partial<Progress>): ExperimentStatus =>
  merged(planned, progressStatus({ ...experiment, status: planned }, { seen: seen({}), failures: [], removed: 1, ...more }))
const gate = (result: 'passed' | 'failed' | 'insufficient', onInsufficient: Progress['onInsufficient']) =>
  later({ outcome: { kind: 'succeeded', held: 0 }, gate: { result, rules: [{ name: 'r', result, message: 'p99 was 700 ms' }] }, onInsufficient })

/** The operator's own statuses, one for each row of the truth table. */
const WRITTEN: Readonly<Record<HealthState, ExperimentStatus>> = {
  running: planned,
  suspended: later({ seen: seen({ rules: { ...rules, suspend: true }, trials: ['pending'] }) }),
  succeeded: gate('passed', 'Fail'),
  failed: later({ outcome: { kind: 'failed', reason: 'TooManyFailedTrials', message: '4 trials failed' } }),
  gateFailed: gate('failed', 'Fail'),
  insufficientFails: gate('insufficient', 'Fail'),
  insufficientPasses: gate('insufficient', 'Pass'),
  insufficientUnknown: gate('insufficient', 'Unknown'),
  budgetEnded: later({ outcome: { kind: 'exhausted', message: '12 of 12 GPU-hours used', covered: true } }),
  budgetShort: later({ outcome: { kind: 'exhausted', message: '12 of 12 GPU-hours used', covered: false } }),
}
const states = Object.keys(HEALTH_CASES) as HealthState[]

describe.each(states)('an Experiment that is %s', (state) => {
  const status = WRITTEN[state]
  const { conditions, argo, kstatus } = HEALTH_CASES[state]

  it('has a status that fits its schema and the conditions of the truth table', () => {
    ExperimentStatus.parse(status)
    const telling = new Set(['Ready', 'Reconciling', 'Stalled', 'Complete', 'Failed', 'Suspended', ...('GatePassed' in conditions ? ['GatePassed'] : [])])
    const actual = Object.fromEntries((status.conditions ?? []).filter(({ type }) => telling.has(type)).map((condition) => [condition.type, condition.status]))
    expect(actual).toEqual(conditions)
  })

  it(`is ${argo} for Argo CD, with the operator's own words`, async () => {
    const health = await argoHealth({ ...experiment, status })
    expect(health.status).toBe(argo)
    const said = argo === 'Suspended' && state === 'suspended' ? 'Suspended' : 'Ready'
    expect(health.message).toBe(status.conditions?.find(({ type }) => type === said)?.message)
  })

  it(`is ${kstatus} for kstatus`, () => {
    expect(kstatusOf(status.conditions ?? [])).toBe(kstatus)
  })
})

/** The rules of kstatus for conditions, after it has compared generations. */
function kstatusOf(conditions: readonly Condition[]): string {
  const is = (type: string, status: string) => conditions.some((c) => c.type === type && c.status === status)
  if (is('Stalled', 'True')) return 'Failed'
  if (is('Reconciling', 'True')) return 'InProgress'
  return is('Ready', 'True') ? 'Current' : 'InProgress'
}

describe('Argo CD', () => {
  const stack = of<Stack>('Stack')
  const trial = of<Trial>('Trial')
  const why = { reason: 'Unschedulable', message: 'no node has 8 GPUs' }
  const ready = merged<StackStatus>(undefined, readyStack(stack, NOW, {}))
  it.each<readonly [string, object, string]>([
    ['an object that nobody has looked at', experiment, 'Progressing'],
    ['an object with an empty status', { ...experiment, status: {} }, 'Progressing'],
    ['an object with no conditions yet', { ...experiment, status: { conditions: [] } }, 'Progressing'],
    ['an Experiment that was refused', { ...experiment, status: ExperimentStatus.parse(merged(undefined, refusedStatus(experiment, NOW, { reason: 'UnknownPath', message: 'no' }))) }, 'Degraded'],
    ['an ended Experiment whose change is not seen yet', { ...experiment, metadata: { name: 'x', generation: 2 }, status: WRITTEN.succeeded }, 'Progressing'],
    ['a Stack that comes up', { ...stack, status: StackStatus.parse(merged(undefined, waitingStack(stack, NOW, { phase: 'Starting', ...why }))) }, 'Progressing'],
    ['a Stack that serves', { ...stack, status: StackStatus.parse(ready) }, 'Healthy'],
    ['a Stack that failed', { ...stack, status: StackStatus.parse(merged(undefined, failedStack(stack, NOW, why))) }, 'Degraded'],
    ['a Stack that is taken down', { ...stack, status: StackStatus.parse(merged(ready, removingStack({ ...stack, status: ready }, NOW, 'Helm removes the releases'))) }, 'Progressing'],
    ['a Trial that waits', { ...trial, status: TrialStatus.parse(merged(undefined, waitingStatus(trial, NOW, { phase: 'Waiting', ...why }))) }, 'Progressing'],
    ['a Trial that failed', { ...trial, status: TrialStatus.parse(merged(undefined, failedStatus(trial, NOW, why))) }, 'Degraded'],
  ])('%s', async (_what, object, wanted) => {
    const health = await argoHealth(object)
    expect(health.status).toBe(wanted)
    expect(health.message).not.toBe('')
  })

  it('is given a script without libraries, in the words of Lua 5.1', () => {
    const code = SCRIPT.replaceAll(/--.*$/gm, '')
    expect(code).not.toMatch(/\b(goto|require|os|io|string|table|load|print)\b|\/\/|[&|~]{1}(?!=)/)
  })
})

interface HealthExpr { readonly kind: string; readonly apiVersion: string; readonly failed: string; readonly current: string }
const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/gitops.md'), 'utf8')
const snippets = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => parse(text) as { spec?: { healthCheckExprs: HealthExpr[] } })
  .flatMap(({ spec }) => (spec === undefined ? [] : [spec]))

describe('Flux, by the guide', () => {
  const judge = (snippet: number, status: object) => {
    const [expr] = snippets[snippet]?.healthCheckExprs ?? []
    if (expr === undefined) throw new Error(`the guide has no snippet ${snippet}`)
    const says = (cel: string) => evaluate(cel, { ...experiment, status }) as boolean
    const [failed, current] = [says(expr.failed), says(expr.current)]
    // The order in which they are asked must not matter.
    expect(failed && current).toBe(false)
    return failed ? 'Failed' : (current ? 'Current' : 'InProgress')
  }

  it('there are two ways, for our kind', () => {
    expect(snippets.map(({ healthCheckExprs }) => healthCheckExprs.map(({ kind, apiVersion }) => `${apiVersion} ${kind}`))).toEqual([['assay.dev/v1alpha1 Experiment'], ['assay.dev/v1alpha1 Experiment']])
  })

  it.each(states)('who waits for the end sees one that is %s as kstatus does, but a suspended one as current', (state) => {
    expect(judge(0, WRITTEN[state])).toBe(state === 'suspended' ? 'Current' : HEALTH_CASES[state].kstatus)
  })

  it.each(states)('who goes on once it is under way sees one that is %s as current', (state) => {
    expect(judge(1, WRITTEN[state])).toBe('Current')
  })

  it('a refused one is failed for both, and one that nobody has looked at is in progress', () => {
    const refused = merged<ExperimentStatus>(undefined, refusedStatus(experiment, NOW, { reason: 'UnknownPath', message: 'no' }))
    for (const snippet of [0, 1]) {
      expect(judge(snippet, refused)).toBe('Failed')
      expect(judge(snippet, {})).toBe('InProgress')
    }
  })
})
