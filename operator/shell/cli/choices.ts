// SPDX-License-Identifier: Apache-2.0
/** The flags by which people pick scenario, workload, harness and model without writing an Experiment; shared by e2e, standup and trial. */
import { type Command, InvalidArgumentError } from 'commander'
import { repeated } from './arguments.ts'

export interface Choices {
  /** Scenario by name or file; wins over method. */
  readonly scenario?: string
  readonly method?: string
  readonly model?: string
  readonly workload?: string
  readonly harness?: string
  /** File with an Experiment, whose design is used. */
  readonly experiments?: string
  /** Values by dotted path. */
  readonly set: Readonly<Record<string, unknown>>
  readonly library: readonly string[]
}

export const DEFAULTS = { workload: 'sanity-random', harness: 'native', model: 'meta-llama/Llama-3.2-1B-Instruct' } as const

export function withSetupChoices(command: Command): Command {
  return command
    .option('--scenario <name|file>', 'Scenario: one of the library, of the namespace, or a file')
    .option('--method <name>', 'how it is served: standalone, simulator or another Scenario; without it the best that the cluster allows')
    .option('--model <name>', `model, as the hub names it (default: that of the Scenario; ${DEFAULTS.model} where neither is chosen)`)
    .option('--set <path=value>', 'set one value by its dotted path, such as scenario.serving.replicas=2 or workload.load.constant.stages[main].rate=4; may be repeated', assignment, {})
    .option('--library <path>', 'file or folder with Scenarios, WorkloadProfiles and Harnesses, before those that come with Assay; may be repeated', repeated, [])
}

export function withLoadChoices(command: Command): Command {
  return command
    .option('--workload <name|file>', `WorkloadProfile: one of the library, of the namespace, or a file (default: ${DEFAULTS.workload})`)
    .option('--harness <name|file>', `Harness: one of the library, of the namespace, or a file (default: ${DEFAULTS.harness})`)
    .option('--experiments <file>', 'take the design from this Experiment; other flags replace what it names')
}

/** `path=value`; the value is JSON where it reads as such, else text. */
export function assignment(text: string, before: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('expected path=value')
  return { ...before, [text.slice(0, at).trim()]: valueOf(text.slice(at + 1)) }
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
