// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
let assay = ''

beforeAll(() => {
  assay = join(mkdtempSync(join(tmpdir(), 'assay-wrappers-')), 'assay')
  // Says what it was called with, one call a line, and fails for a model called broken.
  writeFileSync(assay, '#!/usr/bin/env bash\nprintf "%s" "$1"; shift; (($# == 0)) || printf " <%s>" "$@"; echo\n[[ $* != *broken* ]] || exit 4\n')
  chmodSync(assay, 0o755)
})

async function run(script: string, ...args: readonly string[]): Promise<{ readonly calls: string[]; readonly err: string; readonly status: number | undefined }> {
  const { stdout, stderr, exitCode } = await execa(join(ROOT, script), args, { reject: false, env: { ASSAY: assay } })
  return { calls: stdout.split('\n').filter((line) => line !== ''), err: stderr, status: exitCode }
}

describe('flags that people know become those of assay', () => {
  it.each([
    ['e2e.sh', '', ['e2e']],
    ['e2e.sh', '-c simulator -l native -w sanity_random -p bench', ['e2e <--scenario> <simulator> <--harness> <native> <--workload> <sanity_random> <--namespace> <bench>']],
    ['e2e.sh', '--scenario=a.yaml --workload=b.yaml --dry-run', ['e2e <--scenario> <a.yaml> <--workload> <b.yaml> <--dry-run>']],
    ['e2e.sh', '--experiments x.yaml --wait 0 --release mine', ['e2e <--experiments> <x.yaml> <--no-wait> <--name> <mine>']],
    ['e2e.sh', '--wait 600 --debug', ['e2e <--timeout> <600s> <--keep>']],
    ['e2e.sh', '-o load.constant.stages[main].rate=4,scenario.serving.replicas=2', ['e2e <--set> <workload.load.constant.stages[main].rate=4> <--set> <scenario.serving.replicas=2>']],
    ['standup.sh', '-t standalone,simulator -a nvidia.com/gpu.product:H100', [
      'standup <--method> <standalone> <--set> <scenario.nodeSelector["nvidia.com/gpu.product"]=H100>',
      'standup <--method> <simulator> <--set> <scenario.nodeSelector["nvidia.com/gpu.product"]=H100>',
    ]],
    ['run.sh', '--methods my-server -s 90 -n', ['trial <--method> <my-server> <--timeout> <90s> <--dry-run>']],
    ['run.sh', '-m a,b -r up', ['trial <--model> <a> <--stack> <up>', 'trial <--model> <b> <--stack> <up>']],
    ['run.sh', '-U http://host:8000 -- --seed 3', ['trial <--url> <http://host:8000> <--seed> <3>']],
    ['teardown.sh', '-r one -t two,three -d --wait 2m', ['teardown <two> <three> <one> <--timeout> <2m> <--deep>']],
    ['teardown.sh', '--all -n', ['teardown <--all> <--dry-run>']],
  ])('%s %s', async (script, flags, calls) => {
    expect(await run(script, ...flags.split(' ').filter((word) => word !== ''))).toEqual({ calls, err: '', status: 0 })
  })
})

describe('what cannot be done is refused, never dropped', () => {
  it.each([
    ['e2e.sh', '--scenari x', 'unknown flag --scenari'],
    ['e2e.sh', '--scenario', '--scenario needs a value'],
    ['e2e.sh', 'simulator', 'unexpected argument "simulator"'],
    ['e2e.sh', '-x http://data', 'data belong to the WorkloadProfile'],
    ['e2e.sh', '-s 0-5', 'there are no numbered steps'],
    ['run.sh', '-z', 'assay results NAME --raw'],
    ['standup.sh', '-b a:b', 'annotations of pods are a matter of the Scenario'],
    ['teardown.sh', '-m model', 'a stack is removed by its name'],
  ])('%s %s', async (script, flags, message) => {
    const { calls, err, status } = await run(script, ...flags.split(' '))
    expect({ calls, status }).toEqual({ calls: [], status: 2 })
    expect(err).toContain(message)
  })
})

it('says which flags are not needed here, and goes on', async () => {
  const { calls, err, status } = await run('e2e.sh', '-k', 'results', '-p', 'a,b', '-i')
  expect({ calls, status }).toEqual({ calls: ['e2e <--namespace> <a>'], status: 0 })
  expect(err.split('\n')).toHaveLength(3)
})

it('tries all models and ends with the first failure', async () => {
  const { calls, status } = await run('e2e.sh', '-m', 'broken,good')
  expect(calls).toEqual(['e2e <--model> <broken>', 'e2e <--model> <good>'])
  expect(status).toBe(4)
})

it.each(['e2e.sh', 'standup.sh', 'run.sh', 'teardown.sh'])('%s --help tells all and calls nothing', async (script) => {
  const { stdout, exitCode } = await execa(join(ROOT, script), ['--help'], { env: { ASSAY: '/bin/false' } })
  expect(exitCode).toBe(0)
  expect(stdout).toContain(`Usage: ./${script}`)
  expect(stdout).toContain('--namespace')
})
