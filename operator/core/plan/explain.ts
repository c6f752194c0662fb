// SPDX-License-Identifier: Apache-2.0
/** What each harness would be told of a workload, word for word, or why it cannot express it. It reads no file and starts nothing. */
import type { EnvVar } from '../model/common.ts'
import type { HarnessSpec } from '../model/harness.ts'
import type { Problem } from '../model/problem.ts'
import { ScenarioSpec } from '../model/scenario.ts'
import type { WorkloadProfileSpec } from '../model/workload-profile.ts'
import type { Conversation } from '../workload/deal.ts'
import { abilitiesOf, checkExpressible, sendsNothing } from './expressible.ts'
import { endpointNeeds, needsOf } from './needs.ts'
import { protocolProblems } from './protocol-problems.ts'
import { checkOverrides } from './overrides.ts'
import { checkHarnessTemplates, exampleConversation, exampleJob } from './render-check.ts'
import { renderHarness } from './render-harness.ts'
import { inputSets } from './render-inputs.ts'

export interface Told {
  readonly harness: string
  readonly version: string
  /** False where it leaves the workload alone, whatever that says. */
  readonly sends: boolean
  /** Nothing where it can express the workload. */
  readonly problems: readonly Problem[]
  readonly notes: readonly string[]
  readonly command: readonly string[]
  readonly env: readonly EnvVar[]
  readonly files: Readonly<Record<string, string>>
  /** Files that are made of the requests; of each declaration, the first has its first lines. */
  readonly inputs: readonly { readonly name: string; readonly lines: readonly string[] }[]
}

export interface ExplainInput {
  readonly name: string
  readonly harness: HarnessSpec
  readonly workload: WorkloadProfileSpec
  /** Without one, a server that is made up, or none where the tool runs the engine itself. */
  readonly scenario?: ScenarioSpec
  readonly library: ReadonlyMap<string, unknown>
  /** The first of its requests, where they could be expanded. */
  readonly sample?: readonly Conversation[]
}

export function explainHarness(input: ExplainInput): Told {
  const { name, harness, workload, library } = input
  const scenario = input.scenario ?? madeUp(harness)
  const specs = { name, harness, workload, scenario }
  const untold = { harness: name, version: harness.version, sends: !sendsNothing(harness.supports), notes: [], command: [], env: [], files: {}, inputs: [] }
  const told = { workload: needsOf(workload), endpoint: endpointNeeds(scenario) }
  const problems = [
    ...(untold.sends && !harness.inProcess ? protocolProblems(told) : []),
    ...checkExpressible(told, abilitiesOf(name, harness)),
    ...checkOverrides(workload, { name, overrides: harness.overrides }, library),
  ]
  if (problems.length > 0) return { ...untold, problems }
  const fit = checkHarnessTemplates({ ...specs, object: `Harness/${name}` })
  if (fit.problems.length > 0) return { ...untold, problems: fit.problems }
  const job = exampleJob(specs)
  const rendered = renderHarness(harness, job)
  if (!rendered.ok) return { ...untold, problems: rendered.problems }
  const { command, env, files, notes } = rendered.value
  return { ...untold, problems: [], command, env, files, notes: untold.sends ? notes : ['it sends nothing, whatever the workload says', ...notes], inputs: inputsOf(input, job) }
}

function madeUp({ inProcess }: HarnessSpec): ScenarioSpec {
  return ScenarioSpec.parse({ model: { name: 'example/model' }, ...(!inProcess && { endpoint: { url: 'http://example:8000' } }) })
}

/** Two lines tell how the others look. */
const LINES = 2

function inputsOf({ workload, sample = [exampleConversation(workload)] }: ExplainInput, job: ReturnType<typeof exampleJob>): Told['inputs'] {
  const sets = inputSets(job)
  if (!sets.ok) return []
  return sets.value.flatMap((files) => files.map(({ name, runs, text }, i) => ({ name, lines: i > 0 ? [] : firstLines(text(runs.map((run) => ({ run, conversations: sample })))) })))
}

function firstLines(pieces: Iterable<string>): string[] {
  let text = ''
  for (const piece of pieces) {
    text += piece
    if (text.split('\n').length > LINES) break
  }
  return text.split('\n').filter((line) => line !== '').slice(0, LINES)
}
