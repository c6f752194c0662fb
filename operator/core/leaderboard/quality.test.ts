// SPDX-License-Identifier: Apache-2.0
/** Tables of published scores: both eras of the Open LLM Leaderboard, other tables, wrong ones; and how they meet our rows. */
import { describe, expect, it } from 'vitest'
import { ENGLISH } from '../report/messages/languages.ts'
import type { BoardRow } from './board.ts'
import type { Configuration } from './configuration.ts'
import { joinQuality } from './join-quality.ts'
import { leadingQuality } from './leading-quality.ts'
import { type QualityTable, readQualityTable } from './quality-table.ts'

function table(text: string, name = 'scores.csv'): QualityTable {
  const read = readQualityTable(text, name)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.value
}
const problemsOf = (text: string) => {
  const read = readQualityTable(text, 'scores.csv')
  return read.ok ? [] : read.problems.map(({ where, message, nearest }) => [where, message, nearest])
}
const row = (configuration: Configuration): BoardRow => ({ experiment: 'e', levels: {}, configuration, arguments: {}, hardware: '', cells: [], trials: [], stacks: 0, lost: 0, scores: [] })

describe('a table of scores', () => {
  it('is read in the form of the second Open LLM Leaderboard, whose names are links', () => {
    const read = table('eval_name,Precision,T,Model,fullname,Average ⬆️,IFEval,IFEval Raw,#Params (B),Hub ❤️\nx_bfloat16,bfloat16,🟢,"<a href=""https://x"">org/m</a>",org/m,22.5,31.25,0.3125,7.1,12\n')
    expect(read.columns).toEqual(['Average ⬆️', 'IFEval'])
    expect(read.rows).toEqual([{ line: 2, model: 'org/m', precision: 'bfloat16', scores: { 'Average ⬆️': 22.5, IFEval: 31.25 }, about: { '#Params (B)': '7.1', Precision: 'bfloat16' } }])
  })

  it('is read in the form of the first one, and with links alone', () => {
    const read = table('Model,Average,ARC,HellaSwag,MMLU,TruthfulQA\n"<a target=""_blank"" href=""https://x"">org/m</a>",51.2,50,70,40,45\n[org/n](https://y),,1,2,nan,\n')
    expect(read.columns).toEqual(['Average', 'ARC', 'HellaSwag', 'MMLU', 'TruthfulQA'])
    expect(read.rows.map((r) => [r.model, r.scores])).toEqual([['org/m', { Average: 51.2, ARC: 50, HellaSwag: 70, MMLU: 40, TruthfulQA: 45 }], ['org/n', { ARC: 1, HellaSwag: 2 }]])
  })

  it('is any table with a model and numbers, the average first', () => {
    expect(table('model;params_b;pass_rate;score\na;7;0.5;80\n').columns).toEqual(['score', 'pass_rate'])
  })

  it.each<[string, string, readonly (readonly unknown[])[]]>([
    ['without a model', 'Modle,Average\na,1\n', [['scores.csv', 'no column holds the model\'s name: it has Modle, Average', 'Model for "Modle"']]],
    ['without scores', 'Model,Type\na,base\n', [['scores.csv', 'no column holds scores: it has Model, Type', undefined]]],
    ['with text for a number', 'Model,Average\na,1\nb,high\n', [['scores.csv:3', '"high" in column Average is no number', undefined]]],
    ['that is no table', '{"a": 1}', [['scores.csv:1', 'a quote within a cell that is not quoted: {"a": 1}', undefined]]],
    ['of nothing', '', [['scores.csv', 'the table is empty', undefined]]],
  ])('is refused %s', (_, text, wanted) => expect(problemsOf(text)).toEqual(wanted))
})

describe('joining', () => {
  const scores = table('Model,Precision,Average\norg/m,float16,10\norg/m,bfloat16,20\nOrg/Small,float16,5\norg/twice,float16,1\norg/twice,float16,2\norg/same,float16,3\norg/same,4bit,3\n')
  const join = (...rows: readonly BoardRow[]) => {
    const { rows: joined, notes } = joinQuality(rows, [scores])
    return { values: joined.map((r) => r.quality?.scores[0]?.value), notes: notes.map(ENGLISH.textOf) }
  }

  it.each<[string, Configuration, number | undefined, RegExp]>([
    ['takes the row of the same number format', { model: 'org/m', dtype: 'bfloat16' }, 20, /^Quality is not measured here: it comes from scores.csv \(Average\)/],
    ['knows short names of number formats', { model: 'org/m', dtype: 'fp16' }, 10, /^Quality/],
    ['takes neither where the format is another and scores differ', { model: 'org/m', dtype: 'float32' }, undefined, /org\/m \(float32\) stands 2 times in scores.csv \(lines 2, 3\)/],
    ['takes neither of two rows of one format', { model: 'org/twice', dtype: 'float16' }, undefined, /stands 2 times in scores.csv \(lines 5, 6\)/],
    ['takes either where they are alike', { model: 'org/same', dtype: 'float32' }, 3, /was scored with float16 in scores.csv, and measured here with float32/],
    ['finds names in other capitals, and says so', { model: 'org/small', dtype: 'float16' }, 5, /org\/small was found in scores.csv as Org\/Small/],
    ['says the nearest name of what it does not find', { model: 'org/smal', dtype: 'float16' }, undefined, /org\/smal is not in scores.csv; the nearest name there is Org\/Small/],
    ['takes a quantised model for another than its number format', { model: 'org/m', dtype: 'float16', quantization: 'awq' }, undefined, /org\/m \(awq\) stands 2 times/],
  ])('%s', (_, configuration, value, note) => {
    const { values, notes } = join(row(configuration))
    expect(values).toEqual([value])
    expect(notes.join('\n')).toMatch(note)
  })

  it('says each thing once, however many rows it concerns', () => {
    const { notes } = join(row({ model: 'org/smal', dtype: 'a' }), row({ model: 'org/smal', dtype: 'b' }), row({ model: 'Org/Small', dtype: 'a' }), row({ model: 'Org/Small', dtype: 'b' }))
    expect(notes).toEqual([
      'Quality is not measured here: it comes from scores.csv (Average), for the model as published there.',
      'org/smal is not in scores.csv; the nearest name there is Org/Small.', 'Org/Small was scored with float16 in scores.csv, and measured here with a, b.',
    ])
  })

  it('takes several tables, the first one leads', () => {
    const { rows } = joinQuality([row({ model: 'org/m', dtype: 'float16' })], [scores, table('model,score\norg/m,77\n', 'own.csv')])
    expect(rows[0]?.quality?.scores).toEqual([{ table: 'scores.csv', column: 'Average', value: 10 }, { table: 'own.csv', column: 'score', value: 77 }])
    expect(leadingQuality(rows)?.label).toBe('Average')
  })

  it('leads by what was measured where no table is given, by the score that most rows have', () => {
    const scored = (...names: readonly string[]) => ({ ...row({ model: 'm' }), scores: names.map((metric) => ({ task: 'wiki', metric, value: 9, better: metric === 'length' ? ('none' as const) : ('lower' as const) })) })
    expect(leadingQuality([scored('length', 'bits'), scored('length', 'perplexity'), scored('perplexity')])).toMatchObject({ label: 'wiki, perplexity', better: 'lower' })
    expect(leadingQuality([scored('length')])).toBeUndefined()
    // Loops tell less of quality than likelihood does, though their name comes first.
    expect(leadingQuality([scored('distinct-2', 'repetition-4', 'perplexity')])?.label).toBe('wiki, perplexity')
  })
})
