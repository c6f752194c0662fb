// SPDX-License-Identifier: Apache-2.0
/** Everything that can be known of a plan before accelerators are taken: what certainly fails, what may, and what that comes to in each mode. */
import { levelText } from '../plan/labels.ts'
import type { Plan } from '../plan/plan-model.ts'
import type { Problem } from '../model/problem.ts'
import type { Preflight } from '../model/preflight.ts'
import type { ScenarioSpec } from '../model/scenario.ts'
import { checkAccelerators, checkRoom, PRODUCT_LABELS } from './check-accelerators.ts'
import { checkContext } from './check-context.ts'
import { checkModel } from './check-model.ts'
import { checkObjects } from './check-objects.ts'
import type { ClusterFacts, Wanted } from './cluster-facts.ts'
import { type Finding, mergeFindings } from './finding.ts'
import { type TokenDemand, tokenDemand } from './token-demand.ts'
import { mergeWanted, wantedByHarness, wantedByScenario, wantedByWorkload } from './wanted.ts'

/** Distinct setups with the treatments that run on them, each with a distinct load: large designs repeat the same few. */
interface Setup { readonly scenario: ScenarioSpec; readonly gpus: number; readonly label: string; readonly treatments: readonly number[] }

/** More treatments than this are looked at by their first ones; those that differ in seeds and rates alone say the same. */
const MOST_TREATMENTS = 2000

function setupsOf(plan: Plan): Setup[] {
  const groups = Map.groupBy(plan.treatments.slice(0, MOST_TREATMENTS), (t) => t.setupHash)
  return [...groups.values()].flatMap((own) => {
    const [first] = own
    if (first === undefined) return []
    const label = groups.size === 1 ? '' : Object.entries(plan.resolved.setupLevels(first.index)).map(([name, level]) => `${name}=${levelText(level)}`).join(' ')
    return [{ scenario: plan.resolved.scenario(first.index), gpus: first.gpus, label, treatments: own.map((t) => t.index) }]
  })
}

/** What the shell has to look up by name. */
export function wantedBy(plan: Plan): Wanted {
  const setups = setupsOf(plan)
  const treatments = setups.flatMap((s) => s.treatments)
  return mergeWanted([...setups.map((s) => wantedByScenario(s.scenario)), ...treatments.flatMap((t) => [wantedByWorkload(plan.resolved.workload(t)), wantedByHarness(plan.resolved.harness(t))])])
}

/** Without facts of a cluster: what follows from the specifications alone. */
export function preflight(plan: Plan, facts: ClusterFacts = {}): Finding[] {
  const findings = setupsOf(plan).flatMap(({ scenario, gpus, label, treatments }) => {
    const demands = treatments.flatMap((t) => tokenDemand(plan.resolved.workload(t)) ?? [])
    const own = [
      ...checkModel(scenario, { nodeMemory: nodeMemory(scenario, facts), demand: heaviest(demands) }),
      ...demands.flatMap((demand) => checkContext(scenario, demand)),
      ...checkAccelerators({ accelerator: scenario.accelerator, gpus, tolerations: scenario.tolerations }, facts),
    ]
    return own.map((finding): Finding => ({ ...finding, ...(label !== '' && { of: label }) }))
  })
  return mergeFindings([...findings, ...checkObjects(wantedBy(plan), facts), ...checkRoom(facts.quotas ?? [])])
}

/** The closed loop that asks for most tokens at once; an open loop's concurrency only the run will show. */
function heaviest(demands: readonly TokenDemand[]): { readonly concurrency: number; readonly tokens: number } | undefined {
  const closed = demands.flatMap(({ concurrency, mean }) => (concurrency === undefined ? [] : [{ concurrency, tokens: mean }]))
  return closed.toSorted((a, b) => b.concurrency * b.tokens - a.concurrency * a.tokens)[0]
}

/** Feature discovery knows the memory in MiB; the least of the fitting nodes. */
function nodeMemory({ accelerator: { product, resource } }: ScenarioSpec, { nodes = [] }: ClusterFacts): number | undefined {
  const label = PRODUCT_LABELS[resource] ?? ''
  const fitting = nodes.filter((n) => product === undefined || n.labels[label] === product).map((n) => Number(n.labels['nvidia.com/gpu.memory']) * 2 ** 20).filter((bytes) => bytes > 0)
  return fitting.length === 0 ? undefined : Math.min(...fitting)
}

/** As a refusal of the plan reads. */
export function problemOf({ path, message, fix, of, ...rest }: Finding): Problem {
  return { reason: 'PreflightFailed', path, message: `${of === undefined || of === '' ? '' : `${of}: `}${message}; ${fix}`, ...(rest.found !== undefined && { found: rest.found }), ...(rest.expected !== undefined && { expected: rest.expected }), ...(rest.nearest !== undefined && { nearest: rest.nearest }) }
}

export interface Verdict { readonly refused: readonly Finding[]; readonly warned: readonly Finding[] }

export function judge(findings: readonly Finding[], mode: Preflight['mode']): Verdict {
  if (mode === 'Off') return { refused: [], warned: [] }
  const refused = mode === 'Enforce' ? findings.filter((f) => f.severity === 'fails') : []
  return { refused, warned: findings.filter((f) => !refused.includes(f)) }
}
