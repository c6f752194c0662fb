// SPDX-License-Identifier: Apache-2.0
/** From an Experiment and the library to the plan, or to everything that is wrong with them. The same code plans for the operator and offline. */
import { ExperimentSpec } from '../model/experiment.ts'
import type { HarnessSpec } from '../model/harness.ts'
import type { Problem } from '../model/problem.ts'
import type { ScenarioSpec } from '../model/scenario.ts'
import type { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { canonicalJson } from '../design/canonical.ts'
import { assemblePlan } from './assemble.ts'
import { checkFiles } from './check-files.ts'
import { checkEffects } from './check-effects.ts'
import { checkQuestions } from './check-questions.ts'
import { abilitiesOf, ableHarnesses, checkExpressible, type Needs, sendsNothing, withOthers } from './expressible.ts'
import { harnessFacts, scenarioFacts, workloadFacts } from './facts.ts'
import { harnessNames } from './harness-names.ts'
import { findLocalCharts, findLocalFiles } from './local-paths.ts'
import { checkOverrides } from './overrides.ts'
import type { PlanInput, PlanResult } from './plan-model.ts'
import { protocolProblems } from './protocol-problems.ts'
import type { DesignReading } from './read-design.ts'
import { checkHarnessTemplates, checkScenarioTemplates, type HarnessSpecs, refusesNothing } from './render-check.ts'
import { resolveBases } from './resolve.ts'
import { parseStrict } from './strict.ts'
import { readGrowing } from './search-cells.ts'
import { priceProblems } from './token-price.ts'
import { type ExpansionInput, expandTreatments, type Fit, type PartVariants } from './treatments.ts'
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
  const { measured = [] } = input
  const read = readGrowing(spec, bases.value, measured)
  if (!read.ok) return read
  const { design, search } = read.value
  const variants = variantsOfParts(design, input.allowPaths ?? false, spec.results.files)
  const harnessName = spec.harnessRef?.name ?? spec.harness?.results.adapter ?? 'inline'
  const nameOf = harnessNames(design.factors.factors, harnessName)
  const fit = fitOf({ nameOf, object: bases.value.harness.object, harnesses: library.harnesses, variants })
  const expansion = expandTreatments({ design: spec.design, factors: design.factors, constants: design.constants, variants, fit })
  if (!expansion.ok) return expansion
  const aliased = checkEffects(design.factors, expansion.value.treatments.map((t) => t.cell.picks))
  if (aliased.length > 0) return { ok: false, problems: aliased }
  const unanswerable = checkQuestions(spec, expansion.value, { scenario: design.bases.scenario.value as ScenarioSpec, varied: design.factors.factors.flatMap((f) => f.paths) })
  if (unanswerable.length > 0) return { ok: false, problems: unanswerable }
  const id = { experiment: experiment.name, run: experiment.run }
  return assemblePlan({ id, spec, design, search, measured, variants, expansion: expansion.value, harnessName, nameOf, blocks: input.blocks, learned: input.learned })
}

function variantsOfParts({ bases, factors: { factors } }: DesignReading, allowPaths: boolean, files: ExperimentSpec['results']['files']): PartVariants {
  const local = <S>(find: (spec: S, object: string) => readonly Problem[]) => (spec: S, object: string) => (allowPaths ? [] : find(spec, object))
  const [localCharts, localFiles] = [local(findLocalCharts), local(findLocalFiles)]
  return {
    scenario: variantsOf({ part: 'scenario', base: bases.scenario, factors, read: (spec: ScenarioSpec) => ({ facts: scenarioFacts(spec), problems: [...localCharts(spec, bases.scenario.object), ...checkScenarioTemplates(spec, bases.scenario.object), ...priceProblems(spec).map((problem) => ({ ...problem, object: bases.scenario.object, path: problem.path.replace('scenario', 'spec') }))] }) }),
    workload: variantsOf({ part: 'workload', base: bases.workload, factors, read: (spec: WorkloadProfileSpec) => ({ facts: workloadFacts(spec), problems: [...localFiles(spec, bases.workload.object), ...checkFiles(spec, files)] }) }),
    harness: variantsOf({ part: 'harness', base: bases.harness, factors, read: (spec: HarnessSpec) => ({ facts: harnessFacts(spec), problems: [] }) }),
  }
}

interface FitInput { readonly nameOf: (picks: readonly number[]) => string; readonly object: string; readonly harnesses: ReadonlyMap<string, unknown>; readonly variants: PartVariants }

/** Thousands of treatments ask for the same few things, so answers are kept: what is expressible by needs, what renders by specification. */
function fitOf({ nameOf, object, harnesses, variants }: FitInput): ExpansionInput['fit'] {
  const known = new Map<string, Fit>()
  const once = (key: string, find: () => Fit) => {
    const fit = known.get(key) ?? find()
    known.set(key, fit)
    return fit
  }
  return (parts) => {
    const { scenario, workload, harness } = parts
    const name = nameOf(harness.picks)
    const needs = { workload: workload.facts.needs, endpoint: scenario.facts.endpoint }
    const specs = () => ({ scenario: variants.scenario.spec(scenario), workload: variants.workload.spec(workload), harness: variants.harness.spec(harness), name })
    const refused = (problems: readonly Problem[]): Fit => ({ problems: namingOthers(problems, { needs, harnesses, specs: specs() }), notes: [] })
    const able = once(`${harness.hash}/${canonicalJson(needs)}`, () => {
      const unsaid = protocolProblems(needs)
      if (unsaid.length > 0 && !sendsNothing(harness.facts.supports) && !harness.facts.inProcess) return { problems: unsaid, notes: [] }
      const problems = checkExpressible(needs, abilitiesOf(name, harness.facts))
      return problems.length > 0 ? refused(problems) : NO_MISFIT
    })
    if (able.problems.length > 0) return able
    const engine = harness.facts.inProcess ? scenario.hash : ''
    return once(`${harness.hash}/${workload.hash}/${canonicalJson(needs.endpoint)}/${engine}`, () => {
      const problems = checkOverrides(variants.workload.spec(workload), { name, overrides: harness.facts.overrides }, harnesses)
      if (problems.length > 0 || !harness.facts.templates) return { problems, notes: [] }
      const fit = checkHarnessTemplates({ ...specs(), object })
      return fit.problems.length > 0 ? refused(fit.problems) : { ...fit, notes: fit.notes.map((note) => `${name}: ${note}`) }
    })
  }
}

const NO_MISFIT: Fit = { problems: [], notes: [] }

interface Misfit { readonly needs: Needs; readonly harnesses: ReadonlyMap<string, unknown>; readonly specs: HarnessSpecs }

/** A harness that sends nothing is refused for its scenario, where another harness is no answer. */
function namingOthers(problems: readonly Problem[], { needs, harnesses, specs }: Misfit): Problem[] {
  if (sendsNothing(specs.harness.supports)) return [...problems]
  return withOthers(problems, ableHarnesses(needs, harnesses, (name, harness) => !refusesNothing({ ...specs, name, harness })))
}
