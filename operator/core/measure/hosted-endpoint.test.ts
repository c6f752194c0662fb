// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { TrialJob } from '../model/trial-job.ts'
import { hostedNotes, isHosted } from './hosted-endpoint.ts'

describe('isHosted', () => {
  it.each([
    'model', 'model.default.svc', 'model.default.svc.cluster.local', 'localhost', 'gpu7.lan', '127.0.0.1', '10.3.2.1', '172.16.0.1', '172.31.9.9', '192.168.1.4', '100.64.0.1', '169.254.1.1', '[::1]', '[fd00::7]', '[fe80::1]',
  ])('%s is near', (host) => expect(isHosted(host)).toBe(false))

  it.each(['api.example.com', 'api.example.com.', 'svc.example.com', '8.8.8.8', '172.32.0.1', '100.128.0.1', '11.0.0.1', '[2606:4700::1]'])('%s is somebody else\'s', (host) => expect(isHosted(host)).toBe(true))
})

describe('hostedNotes', () => {
  const job = (url: string, deployed = false) => ({ endpoint: { url }, stack: { deployed } }) as unknown as TrialJob
  const time = { startEpochMs: Date.parse('2026-03-04T05:06:07Z'), endEpochMs: Date.parse('2026-03-04T05:16:07Z') }

  it('say what is not known, and when it was', () => {
    expect(hostedNotes(job('https://api.example.com/v1'), time)).toEqual([
      'api.example.com is no server of this cluster: which hardware, engine and version answered, how many replicas, what else they served and whether answers came from a cache is unknown and may change from request to request; '
      + 'all times include the network between here and there; they are those of 2026-03-04T05:06 to 2026-03-04T05:16 UTC and say nothing of another hour. Repeat at other hours and days before you compare',
    ])
  })

  it.each([['http://model.default.svc:8000', false], ['https://api.example.com', true]])('%s, deployed by us %s: nothing', (url, deployed) => expect(hostedNotes(job(url, deployed), time)).toEqual([]))
})
