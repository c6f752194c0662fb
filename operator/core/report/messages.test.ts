// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joined, listed, message, type Message } from './messages.ts'
import { ZH } from './messages/chinese.ts'
import { STORED } from './messages/en/stored.ts'
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
  expect(zh.textOf(sentence)).toBe('针对 E2E 延迟 ≤ 2 s 不给出建议：未测得 a 和 b。')
  expect(said(sentence)).toEqual({ key: 'advice.unmeasured', params: { requirements: 'E2E latency ≤ 2 s', responses: 'a and b' }, text: textOf(sentence) })
})

it.each([
  [[], '', ''], [['a'], 'a', 'a'], [['a', 'b'], 'a and b', 'a 和 b'], [['a', 'b', 'c'], 'a, b and c', 'a、b 和 c'], [['a', 'b', 'c', 'd'], 'a, b, c and 1 more', 'a、b、c 等（另有 1 项）'],
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
  const code = [sources(import.meta.dirname), sources(join(import.meta.dirname, '../leaderboard')), sources(join(import.meta.dirname, '../trend')), sources(join(import.meta.dirname, '../../shell/cli'))].flat().join('\n')
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort((a, b) => a.localeCompare(b))

  it('holds nothing that nobody says', () => {
    // The catalogue's own, and keys that are put together: load.rate, objective.cost, gain.cost, check.no outlier, metric.ttft.
    const composed = /^(?:list|page\.phase|load|objective|gain|check|metric|response|statistic|column|reason|verdict|rule|ranking|phase|mark|stored|headline|origin|score|board\.column|capacity\.figure|trend\.(?:fact|effect)|models\.(?:head|billions|millions|figure|short|circumstance|form\.lowerCase|quality|need|side)|section\.load|effects\.(?:stands|maximum|minimum|saddle))\b/
    expect(Object.keys(EN).filter((key) => !composed.test(key) && !code.includes(`'${key}'`))).toEqual([])
  })

  it('has the same places for parameters in Chinese', () => {
    const keys = Object.keys(EN) as Message['key'][]
    expect(keys.length).toBeGreaterThan(500)
    expect(keys.filter((key) => holes(ZH[key]).join() !== holes(EN[key]).join())).toEqual([])
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

describe('Chinese and Latin letters', () => {
  it.each([
    [message('of.response', { name: 'TTFT', statistic: message('statistic.mean') }), 'TTFT 均值'],
    [message('of.response', { name: message('response.request_throughput'), statistic: message('statistic.mean') }), '请求吞吐量均值'],
    [message('effects.nothing', { response: 'TTFT', where: '', terms: 'tp', seen: '' }), '没有因子被证实对 TTFT 有影响：tp。'],
    [message('effects.nothing', { response: message('response.e2e'), where: message('effects.inStage', { stage: 'main' }), terms: 'tp', seen: '' }), '没有因子被证实对 E2E 延迟（阶段 main）有影响：tp。'],
  ])('stand apart, and Chinese signs take no blank: %j', (sentence, text) => expect(zh.textOf(sentence)).toBe(text))
})

describe('stored sentences', () => {
  it.each([
    ['requests were sent 27.5 ms late at p99 (limit 10 ms)', '请求发送的 p99 滞后为 27.5 ms（上限 10 ms）'],
    ['requests were sent 1.21 ms late at p99, 8 % of the median TTFT (limit 5 %)', '请求发送的 p99 滞后为 1.21 ms，达到 TTFT 中位数的 8 %（上限 5 %）'],
    ['7 % of requests failed (limit 5 %): 3 × timeout, such as "no answer"', '7 % 的请求失败（上限 5 %）：3 × timeout，例如“no answer”'],
    ['no difference is shown (p = 0.2), and the interval reaches beyond the margin of ± 5 %', '差异未得到证实（p = 0.2），且置信区间超出 ± 5 % 的容差'],
    ['mean(ttft, stage=low) is 40 by the tool and 20 ms by its records; p50(ttft, stage=low) is 3 by the tool and 2 ms by its records, and 4 more', 'mean(ttft, stage=low) 按工具为 40，按其请求记录为 20 ms；p50(ttft, stage=low) 按工具为 3，按其请求记录为 2 ms，另有 4 项'],
    [
      'p99(ttft, stage=main) is 49.8 by the tool (time_to_first_token_ms.p99) and 38.17 ms by its records, the most of 22 values of ttft, e2e: another definition of quantiles: it lies between the neighbours in the order of 80 values',
      'p99(ttft, stage=main) 按工具（time_to_first_token_ms.p99）为 49.8，按其请求记录为 38.17 ms（在 ttft, e2e 的 22 个数值中相差最大）：分位数的定义不同：该值位于 80 个数值排序后的相邻两值之间',
    ],
    [
      '0.35 of 0.4 GPU-hours used, 10m of 60m used, and the next step does not fit; 8 of 12 trials have ended, 2 of 3 replicates are complete. To finish raise budget.gpuHours to 0.59 GPU-hours and budget.wallTime to 70m: it goes on where it ended',
      '已使用 0.4 GPU 小时中的 0.35，已使用 60m 中的 10m，已不足以进行下一步；12 次试验中已有 8 次结束，3 次重复中已完成 2 次。若要全部完成，请将 budget.gpuHours 提高到 0.59 GPU 小时，并将 budget.wallTime 提高到 70m，即可从中断处继续',
    ],
    ['2 of its 4 degrees of freedom are lost: some combinations of levels were never run', '4 个自由度中损失了 2 个：有些水平组合从未运行过'],
    ['it cannot be told from a, b:c and 3 more', '无法与 a, b:c 等区分（另有 3 项）'],
    ['it has one level, "8", in all rows', '所有试验中只有一个水平 "8"'],
    ['batch-1: the tool counted 40 requests and wrote down 12: latencies are of these, and no rate is computed from them', 'batch-1：工具计数了 40 个请求，但只写下了 12 个：延迟由这些请求得出，不据此计算任何速率'],
    [
      'energy is CodeCarbon\'s, of the whole machine, whoever used it: CPU estimated from a power of 8 W that was assumed, not measured (cpu_load: no RAPL); memory estimated: 20 W whatever it does; GPU none seen',
      '能耗来自 CodeCarbon，为整机能耗，不论由谁使用：CPU 由假定而非实测的功率 8 W 估计（cpu_load：没有 RAPL）；内存为估计值：无论负载如何均为 20 W；GPU 未见',
    ],
    ['prompts differ from those of every other trial', '提示词与其他任何试验的都不同'],
    ['what a tool says is left alone', 'what a tool says is left alone'],
  ])('%s', (stored, text) => {
    expect(zh.textOf({ stored })).toBe(text)
    expect(textOf({ stored })).toBe(stored)
  })

  it('hold every known difference of a tool', () => {
    const causes = readFileSync(join(import.meta.dirname, '../measure/known-differences.ts'), 'utf8').matchAll(/ cause: '((?:[^'\\]|\\.)+)'/g)
    const texts = [...causes].map(([, cause = '']) => cause.replaceAll('\\', ''))
    expect(texts.length).toBeGreaterThan(10)
    expect(texts.filter((stored) => zh.textOf({ stored }) === stored)).toEqual([])
  })

  it('are read back in English as they were, whatever stands in them', () => {
    fc.assert(fc.property(fc.constantFrom(...Object.values(STORED)), fc.array(fc.stringMatching(/^[a-z0-9 .%]{1,12}$/), { minLength: 8, maxLength: 8 }), (form, values) => {
      const stored = form.replaceAll(/\{\w+\}/g, () => values[0] ?? '')
      return textOf({ stored }) === stored
    }))
  })
})
