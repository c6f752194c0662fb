// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { joined, listed, message, type Message } from './messages.ts'
import { ZH } from './messages/chinese.ts'
import { EN } from './messages/english.ts'
import { ENGLISH, textsIn } from './messages/languages.ts'
import { said } from './messages/said.ts'

const { say, textOf } = ENGLISH
const chinese = textsIn('zh', '--lang')
const zh = chinese.ok ? chinese.value : ENGLISH

it('fills in parameters, and leaves nothing open', () => {
  expect(say('loads.between', { from: '4 req/s', to: '8 req/s' })).toBe('from 4 req/s to 8 req/s')
  expect(textOf(message('compare.medians'))).not.toMatch(/[{}]/)
})

it('fills in sentences within sentences, each in the language of the whole', () => {
  const sentence = message('advice.unmeasured', { requirements: message('requirement.atMost', { response: message('response.e2e'), bound: '2 s' }), responses: listed(['a', 'b']) })
  expect(textOf(sentence)).toBe('Nothing is recommended for E2E latency ≤ 2 s: a and b was not measured.')
  expect(zh.textOf(sentence)).toBe('针对 E2E 延迟 ≤ 2 s 不给出建议：未测得a和b。')
  expect(said(sentence)).toEqual({ key: 'advice.unmeasured', params: { requirements: 'E2E latency ≤ 2 s', responses: 'a and b' }, text: textOf(sentence) })
})

it.each([
  [[], '', ''], [['a'], 'a', 'a'], [['a', 'b'], 'a and b', 'a和b'], [['a', 'b', 'c'], 'a, b and c', 'a、b和c'], [['a', 'b', 'c', 'd'], 'a, b, c and 1 more', 'a、b、c等（另有 1 项）'],
])('%j is listed as %s and %s', (items, english, inChinese) => {
  expect([textOf(listed(items, 3)), zh.textOf(listed(items, 3))]).toEqual([english, inChinese])
})

it('puts nothing between what is empty', () => {
  expect(textOf(joined(['a', '', 'b'], 'list.semicolon'))).toBe('a; b')
})

it('says which language there is, and which is close', () => {
  expect(textsIn('zn', '--lang')).toMatchObject({ ok: false, problems: [{ path: '--lang', message: 'there is no report in "zn"; did you mean "en" or "zh"?', expected: 'one of en, zh' }] })
})

describe('the catalogue', () => {
  const sources = (folder: string): string[] => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'messages' ? [] : sources(path)
    return path.endsWith('.ts') && !path.endsWith('.test.ts') ? [readFileSync(path, 'utf8')] : []
  })
  const code = [sources(import.meta.dirname), sources(join(import.meta.dirname, '../leaderboard')), sources(join(import.meta.dirname, '../../shell/cli'))].flat().join('\n')
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()

  it('holds nothing that nobody says', () => {
    // The catalogue's own, and keys that are put together: load.rate, objective.cost, gain.cost, check.no outlier, metric.ttft.
    const composed = /^(?:list|load|objective|gain|check|metric|response|statistic|column|reason|verdict|ranking|phase|mark|stored|headline|origin|score|board\.column|capacity\.figure|section\.load|models\.(?:head|billions|millions|figure|short|circumstance|form\.lowerCase|quality|need|side)|effects\.(?:stands|maximum|minimum|saddle))\b/
    expect(Object.keys(EN).filter((key) => !composed.test(key) && !code.includes(`'${key}'`))).toEqual([])
  })

  it.each(Object.keys(EN) as Message['key'][])('has the same places for parameters in Chinese: %s', (key) => {
    expect(holes(ZH[key])).toEqual(holes(EN[key]))
  })

  it('leaves nothing English in Chinese', () => {
    // What the field says in English is Latin in both; a sentence of three English words is not translated.
    const kept = /^(?:reason|column|list)\./
    expect(Object.entries(ZH).filter(([key, text]) => !kept.test(key) && /[a-z]+ [a-z]+ [a-z]+/.test(text.replaceAll(/\{\w+\}/g, '')))).toEqual([])
  })

  it('writes Chinese with Chinese punctuation', () => {
    expect(Object.entries(ZH).filter(([, text]) => /\p{Script=Han} ?[,;:?!]|\p{Script=Han}\.(?:\s|$)/u.test(text))).toEqual([])
  })
})
