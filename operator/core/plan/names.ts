// SPDX-License-Identifier: Apache-2.0
/** Whether the names that a plan makes are legal and short enough; refused here, not by Helm or the API server at the end. */
import { jobName, releaseName } from '../design/identity.ts'
import { KINDS } from '../model/kinds.ts'
import type { Problem } from '../model/problem.ts'

/** Helm keeps releases to 53 characters, Kubernetes names of pods' parents and label values to 63. */
const MAX_RELEASE_NAME = 53
const MAX_LABEL = 63

interface Names {
  readonly experiment: string
  readonly stacks: readonly { readonly name: string; readonly releases: readonly string[] }[]
  readonly trials: readonly { readonly name: string }[]
  readonly retries: number
}

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/

export function checkNames({ experiment, stacks, trials, retries }: Names): Problem[] {
  const at = 'metadata.name'
  if (!LABEL.test(experiment) || !/^[a-z]/.test(experiment)) {
    return [{ reason: 'InvalidName', path: at, message: 'names of stacks, releases and Jobs are built from this one', found: experiment, expected: 'a lower-case letter, then letters, digits and hyphens' }]
  }
  if (experiment.length > KINDS.Experiment.maxNameLength) return [tooLong({ at, what: 'the name of the Experiment', name: experiment, limit: KINDS.Experiment.maxNameLength })]
  const release = longest(stacks.flatMap((stack) => stack.releases.map((r) => releaseName(stack.name, r))))
  const job = longest(trials.map((trial) => jobName(trial.name, retries + 1)))
  const problems: Problem[] = []
  if (release.length > MAX_RELEASE_NAME) problems.push(tooLong({ at, what: 'the name of a Helm release', name: release, limit: MAX_RELEASE_NAME, experiment }))
  if (job.length > MAX_LABEL) problems.push(tooLong({ at, what: 'the name of a Job', name: job, limit: MAX_LABEL, experiment }))
  return problems
}

interface TooLong { readonly at: string; readonly what: string; readonly name: string; readonly limit: number; readonly experiment?: string }

function tooLong({ at, what, name, limit, experiment = name }: TooLong): Problem {
  const excess = name.length - limit
  const room = experiment.length - excess
  const advice = room > 0 ? `shorten metadata.name by ${excess} to at most ${room} characters` : 'shorten metadata.name and the name of the release'
  return { reason: 'NameTooLong', path: at, message: `${what} would be too long: ${advice}`, found: `${name} (${name.length} characters)`, expected: `at most ${limit} characters` }
}

const longest = (names: readonly string[]) => names.reduce((a, b) => (b.length > a.length ? b : a), '')
