// SPDX-License-Identifier: Apache-2.0
/** From a resolved scenario to what Helm is given: releases with rendered values, and the endpoint. It installs nothing. */
import { z } from 'zod'
import { releaseName } from '../design/identity.ts'
import type { Segment } from '../design/path.ts'
import type { Checked } from '../model/problem.ts'
import { Accelerator, type EndpointSpec, Model, Parallelism, type ReleaseSpec, ScenarioSpec, Serving } from '../model/scenario.ts'
import { newContext, problemAt, renderTree, type TemplateContext } from './render-tree.ts'
import { isSpent } from './template-run.ts'

export interface RenderedRelease {
  /** Name within the scenario. */
  readonly name: string
  /** Name of the Helm release. */
  readonly release: string
  readonly chart: ReleaseSpec['chart']
  readonly version?: string
  readonly values: Readonly<Record<string, unknown>>
  readonly valuesFrom: ReleaseSpec['valuesFrom']
  readonly serverSideApply: boolean
}
interface RenderedScenario {
  readonly releases: readonly RenderedRelease[]
  readonly endpoint: EndpointSpec | undefined
}
/** `releases`: what their names begin with, where it is not the name of the stack. */
interface StackPlace { readonly stackName: string; readonly namespace: string; readonly releases?: string; readonly object?: string }

const key = (...keys: readonly string[]): Segment[] => keys.map((k) => ({ kind: 'key', key: k }))

export function renderScenario(spec: ScenarioSpec, place: StackPlace): Checked<RenderedScenario> {
  const context = scenarioContext(spec, place)
  const releases = (spec.deploy?.releases ?? []).map((release) => renderRelease(release, place, context))
  const endpoint = spec.endpoint === undefined ? undefined : renderEndpoint(spec.endpoint, context)
  return context.problems.length > 0 ? { ok: false, problems: context.problems } : { ok: true, value: { releases, endpoint } }
}

function renderRelease(release: ReleaseSpec, { stackName, releases = stackName }: StackPlace, context: TemplateContext): RenderedRelease {
  const at: Segment[] = [...key('spec', 'deploy', 'releases'), { kind: 'item', name: release.name }, ...key('values')]
  const { name, chart, version, valuesFrom, serverSideApply } = release
  const values = renderTree(release.values, at, context) as Record<string, unknown>
  return { name, release: releaseName(releases, name), chart, ...(version !== undefined && { version }), values, valuesFrom, serverSideApply }
}

function renderEndpoint(endpoint: EndpointSpec, context: TemplateContext): EndpointSpec {
  const at = key('spec', 'endpoint')
  const before = context.problems.length
  const rendered = renderTree(endpoint, at, context) as EndpointSpec
  if (context.problems.length > before || isSpent(context.budget)) return endpoint
  for (const member of ['service', 'url'] as const) {
    const value: unknown = rendered[member]
    if (endpoint[member] !== undefined && (typeof value !== 'string' || value === '')) context.problems.push(problemAt([...at, ...key(member)], context, { message: `${member} is empty once rendered`, found: endpoint[member], expected: 'a name' }))
  }
  return rendered
}

const schemas = new Map<string, z.ZodType>()

/** Names that values may use; `release` has the releases of this very scenario, so that a misspelt one is refused. */
function contextSchema(releases: readonly string[]): z.ZodType {
  const id = releases.join(' ')
  const known = schemas.get(id)
  if (known !== undefined) return known
  const schema = z.object({
    model: Model, accelerator: Accelerator, serving: Serving, scenario: ScenarioSpec, parallelism: Parallelism,
    release: z.object(Object.fromEntries(releases.map((name) => [name, z.string()]))),
    stack: z.object({ name: z.string(), namespace: z.string() }),
  })
  schemas.set(id, schema)
  return schema
}

function scenarioContext(spec: ScenarioSpec, { stackName, namespace, releases = stackName, object }: StackPlace): TemplateContext {
  const names = spec.deploy?.releases.map((r) => r.name) ?? []
  const value = {
    model: spec.model, accelerator: spec.accelerator, serving: spec.serving, scenario: spec, parallelism: spec.serving.parallelism,
    release: Object.fromEntries(names.map((name) => [name, releaseName(releases, name)])),
    stack: { name: stackName, namespace },
  }
  return newContext(contextSchema(names), value, object)
}
