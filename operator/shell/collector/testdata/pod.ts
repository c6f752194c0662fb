// SPDX-License-Identifier: Apache-2.0
/** A trial's pod on this machine: its folders, the harness and the collector as processes, a results server on loopback. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Receipt, type TrialJob } from '../../../core/model/trial-job.ts'
import { type JobOptions, trialJob, writeTrialJob } from '../../prepare/testdata/trial-job.ts'
import type { RunningServer } from '../../results/testdata/running-server.ts'

export interface Pod {
  readonly job: TrialJob
  readonly folder: string
  readonly startCollector: (options?: { readonly graceSeconds?: number; readonly env?: Record<string, string> }) => ChildProcess
  readonly startHarness: (words?: readonly string[], env?: Record<string, string>) => ChildProcess
  readonly lastWord: () => Receipt | undefined
  /** Where the server keeps the attempt. */
  readonly stored: string
  readonly killAll: () => void
}

const here = (name: string) => join(import.meta.dirname, name)

export function createPod(server: Pick<RunningServer, 'kube' | 'url' | 'data'>, options: Partial<JobOptions> = {}): Pod {
  const folder = mkdtempSync(join(tmpdir(), 'assay-pod-'))
  const job = trialJob({ folder, resultsUrl: server.url, ...options })
  const trial = writeTrialJob(job)
  mkdirSync(job.paths.out, { recursive: true })
  mkdirSync(job.paths.in, { recursive: true })
  writeFileSync(job.results.tokenPath, server.kube.addAttempt({ namespace: 'bench', trial: 't', attempt: 1 }))
  const [pidFile, log] = [join(folder, 'harness.pid'), join(folder, 'termination-log')]
  const children: ChildProcess[] = []
  const start = (args: readonly string[], cwd: string, env: Record<string, string>) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'ignore', process.env['SHOW_LOGS'] === undefined ? 'ignore' : 'inherit'], env: { PATH: process.env['PATH'], ...env } })
    children.push(child)
    return child
  }
  return {
    job, folder, stored: join(server.data, 'ns-uid-1/t/uid-t/1'),
    startCollector: ({ graceSeconds = 10, env = {} } = {}) => start([here('collector-process.ts'), trial, pidFile, String(graceSeconds)], folder, { ASSAY_TERMINATION_LOG: log, ...env }),
    startHarness: (words = [], env = {}) => {
      const child = start([here('fake-harness.ts'), ...words], job.paths.out, env)
      writeFileSync(pidFile, String(child.pid))
      return child
    },
    lastWord: () => (existsSync(log) ? Receipt.parse(JSON.parse(readFileSync(log, 'utf8'))) : undefined),
    killAll: () => { for (const child of children) child.kill('SIGKILL') },
  }
}

/** Exit code, or the signal's name. */
export function endOf(child: ChildProcess): Promise<number | string> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode ?? child.signalCode ?? '')
  return new Promise((resolve) => { child.once('exit', (code, signal) => resolve(code ?? signal ?? '')) })
}
