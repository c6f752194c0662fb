// SPDX-License-Identifier: Apache-2.0
/** What the doctor finds: tiers of checks, each with its state, what was seen and what cures it. Pure. */

export type CheckState = 'ok' | 'warning' | 'failed' | 'unknown'
export interface Check {
  readonly name: string
  readonly state: CheckState
  /** What was seen. */
  readonly seen: string
  /** What cures it. */
  readonly fix?: string
}
export interface Tier { readonly title: string; readonly checks: readonly Check[] }

export const ok = (name: string, seen: string): Check => ({ name, state: 'ok', seen })
export const warning = (name: string, seen: string, fix?: string): Check => ({ name, state: 'warning', seen, fix })
export const failed = (name: string, seen: string, fix?: string): Check => ({ name, state: 'failed', seen, fix })
export const unknown = (name: string, seen: string): Check => ({ name, state: 'unknown', seen })

const MARKS: Readonly<Record<CheckState, string>> = { ok: '✔', warning: '!', failed: '✘', unknown: '?' }

export function doctorLines(tiers: readonly Tier[]): string[] {
  return [...tiers.flatMap(({ title, checks }) => [title, ...checks.flatMap(checkLines), '']), summary(tiers.flatMap((t) => t.checks))]
}

function checkLines({ name, state, seen, fix }: Check): string[] {
  return [`  ${MARKS[state]} ${name}: ${seen}`, ...(fix === undefined ? [] : [`      → ${fix}`])]
}

function summary(checks: readonly Check[]): string {
  const count = (state: CheckState) => checks.filter((c) => c.state === state).length
  const rest = [count('warning') > 0 ? `${count('warning')} to look at` : '', count('unknown') > 0 ? `${count('unknown')} that could not be looked at` : ''].filter(Boolean).join(', ')
  const failures = count('failed')
  return `${failures === 0 ? '✔ ready' : `✘ ${failures} of ${checks.length} checks failed`}${rest === '' ? '' : ` (${rest})`}`
}

export const isHealthy = (tiers: readonly Tier[]): boolean => tiers.every((t) => t.checks.every((c) => c.state !== 'failed'))
