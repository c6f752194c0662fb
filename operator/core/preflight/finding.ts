// SPDX-License-Identifier: Apache-2.0
/** One thing that a preflight found: what, where, what was expected and what to do about it. */

/** `fails`: it certainly cannot work as things are. `doubt`: it may not, or not as it seems. */
export type Severity = 'fails' | 'doubt'

export const CHECKS = ['accelerators', 'quota', 'volume', 'storageClass', 'configMap', 'secret', 'definition', 'chart', 'memory', 'kvCache', 'parallelism', 'context'] as const
export type CheckName = (typeof CHECKS)[number]

export interface Finding {
  readonly severity: Severity
  readonly check: CheckName
  /** Field that it follows from, within the object that is named. */
  readonly path: string
  readonly message: string
  readonly found?: string | undefined
  readonly expected?: string | undefined
  readonly nearest?: string | undefined
  /** What cures it. */
  readonly fix: string
  /** Setup for which it holds, where they differ: `tp=3`. */
  readonly of?: string | undefined
}

export function formatFinding({ path, message, found, expected, nearest, fix, of }: Finding): string {
  const details = [found === undefined ? '' : `found ${found}`, expected === undefined ? '' : `expected ${expected}`].filter(Boolean).join(', ')
  return `${path}${of === undefined || of === '' ? '' : ` (${of})`}: ${message}${details === '' ? '' : ` (${details})`}${nearest === undefined ? '' : `; did you mean ${nearest}?`}; ${fix}`
}

/** The same of several setups is said once, with all of them; what fails comes first. */
export function mergeFindings(findings: readonly Finding[]): Finding[] {
  const groups = Map.groupBy(findings, ({ of: _of, ...rest }) => JSON.stringify(rest))
  const merged = [...groups.values()].map((group): Finding => {
    const all = [...new Set(group.map((f) => f.of ?? '').filter(Boolean))]
    const { of: _of, ...first } = group[0] as Finding
    return all.length === 0 ? first : { ...first, of: all.length > LISTED ? `${all.slice(0, LISTED).join('; ')} and ${all.length - LISTED} more` : all.join('; ') }
  })
  return [...merged.filter((f) => f.severity === 'fails'), ...merged.filter((f) => f.severity === 'doubt')]
}

const LISTED = 3

/** 16.4 GB, as makers of models and accelerators count. */
export const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
