// SPDX-License-Identifier: Apache-2.0
/** Which scenario, profile and tool an experiment file is for: what it names, or what the scenario beside it names. */
import { bare } from './experiment.ts'
import { type ExperimentFile, fileName, type ProfileFile, type ScenarioFile } from './foreign-files.ts'
import { asText, valueAt } from './ledger.ts'
import { convertScenario } from './scenario.ts'

export interface Pairing {
  readonly scenario?: ScenarioFile
  readonly profile?: ProfileFile
  /** Name of the profile that is wanted, given or not. */
  readonly wanted?: string
  readonly tool: string
  /** Profiles of the tool by name, which treatments may start from. */
  readonly profiles: ReadonlyMap<string, unknown>
}

const DEFAULT_TOOL = 'inference-perf'

export function pairExperiment({ file, value }: ExperimentFile, scenarios: readonly ScenarioFile[], profiles: readonly ProfileFile[]): Pairing {
  const scenario = nearestTo(file, scenarios.filter((s) => fileName(s.file) === fileName(file))) ?? only(scenarios)
  const defaults = scenario?.stacks[0] === undefined ? undefined : convertScenario(scenario.stacks[0])
  const named = (member: string) => asText(valueAt(value, `experiment.${member}`))
  const wanted = named('profile') ?? defaults?.profile
  const tool = named('harness') ?? defaults?.tool ?? only(profiles)?.tool ?? DEFAULT_TOOL
  const own = profiles.filter((p) => p.tool === tool)
  const profile = wanted === undefined ? only(own) : nearestTo(file, own.filter((p) => fileName(p.file) === bare(wanted)))
  return { scenario, profile, wanted, tool, profiles: new Map(own.map((p) => [fileName(p.file), p.value])) }
}

const only = <Item>(items: readonly Item[]) => (items.length === 1 ? items[0] : undefined)

/** Of several files of one name, that with which it shares most folders. */
function nearestTo<Item extends { readonly file: string }>(file: string, candidates: readonly Item[]): Item | undefined {
  const shared = (other: string) => {
    const [a, b] = [file.split('/'), other.split('/')]
    const differ = a.findIndex((part, i) => part !== b[i])
    return differ < 0 ? a.length : differ
  }
  return candidates.toSorted((a, b) => shared(b.file) - shared(a.file))[0]
}
