// SPDX-License-Identifier: Apache-2.0
/** `assay compare --by`: models, or levels of a factor, of one or more Experiments against each other. */
import { compareGroups } from '../../core/report/models/compare-groups.ts'
import type { Response } from '../../core/report/response.ts'
import { CliError, invalidInput } from './cli-error.ts'
import type { ClusterOptions } from './cluster.ts'
import { resultsOf } from './collect.ts'
import { groupsJson, groupsText } from './compare-groups-view.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import type { LanguageOptions } from './language.ts'
import { readSubjects, type Subject } from './subject.ts'

export interface GroupsAsked extends ClusterOptions, LanguageOptions {
  readonly by: string
  readonly reference?: string
  readonly metrics?: readonly Response[]
  readonly treatment: readonly unknown[]
  readonly stage?: string
  readonly margin?: number
  readonly sameStandUp: boolean
  readonly output: 'table' | 'json' | 'markdown'
}

export async function compareByGroup(whats: readonly string[], asked: GroupsAsked): Promise<ExitCode> {
  refuseTwoSided(asked)
  const subjects = await readSubjects(whats, asked)
  const { by, reference, metrics: responses, stage, margin } = asked
  const compared = compareGroups(subjects.map((s) => resultsOf(collectedOf(s))), { by, reference, responses, stage, ...(margin !== undefined && { margin: { relative: margin } }) })
  if (!compared.ok) throw invalidInput(compared.problems)
  process.stdout.write(asked.output === 'json' ? groupsJson(compared.value, whats) : groupsText(compared.value, whats, { markdown: asked.output === 'markdown', texts: asked.lang }))
  return EXIT.ok
}

/** They are of one side against another. */
function refuseTwoSided({ treatment, sameStandUp }: GroupsAsked): void {
  const stray = [...(treatment.length > 0 ? ['--treatment'] : []), ...(sameStandUp ? ['--same-stand-up'] : [])]
  if (stray.length > 0) throw new CliError(EXIT.usage, `${stray.join(' and ')} has no meaning with --by`, '--by compares all groups under every condition; --stage and --metrics narrow it')
}

function collectedOf({ what, collected }: Subject): NonNullable<Subject['collected']> {
  if (collected === undefined) throw new CliError(EXIT.usage, `${what} is exported results, which keep no findings`, 'compare the Experiment, or a folder that run, results or report wrote')
  return collected
}
