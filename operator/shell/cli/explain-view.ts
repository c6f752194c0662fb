// SPDX-License-Identifier: Apache-2.0
/** What one harness would be told, as people read it. */
import { formatProblem } from '../../core/model/problem.ts'
import type { Told } from '../../core/plan/explain.ts'

/** A row of a file may be a whole book. */
const LONGEST_LINE = 200

/** The short form names files and leaves out what is in them. */
export function explainLines(told: Told, wide: boolean): string[] {
  const { harness, version, problems, notes, inputs, files, env, command } = told
  if (problems.length > 0) return [`${harness} ${version} cannot`, ...problems.map((problem) => `  ${formatProblem(problem)}`), '']
  return [
    `${harness} ${version} can`,
    ...notes.map((note) => `  note: ${note}`),
    ...inputs.flatMap(({ name, lines }) => [`  input ${name}${wide && lines.length === 0 ? ', in the same form with other requests' : ''}`, ...(wide ? lines.map((line) => `    ${cut(line)}`) : [])]),
    ...Object.entries(files).flatMap(([name, text]) => [`  file ${name}`, ...(wide ? text.trimEnd().split('\n').map((line) => `    ${line}`.trimEnd()) : [])]),
    ...(wide ? env.map((variable) => `  env ${variable.name}=${variable.value ?? '(from a Secret)'}`) : []),
    `  command ${command.join(' ')}`, '',
  ]
}

/** Which can and which cannot, for several. */
export function explainSummary(told: readonly Told[]): string[] {
  const able = told.filter(({ problems }) => problems.length === 0)
  const groups: readonly (readonly [string, readonly Told[]])[] = [
    ['can', able.filter(({ sends }) => sends)], ['cannot', told.filter(({ problems }) => problems.length > 0)], ['sends nothing', able.filter(({ sends }) => !sends)],
  ]
  return groups.filter(([, members]) => members.length > 0).map(([title, members]) => `${title}: ${members.map(({ harness }) => harness).join(', ')}`)
}

const cut = (line: string) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line)
