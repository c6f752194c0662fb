// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { analyze } from '../../core/report/analyze.ts'
import { sampleExperiment } from '../../core/report/testdata/experiment.ts'
import { resultText } from './result-text.ts'

const afterTable = (text: string) => text.slice(text.search(/^[✔!✘] /m)).trimEnd().split('\n')

it('says below the table what came of it', async () => {
  const text = resultText(analyze(await sampleExperiment({ requests: 700 })))
  expect(text).toContain('TTFT p50 [ms]')
  expect(afterTable(text).map((line) => line.replace(/:.*/, ''))).toEqual(['✔ Gate passed. 8 trials', '  ✔ gate latency', '  ✔ gate errors'])
})

it('and everything that speaks against it, the same objection once', async () => {
  const input = await sampleExperiment({ requests: 40 })
  const reasons = [{ reason: 'ClientSaturated' as const, stage: 'low', message: 'late by 9 ms' }]
  const trials = input.trials.map((t, i) => (i < 3 ? { ...t, verdict: { result: 'suspect' as const, reasons } } : { ...t, verdict: { result: 'valid' as const, reasons: [] } }))
  const failed = [{ trial: 'lost', reason: 'Evicted', message: 'the node went away' }]
  const lines = afterTable(resultText(analyze({ ...input, experiment: { ...input.experiment, spec: { design: input.experiment.spec.design } }, trials, failed })))
  expect(lines).toEqual(['! 9 trials: 5 valid, 3 suspect, 1 failed.', '  failed: Evicted, 1 trial: the node went away', '  suspect: ClientSaturated in stage low, 3 trials: late by 9 ms'])
})
