// SPDX-License-Identifier: Apache-2.0
/** A tool that Assay has never heard of, added by a Harness resource alone; and a key that this tool babbles out, which must be stored nowhere. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { execa } from 'execa'
import { expect, it } from 'vitest'
import { findKubeconfig, kubectl } from '../integration/cluster.ts'
import { Findings } from '../../operator/core/model/findings.ts'
import { condition, ended, leftovers, list, trials } from './look.ts'
import { apply, experiment, our, useTenant } from './tenant.ts'

const ROOT = join(import.meta.dirname, '../..')
const namespace = useTenant('own')
const KEY = 'kx7-Very-Secret-0f1e2d3c'
const [REQUESTS, OUTPUT, GAP_MS] = [24, 16, 10]

/** One request after another; a row of CSV for each, and the key wherever a careless tool would leave it. */
const TOOL = `
import { writeFileSync } from 'node:fs'
const key = process.env.ASSAY_CREDENTIAL
console.log('config: --api-key ' + key + ' Authorization: Bearer ' + key)
const rows = ['started,ttft_ms,total_ms,in_tokens,out_tokens,code']
for (let i = 0; i < {{stages.0.requests}}; i++) {
  const body = JSON.stringify({ model: {{json model.served}}, prompt: 'word '.repeat(20) + i, max_tokens: {{workload.data.synthetic.output.fixed}}, ignore_eos: true, stream: true, stream_options: { include_usage: true } })
  const [at, began] = [Date.now(), performance.now()]
  const answer = await fetch('{{endpoint.url}}/v1/completions', { method: 'POST', body, headers: { 'content-type': 'application/json', authorization: 'Bearer ' + key } })
  let text = '', first
  for await (const bytes of answer.body) { first ??= performance.now(); text += Buffer.from(bytes).toString() }
  const usage = /"usage":({[^}]*})/.exec(text)
  const { prompt_tokens, completion_tokens } = JSON.parse(usage?.[1] ?? '{}')
  rows.push([at / 1000, first - began, performance.now() - began, prompt_tokens, completion_tokens, answer.status].join())
}
writeFileSync('{{paths.out}}/rows.csv', rows.join('\\n') + '\\n')
writeFileSync('{{paths.out}}/settings.json', JSON.stringify({ api_key: key, headers: { Authorization: 'Bearer ' + key } }))
`

const HARNESS = our('Harness', 'mine', {
  image: 'ghcr.io/assay-dev/harness-native:0.1.0', version: '7', supports: { api: ['completions'], load: ['concurrent'], data: ['synthetic'], features: ['requests', 'credentials'] },
  files: { 'tool.mjs': TOOL }, command: ['node', '{{paths.config}}/tool.mjs'],
  results: { adapter: 'mapping', mapping: { format: 'csv', files: 'rows.csv', fields: {
    sent: { path: 'started', unit: 's' }, firstToken: { path: 'ttft_ms', unit: 'ms', since: 'sent' }, end: { path: 'total_ms', unit: 'ms', since: 'sent' },
    inputTokens: { path: 'in_tokens' }, outputTokens: { path: 'out_tokens' }, httpStatus: { path: 'code' },
  } } },
})

const simulator = (values: object) => ({
  model: { name: 'm' }, serving: { engine: 'simulator' }, readiness: { timeout: '1m' },
  endpoint: { service: '{{release.model}}', metrics: {}, credentials: { secretKeyRef: { name: 'server-key', key: 'api-key' } } },
  deploy: { releases: [{ name: 'model', chart: { bundled: 'simulator' }, values: { apiKey: { secretName: 'server-key' }, simulator: { model: { name: '{{model.name}}' }, ...values } } }] },
})
const WORKLOAD = { data: { synthetic: { input: { fixed: 64 }, output: { fixed: OUTPUT } } }, load: { concurrent: { stages: [{ name: 'main', concurrency: 1, requests: REQUESTS }] } } }

it('is measured by our definitions, and its key is stored nowhere', async () => {
  await kubectl(['-n', namespace(), 'create', 'secret', 'generic', 'server-key', `--from-literal=api-key=${KEY}`])
  const known = { prefill: { baseMs: 20, perTokenMs: 0, jitter: 0 }, decode: { baseMs: GAP_MS, perSequenceMs: 0, jitter: 0 }, instance: { sigma: 0 }, effects: [] }
  await apply(namespace(), HARNESS, experiment('mine', {
    scenarioRef: undefined, scenario: simulator(known), harnessRef: { name: 'mine' }, workload: WORKLOAD, design: { treatments: [{ name: 'only', set: {} }] }, execution: { retries: 0, trialTimeout: '2m' },
  }))
  const done = await ended(namespace(), 'mine', 240_000)
  expect(condition(done, 'Complete')?.status, JSON.stringify(done.status?.conditions)).toBe('True')
  const [trial] = await trials(namespace())
  const map = (await list(namespace(), 'configmaps')).find((m) => m.metadata.name === trial?.status?.results?.configMap)
  const findings = Findings.parse(JSON.parse(map?.data?.['findings.json'] ?? ''))
  const [stage] = findings.stages
  expect(stage?.requests).toMatchObject({ total: REQUESTS, ok: REQUESTS })
  expect(stage?.distributions['output_length']).toMatchObject({ min: OUTPUT, max: OUTPUT })
  // A machine may be busy and make it longer; shorter than what the server declares it cannot be.
  expect(stage?.distributions['ttft']?.p50).toBeGreaterThan(19)
  expect(stage?.distributions['tpot']?.p50).toBeGreaterThan(GAP_MS - 1)
  expect((await leftovers(namespace())).filter((o) => o !== 'Secret/server-key')).toEqual([])
  expect(await placesOf(KEY)).toEqual([])
})

it('a server that is healthy and dies on its first requests gives no number', async () => {
  const scenario = { ...simulator({ failures: { crash: { afterRequests: 1 } } }), readiness: { timeout: '1m', smokeTest: 'none' } }
  await apply(namespace(), experiment('dies', { scenarioRef: undefined, scenario, workload: WORKLOAD, design: { treatments: [{ name: 'only', set: {} }] }, execution: { retries: 0, maxFailedTrials: 0, trialTimeout: '1m' } }))
  const done = await ended(namespace(), 'dies', 240_000)
  expect(condition(done, 'Failed')?.status).toBe('True')
  expect(done.status?.failures?.map((f) => f.message).join('\n')).toMatch(/NoSuccessfulRequest|ErrorRateHigh|ServerRestarted|went away|restart/i)
  expect((await leftovers(namespace())).filter((o) => o.includes('dies'))).toEqual([])
})

/** Everywhere that something is stored: objects, Events, and every file of the results server, unpacked. */
async function placesOf(secret: string): Promise<string[]> {
  const kinds = ['experiments.assay.dev', 'trials.assay.dev', 'stacks.assay.dev', 'configmaps', 'events']
  const objects = await Promise.all(kinds.map(async (kind) => [kind, await kubectl(['-n', namespace(), 'get', kind, '-o', 'json'])] as const))
  const folder = await mkdtemp(join(tmpdir(), 'assay-own-'))
  try {
    await execa('node', ['operator/main.ts', 'results', 'mine', '-n', namespace(), '--raw', '--out', folder], { cwd: ROOT, preferLocal: true, env: { KUBECONFIG: findKubeconfig() } })
    const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name))
    expect(names.some((name) => name.endsWith('rows.csv')), names.join()).toBe(true)
    const files = await Promise.all(names.map(async (name) => [name, await textOf(name)] as const))
    return [...objects, ...files].filter(([, text]) => text.includes(secret)).map(([place]) => place)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function textOf(file: string): Promise<string> {
  const bytes = await readFile(file)
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1')
}
