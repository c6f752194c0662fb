// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { analyze } from './analyze.ts'
import { sampleExperiment } from './testdata/experiment.ts'
import { toCsv } from './to-csv.ts'
import { toHtml } from './to-html.ts'
import { toJson } from './to-json.ts'
import { toMarkdown } from './to-markdown.ts'
import { toTable } from './to-table.ts'

const golden = (name: string) => new URL(`testdata/${name}`, import.meta.url).pathname
const input = await sampleExperiment({ rates: [24], requests: 140 })
const nasty = '<script>alert("x")</script> | *y*'
const messy = {
  ...input,
  failed: [{ trial: 'quickstart-1-64x24-s1-r1', reason: 'OutOfMemory', message: nasty }],
  trials: input.trials.map((t, i) => (i === 1
    ? { ...t, verdict: { result: 'suspect' as const, reasons: [{ reason: 'ClientSaturated' as const, stage: 'high', message: 'requests were sent 12.1 ms late at p99 (limit 10 ms)' }] } }
    : t)),
}
const results = analyze(messy)

describe('goldens', () => {
  it('table', async () => { await expect(toTable(results)).toMatchFileSnapshot(golden('quickstart.golden.txt')) })
  it('Markdown', async () => { await expect(toMarkdown(results)).toMatchFileSnapshot(golden('quickstart.golden.md')) })
  it('CSV, of one trial', async () => { await expect(toCsv({ ...results, trials: results.trials.slice(0, 1) })).toMatchFileSnapshot(golden('quickstart.golden.csv')) })
  it('Markdown, of two factors stood up three times each', async () => {
    const factorial = analyze(await sampleExperiment({ stacks: 3 }))
    await expect(toMarkdown(factorial)).toMatchFileSnapshot(golden('factorial.golden.md'))
  })
  it('HTML', async () => { await expect(toHtml(results)).toMatchFileSnapshot(golden('quickstart.golden.html')) })
})

describe('HTML', () => {
  const page = toHtml(results)

  it('is the same byte for byte, also after other pages were rendered', () => {
    toHtml(analyze(input))
    expect(toHtml(analyze(messy))).toBe(page)
  })

  it('fetches nothing: no address is loaded, and the policy forbids it', () => {
    expect(page.match(/\b(src|href|xlink:href|action|poster|srcset)="(?!#)[^"]*"/g)).toBeNull()
    expect(page).not.toMatch(/@import|url\(/)
    expect(page).toContain('Content-Security-Policy" content="default-src \'none\'')
  })

  it('escapes whatever people wrote', () => {
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;')
    expect(page.match(/<script>/g)).toHaveLength(1)
  })

  it('tells what every figure shows, and gives no id twice', () => {
    const figures = page.match(/<svg [^>]*>/g) ?? []
    expect(figures.length).toBeGreaterThan(10)
    for (const svg of figures) expect(svg).toMatch(/role="img".* aria-label="[^"]{20,}"|aria-label="[^"]{20,}".* role="img"/)
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((m) => m[1])
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('puts the verdict and failures before any number', () => {
    const places = ['class="banner', 'id="doubts"', 'id="gate"', 'id="advice"', 'id="results"', 'id="tradeoff"', 'id="effects"', 'id="load"', 'id="distributions"', 'id="server"', 'id="startup"', 'id="trials"', 'id="provenance"'].map((part) => page.indexOf(part))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places.every((p) => p > 0)).toBe(true)
  })

  it('stays below 300 kB for 64 trials, and for 12 configurations', async () => {
    const many = await sampleExperiment({ batches: [4, 8, 16, 32], rates: [4, 8, 16, 32], runs: 2, requests: 60 })
    expect(many.trials).toHaveLength(64)
    expect(Buffer.byteLength(toHtml(analyze(many)))).toBeLessThan(300_000)
    const loads = await sampleExperiment({ batches: [8, 16], rates: Array.from({ length: 16 }, (_, i) => i + 1), requests: 60 })
    expect(loads.trials).toHaveLength(64)
    expect(Buffer.byteLength(toHtml(analyze(loads)))).toBeLessThan(300_000)
    const wide = toHtml(analyze(await sampleExperiment({ batches: [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64], rates: [8], stacks: 1, requests: 40 })))
    expect(wide).toContain('By configuration')
    expect(Buffer.byteLength(wide)).toBeLessThan(300_000)
  })

  it.each([
    ['nothing at all', { ...input, trials: [] }, ['0 valid']],
    ['only failures', { ...input, trials: [], failed: messy.failed }, ['OutOfMemory', '0 valid, 1 failed']],
    ['start-up times only', { ...input, trials: input.trials.map((t) => ({ ...t, stages: [], server: [] })) }, ['id="startup"']],
    ['trials without start-up, metrics or gate', { ...input, experiment: { ...input.experiment, spec: { design: input.experiment.spec.design } }, trials: input.trials.map((t) => ({ ...t, startup: undefined, server: [] })) }, ['id="results"']],
    ['loads without a rate', { ...input, trials: input.trials.map((t) => ({ ...t, stages: t.stages.map((s) => ({ ...s, offered: {} })) })) }, ['Against load']],
    ['a closed loop', { ...input, trials: input.trials.map((t) => ({ ...t, stages: t.stages.map((s) => ({ ...s, offered: { concurrency: 8 } })) })) }, ['Against concurrency']],
    ['nothing varied', { ...input, trials: input.trials.slice(0, 1).map((t) => ({ ...t, treatment: {} })) }, ['id="tradeoff"']],
  ])('renders %s', (_, odd, parts) => {
    const html = toHtml(analyze(odd))
    for (const part of parts) expect(html).toContain(part)
    expect(/NaN|undefined|\[object/.exec(html.replace(/<script>[^]*/, ''))?.[0]).toBeUndefined()
  })
})

describe('text', () => {
  it('holds no escape sequence and no line ends in blanks', () => {
    for (const text of [toTable(results), toMarkdown(results), toTable(analyze({ ...input, trials: [] }))]) expect(text).not.toMatch(/\p{Cc}(?<!\n)|[ \t]+\n/u)
  })

  it('keeps Markdown\'s tables whole whatever people wrote', () => {
    const line = toMarkdown(results).split('\n').find((l) => l.includes('OutOfMemory'))
    expect(line).toBe('- **failed** OutOfMemory: \\<script\\>alert("x")\\</script\\> \\| \\*y\\* — quickstart-1-64x24-s1-r1')
  })
})

describe('CSV', () => {
  it('has one row for every trial, stage and metric, all of one width', () => {
    const lines = toCsv(results).trimEnd().split('\r\n')
    const widths = new Set(lines.map((l) => l.split(',').length))
    expect(widths.size).toBe(1)
    const keys = lines.slice(1).map((l) => { const f = l.split(','); return [f[1], f[9], f[12]].join('/') })
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('quotes what must be quoted and defuses formulas', () => {
    const trials = input.trials.slice(0, 1).map((t) => ({ ...t, treatment: { batch: '=1+1', rate: 'a,"b"' } }))
    expect(toCsv(analyze({ ...input, trials }))).toContain(',\'=1+1,"a,""b""",')
  })
})

it('JSON holds cells with intervals and no whole findings', () => {
  const parsed = JSON.parse(toJson(results)) as { schema: string; cells: { interval: { kind: string } }[]; treatments: { trials: string[] }[] }
  expect(parsed.schema).toBe('assay.dev/results/v1')
  expect(parsed.cells.length).toBeGreaterThan(100)
  expect(parsed.treatments[0]?.trials).toEqual(['quickstart-1-8x24-s1-r1', 'quickstart-1-8x24-s2-r1'])
})

describe('a large experiment', () => {
  const [trial] = input.trials
  const many = Array.from({ length: 2000 }, (_, i) => ({ ...(trial as NonNullable<typeof trial>), treatment: { batch: i % 500, rate: 24 }, stack: `s${i}` }))
  const big = analyze({ ...input, trials: many })

  it('is a page that a browser opens, and says what it leaves to the files', () => {
    const page = toHtml(big)
    expect(page.length).toBeLessThan(1_000_000)
    expect(page).toContain('The first 300 of 1000 rows; the CSV and JSON files have all of them.')
    expect(page).toContain('436 more are in the files beside this report.')
  })

  it('is cut in Markdown and whole in CSV', () => {
    expect(toMarkdown(big)).toContain('The first 200 of 1000 rows.')
    expect(toCsv({ ...big, trials: many.slice(0, 3) }).split('\r\n').length).toBeGreaterThan(90)
  })
})
