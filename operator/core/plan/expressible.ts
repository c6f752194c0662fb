// SPDX-License-Identifier: Apache-2.0
/** Whether a harness can express a workload; if not, what it lacks and which ones could. It looks at declared abilities only. */
import type { HarnessSpec } from '../model/harness.ts'
import { HarnessSpec as HarnessSchema } from '../model/harness.ts'
import { FEATURE_TEXTS } from '../model/harness-features.ts'
import type { Problem } from '../model/problem.ts'
import type { EndpointNeeds, FeatureNeed, WorkloadNeeds } from './needs.ts'

export interface Needs { readonly workload: WorkloadNeeds; readonly endpoint?: EndpointNeeds }

/** What a harness declares of itself. */
export interface Abilities extends Pick<HarnessSpec, 'supports' | 'inProcess'> {
  readonly name: string
  /** Its files are made of the trial's own requests, so that what these are made of is no matter. */
  readonly readsRequests: boolean
}

export function abilitiesOf(name: string, { supports, inProcess, inputs }: Pick<HarnessSpec, 'supports' | 'inProcess' | 'inputs'>): Abilities {
  return { name, supports, inProcess, readsRequests: inputs.length > 0 }
}

/** A harness that declares no load sends nothing, whatever the workload says: start-up times are all that it is for. */
export const sendsNothing = ({ load, data }: HarnessSpec['supports']) => load.length === 0 && data.length === 0

/** A problem for each thing that is asked and not supported. */
export function checkExpressible(needs: Needs, harness: Abilities): Problem[] {
  return lacks(needs, harness).map(({ path, asked, message, expected }) => ({ reason: 'NotExpressible', path, message: `harness ${harness.name} ${message}`, found: asked, expected }))
}

/** The same problems with the harnesses that have them not; none where the harness at hand sends nothing anyway. */
export function withOthers(problems: readonly Problem[], others: readonly string[]): Problem[] {
  const could = others.length > 0 ? `${others.join(', ')} of the library can` : 'no harness of the library can'
  const nearest = others[0] === undefined ? {} : { nearest: `harnessRef: { name: ${others[0]} }` }
  return problems.map((problem) => (problem.reason === 'NotExpressible' ? { ...problem, message: `${problem.message}; ${could}`, ...nearest } : problem))
}

interface Lack { readonly path: string; readonly asked: string; readonly message: string; readonly expected: string }

function lacks(needs: Needs, harness: Abilities): Lack[] {
  const { supports } = harness
  if (sendsNothing(supports)) return serverLacks(needs, harness)
  return [...kindLacks(needs.workload, harness), ...protocolLacks(needs, harness), ...serverLacks(needs, harness), ...featureLacks([...needs.workload.features, ...(harness.inProcess ? [] : (needs.endpoint?.features ?? []))], supports), ...generatorLacks(needs.workload, harness)]
}

function kindLacks({ api, load, data, toolProfile }: WorkloadNeeds, { name, supports, readsRequests }: Abilities): Lack[] {
  const kinds: readonly (readonly [path: string, asked: string, cannot: string, supported: readonly string[]])[] = [
    ['workload.api.kind', api, 'load the API', supports.api],
    [`workload.load.${load}`, load, 'produce the load', supports.load],
    [`workload.data.${data}`, data, 'send the data', readsRequests && data !== 'toolProfile' ? [data] : supports.data],
  ]
  // A profile in the tool's own format says by itself which API is spoken to.
  const found = kinds.filter(([path, asked, , supported]) => !supported.includes(asked) && !(toolProfile !== undefined && path === 'workload.api.kind'))
    .map(([path, asked, cannot, supported]) => ({ path, asked, message: `cannot ${cannot} ${asked}`, expected: supported.length > 0 ? `one of ${supported.join(', ')}` : 'a harness that sends requests' }))
  if (found.length > 0 || toolProfile === undefined || toolProfile === name) return found
  return [{ path: 'workload.data.toolProfile.harness', asked: toolProfile, message: `cannot read a profile of ${toolProfile}`, expected: name }]
}

function protocolLacks({ endpoint }: Needs, { inProcess, supports }: Abilities): Lack[] {
  if (endpoint === undefined || inProcess || supports.protocols.includes(endpoint.protocol)) return []
  return [{ path: 'scenario.endpoint.api', asked: endpoint.protocol, message: `cannot speak the protocol ${endpoint.protocol}`, expected: `one of ${supports.protocols.join(', ')}` }]
}

function serverLacks({ endpoint }: Needs, { inProcess, supports }: Abilities): Lack[] {
  if (endpoint === undefined || inProcess !== endpoint.server) return []
  if (inProcess) return [{ path: 'scenario.endpoint', asked: 'a server', message: 'runs the engine in its own pod and would not load the scenario\'s server', expected: 'a scenario with neither deploy nor endpoint' }]
  return sendsNothing(supports) ? [] : [{ path: 'scenario.endpoint', asked: 'no server', message: 'loads a server, and the scenario has none', expected: 'a scenario with an endpoint, or a harness that runs the engine itself' }]
}

function featureLacks(features: readonly FeatureNeed[], supports: HarnessSpec['supports']): Lack[] {
  return features.filter(({ feature }) => !supports.features.includes(feature))
    .map(({ feature, path }) => ({ path, asked: feature, message: `cannot express ${feature} (${FEATURE_TEXTS[feature]})`, expected: 'that it is left out, or another harness' }))
}

function generatorLacks({ generated }: WorkloadNeeds, { supports, readsRequests }: Abilities): Lack[] {
  if (readsRequests) return []
  const lengths = generated.lengths.filter(({ kind }) => !supports.lengths.some((known) => known === kind))
  return [
    ...lengths.map(({ kind, path }) => ({ path, asked: kind, message: `draws lengths by itself and cannot draw them from ${kind}`, expected: `one of ${supports.lengths.join(', ')}` })),
    ...featureLacks(generated.features, supports),
  ]
}

/** Names of the harnesses that can express it, as far as `refuses` has nothing against them. */
export function ableHarnesses(needs: Needs, library: ReadonlyMap<string, unknown>, refuses: (name: string, spec: HarnessSpec) => boolean): string[] {
  return [...library].flatMap(([name, spec]) => {
    const parsed = HarnessSchema.safeParse(spec)
    if (!parsed.success || sendsNothing(parsed.data.supports)) return []
    return lacks(needs, abilitiesOf(name, parsed.data)).length === 0 && !refuses(name, parsed.data) ? [name] : []
  })
}
