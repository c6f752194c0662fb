// SPDX-License-Identifier: Apache-2.0
/** Models (or levels of a factor) under the same conditions: which conditions there are, and what each model gave under each. */
import type { StageFindings } from '../../model/findings.ts'
import { cellOf } from '../cells.ts'
import type { Response } from '../response.ts'
import type { Cell, FactorInfo, Requirement } from '../results.ts'
import { type Compared, type Group, groupByFactor, groupByModel, type Grouping, type Model, stackName, type Trial, trialsOf } from './groups.ts'

/** Everything but the model: levels of the other factors, and the stage. */
export interface Condition {
  readonly index: number
  /** `rate=8, main`; empty where there is one only. */
  readonly label: string
  readonly stage: string
  readonly offered: StageFindings['offered']
}

export interface Study {
  /** What is compared: `model`, or the name of a factor. */
  readonly by: string
  readonly groups: readonly Group[]
  readonly conditions: readonly Condition[]
  /** null where that was not measured. */
  readonly cell: (group: Group, condition: Condition, response: Response) => Cell | null
  readonly trials: (group: Group, condition: Condition) => readonly Trial[]
  /** Stand-ups that were measured together. */
  readonly blocks: ReadonlyMap<string, string>
  /** Bounds of the Experiments; none where they do not agree. */
  readonly requirements: readonly Requirement[]
  readonly sources: readonly string[]
  readonly unknown: number
}

export function studyOf(sources: readonly Compared[], by = 'model'): Study {
  const trials = trialsOf(sources)
  const factors = allFactors(sources)
  const factor = factors.find((f) => f.name === by)
  const { groups, unknown }: Grouping = by === 'model' ? groupByModel(trials) : groupByFactor(trials, by, factor?.levels ?? [])
  const others = factors.filter((f) => f.name !== by && !isOfGroup(f, groups))
  const { conditions, trialsAt } = conditionsOf(groups.flatMap((g) => g.trials), others)
  const known = new Map<string, Cell | null>()
  const groupOf = new Map(groups.flatMap((g) => g.trials.map((t) => [t, g] as const)))
  const ownTrials = new Map(conditions.flatMap((c) => {
    const byGroup = Map.groupBy(trialsAt(c), (t) => groupOf.get(t))
    return groups.map((g) => [`${g.index}/${c.index}`, byGroup.get(g) ?? []] as const)
  }))
  const trialsIn: Study['trials'] = (group, condition) => ownTrials.get(`${group.index}/${condition.index}`) ?? []
  return {
    by, groups, conditions, unknown, trials: trialsIn, blocks: blocksOf(sources), sources: sources.map((s) => s.name), requirements: sharedRequirements(sources),
    cell: (group, condition, response) => {
      const key = `${group.index}/${condition.index}/${response.metric}/${response.statistic}`
      const cell = known.has(key) ? known.get(key) : cellOf({ index: group.index, trials: trialsIn(group, condition).map((t) => t.findings) }, condition.stage, response)
      known.set(key, cell ?? null)
      return cell ?? null
    },
  }
}

/** A factor of several Experiments has the levels of all of them. */
function allFactors(sources: readonly Compared[]): FactorInfo[] {
  return [...Map.groupBy(sources.flatMap((s) => s.factors), (f) => f.name).values()]
    .map((own) => ({ ...(own[0] as FactorInfo), levels: [...new Set(own.flatMap((f) => f.levels))], isLoad: own.some((f) => f.isLoad) }))
}

/** A factor that only says which model it is (or goes with it) is no condition: a load always is. */
function isOfGroup({ name, isLoad, role }: FactorInfo, groups: readonly Group[]): boolean {
  const levels = groups.map((g) => new Set(g.trials.map((t) => t.levels[name] ?? '')))
  if (isLoad || !levels.every((own) => own.size === 1) || new Set(levels.flatMap((own) => [...own])).size < 2) return false
  return role === 'setup' || groups.some(({ model }) => model !== null && Object.keys(model).some((key) => isSplit(key as keyof Model, levels, groups)))
}

/** Whether it splits models as one of their own properties does. */
function isSplit(property: keyof Model, levels: readonly ReadonlySet<string>[], groups: readonly Group[]): boolean {
  const codes = (values: readonly string[]) => values.map((v) => values.indexOf(v)).join()
  return codes(levels.map((own) => [...own][0] ?? '')) === codes(groups.map((g) => JSON.stringify(g.model?.[property])))
}

interface Conditions { readonly conditions: readonly Condition[]; readonly trialsAt: (condition: Condition) => readonly Trial[] }

function conditionsOf(trials: readonly Trial[], factors: readonly FactorInfo[]): Conditions {
  const varied = factors.filter(({ name }) => new Set(trials.map((t) => t.levels[name] ?? '')).size > 1)
  const placeOf = ({ levels }: Trial) => varied.map((f) => f.levels.indexOf(levels[f.name] ?? ''))
  const places = [...Map.groupBy(trials.toSorted((a, b) => compareLists(placeOf(a), placeOf(b))), (t) => JSON.stringify(placeOf(t))).values()]
  const stages = new Set(trials.flatMap((t) => t.findings.stages.map((s) => s.stage)))
  const found = places.flatMap((own) => [...new Set(own.flatMap((t) => t.findings.stages.map((s) => s.stage)))].map((stage) => {
    const levels = varied.flatMap(({ name }) => (own[0]?.levels[name] === undefined ? [] : [`${name}=${own[0].levels[name]}`]))
    const offered = own.flatMap((t) => t.findings.stages).find((s) => s.stage === stage)?.offered ?? {}
    return { label: [...levels, ...(stages.size > 1 ? [stage] : [])].join(', '), stage, offered, own }
  }))
  const conditions = found.map(({ own: _own, ...condition }, index): Condition => ({ index, ...condition }))
  return { conditions, trialsAt: ({ index }) => found[index]?.own ?? [] }
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((x, i) => x !== b[i])
  return at < 0 ? 0 : (a[at] as number) - (b[at] as number)
}

/** Stand-up replicates of one Experiment ran together in time. */
function blocksOf(sources: readonly Compared[]): Map<string, string> {
  return new Map(sources.flatMap(({ standUps }, source) => standUps.map(({ stack, replicate, block }) =>
    [sources.length > 1 ? stackName(stack, source) : stack, `${source}/${block}/${replicate}`] as const)))
}

function sharedRequirements(sources: readonly Compared[]): readonly Requirement[] {
  const [first] = sources
  return first !== undefined && sources.every((s) => JSON.stringify(s.requirements) === JSON.stringify(first.requirements)) ? first.requirements : []
}
