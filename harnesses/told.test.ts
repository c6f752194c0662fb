// SPDX-License-Identifier: Apache-2.0
/** What every harness that comes with Assay is told of workloads of every kind, word for word, and what its run.sh does. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, globSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { HarnessSpec } from '../operator/core/model/harness.ts'
import { BUNDLED_HARNESSES, FEATURES } from '../operator/core/model/harness-features.ts'
import { formatProblem } from '../operator/core/model/problem.ts'
import { ScenarioSpec } from '../operator/core/model/scenario.ts'
import { DATA_KINDS, LOAD_KINDS, WorkloadProfileSpec } from '../operator/core/model/workload-profile.ts'
import { explainHarness } from '../operator/core/plan/explain.ts'
import { checkOverrides } from '../operator/core/plan/overrides.ts'
import { exampleJob } from '../operator/core/plan/render-check.ts'
import { renderHarness } from '../operator/core/plan/render.ts'
import { parseStrict } from '../operator/core/plan/strict.ts'
import { sampleRequests } from '../operator/shell/cli/explain-sample.ts'
import { explainLines } from '../operator/shell/cli/explain-view.ts'
import { PROFILES } from './testing/profiles.ts'

const ROOT = import.meta.dirname
const FILES = globSync('*/harness.yaml', { cwd: ROOT }).sort()

function harnessOf(file: string): HarnessSpec {
  const { metadata, spec } = parse(readFileSync(join(ROOT, file), 'utf8')) as { readonly metadata: { readonly name: string }; readonly spec: unknown }
  expect(metadata.name).toBe(basename(dirname(file)))
  const parsed = parseStrict(HarnessSpec, spec, { at: 'spec', object: `Harness/${metadata.name}` })
  if (!parsed.ok) throw new Error(parsed.problems.map(formatProblem).join('\n'))
  return parsed.value
}
const HARNESSES = new Map(FILES.map((file) => [basename(dirname(file)), harnessOf(file)]))

/** Everything in run.sh before its first own line: the same for all, so that goldens need not repeat it. */
function prelude(text: string): string {
  return /^# [^\n]*\n(?:.*\n)*?run\(\) \{\n(?:  .*\n)*\}\n/.exec(text)?.[0] ?? ''
}

describe('the harnesses', () => {
  it('are those that profiles may speak of everywhere', () => {
    expect([...HARNESSES.keys()].toSorted()).toEqual([...BUNDLED_HARNESSES].toSorted())
  })

  it.each(FILES)('%s says what it is, and a README says the rest', (file) => {
    const name = basename(dirname(file))
    expect(readFileSync(join(ROOT, file), 'utf8')).toMatch(/^# \S/)
    expect(HARNESSES.get(name)?.description?.length).toBeGreaterThan(20)
    // Several ways to run one tool share a page.
    const readme = readFileSync(join(ROOT, name.startsWith('vllm-bench') ? 'vllm-bench' : name, 'README.md'), 'utf8')
    expect(readme).toContain(name === 'native' ? 'native' : (HARNESSES.get(name)?.supports.load.length === 0 ? name : `${HARNESSES.get(name)?.version}`))
  })

  it.each([...HARNESSES].filter(([, { overrides }]) => overrides.args || overrides.config !== undefined))('%s: the README shows overrides that it takes', (name, { overrides }) => {
    const readme = readFileSync(join(ROOT, name.startsWith('vllm-bench') ? 'vllm-bench' : name, 'README.md'), 'utf8')
    const examples = [...readme.matchAll(/```yaml\n([^`]*)```/g)].map(([, text = '']) => parse(text) as { readonly overrides?: object })
    const shown = examples.flatMap((example) => (example.overrides === undefined ? [] : [example.overrides]))
    expect(shown.length).toBeGreaterThan(0)
    const harness = name.startsWith('vllm-bench') ? 'vllm-bench' : name
    const workload = WorkloadProfileSpec.parse({ ...PROFILES.get('constant'), overrides: Object.assign({}, ...shown) as object })
    expect(checkOverrides(workload, { name: harness, overrides }, HARNESSES)).toEqual([])
  })

  it('native can do everything but read the profiles of others', () => {
    const { features, load, data } = HARNESSES.get('native')?.supports ?? { features: [], load: [], data: [] }
    expect([[...features].toSorted(), [...load].toSorted(), [...data].toSorted()]).toEqual([FEATURES.toSorted(), LOAD_KINDS.filter((k) => k !== 'toolProfile').toSorted(), DATA_KINDS.filter((k) => k !== 'toolProfile').toSorted()])
  })

  it('every workload here can be expressed by some harness that sends, and every such harness can express one', () => {
    const able = new Map([...PROFILES].map(([name, workload]) => [name, [...HARNESSES].filter(([harness, spec]) => spec.supports.load.length > 0 && explainHarness({ name: harness, harness: spec, workload, library: HARNESSES }).problems.length === 0).map(([harness]) => harness)]))
    expect([...able].filter(([, names]) => names.length === 0)).toEqual([])
    const used = new Set([...able.values()].flat())
    expect([...HARNESSES].filter(([name, { supports }]) => supports.load.length > 0 && !used.has(name)).map(([name]) => name)).toEqual([])
  })
})

describe('what they are told', () => {
  const samples = new Map<string, Awaited<ReturnType<typeof sampleRequests>>>()
  beforeAll(async () => {
    for (const [title, workload] of PROFILES) samples.set(title, await sampleRequests(workload, ROOT))
  })

  it.each([...HARNESSES])('%s', async (name, harness) => {
    const sections: string[] = []
    for (const [title, workload] of PROFILES) {
      const sample = samples.get(title)
      const told = explainHarness({ name, harness, workload, library: HARNESSES, ...(sample && { sample }) })
      const text = explainLines(told, true).join('\n')
      const common = prelude(told.files['run.sh'] ?? '')
      sections.push(`== ${title}\n${common === '' ? text : text.replace(common.trimEnd().split('\n').map((line) => `    ${line}`.trimEnd()).join('\n'), '    …')}`)
    }
    await expect(sections.join('\n')).toMatchFileSnapshot(join(ROOT, name, 'testdata', 'told.golden.txt'))
  })

  it('the part of run.sh that runs stages is the same in all', () => {
    const workload = PROFILES.get('constant')
    const texts = [...HARNESSES].flatMap(([, { files }]) => (typeof files['run.sh'] === 'string' ? [prelude(files['run.sh']).replace(/^# [^\n]*\n/, '')] : []))
    expect(workload).toBeDefined()
    expect(texts.length).toBeGreaterThan(8)
    expect(new Set(texts).size).toBe(1)
    expect(texts[0]).toContain('trap')
  })
})

/** run.sh of a harness with a tool that only writes down what it is told and ends as its folder says. */
function staged(tool: string) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-run-sh-'))
  const harness = HARNESSES.get('guidellm')
  const workload = PROFILES.get('sweep of normal lengths')
  if (harness === undefined || workload === undefined) throw new Error('no harness, no workload')
  const scenario = ScenarioSpec.parse({ model: { name: 'm' }, endpoint: { url: 'http://example:8000', credentials: { secretKeyRef: { name: 's', key: 'k' } } } })
  const job = { ...exampleJob({ scenario, workload, harness, name: 'guidellm' }), paths: { config: join(folder, 'config'), in: join(folder, 'in'), out: join(folder, 'run/out'), requests: join(folder, 'in/requests.jsonl') } }
  const rendered = renderHarness(harness, job)
  if (!rendered.ok) throw new Error('it does not render')
  for (const path of [job.paths.config, join(folder, 'bin'), job.paths.out]) mkdirSync(path, { recursive: true })
  for (const [name, text] of Object.entries(rendered.value.files)) writeFileSync(join(job.paths.config, name), text)
  writeFileSync(join(folder, 'bin/guidellm'), `#!/bin/sh\n${tool}\n`)
  chmodSync(join(folder, 'bin/guidellm'), 0o755)
  const variables = Object.fromEntries(rendered.value.env.map(({ name, value = '' }) => [name, value]))
  const [command = '', ...args] = rendered.value.command
  return { out: job.paths.out, command, args, env: { ...process.env, ...variables, PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`, ASSAY_CREDENTIAL: 'sesame' } }
}
const stageOf = (out: string, i: number) => JSON.parse(readFileSync(join(out, `stage-${i}/stage.json`), 'utf8')) as { readonly started: number; readonly startedMonotonic: number; readonly ended: number; readonly exitCode: number }

describe('run.sh', () => {
  it('runs every stage where its results go, whatever becomes of one, and says so at the end', () => {
    const { out, command, args, env } = staged('pwd >told; echo "$@" >>told; echo "$GUIDELLM__SPEC__BACKEND__API_KEY" >>told; case $(pwd) in *stage-1) exit 7;; esac')
    let status = 0
    try {
      execFileSync(command, args, { env, cwd: out })
    } catch (error) {
      ({ status } = error as { status: number })
    }
    expect(status).toBe(7)
    expect([0, 1, 2].map((i) => stageOf(out, i).exitCode)).toEqual([0, 7, 0])
    expect(stageOf(out, 0)).toMatchObject({ started: expect.closeTo(Date.now() / 1000, -2) as number, startedMonotonic: expect.any(Number) as number })
    expect(stageOf(out, 1).started).toBeGreaterThanOrEqual(stageOf(out, 0).ended)
    const told = readFileSync(join(out, 'stage-2/told'), 'utf8').split('\n')
    expect(told[0]).toBe(join(out, 'stage-2'))
    expect(told[1]).toMatch(/^run -c .*\/scenario-stage-2\.yaml --disable-console-interactive$/)
    expect(told[2]).toBe('sesame')
  })

  it('hands TERM to the tool, waits for it and begins no other stage', async () => {
    const { out, command, args, env } = staged('trap "echo term >term; sleep 0.3; echo done >done; exit 5" TERM; echo up >up; while :; do sleep 0.05; done')
    const child = spawn(command, args, { env, cwd: out, stdio: 'ignore' })
    for (let tries = 0; tries < 200 && globSync('stage-0/up', { cwd: out }).length === 0; tries++) await delay(25)
    child.kill('SIGTERM')
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).toBe(143)
    expect(globSync('*/{term,done}', { cwd: out }).toSorted()).toEqual(['stage-0/done', 'stage-0/term'])
    expect(stageOf(out, 0).exitCode).toBe(5)
    expect(globSync('stage-1', { cwd: out })).toEqual([])
  })
})
