// SPDX-License-Identifier: Apache-2.0
/** Bytes of an Experiment's status for 1, 100 and 10,000 trials, at its worst: running with failures, and ended with a gate. */
import type { Experiment } from '../operator/core/model/kinds.ts'
import { ExperimentStatus } from '../operator/core/model/experiment.ts'
import type { ObservedExperiment } from '../operator/core/reconcile/experiment-observed.ts'
import { plannedStatus, progressStatus } from '../operator/core/reconcile/experiment-status.ts'
import { figure, type Figure } from './figure.ts'
import { experimentSpec, USUAL } from './library.ts'

const NOW = Date.parse('2026-01-01T00:00:00Z')
const KIB = 1024
const SIZES = [1, 100, 10_000] as const
/** As many rules as a gate may have, each with the longest message that is kept. */
const GATE = { result: 'failed' as const, rules: Array.from({ length: 8 }, (_, i) => ({ name: `rule-${i}`, result: 'failed' as const, message: 'x'.repeat(512) })) }
const FAILURES = Array.from({ length: 5 }, (_, i) => ({ name: `bench-1-0123abcd-s1-r${i}`, reason: 'HarnessFailed', message: 'x'.repeat(512) }))

/** As many results of a search as a status holds, each with the longest text that is kept. */
const SEARCH = { kind: 'search' as const, ended: true, progress: 'x'.repeat(64), results: Array.from({ length: 16 }, () => ({ name: 'x'.repeat(96), result: 'x'.repeat(160) })), more: 9999 }

export function benchStatusSize(): Figure[] {
  const least = bytesOf(1)
  return SIZES.map((trials) => {
    const bytes = bytesOf(trials)
    const note = trials === 1 ? 'with five failures, a gate of eight failed rules and sixteen capacities, all with the longest messages that are kept' : `${bytes - least} bytes more than with one trial: digits of the counters`
    return figure({ part: 'status', what: `${trials.toLocaleString('en')} trials`, unit: 'KiB', values: [bytes / KIB], goal: { by: 'max', atMost: 16 }, note })
  })
}

function bytesOf(trials: number): number {
  const experiment = { apiVersion: 'assay.dev/v1alpha1', kind: 'Experiment', metadata: { name: 'bench', namespace: 'bench', generation: 1 }, spec: experimentSpec(USUAL) } as unknown as Experiment
  const snapshot = { name: 'bench-1-01234567', digest: '0'.repeat(64) }
  const planned = apply(experiment, plannedStatus(experiment, NOW, { run: 1, snapshot, specDigest: '0'.repeat(64), treatments: trials, trials, stacks: trials }))
  const running = apply(planned, progressStatus(planned, { seen: observed(trials, 'running'), failures: FAILURES, removed: 0, remainingMs: 3_600_000, adaptive: { status: SEARCH, treatments: trials } }))
  const outcome = { kind: 'succeeded', held: 0 } as const
  const ended = apply(running, progressStatus(running, { seen: observed(trials, 'failed'), failures: FAILURES, removed: trials, gate: GATE, outcome, adaptive: { status: SEARCH, treatments: trials } }))
  return Math.max(...[running, ended].map(({ status }) => Buffer.byteLength(JSON.stringify(ExperimentStatus.parse(status)))))
}

/** A merge patch of the status, as the API server does it. */
function apply(experiment: Experiment, patch: object): Experiment {
  const status = Object.fromEntries(Object.entries({ ...experiment.status, ...patch }).filter(([, value]) => value !== null))
  return { ...experiment, status }
}

function observed(count: number, state: 'running' | 'failed'): ObservedExperiment {
  const names = Array.from({ length: count }, (_, i) => ({ name: `bench-${i}`, stack: i }))
  return {
    now: NOW, startMs: NOW, suspendedMs: 0, rules: { suspend: false, parallelStacks: 1000, maxFailedTrials: 20_000, idleTimeoutMs: 1, teardown: 'Always', holdMs: 1 },
    plan: { trials: names, stacks: names.map(({ name }, i) => ({ name, trials: [i] })) },
    stacks: names.map(() => (state === 'running' ? { kind: 'ready' } : { kind: 'absent' })), trials: names.map(() => state),
  }
}
