// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Score } from '../model/record.ts'
import { analyze } from './analyze.ts'
import type { ExperimentResults } from './results.ts'
import { ENGLISH } from './messages/languages.ts'
import { scoreTable } from './score-table.ts'
import { sampleExperiment } from './testdata/experiment.ts'
import { toCsv } from './to-csv.ts'
import { toHtml } from './to-html.ts'
import { toJson } from './to-json.ts'
import { toMarkdown } from './to-markdown.ts'
import { toTable } from './to-table.ts'

const input = await sampleExperiment({ batches: [8], rates: [8], requests: 20 })
const score = (overlay: Partial<Score>): Score => ({ task: 'gsm8k', metric: 'exact_match (strict-match)', value: 0.6, stderr: 0.02, n: 500, better: 'higher', ...overlay })

/** Trials of one treatment that left scores and nothing else. */
function scored(...trials: readonly (readonly Score[])[]): ExperimentResults {
  return analyze({ ...input, trials: trials.map((scores, i) => ({ ...(input.trials[i] as (typeof input.trials)[number]), stages: [], startup: undefined, scores: [...scores], verdict: { result: 'valid', reasons: [] } })) })
}
const rowsOf = (...trials: readonly (readonly Score[])[]) => scoreTable(scored(...trials)).rows.map((row) => row.slice(2).map(ENGLISH.textOf))

describe('scores', () => {
  it('keep the error of their questions however many trials there are', () => {
    expect(rowsOf([score({})])).toEqual([['gsm8k', 'exact_match (strict-match)', 'higher', '0.6000', '0.02000', '500', '–', '1']])
    expect(rowsOf([score({})], [score({ value: 0.61, stderr: 0.021 })])).toEqual([['gsm8k', 'exact_match (strict-match)', 'higher', '0.6050', '0.02100', '500', '0.6000 to 0.6100', '2']])
  })

  it('leave open what the tool does not say', () => {
    expect(rowsOf([score({ stderr: undefined, n: undefined, better: 'none' })])).toEqual([['gsm8k', 'exact_match (strict-match)', '', '0.6000', '–', '–', '–', '1']])
  })

  it('are apart by task and by what is scored', () => {
    expect(rowsOf([score({}), score({ task: 'mmlu' }), score({ metric: 'acc' })])).toHaveLength(3)
  })

  it('stand in every form of the report, and in none without them', () => {
    const [one, none] = [scored([score({})]), scored([])]
    expect(toTable(one)).toMatch(/task +score of +better +score +± +questions/)
    expect(toMarkdown(one)).toContain('## Quality')
    expect(toHtml(one)).toContain('id="quality"')
    expect(toCsv(one)).toMatch(/,scores,,,gsm8k exact_match \(strict-match\),score,500,0\.6,.*,true,0\.02\r\n/)
    expect((JSON.parse(toJson(one)) as { scores: unknown[] }).scores).toMatchObject([{ trial: input.trials[0]?.trial.name, task: 'gsm8k', value: 0.6 }])
    expect([toMarkdown(none), toHtml(none), toTable(none)].join('\n')).not.toMatch(/quality|questions/i)
  })
})
