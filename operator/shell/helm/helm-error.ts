// SPDX-License-Identifier: Apache-2.0
/** What a failed helm means: a reason, and whether another try may help. */

export const HELM_REASONS = ['ChartNotFound', 'ChartInvalid', 'ValuesInvalid', 'NameInUse', 'Forbidden', 'NotATenant', 'HookFailed', 'HelmTimeout', 'HelmStopped', 'Unreachable', 'HelmFailed'] as const
export type HelmReason = (typeof HELM_REASONS)[number]

export class HelmError extends Error {
  override readonly name = 'HelmError'
  readonly code: HelmReason
  /** Whether the same command may succeed later. */
  readonly transient: boolean

  constructor(code: HelmReason, message: string, transient: boolean) {
    super(message)
    this.code = code
    this.transient = transient
  }
}

const RULES: readonly { readonly pattern: RegExp; readonly reason: HelmReason; readonly transient?: boolean }[] = [
  { pattern: /don't meet the specifications of the schema|values don't meet/i, reason: 'ValuesInvalid' },
  { pattern: /cannot re-use a name|already exists|exists and cannot be imported|invalid ownership metadata/i, reason: 'NameInUse' },
  { pattern: /forbidden|cannot (create|get|list|patch|delete|impersonate) resource|unauthorized/i, reason: 'Forbidden' },
  { pattern: /(pre|post)-install.*hook|hook.*failed|failed (pre|post)-/i, reason: 'HookFailed' },
  { pattern: /not found in .* repository|chart .* not found|no chart|failed to fetch|Chart\.yaml file is missing|repo .* not found|manifest unknown|FetchReference.*: not found|404/i, reason: 'ChartNotFound' },
  { pattern: /parse error|execution error|template:|YAML parse|unable to build kubernetes objects|error validating|unknown field|is invalid/i, reason: 'ChartInvalid' },
  { pattern: /connection refused|i\/o timeout|no such host|TLS handshake|EOF|server is currently unable|too many requests|etcdserver|context deadline/i, reason: 'Unreachable', transient: true },
]

export function helmError(verb: string, result: { readonly stderr: string; readonly timedOut: boolean; readonly canceled: boolean; readonly message: string }): HelmError {
  const said = clean(result.stderr) || result.message
  if (result.canceled) return new HelmError('HelmStopped', `helm ${verb} was told to stop`, true)
  if (result.timedOut) return new HelmError('HelmTimeout', `helm ${verb} did not end in time: ${said}`, false)
  const rule = RULES.find(({ pattern }) => pattern.test(said))
  return new HelmError(rule?.reason ?? 'HelmFailed', `helm ${verb}: ${said}`, rule?.transient ?? false)
}

/** The last lines without warnings and log decoration, short enough for a condition. */
function clean(stderr: string): string {
  return stderr.split('\n').filter((line) => line.trim() !== '' && !/^(level=WARN|WARNING|time=.*level=(WARN|INFO)|W\d{4}|I\d{4})/.test(line))
    .map((line) => line.replace(/^Error: /, '')).join(' ').slice(-1500)
}
