// SPDX-License-Identifier: Apache-2.0
/** The scenario of a Stack, resolved and rendered; bad input becomes a reason and a message. */
import { formatProblem, type Problem } from '../../core/model/problem.ts'
import type { Stack } from '../../core/model/kinds.ts'
import { type EndpointSpec, ScenarioSpec } from '../../core/model/scenario.ts'
import { releasesOf } from '../../core/reconcile/hand-over.ts'
import { type RenderedRelease, renderScenario } from '../../core/plan/render.ts'
import { parseStrict } from '../../core/plan/strict.ts'
import type { World } from './world.ts'

export type RenderedStack =
  | { readonly ok: true; readonly spec: ScenarioSpec; readonly releases: readonly RenderedRelease[]; readonly endpoint: EndpointSpec | undefined }
  | { readonly ok: false; readonly reason: string; readonly message: string }

export function renderStack(world: World, stack: Stack): RenderedStack {
  const { name, namespace = '' } = stack.metadata
  const ref = stack.spec.scenarioRef?.name
  const found = ref === undefined ? stack.spec.scenario : world.library.scenarios.store.get(`${namespace}/${ref}`)?.spec
  if (found === undefined) return { ok: false, reason: 'MissingReference', message: `spec.scenarioRef.name: there is no Scenario ${ref ?? ''} in namespace ${namespace}` }
  const parsed = parseStrict(ScenarioSpec, found, { at: ref === undefined ? 'spec.scenario' : 'spec', ...(ref !== undefined && { object: `Scenario/${ref}` }) })
  if (!parsed.ok) return refusal(parsed.problems)
  const spec = parsed.value
  const rendered = renderScenario(spec, { stackName: name, namespace, releases: releasesOf(stack) })
  return rendered.ok ? { ok: true, spec, ...rendered.value } : refusal(rendered.problems)
}

function refusal(problems: readonly Problem[]): RenderedStack {
  return { ok: false, reason: problems[0]?.reason ?? 'Invalid', message: problems.slice(0, 5).map(formatProblem).join('; ') }
}
