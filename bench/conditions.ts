// SPDX-License-Identifier: Apache-2.0
/** Under what conditions was measured: a figure without them says nothing. */
import { cpus, loadavg, totalmem } from 'node:os'
import { VERSION } from '../operator/shell/version.ts'

export interface Conditions {
  readonly at: string
  readonly cores: number
  readonly processor: string
  readonly memoryGiB: number
  /** Of one minute, before and after: above the number of cores, times are those of a busy machine. */
  readonly load: { readonly before: number; readonly after: number }
  readonly versions: Readonly<Record<string, string>>
}

/** Call it before; what it returns, after. */
export function observeConditions(): (more?: Readonly<Record<string, string>>) => Conditions {
  const at = new Date().toISOString()
  const before = load()
  return (more = {}) => ({
    at, cores: cpus().length, processor: cpus()[0]?.model ?? 'unknown', memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: { before, after: load() }, versions: { assay: VERSION, node: process.version, ...more },
  })
}

const load = () => Math.round((loadavg()[0] ?? 0) * 10) / 10

export function describeConditions({ at, cores, processor, memoryGiB, load, versions }: Conditions): string {
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')
  const busy = Math.max(load.before, load.after) > cores ? ' (busy: absolute times are worse than on an idle machine)' : ''
  return `${at}; ${cores} cores (${processor}), ${memoryGiB} GiB; load average ${load.before} before, ${load.after} after${busy}; ${software}`
}
