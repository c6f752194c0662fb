// SPDX-License-Identifier: Apache-2.0
/** Whether an experiment varies the tool that measures, and which treatments differ in nothing else. */
import type { Findings } from '../../model/findings.ts'
import type { ExperimentResults, TreatmentInfo } from '../results.ts'

/** Treatments that are alike but for the tool. */
export interface SameLoad {
  /** Levels of the other factors, `rate=8`; empty where there are none. */
  readonly label: string
  /** By level of the tool's factor, in its order. */
  readonly treatments: ReadonlyMap<string, TreatmentInfo>
}

export interface ToolFactor {
  readonly name: string
  readonly tools: readonly string[]
  readonly groups: readonly SameLoad[]
}

/** null where all trials have one tool, or no factor tells tools apart. */
export function toolFactorOf({ factors, treatments }: Pick<ExperimentResults, 'factors' | 'treatments'>): ToolFactor | null {
  const measured = treatments.filter((t) => t.trials.length > 0)
  const factor = factors.find(({ name }) => tellsTools(measured, name))
  if (factor === undefined) return null
  const others = factors.map((f) => f.name).filter((name) => name !== factor.name)
  const labelOf = ({ levels }: TreatmentInfo) => others.flatMap((name) => (levels[name] === undefined ? [] : [`${name}=${levels[name]}`])).join(' ')
  const place = (t: TreatmentInfo) => factor.levels.indexOf(t.levels[factor.name] ?? '')
  const groups = [...Map.groupBy(measured, labelOf)].map(([label, own]): SameLoad =>
    ({ label, treatments: new Map(own.toSorted((a, b) => place(a) - place(b)).map((t) => [t.levels[factor.name] ?? '', t])) }))
  return { name: factor.name, tools: factor.levels, groups: groups.filter((g) => g.treatments.size > 1) }
}

/** Each of its levels is one tool in one version, and no two levels are the same. */
function tellsTools(treatments: readonly TreatmentInfo[], factor: string): boolean {
  const byLevel = Map.groupBy(treatments, (t) => t.levels[factor] ?? '')
  const tools = [...byLevel.values()].map((own) => new Set(own.flatMap((t) => t.trials.map(toolText))))
  return tools.length > 1 && tools.every((own) => own.size === 1) && new Set(tools.flatMap((own) => [...own])).size === tools.length
}

const toolText = ({ tool }: Findings): string => `${tool.name} ${tool.version}`
