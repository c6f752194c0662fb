// SPDX-License-Identifier: Apache-2.0
/** Runs a snippet in bash with the libraries of hack/ at hand and a scratch folder as its cache, so that a test can call one function of them. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { execa } from 'execa'

export const HACK = join(import.meta.dirname, '..')

export interface Said {
  readonly out: string
  readonly err: string
  readonly status: number | undefined
}

export interface BashOptions {
  /** Libraries of hack/ to source, after lib/common.sh. */
  readonly libraries?: readonly string[]
  /** Stand-ins for commands: each a bash script, found before the real ones. */
  readonly commands?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
}

export function scratchFolder(): string {
  return mkdtempSync(join(tmpdir(), 'assay-hack-'))
}

/** For tests whose subject uses a command that not every machine has. */
export async function lacks(command: string): Promise<boolean> {
  return (await execa('bash', ['-c', 'type -P "$0"', command], { reject: false })).exitCode !== 0
}

export async function bash(snippet: string, { libraries = [], commands = {}, env = {} }: BashOptions = {}): Promise<Said> {
  const folder = scratchFolder()
  for (const [name, script] of Object.entries(commands)) writeFileSync(join(folder, name), `#!/bin/bash\n${script}\n`, { mode: 0o755 })
  const lines = [
    ...['lib/common.sh', ...libraries].map((library) => `source '${join(HACK, library)}'`),
    `PATH=${folder}:$PATH build=${folder} job_folder=${folder}`,
    'mkdir -p "$build/log"',
    snippet,
  ]
  const { stdout, stderr, exitCode } = await execa('bash', ['-c', lines.join('\n')], {
    reject: false,
    env: { XDG_CACHE_HOME: folder, PATH: [folder, process.env['PATH']].join(delimiter), NO_COLOR: '1', CI: 'true', ...env },
  })
  return { out: stdout, err: stderr, status: exitCode }
}
