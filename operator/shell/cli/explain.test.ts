// SPDX-License-Identifier: Apache-2.0
/** `assay explain workload`: by file and by name, for all harnesses and for one, and how it ends. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { EXIT } from './exit-codes.ts'
import { registerExplain } from './explain.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-explain-'))
})
afterAll(() => rm(folder, { recursive: true }))

let written: string[] = []
beforeEach(() => {
  written = []
  process.exitCode = undefined
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => (written.push(String(text)), true))
  return () => {
    vi.restoreAllMocks()
    process.exitCode = undefined
  }
})

async function explain(...args: readonly string[]): Promise<string> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined })
  registerExplain(program)
  await program.parseAsync(['explain', 'workload', ...args], { from: 'user' })
  return written.join('')
}

async function file(name: string, kind: string, spec: object): Promise<string> {
  const path = join(folder, `${name}.yaml`)
  await writeFile(path, JSON.stringify({ apiVersion: 'assay.dev/v1alpha1', kind, metadata: { name }, spec }))
  return path
}
const ramped = () => file('ramped', 'WorkloadProfile', { data: { synthetic: { input: { fixed: 8 }, output: { fixed: 4 } } }, load: { poisson: { stages: [{ name: 'up', rate: 1, rampTo: 3, duration: '10s' }] }, stop: { errorRate: 0.5 } } })
const replay = () => file('replay', 'WorkloadProfile', { data: { toolProfile: { harness: 'guidellm', source: { configMap: { name: 'mine', key: 'scenario.yaml' } } } }, load: { toolProfile: {} } })

describe('assay explain workload', () => {
  it('says of every harness what it would be told or why it cannot', async () => {
    await expect(await explain(await ramped())).toMatchFileSnapshot('testdata/explain-example.golden.txt')
    expect(process.exitCode).toBe(EXIT.ok)
  })

  it('shows all that one harness is told', async () => {
    await expect(await explain('chatbot', '--harness', 'aiperf')).toMatchFileSnapshot('testdata/explain-one.golden.txt')
  })

  it('reads a harness of one\'s own, and prefers it to one that comes with Assay', async () => {
    const own = await file('fmperf', 'Harness', { image: 'example/own:1', version: '7', supports: { load: ['poisson'], data: ['synthetic'], features: ['stages', 'ramp', 'stop'] }, command: ['own', '{{stages.0.rampTo}}'], results: { adapter: 'own' } })
    expect(await explain(await ramped(), '--harness', own)).toBe('fmperf 7 can\n  command own 3\n')
    written = []
    expect(await explain(await ramped(), '--harness', 'fmperf', '--library', own)).toContain('fmperf 7 can')
  })

  it('asks of the scenario what it asks of the plan', async () => {
    const guarded = await file('guarded', 'Scenario', { model: { name: 'm' }, endpoint: { url: 'https://models.example', credentials: { header: 'X-Key', secretKeyRef: { name: 's', key: 'k' } } } })
    const told = JSON.parse(await explain('constant', '--scenario', guarded, '-o', 'json')) as readonly { readonly harness: string; readonly problems: readonly { readonly found: string }[] }[]
    const refused = told.filter(({ problems }) => problems.some(({ found }) => found === 'credentialHeader')).map(({ harness }) => harness)
    expect(refused).toContain('guidellm')
    expect(refused).not.toContain('native')
  })

  it.each([
    ['an unknown workload', ['chatbit'], 'there is no WorkloadProfile "chatbit", neither as a file nor in the library; did you mean chatbot?'],
    ['an unknown harness', ['chatbot', '--harness', 'guidelm'], 'there is no Harness "guidelm", neither as a file nor in the library; did you mean guidellm?'],
    ['an unknown scenario', ['chatbot', '--scenario', 'nowhere-near-anything'], 'there is no Scenario "nowhere-near-anything", neither as a file nor in the library'],
  ])('refuses %s', async (_title, args, message) => {
    await expect(explain(...args)).rejects.toMatchObject({ exitCode: EXIT.usage, message })
  })

  it('refuses a workload that is invalid, and says where', async () => {
    const bad = await file('bad', 'WorkloadProfile', { data: { synthetic: { input: { fixed: 8 }, output: { fixed: 4 } } }, load: { poison: { stages: [] } } })
    await expect(explain(bad)).rejects.toMatchObject({ exitCode: EXIT.invalidExperiment, message: expect.stringContaining('spec.load.poison') as string })
  })

  it('ends otherwise where no harness can, though some send nothing', async () => {
    const odd = await file('odd', 'WorkloadProfile', { data: { toolProfile: { harness: 'locust', source: { inline: 'x' } } }, load: { toolProfile: {} } })
    const text = await explain(odd)
    expect(process.exitCode).toBe(EXIT.invalidExperiment)
    expect(text).toMatch(/\ncannot: [^\n]*native[^\n]*\nsends nothing: nop, vllm-bench-startup\n$/)
  })

  it('of a profile that a tool reads by itself, only that tool is told', async () => {
    const text = await explain(await replay())
    expect(text).toContain('\ncan: guidellm\n')
  })
})
