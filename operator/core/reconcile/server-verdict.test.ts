// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Findings, Verdict } from '../model/findings.ts'
import { amendByExit, amendVerdict, isServersFault, serverHistory, withHarnessDigest } from './server-verdict.ts'

const findings = (result: Verdict['result'], ...reasons: Verdict['reasons'][number]['reason'][]): Findings =>
  ({ verdict: { result, reasons: reasons.map((reason) => ({ reason, message: '' })) } }) as unknown as Findings
const begun = { createdTime: '2026-01-01T00:01:00Z' }

describe('serverHistory', () => {
  it.each([
    ['ready throughout', { readyTime: '2026-01-01T00:00:00Z' }, true, { lost: false, drifted: false }],
    ['not ready now', { readyTime: '2026-01-01T00:00:00Z' }, false, { lost: true, drifted: false }],
    ['ready again since', { readyTime: '2026-01-01T00:02:00Z' }, true, { lost: true, drifted: false }],
    ['drifted', { readyTime: '2026-01-01T00:00:00Z', driftedTime: 'x' }, true, { lost: false, drifted: true }],
    ['a stack without times', {}, true, { lost: false, drifted: false }],
  ])('%s', (_, status, ready, want) => {
    expect(serverHistory(status, ready, begun)).toEqual(want)
  })
})

describe('amendVerdict', () => {
  it.each([
    ['leaves a quiet trial alone', findings('valid'), { lost: false, drifted: false }, { result: 'valid', reasons: [] }],
    ['makes a valid trial suspect', findings('valid'), { lost: true, drifted: true }, { result: 'suspect', reasons: [{ reason: 'ServerRestarted' }, { reason: 'StackDrifted' }] }],
    ['does not say it twice', findings('suspect', 'ServerRestarted'), { lost: true, drifted: false }, { result: 'suspect', reasons: [{ reason: 'ServerRestarted' }] }],
    ['never improves a verdict', findings('invalid', 'NoSuccessfulRequest'), { lost: true, drifted: false }, { result: 'invalid' }],
  ])('%s', (_, given, history, want) => {
    expect(amendVerdict(given, history).verdict).toMatchObject(want)
  })
})

describe('isServersFault', () => {
  it.each([
    ['an invalid trial on a lost server', findings('invalid', 'NoSuccessfulRequest'), true, true],
    ['an invalid trial whose metrics fell', findings('invalid', 'ServerRestarted'), false, true],
    ['an invalid trial on a steady server', findings('invalid', 'NoSuccessfulRequest'), false, false],
    ['a suspect trial', findings('suspect', 'ServerRestarted'), true, false],
  ])('%s', (_, given, lost, want) => {
    expect(isServersFault(given, { lost, drifted: false })).toBe(want)
  })
})

describe('amendByExit', () => {
  it.each([
    ['a good end', findings('valid'), { exitCode: 0 }, { result: 'valid', reasons: [] }],
    ['an end that nobody saw', findings('valid'), undefined, { result: 'valid', reasons: [] }],
    ['an exit code: counts decide', findings('valid'), { exitCode: 3 }, { result: 'suspect', reasons: [{ reason: 'HarnessFailed', message: expect.stringContaining('3') }] }],
    ['out of memory', findings('valid'), { exitCode: 137, reason: 'OOMKilled' }, { result: 'invalid', reasons: [{ reason: 'HarnessFailed' }] }],
    ['killed at its timeout by us', findings('invalid', 'HarnessTimedOut'), { exitCode: 137 }, { result: 'invalid', reasons: [{ reason: 'HarnessTimedOut' }] }],
  ])('%s', (_, given, end, want) => {
    expect(amendByExit(given, end).verdict).toMatchObject(want)
  })
})

it('the digest of the harness goes to the harness alone, and nothing is made up where it was not seen', () => {
  const given = findings('valid')
  const images = [{ name: 'server', image: 's', digest: 'sha256:s' }, { name: 'harness/native', image: 'h' }]
  const own = { ...given, provenance: { ...given.provenance, images } }
  expect(withHarnessDigest(own, 'h@sha256:h').provenance.images).toEqual([images[0], { name: 'harness/native', image: 'h', digest: 'h@sha256:h' }])
  expect(withHarnessDigest(own, undefined)).toBe(own)
})
