// SPDX-License-Identifier: Apache-2.0
/** The example pipelines: what they call is there and is called rightly, and what is not the platform's own really runs here, on stored results. */
import { existsSync, statSync } from 'node:fs'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { sampleExperiment } from '../../operator/core/report/testdata/experiment.ts'
import { registerCheck } from '../../operator/shell/cli/check.ts'
import type { Collected } from '../../operator/shell/cli/collect.ts'
import { registerCompare } from '../../operator/shell/cli/compare.ts'
import { registerHistory } from '../../operator/shell/cli/history.ts'
import { registerRun } from '../../operator/shell/cli/run.ts'
import { registerTrends } from '../../operator/shell/cli/trends.ts'
import { saveData, saveReports } from '../../operator/shell/cli/work-folder.ts'

const ROOT = join(import.meta.dirname, '../..')
const PIPELINES = ['github-actions.yml', 'gitlab-ci.yml', 'cronjob.yaml'] as const
const text = (path: string) => readFile(join(ROOT, path), 'utf8')

/** Every shell script within a YAML file. */
async function scriptsOf(name: string): Promise<string[]> {
  const found: string[] = []
  const walk = (value: unknown, key: string): void => {
    if (typeof value === 'string' && ['run', 'script', 'before_script', 'after_script', 'args'].includes(key)) found.push(value)
    else if (Array.isArray(value)) for (const item of value) walk(item, key)
    else if (typeof value === 'object' && value !== null) for (const [k, v] of Object.entries(value)) walk(v, k)
  }
  for (const document of parseAllDocuments(await text(`docs/ci/${name}`), { uniqueKeys: true })) {
    expect(document.errors).toEqual([])
    walk(document.toJS(), '')
  }
  return found.filter((script) => /\s/.test(script))
}

/** Expressions of the platform, which are filled in before a shell sees the script. */
const filledIn = (script: string) => script.replaceAll(/\$\{\{[^}]*\}\}/g, 'EXPRESSION')

/** Words of each call of assay, as a shell would hand them over; variables stay as they are written. */
function assayCalls(script: string): string[][] {
  const joined = filledIn(script).replaceAll(/\\\n\s*/g, ' ')
  return [...joined.matchAll(/(?:bin\/assay"?) ([^\n]*)/g)].map(([, rest = '']) => {
    const words = rest.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []
    const end = words.findIndex((w) => /^(\|\||&&|;|>>?.*|\d?>.*|\|)$/.test(w) || w.startsWith('>'))
    return (end < 0 ? words : words.slice(0, end)).filter((w) => w !== '"$@"' && w !== '"${rules[@]}"').map((w) => w.replaceAll(/["']/g, ''))
  })
}

/** The real commands, which parse and then do nothing. */
async function parses(words: readonly string[]): Promise<string> {
  const said: string[] = []
  const program = new Command('assay')
  for (const register of [registerRun, registerCheck, registerCompare, registerHistory, registerTrends]) register(program)
  const silence = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: (line) => void said.push(line) })
    for (const child of command.commands) silence(child)
    if (command.commands.length === 0) command.action(() => undefined)
  }
  silence(program)
  await program.parseAsync([...words], { from: 'user' }).catch((error: Error) => said.push(error.message))
  return said.join('')
}

describe.each(PIPELINES)('docs/ci/%s', (name) => {
  it('holds scripts that bash can read', async () => {
    const scripts = await scriptsOf(name)
    expect(scripts.length).toBeGreaterThan(0)
    for (const script of scripts) expect((await execa('bash', ['-n', '-c', filledIn(script)], { reject: false })).stderr).toBe('')
  })

  it('calls assay with words that it knows', async () => {
    const calls = (await scriptsOf(name)).flatMap(assayCalls)
    expect(calls.length).toBeGreaterThan(0)
    for (const call of calls) expect([call, await parses(call)]).toEqual([call, ''])
  })

  it('names files that are there, and may be run', async () => {
    const named = (await scriptsOf(name)).flatMap((script) => script.match(/(?<![\w.])\/?assay\/(?:hack|bin)\/[\w./-]+/g) ?? [])
    expect(named.length).toBeGreaterThan(0)
    for (const file of named) {
      const path = join(ROOT, file.replace(/^\/?assay\//, ''))
      expect([file, existsSync(path) && (statSync(path).mode & 0o111) !== 0]).toEqual([file, true])
    }
    const targets = (await scriptsOf(name)).flatMap((script) => [...script.matchAll(/make -C assay (\w+)/g)].map((m) => m[1]))
    const makefile = await text('Makefile')
    for (const target of targets) expect(makefile).toMatch(new RegExp(`^${target}:`, 'm'))
  })
})

it('notices a wrong call', async () => {
  expect(await parses(['check', 'out', '--githb'])).toMatch(/unknown option '--githb'.*Did you mean --github/s)
  expect(assayCalls('x || assay/bin/assay trends "$h" --fail-on worse >"$site/t.md" || y')).toEqual([['trends', '$h', '--fail-on', 'worse']])
})

it('the scripts call assay with words that it knows', async () => {
  const calls: string[][] = []
  for (const name of (await readdir(import.meta.dirname)).filter((f) => f.endsWith('.sh'))) calls.push(...assayCalls(await readFile(join(import.meta.dirname, name), 'utf8')).filter((c) => !c.includes('`')))
  expect(calls.map((c) => c[0]).sort()).toEqual(['check', 'check', 'compare', 'history', 'trends', 'trends'])
  for (const call of calls) expect([call, await parses(call)]).toEqual([call, ''])
})

interface Step { readonly uses?: string; readonly run?: string; readonly id?: string; readonly name?: string; readonly if?: string; readonly 'continue-on-error'?: boolean }
interface Job { readonly steps: readonly Step[]; readonly permissions: Readonly<Record<string, string>>; readonly 'timeout-minutes': number; readonly 'runs-on': string }

describe('the workflow of GitHub', async () => {
  const workflow = parse(await text('docs/ci/github-actions.yml')) as { readonly on: object; readonly permissions: object; readonly concurrency: object; readonly jobs: Readonly<Record<string, Job>> }

  it('runs for pull requests, by the clock and by hand, and grants nothing by default', () => {
    expect(Object.keys(workflow.on)).toEqual(['pull_request', 'schedule', 'workflow_dispatch'])
    expect([workflow.permissions, workflow.jobs['pull-request']?.permissions, workflow.jobs['scheduled']?.permissions]).toEqual([
      {}, { contents: 'read', actions: 'read', 'pull-requests': 'write' }, { contents: 'write' },
    ])
  })

  it.each(Object.entries(workflow.jobs))('%s pins its actions, ends in time, and fails only when all is kept', (_, { steps, 'timeout-minutes': minutes }) => {
    expect(minutes).toBeGreaterThan(0)
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w-]+@(v\d+|[0-9a-f]{40})$/)
    const ids = steps.flatMap((s) => s.id ?? [])
    const asked = steps.flatMap((s) => [...(s.if ?? '').matchAll(/steps\.(\w+)/g)].map((m) => m[1]))
    expect(asked.filter((id) => !ids.includes(id as string))).toEqual([])
    // Whatever may fail for what was measured is let pass, and the last step asks each of them.
    const tolerated = steps.filter((s) => s['continue-on-error'] === true).map((s) => s.id)
    const verdict = steps.at(-1)
    expect(tolerated.every((id) => verdict?.if?.includes(`steps.${id}.outcome == 'failure'`))).toBe(true)
    expect(verdict?.run).toMatch(/exit 1/)
    expect(steps.findIndex((s) => s.uses?.startsWith('actions/upload-artifact'))).toBeLessThan(steps.length - 1)
    for (const step of steps.slice(steps.findIndex((s) => s.name === 'Judge') + 1)) expect([step.name, step.if ?? step['continue-on-error']]).not.toEqual([step.name, undefined])
  })
})

it('the pipeline of GitLab keeps reports whatever happens', async () => {
  const { stages: _s, variables: _v, ...jobs } = parse(await text('docs/ci/gitlab-ci.yml')) as Record<string, { artifacts?: { when: string; reports: { junit: string[] } }; rules?: { if: string }[]; extends?: string }>
  expect(Object.keys(jobs)).toEqual(['.benchmark', 'merge-request', 'scheduled'])
  for (const name of ['merge-request', 'scheduled']) expect(jobs[name]).toMatchObject({ extends: '.benchmark', artifacts: { when: 'always', reports: { junit: expect.arrayContaining(['out/gate.xml']) } } })
  expect(jobs['scheduled']?.rules?.[0]?.if).toContain('"schedule"')
})

describe('the CronJob', async () => {
  const documents = parseAllDocuments(await text('docs/ci/cronjob.yaml')).map((d) => d.toJS() as { kind: string; metadata: { name: string; namespace: string }; data?: Record<string, string>; rules?: { apiGroups: string[]; resources: string[]; verbs: string[] }[]; spec?: Record<string, never> })
  const one = (kind: string) => documents.find((d) => d.kind === kind)

  it('is complete, in one namespace', () => {
    expect(documents.map((d) => d.kind)).toEqual(['ServiceAccount', 'Role', 'RoleBinding', 'PersistentVolumeClaim', 'ConfigMap', 'CronJob'])
    expect(new Set(documents.map((d) => d.metadata.namespace))).toEqual(new Set(['benchmarks']))
  })

  it('has least rights: it deletes nothing, reads no Secret, and writes only what it brings', () => {
    const rules = one('Role')?.rules ?? []
    expect(rules.flatMap((r) => r.resources)).not.toContain('secrets')
    expect(rules.flatMap((r) => r.verbs).filter((v) => !['get', 'list', 'watch', 'create', 'patch'].includes(v))).toEqual([])
    expect(rules.filter((r) => r.verbs.includes('create')).map((r) => r.apiGroups)).toEqual([['assay.dev']])
  })

  it('runs an Experiment that can be planned', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assay-ci-'))
    await writeFile(join(folder, 'experiment.yaml'), one('ConfigMap')?.data?.['experiment.yaml'] ?? '')
    const { exitCode, stderr } = await execa(join(ROOT, 'bin/assay'), ['plan', '-f', join(folder, 'experiment.yaml')], { reject: false })
    await rm(folder, { recursive: true })
    expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining('problem')])
  })

  it('meets the restricted Pod Security Standard', () => {
    const pod = (one('CronJob')?.spec as unknown as { jobTemplate: { spec: { template: { spec: { securityContext: object; containers: { securityContext: object }[] } } } } }).jobTemplate.spec.template.spec
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
    for (const { securityContext } of pod.containers) expect(securityContext).toMatchObject({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } })
  })
})

let folder = ''
const place = (name: string) => join(folder, name)

async function stored(name: string, sample: { readonly seed: number; readonly slower?: number; readonly gate?: boolean }): Promise<void> {
  const { gate = true, ...rest } = sample
  const { experiment, trials } = await sampleExperiment({ batches: [8], rates: [24], stacks: 5, requests: 140, ...rest })
  const spec = { ...experiment.spec, gate: gate ? { onInsufficient: 'Fail' as const, rules: [{ name: 'errors', expr: 'value(error_rate) <= 1%' }] } : undefined }
  const collected: Collected = { experiment: { apiVersion: 'assay.dev/v1alpha1', kind: 'Experiment', metadata: { name: 'nightly', namespace: 'bench' }, spec: spec as never, status: { run: sample.seed } }, trials, failed: [], reports: [] }
  await saveData(place(name), collected)
  await saveReports(place(name), collected, { formats: ['markdown'] })
  await writeFile(place(`${name}/report.html`), '<!doctype html>')
}

async function script(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = folder): Promise<{ readonly code: number | undefined; readonly said: string }> {
  const { exitCode, all } = await execa(join(import.meta.dirname, name), [...args], { reject: false, all: true, cwd, env })
  return { code: exitCode, said: String(all) }
}

describe('the steps that are no platform’s own', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-ci-'))
    await Promise.all([stored('main', { seed: 1 }), stored('same', { seed: 2 }), stored('slow', { seed: 3, slower: 1.6 }), stored('bare', { seed: 4, gate: false })])
  }, 60_000)
  afterAll(() => rm(folder, { recursive: true }))

  it.each<[string, readonly string[], number, RegExp]>([
    ['a run without a baseline', ['same'], 0, /## ✅ nightly[^]*\| errors \| ✅ passed \|[^]*No run to compare with\./],
    ['a run that is like the baseline', ['same', 'main'], 0, /### Against the last run on main[^]*gate (passed|undecided)[^]*<summary>Comparison/],
    ['a run that is slower', ['slow', 'main'], 5, /✘ rule-2[^]*gate failed/],
    ['an Experiment without a gate', ['bare'], 0, /^# nightly/],
    ['a run that never got that far', ['nothing'], 4, /Nothing was measured/],
  ])('judge %s', { timeout: 60_000 }, async (_, [run = '', baseline], code, summary) => {
    const own = place(`judged-${run}-${baseline ?? ''}`)
    if (existsSync(place(run))) await cp(place(run), own, { recursive: true })
    const { code: ended } = await script('judge.sh', [own, ...(baseline === undefined ? [] : [place(baseline)])])
    expect(await readFile(join(own, 'summary.md'), 'utf8')).toMatch(summary)
    expect(ended).toBe(code)
    if (run === 'same') expect(await readFile(join(own, 'gate.xml'), 'utf8')).toContain('<testsuites')
  })

  it('a baseline that went missing is said, and the rules of one’s own are taken', { timeout: 60_000 }, async () => {
    const { code, said } = await script('judge.sh', [place('same'), place('main')], { ASSAY_REGRESSIONS: 'regression(p50(tpot), baseline=mian) <= 5%' })
    expect([code, said]).toEqual([2, expect.stringMatching(/no rule compares with main; did you mean "mian"\?/)])
  })

  it('history and trends', { timeout: 60_000 }, async () => {
    for (const run of ['main', 'same', 'same']) expect((await script('trends.sh', [place('history/runs'), place(run), place('history'), '--commit', `of-${run}`, '--label', 'a=b'])).code).toBe(0)
    expect((await readdir(place('history/runs'))).filter((f) => f.endsWith('.jsonl'))).toHaveLength(2)
    expect(await readFile(place('history/index.html'), 'utf8')).toContain('2 runs')
    expect(await readFile(place('history/trends.md'), 'utf8')).toMatch(/## ⚠️ Trends\n\nNothing can be said yet: 2 runs/)
    expect(existsSync(place('history/report.html'))).toBe(true)
  })

  it('a branch that two jobs push to at once keeps the runs of both', { timeout: 60_000 }, async () => {
    const git = (cwd: string, ...args: string[]) => execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd })
    await git(folder, 'init', '--quiet', '--bare', 'remote.git')
    for (const job of ['a', 'b']) {
      await git(folder, 'init', '--quiet', job)
      await git(place(job), 'commit', '--quiet', '--allow-empty', '-m', 'first')
      await git(place(job), 'remote', 'add', 'origin', place('remote.git'))
    }
    const add = async (job: string, run: string) => {
      expect(await script('branch.sh', ['fetch', 'assay-history', 'history'], {}, place(job))).toMatchObject({ code: 0 })
      return async () => {
        await execa('mkdir', ['-p', place(`${job}/history/runs`)])
        await writeFile(place(`${job}/history/runs/${run}.jsonl`), '{}\n')
        expect(await script('branch.sh', ['push', 'assay-history', 'history'], {}, place(job))).toMatchObject({ code: 0 })
      }
    }
    await (await add('a', '1'))()
    // Both have seen one run, and each adds another.
    await git(place('a'), 'worktree', 'remove', '--force', 'history')
    const [first, second] = [await add('a', '2'), await add('b', '3')]
    await first()
    await second()
    const { stdout } = await git(place('remote.git'), 'ls-tree', '-r', '--name-only', 'assay-history')
    expect(stdout.split('\n')).toEqual(['runs/1.jsonl', 'runs/2.jsonl', 'runs/3.jsonl'])
  })

  it('one note of a merge request, written anew', { timeout: 60_000 }, async () => {
    const notes: { id: number; body: string }[] = [{ id: 1, body: 'of a human' }]
    const tokens = new Set<string | undefined>()
    const server = createServer((request, response) => {
      let body = ''
      tokens.add(request.headers['private-token'] as string | undefined)
      request.on('data', (chunk: Buffer) => { body += chunk.toString() })
      request.on('end', () => {
        const given = new URLSearchParams(body).get('body') ?? ''
        if (request.method === 'POST') notes.push({ id: 7, body: given })
        if (request.method === 'PUT') notes.find((n) => request.url?.endsWith(`/projects/5/merge_requests/12/notes/${n.id}`))!.body = given
        response.end(JSON.stringify(notes))
      })
    })
    await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })
    const env = { CI_API_V4_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, CI_PROJECT_ID: '5', ASSAY_API_TOKEN: 'secret' }
    for (const said of ['**one** & two', 'x'.repeat(70_000)]) {
      await writeFile(place('summary.md'), said)
      expect(await script('comment.sh', ['gitlab', place('summary.md'), '12'], env)).toMatchObject({ code: 0 })
      expect(notes).toHaveLength(2)
      expect(notes[1]?.body.startsWith(`<!-- assay -->\n${said.slice(0, 50)}`)).toBe(true)
    }
    expect(notes[1]?.body).toMatch(/Cut off here/)
    expect([...tokens]).toEqual(['secret'])
    server.close()
  })

  it('one comment of a pull request, written anew', { timeout: 60_000 }, async () => {
    await writeFile(place('gh'), `#!/bin/bash\nprintf '%s\\n' "$*" >>'${place('gh.log')}'\n[[ "$*" != *--paginate* || ! -e '${place('commented')}' ]] || echo 99\n[[ "$*" != *POST* ]] || touch '${place('commented')}'\n`, { mode: 0o755 })
    await writeFile(place('summary.md'), 'verdict')
    for (let i = 0; i < 2; i++) expect(await script('comment.sh', ['github', place('summary.md'), '3'], { PATH: `${folder}:${process.env['PATH'] ?? ''}`, GITHUB_REPOSITORY: 'me/mine' })).toMatchObject({ code: 0 })
    const calls = (await readFile(place('gh.log'), 'utf8')).split('\n').filter((l) => l.includes('--method')).map((l) => l.replace(/=@\S+/, '=@FILE'))
    expect(calls).toEqual(['api --silent --method POST repos/me/mine/issues/3/comments --field body=@FILE', 'api --silent --method PATCH repos/me/mine/issues/comments/99 --field body=@FILE'])
  })

  it.each([[['github', 'nowhere.md', '3']], [['bitbucket', 'summary.md', '3']], [['github', 'summary.md', 'three']]])('comment.sh %j is wrong usage', async (args) => {
    expect((await script('comment.sh', args)).said).toContain('usage: hack/ci/comment.sh')
  })
})
