// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { Load } from '../model/workload-profile.ts'
import { plannedStage } from './planned-load.ts'

const stages = [{ name: 'low', rate: 2, duration: '1m' }, { name: 'high', rate: 8, requests: 9 }, { name: 'ramp', rate: 2, rampTo: 4, duration: '1m' }]
const levels = [{ name: 'few', concurrency: 4, requests: 9 }]
const sweep = { from: 1, to: 16, steps: 5, duration: '1m' }

it.each([
  [{ constant: { stages } }, 'high', { kind: 'constant', index: 1, rate: 8, gapCv: 0 }],
  [{ poisson: { stages } }, 'low', { kind: 'poisson', index: 0, rate: 2, gapCv: 1 }],
  [{ gamma: { cv: 2, stages } }, 'low', { kind: 'gamma', index: 0, rate: 2, gapCv: 2 }],
  [{ burst: { size: 4, stages } }, 'low', { kind: 'burst', index: 0, rate: 2 }],
  [{ poisson: { stages } }, 'ramp', { kind: 'poisson', index: 2, rate: 3 }],
  [{ concurrent: { stages: levels } }, 'few', { kind: 'concurrent', index: 0, concurrency: 4 }],
  [{ sessions: { stages: levels } }, 'few', { kind: 'sessions', index: 0, concurrency: 4 }],
  [{ synchronous: { requests: 3 } }, 'synchronous', { kind: 'synchronous', index: 0, concurrency: 1 }],
  [{ throughput: { requests: 3 }, maxConcurrency: 32 }, 'throughput', { kind: 'throughput', index: 0, concurrency: 32 }],
  [{ throughput: { requests: 3 } }, 'throughput', { kind: 'throughput', index: 0 }],
  [{ trace: {} }, 'trace', { kind: 'trace', index: 0 }],
  [{ sweep }, 'sweep-1', { kind: 'poisson', index: 0, rate: 1, gapCv: 1 }],
  [{ sweep }, 'sweep-3', { kind: 'poisson', index: 2, rate: 8.5, gapCv: 1 }],
  [{ sweep: { ...sweep, scale: 'geometric', process: 'constant' } }, 'sweep-3', { kind: 'constant', index: 2, rate: 4, gapCv: 0 }],
  [{ sweep }, 'sweep-6', undefined], [{ sweep }, 'sweep-0', undefined], [{ poisson: { stages } }, 'nope', undefined], [{ trace: {} }, 'low', undefined],
])('%j, stage %s', (load, stage, expected) => expect(plannedStage(Load.parse(load), stage)).toEqual(expected))
