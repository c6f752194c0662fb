// SPDX-License-Identifier: Apache-2.0
import { DOMParser } from 'linkedom'
import { expect, it } from 'vitest'
import { analyze } from './analyze.ts'
import { plainExperiment } from './testdata/plain.ts'
import { toJunit } from './to-junit.ts'

const plain = plainExperiment({ factors: [{ name: 'tp', path: 'scenario.x', levels: [1, 2] }], values: () => ({ ttft: 100 }) })
const input = {
  ...plain, failed: [{ trial: 'lost', reason: 'Evicted', message: 'a < b & "c" \u0001' }],
  experiment: { ...plain.experiment, spec: { ...plain.experiment.spec, gate: { onInsufficient: 'Fail' as const, rules: [{ name: 'ok', expr: 'p50(ttft) <= 1s' }, { name: 'bad', expr: 'p50(ttft) <= 1ms' }, { name: 'open', expr: 'value(goodput) >= 1 req/s' }] } } },
  trials: plain.trials.map((t, i) => (i === 0 ? { ...t, verdict: { result: 'suspect' as const, reasons: [{ reason: 'Throttled' as const, message: 'hot' }] } } : i === 1 ? { ...t, verdict: { result: 'invalid' as const, reasons: [{ reason: 'ErrorRateHigh' as const, stage: 'main', message: '60 % failed' }] } } : t)),
}
const results = analyze(input)
/** linkedom leaves entities of XML as they are. */
const plainText = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
const cases = (xml: string) => [...new DOMParser().parseFromString(xml, 'text/xml').querySelectorAll('testcase')].map((c) => [c.getAttribute('name'), c.firstElementChild?.tagName.toLowerCase() ?? 'passed', plainText(c.firstElementChild?.getAttribute('message') ?? c.textContent.trim())])

it('has a test for every rule and every trial', () => {
  const xml = toJunit(results)
  expect(cases(xml)).toEqual([
    ['ok', 'system-out', expect.stringContaining('p50(ttft) <= 1000 ms')], ['bad', 'failure', expect.stringContaining('not p50(ttft) <= 1 ms')], ['open', 'failure', expect.stringContaining('has no value(goodput)')],
    ['plain-1-0-s1-r1', 'system-out', 'suspect: Throttled: hot'], ['plain-1-1-s1-r1', 'failure', 'invalid: ErrorRateHigh in stage main: 60 % failed'],
    ['plain-1-0-s2-r1', 'passed', ''], ['plain-1-1-s2-r1', 'passed', ''], ['lost', 'failure', 'a < b & "c" \uFFFD'],
  ])
  expect(xml).toContain('<testsuites name="plain" tests="8" failures="4" errors="0" skipped="0">')
  expect(xml).toContain('time="60.000"')
})

it.each(['Pass', 'Unknown'] as const)('skips what is insufficient where that counts as %s', (onInsufficient) => {
  expect(cases(toJunit(results, { onInsufficient }))[2]).toEqual(['open', 'skipped', expect.any(String)])
})
