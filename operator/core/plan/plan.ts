// SPDX-License-Identifier: Apache-2.0
/** From an Experiment and the library to the plan, or to everything that is wrong with them. The same code plans for the operator and offline. */
import { ExperimentSpec } from '../model/experiment.ts'
import type { HarnessSpec } from '../model/harness.ts'
import type { Problem } from '../model/problem.ts'
import type { ScenarioSpec } from '../model/scenario.ts'
import type { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { checkGate } from '../report/gate-rule.ts'
import { assemblePlan } from './assemble.ts'
import { checkExpressible } from './expressible.ts'
import { scenarioFacts, workloadFacts } from './facts.ts'
import { findLocalCharts, findLocalFiles } from './local-paths.ts'
import type { PlanInput, PlanResult } from './plan-model.ts'
import { type DesignReading, readDesign } from './read-design.ts'
import { checkHarnessTemplates, checkScenarioTemplates, hasTemplates } from './render-check.ts'
import { resolveBases } from './resolve.ts'
import { parseStrict } from './strict.ts'
import { type ExpansionInput, expandTreatments, type PartVariants } from './treatments.ts'
import { variantsOf } from './variants.ts'

export type { Plan, PlanInput, PlanResult } from './plan-model.ts'
export { stackSpecOf, trialSpecOf } from './specs.ts'

export function buildPlan(input: PlanInput): PlanResult {
  const { experiment, library } = input
  const parsed = parseStrict(ExperimentSpec, experiment.spec, { at: 'spec' })
  if (!parsed.ok) return parsed
  const spec = parsed.value
  const bases = resolveBases(spec, library)
  if (!bases.ok) return bases
  const design = readDesign(spec.design, bases.value)
  if (!design.ok) return design
  const variants = variantsOfParts(design.value, input.allowPaths ?? false)
  const harnessName = spec.harnessRef?.name ?? spec.harness?.results.adapter ?? 'inline'
  const fit = fitOf({ name: harnessName, object: bases.value.harness.object, harnesses: library.harnesses, variants })
  const expansion = expandTreatments({ design: spec.design, factors: design.value.factors, constants: design.value.constants, variants, fit })
  if (!expansion.ok) return expansion
  const stages = new Set(expansion.value.treatments.flatMap(({ workload }) => workload.facts.stages.map((s) => s.name)))
  const gate =
    spec.gate === undefined
      ? []
      : checkGate(spec.gate, {
          stages: [...stages],
          slo: spec.slo,
          scenario: design.value.bases.scenario.value as ScenarioSpec,
          varied: design.value.factors.factors.flatMap((f) => f.paths),
        })
  if (gate.length > 0) return { ok: false, problems: gate }
  const id = { experiment: experiment.name, run: experiment.run }
  return assemblePlan({ id, spec, design: design.value, variants, expansion: expansion.value, harnessName, blocks: input.blocks ?? [], learned: input.learned })
}

function variantsOfParts({ bases, factors: { factors } }: DesignReading, allowPaths: boolean): PartVariants {
  const local = <S>(find: (spec: S, object: string) => readonly Problem[]) => (spec: S, object: string) => (allowPaths ? [] : find(spec, object))
  const [localCharts, localFiles] = [local(findLocalCharts), local(findLocalFiles)]
  return {
    scenario: variantsOf({ part: 'scenario', base: bases.scenario, factors, read: (spec: ScenarioSpec) => ({ facts: scenarioFacts(spec), problems: [...localCharts(spec, bases.scenario.object), ...checkScenarioTemplates(spec, bases.scenario.object)] }) }),
    workload: variantsOf({ part: 'workload', base: bases.workload, factors, read: (spec: WorkloadProfileSpec) => ({ facts: workloadFacts(spec), problems: [...localFiles(spec, bases.workload.object), ...unreadOverrides(spec)] }) }),
    harness: variantsOf({ part: 'harness', base: bases.harness, factors, read: (spec: HarnessSpec) => ({ facts: { supports: spec.supports, templates: hasTemplates(spec) }, problems: [] }) }),
  }
}

interface FitInput { readonly name: string; readonly object: string; readonly harnesses: ReadonlyMap<string, unknown>; readonly variants: PartVariants }

/** The native harness reads the profile itself and has no keys of its own: what stands there would be ignored in silence. */
function unreadOverrides({ overrides }: WorkloadProfileSpec): Problem[] {
  if (overrides['native'] === undefined) return []
  return [{ reason: 'NotExpressible', path: 'workload.overrides.native', message: 'the native harness reads the profile itself and has no native keys', expected: 'overrides of other harnesses only' }]
}

/** Thousands of treatments ask for the same few things, so answers are kept: what is expressible by needs, what renders by specification. */
function fitOf({ name, object, harnesses, variants }: FitInput): ExpansionInput['fit'] {
  const known = new Map<string, readonly Problem[]>()
  const once = (key: string, find: () => readonly Problem[]) => {
    const problems = known.get(key) ?? find()
    known.set(key, problems)
    return problems
  }
  return ({ scenario, workload, harness }) => {
    const { needs } = workload.facts
    const misfits = once(`${harness.hash}/${needs.api}/${needs.load}/${needs.data}`, () => checkExpressible(needs, { name, supports: harness.facts.supports }, harnesses))
    if (misfits.length > 0 || !harness.facts.templates) return misfits
    return once(`${harness.hash}/${workload.hash}`, () => checkHarnessTemplates({ scenario: variants.scenario.spec(scenario), workload: variants.workload.spec(workload), harness: variants.harness.spec(harness) }, object))
  }
}
