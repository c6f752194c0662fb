// SPDX-License-Identifier: Apache-2.0
/** What every harness must hold: its samples become records, findings and valid reports, whatever went wrong while they were written. */
import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { benchmarkReportJsonSchema } from '../operator/core/model/benchmark-report.ts'
import { convertUnit } from '../operator/core/measure/units.ts'
import { LIMITS } from '../operator/core/measure/verdict-limits.ts'
import { Findings, type StageFindings } from '../operator/core/model/findings.ts'
import { METRICS, type MetricName } from '../operator/core/model/metric.ts'
import { type Claim, RequestRecord } from '../operator/core/model/record.ts'
import { Completion } from '../operator/shell/results/api.ts'
import { ADAPTER_NAMES } from './adapters.ts'
import { recognize } from './reading/signature.ts'
import { SIGNATURES } from './signatures.ts'
import { CASE_KINDS, type Conformance, type ConformanceCase, type StageExpected } from './testing/conformance-case.ts'
import { folderTexts } from './testing/folder-files.ts'
import { heldFiles } from './testing/held-files.ts'
import { measureCase, readCase, type CaseInput, type CaseResult } from './testing/measure-case.ts'

const ROOT = import.meta.dirname
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true })
formats.default(ajv)
const valid = ajv.compile(benchmarkReportJsonSchema())

const folders = globSync('*/testdata/cases.ts', { cwd: ROOT }).map((path) => basename(dirname(dirname(path)))).sort()
const suites = await Promise.all(folders.map(async (folder) => ({ folder, ...((await import(join(ROOT, folder, 'testdata/cases.ts'))) as { conformance: Conformance }).conformance })))

it('holds for every adapter', () => {
  const tested = suites.map((s) => s.adapter)
  // Native and nop have tests of their own: their files are ours.
  expect([...tested, 'native', 'nop'].sort()).toEqual([...ADAPTER_NAMES].sort())
})

it('is named by harnesses that exist', async () => {
  for (const path of globSync('*/harness.yaml', { cwd: ROOT })) {
    const { spec } = parse(await readFile(join(ROOT, path), 'utf8')) as { readonly spec: { readonly results: { readonly adapter: string } } }
    expect(ADAPTER_NAMES).toContain(spec.results.adapter)
  }
})

describe.each(suites)('$folder', ({ folder, adapter, cases, absent = {} }) => {
  const signature = Object.entries(SIGNATURES).find(([tool]) => tool === adapter)
  const inputOf = ({ files, load, results }: ConformanceCase): CaseInput =>
    ({ adapter, load, results, files: typeof files === 'string' ? folderTexts(join(ROOT, folder, 'testdata', files)) : files })

  it.each(CASE_KINDS)('shows %s, or says why it cannot', (kind) => {
    const shown = cases.some((c) => c.kind === kind)
    expect([kind, shown !== (absent[kind] !== undefined)]).toEqual([kind, true])
  })

  it.each(cases.map((c) => [`${c.kind}: ${c.name}`, c] as const))('%s', async (_, expected) => {
    const input = inputOf(expected)
    if (expected.error !== undefined) {
      await expect(readCase(input)).rejects.toThrow(expected.error)
      return
    }
    const result = await readCase(input)
    for (const record of result.records) expect(RequestRecord.parse(record)).toEqual(record)
    expect(new Set(result.records.map((r) => r.id)).size).toBe(result.records.length)
    const { findings, reports } = await measureCase(input, result)
    expect(Findings.parse(findings)).toEqual(findings)
    for (const report of Object.values(reports)) expect([valid(report), valid.errors]).toEqual([true, null])
    expect(Object.keys(reports)).toEqual(findings.stages.map((s) => s.stage))
    expect(Completion.shape.reports.safeParse(reports).error?.issues).toBeUndefined()
    check(findings, expected)
    for (const secret of expected.secrets ?? []) {
      expect(Object.values(input.files).some((text) => text.includes(secret))).toBe(true)
      expect(JSON.stringify([result, findings, reports])).not.toContain(secret)
    }
  })

  it.each(signature === undefined ? [] : cases.filter((c) => typeof c.files === 'string' && c.error === undefined).map((c) => [c.name, c] as const))('%s is known for its own by its files', async (_, sample) => {
    const found = await recognize(heldFiles(inputOf(sample).files), SIGNATURES)
    expect(found.map((r) => r.tool)).toEqual([adapter])
  })

  it('is not confused by what others leave beside the files', async () => {
    for (const sample of cases.filter((c) => c.error === undefined && c.files !== undefined)) {
      const input = inputOf(sample)
      const [first = ''] = Object.keys(input.files)
      // A mapping says itself which files are its own.
      const beside = { [join(dirname(first), adapter === 'mapping' ? 'stage.txt' : 'stage.json')]: '{"started": 1795346629.1, "startedMonotonic": 12.5, "ended": 1795346633.2, "exitCode": 0}\n', 'stdout.log': 'started\n' }
      const [alone, among] = [await readCase(input), await readCase({ ...input, files: { ...input.files, ...beside } })]
      expect([sample.name, among]).toEqual([sample.name, alone])
    }
  })

  it('says what it expected where there is nothing', async () => {
    const [first] = cases
    await expect(readCase({ ...inputOf(first as ConformanceCase), files: {} })).rejects.toThrow(/expected|missing/)
  })

  const whole = cases.filter((c) => c.kind === 'success' || c.kind === 'partial failure')
  it.each(whole.map((c) => [c.name, c] as const))('%s, cut off at any byte, gives no wrong number', async (_, sample) => {
    const input = inputOf(sample)
    const original = await readCase(input)
    const names = Object.keys(input.files)
    await fc.assert(fc.asyncProperty(fc.constantFrom(...names), fc.integer({ min: 0, max: 9999 }), async (name, share) => {
      const text = input.files[name] ?? ''
      const cut = text.slice(0, Math.floor((share / 1e4) * text.length))
      await expectNothingWrong({ ...input, files: { ...input.files, [name]: cut } }, { original, name, showsCut: !endsLine(name, { text, cut }) })
    }), { numRuns: 40 })
  })
})

function check(findings: Findings, { stages, reasons, notes, scores, kind, name }: ConformanceCase): void {
  if (stages !== undefined) {
    expect(findings.stages.map((s) => s.stage)).toEqual(Object.keys(stages))
    for (const found of findings.stages) {
      const { measured, unlike, ...counted } = stages[found.stage] ?? { ok: 0 }
      expect([found.stage, { ...found.requests, claimed: found.claimed ?? [] }]).toMatchObject([found.stage, { failed: 0, cancelled: 0, claimed: [], ...counted }])
      checkValues(found, findings.claims, { measured, unlike })
    }
  }
  const given = [...new Set(findings.verdict.reasons.map((r) => r.reason))].sort()
  expect([`${kind}: ${name}`, given, findings.verdict.reasons.map((r) => r.message)]).toEqual([`${kind}: ${name}`, [...(reasons ?? [])].sort(), expect.anything()])
  // What a tool says of itself must follow from its records, or differ for a reason that is known.
  expect(findings.notes.filter((n) => n.includes('the cause is not known'))).toEqual([])
  for (const note of notes ?? []) expect(findings.notes).toContainEqual(expect.stringMatching(note))
  expect(findings.scores).toEqual((scores ?? []).map((s) => expect.objectContaining(s) as unknown))
}

function checkValues(stage: StageFindings, claims: readonly Claim[], { measured = {}, unlike = [] }: Pick<StageExpected, 'measured' | 'unlike'>): void {
  for (const [key, expected] of Object.entries(measured)) {
    const [metric = '', statistic = 'value'] = key.split(' ')
    const distribution = stage.distributions[metric] as Readonly<Record<string, unknown>> | undefined
    const ours = (distribution?.[statistic] ?? stage.scalars[metric]?.value) as number
    // Nanoseconds since 1970 have 0.2 µs in a double.
    expect([stage.stage, key, ours, Math.abs(ours - expected) <= 1e-5 * expected]).toEqual([stage.stage, key, ours, true])
    for (const claim of claims.filter((c) => c.stage === stage.stage && c.metric === metric && c.statistic === statistic)) {
      const theirs = convertUnit(claim.value, claim.unit, METRICS[metric as MetricName].unit) ?? Number.NaN
      const equal = Math.abs(theirs - expected) <= LIMITS.claimRounding.value * Math.abs(expected)
      expect([stage.stage, key, theirs, expected, equal]).toEqual([stage.stage, key, theirs, expected, !unlike.includes(key)])
    }
  }
}

/** Of a file of lines nobody can tell that there were more. */
function endsLine(name: string, { text, cut }: { readonly text: string; readonly cut: string }): boolean {
  return /\.(jsonl|csv)$/.test(name) && (cut.endsWith('\n') || text[cut.length] === '\n')
}

interface CutOff { readonly original: CaseResult; readonly name: string; readonly showsCut: boolean }

/** An error that names the file, or fewer records and a note; each latency that is still there is the one of before. */
async function expectNothingWrong(input: CaseInput, { original, name, showsCut }: CutOff): Promise<void> {
  const result = await readCase(input).catch((error: unknown) => {
    expect((error as Error).message).toMatch(new RegExp(`${name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}|expected|missing`))
    return undefined
  })
  if (result === undefined) return
  const before = new Map(original.records.map((r) => [r.id, latencies(r)]))
  for (const record of result.records) expect(before.get(record.id)).toEqual({ ...before.get(record.id), ...latencies(record) })
  const claimed = new Map(original.claims.map((c) => [`${c.stage} ${c.metric} ${c.nativeName} ${c.statistic}`, c.value]))
  for (const c of result.claims) expect([c, claimed.get(`${c.stage} ${c.metric} ${c.nativeName} ${c.statistic}`) ?? c.value]).toEqual([c, c.value])
  const { findings } = await measureCase(input, result)
  const lost = result.records.length < original.records.length || result.claims.length < original.claims.length || result.stages.length < original.stages.length
  if (lost && showsCut) expect(findings.notes).toContainEqual(expect.stringMatching(/^truncated|missing|cannot|expected|wrote down/))
}

/** What does not depend on where a trial's clock begins. */
function latencies({ sentMs, firstTokenMs, endMs, outputTokens, status }: RequestRecord): object {
  const since = (ms: number | null) => (ms === null || sentMs === null ? undefined : Number((ms - sentMs).toFixed(6)))
  return Object.fromEntries(Object.entries({ ttft: since(firstTokenMs), e2e: since(endMs), outputTokens: outputTokens ?? undefined, status }).filter(([, v]) => v !== undefined))
}
