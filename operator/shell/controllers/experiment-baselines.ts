// SPDX-License-Identifier: Apache-2.0
/** What rules of a gate compare with: another Experiment of the namespace, by the ConfigMaps of its Trials, or an exported baseline. */
import { isTrue } from '../../core/model/conditions.ts'
import type { Experiment } from '../../core/model/kinds.ts'
import { nearest } from '../../core/model/nearest.ts'
import type { Problem } from '../../core/model/problem.ts'
import { compared } from '../../core/report/analyze.ts'
import { BASELINE_KEY, readBaseline } from '../../core/report/baseline.ts'
import { baselinesOf, parseRule } from '../../core/report/gate-rule.ts'
import type { Response } from '../../core/report/response.ts'
import type { ComparedResults } from '../../core/report/results.ts'
import { CONFIG_MAPS } from '../kube/builtin-resources.ts'
import { findingsOf } from './experiment-findings.ts'
import { planOf, readSnapshot } from './experiment-snapshot.ts'
import type { World } from './world.ts'

type Found = { readonly ok: true; readonly results: ComparedResults } | { readonly ok: false; readonly why: string }

/** Baselines that a gate names and nobody has, or that are no baseline: refused before anything is stood up. */
export async function checkBaselines(world: World, experiment: Experiment): Promise<Problem[]> {
  const { namespace = '', name: own } = experiment.metadata
  const problems: Problem[] = []
  for (const name of namesIn(experiment)) {
    const bad = (message: string, expected: string): Problem => ({ reason: 'MissingReference', path: 'spec.gate.rules', message, expected })
    if (name === own)
      problems.push(
        bad(
          `the gate compares ${own} with itself`,
          'another Experiment, or an earlier run of this one that `assay export baseline` wrote to a ConfigMap',
        ),
      )
    else if (world.experiments.store.get(`${namespace}/${name}`) === undefined) {
      const exported = await exportedBaseline(world, namespace, name)
      const known = world.experiments.store
        .list()
        .filter((e) => e.metadata.namespace === namespace && e.metadata.name !== own)
        .map((e) => e.metadata.name)
      const expected =
        known.length === 0
          ? 'an Experiment of the namespace; there is no other'
          : `an Experiment of the namespace, such as ${(nearest(name, known)[0] ?? known[0]) as string}`
      if (exported === undefined)
        problems.push(
          bad(`there is no baseline ${name}`, `${expected}, or a ConfigMap with ${BASELINE_KEY}, as \`assay export baseline\` writes it`),
        )
      else if (!exported.ok)
        problems.push(bad(`the baseline ${name} cannot be read: ${exported.why}`, 'what `assay export baseline` wrote'))
    }
  }
  return problems
}

/** Baselines by name; those that cannot be had are left away, with the reason. */
export async function readBaselines(
  world: World,
  experiment: Experiment,
): Promise<{ readonly found: ReadonlyMap<string, ComparedResults>; readonly missing: ReadonlyMap<string, string> }> {
  const found = new Map<string, ComparedResults>()
  const missing = new Map<string, string>()
  for (const name of namesIn(experiment)) {
    const baseline = await readOne(world, experiment, name)
    if (baseline.ok) found.set(name, baseline.results)
    else missing.set(name, baseline.why)
  }
  return { found, missing }
}

function namesIn({ spec: { gate } }: Experiment): string[] {
  return gate === undefined ? [] : baselinesOf(gate)
}

async function readOne(world: World, { metadata: { namespace = '' }, spec: { gate } }: Experiment, name: string): Promise<Found> {
  const other = world.experiments.store.get(`${namespace}/${name}`)
  if (other === undefined)
    return (
      (await exportedBaseline(world, namespace, name)) ?? {
        ok: false,
        why: 'there is neither an Experiment nor a ConfigMap of that name any more',
      }
    )
  if (!isTrue(other.status?.conditions, 'Complete'))
    return { ok: false, why: `Experiment ${name} has not been measured to its end (${other.status?.phase ?? 'Pending'})` }
  return ofExperiment(world, other, responsesOf(gate?.rules ?? [], name))
}

function responsesOf(rules: readonly { readonly expr: string }[], baseline: string): Response[] {
  return rules.flatMap(({ expr }) => {
    const parsed = parseRule(expr)
    return parsed.ok && parsed.value.kind === 'regression' && parsed.value.baseline === baseline
      ? [{ metric: parsed.value.metric, statistic: parsed.value.statistic }]
      : []
  })
}

async function ofExperiment(world: World, experiment: Experiment, responses: readonly Response[]): Promise<Found> {
  const snapshot = await readSnapshot(world, experiment)
  const planned = snapshot === undefined ? undefined : planOf(experiment, snapshot)
  if (snapshot === undefined || planned === undefined || !planned.ok) return { ok: false, why: 'what it was planned from is gone' }
  const { name, namespace = '' } = experiment.metadata
  const trials = await findingsOf(world, namespace, planned.plan)
  if (trials.length === 0) return { ok: false, why: 'its trials left no results' }
  return {
    ok: true,
    results: compared(
      {
        experiment: { name, namespace, spec: snapshot.spec, status: experiment.status },
        trials,
        failed: [],
        treatments: planned.plan.treatments,
      },
      responses,
    ),
  }
}

async function exportedBaseline(world: World, namespace: string, name: string): Promise<Found | undefined> {
  const map = await world.api.find(CONFIG_MAPS, { namespace, name })
  if (map?.data?.[BASELINE_KEY] === undefined) return undefined
  const read = readBaseline(map)
  return read.ok ? { ok: true, results: read.value } : { ok: false, why: read.problems.map((p) => p.message).join('; ') }
}
