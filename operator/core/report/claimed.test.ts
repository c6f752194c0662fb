// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { analyze } from './analyze.ts'
import { resultTable } from './result-table.ts'
import { sampleExperiment } from './testdata/experiment.ts'
import { toCsv } from './to-csv.ts'
import { toHtml } from './to-html.ts'
import { toMarkdown } from './to-markdown.ts'
import { toTable } from './to-table.ts'

const input = await sampleExperiment({ batches: [8, 32], rates: [24], stacks: 3, requests: 140 })
const claiming = { ...input, trials: input.trials.map((t) => ({ ...t, stages: t.stages.map((s) => ({ ...s, claimed: ['output_throughput', 'ttft'] })) })) }
const rule = (expr: string) => ({ ...claiming, experiment: { ...claiming.experiment, spec: { ...claiming.experiment.spec, gate: { onInsufficient: 'Fail' as const, rules: [{ name: 'r', expr }] } } } })

describe('values that are only claimed', () => {
  it('are marked wherever people read them, and measured ones are not', () => {
    const note = '§ the tool\'s own claim: it left no records to compute it from'
    expect(toTable(analyze(claiming))).toContain(note)
    expect(toTable(analyze(input))).not.toContain('§')
    for (const text of [toMarkdown(analyze(claiming)), toHtml(analyze(claiming)).replaceAll('&#39;', '\'')]) expect(text).toContain(note)
    const { columns, rows } = resultTable(analyze(claiming))
    for (const { values } of rows) expect(columns.flatMap((c, i) => (values[i]?.marks.includes('claimed') ? [c.metric] : []))).toEqual(['ttft', 'ttft', 'output_throughput'])
  })

  it('are told apart in CSV', () => {
    const [head = '', ...lines] = toCsv(analyze(claiming)).trim().split('\r\n').map((line) => line.split(','))
    const claimed = lines.filter((line) => line[head.indexOf('claimed')] === 'true').map((line) => line[head.indexOf('metric')])
    expect(new Set(claimed)).toEqual(new Set(['ttft', 'output_throughput']))
  })

  it('are never the best: each tool defines them in its own way', () => {
    const best = (data: typeof input) => resultTable(analyze(data)).rows.flatMap((r) => r.values.filter((v) => v?.best).map((v) => v?.cell.metric))
    expect(best(input)).toContain('ttft')
    expect(best(claiming)).not.toContain('ttft')
  })

  it('decide a gate, which says whose they are', () => {
    expect(analyze(rule('p50(ttft, stage=low) <= 2s')).gate?.rules[0]).toMatchObject({ result: 'passed', message: expect.stringMatching(/ms in stage low, as the tool claims/) as unknown })
    expect(analyze(rule('p50(tpot, stage=low) <= 2s')).gate?.rules[0]?.message).not.toContain('claims')
  })
})
