// SPDX-License-Identifier: Apache-2.0
/** Finds the baselines that the rules of a gate name: where somebody said they are, else in the namespace. */
import type { Gate } from '../../core/model/experiment.ts'
import { didYouMean } from '../../core/model/nearest.ts'
import { baselineResponses } from '../../core/report/baseline.ts'
import { baselinesOf } from '../../core/report/gate-rule.ts'
import type { ComparedResults } from '../../core/report/results.ts'
import type { NamedBaseline } from './check.ts'
import { CliError } from './cli-error.ts'
import type { ClusterOptions } from './cluster.ts'
import { EXIT } from './exit-codes.ts'
import { readSubjects } from './subject.ts'
import { isWorkFolder } from './work-folder.ts'

export interface Wanted {
  /** What is checked. */
  readonly what: string
  readonly given: readonly NamedBaseline[]
  readonly cluster: ClusterOptions
  /** The gate is somebody's own: what it names must be there. */
  readonly isLocal: boolean
}
export interface Baselines { readonly found: ReadonlyMap<string, ComparedResults>; readonly missing: ReadonlyMap<string, string> }

export async function baselinesFor(gate: Gate, { what, given, cluster, isLocal }: Wanted): Promise<Baselines> {
  const names = baselinesOf(gate)
  const unused = given.find((b) => !names.includes(b.name))
  if (unused !== undefined)
    throw new CliError(
      EXIT.usage,
      `no rule compares with ${unused.name}${didYouMean(unused.name, names)}`,
      names.length === 0 ? 'write regression(METRIC, baseline=NAME) <= 5%' : `the rules name ${names.join(', ')}`,
    )
  const place = (name: string) => given.find((b) => b.name === name)?.where
  // Of a folder nobody knows the cluster that it came from.
  const open = isWorkFolder(what) ? names.filter((name) => place(name) === undefined) : []
  const first = open[0]
  if (first !== undefined && isLocal)
    throw new CliError(
      EXIT.usage,
      `where is the baseline ${first}?`,
      `--baseline ${first}=FOLDER, or the name of an Experiment, results.json, or what export baseline wrote`,
    )
  const wanted = names.filter((name) => !open.includes(name))
  const subjects = wanted.length === 0 ? [] : await readSubjects(wanted.map((name) => place(name) ?? name), cluster)
  const responses = baselineResponses(gate.rules.map((r) => r.expr))
  return {
    found: new Map(subjects.map((subject, i) => [wanted[i] as string, subject.results(responses)])),
    missing: new Map(open.map((name) => [name, `it is not at hand: --baseline ${name}=FOLDER`])),
  }
}
