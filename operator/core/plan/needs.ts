// SPDX-License-Identifier: Apache-2.0
/** What a workload and an endpoint ask of a harness, each with the place where it is asked. It knows no harness. */
import { durationMs } from '../model/common.ts'
import { credentialHeader, type EndpointApi } from '../model/endpoint-api.ts'
import type { Feature } from '../model/harness-features.ts'
import type { ScenarioSpec } from '../model/scenario.ts'
import { type ApiKind, dataKind, DISTRIBUTIONS, type Lengths, loadKind, type WorkloadProfileSpec } from '../model/workload-profile.ts'
import { declaredStages } from '../workload/declared-stages.ts'

export interface FeatureNeed { readonly feature: Feature; readonly path: string }
export interface WorkloadNeeds {
  readonly api: ApiKind
  /** What requests say, for the endpoint to understand. */
  readonly said: { readonly ignoreEos: boolean; readonly streaming: boolean; readonly sampling: readonly string[] }
  readonly load: string
  readonly data: string
  /** The harness in whose format a profile of its own is. */
  readonly toolProfile?: string
  readonly features: readonly FeatureNeed[]
  /** What a harness must be able to draw that generates its prompts itself. */
  readonly generated: {
    readonly lengths: readonly { readonly kind: string; readonly path: string }[]
    readonly features: readonly FeatureNeed[]
  }
}
export interface EndpointNeeds {
  /** Whether there is a server; without one, the tool must run the engine itself. */
  readonly server: boolean
  readonly protocol: EndpointApi
  readonly features: readonly FeatureNeed[]
}

export function needsOf(workload: WorkloadProfileSpec): WorkloadNeeds {
  const { api, load, data } = workload
  const said = { ignoreEos: api.ignoreEos, streaming: api.streaming, sampling: Object.keys(api.sampling) }
  const base = { api: api.kind, said, load: loadKind(load), data: dataKind(data) }
  if (data.toolProfile !== undefined) return { ...base, toolProfile: data.toolProfile.harness, features: [], generated: { lengths: [], features: [] } }
  return { ...base, features: [...stageNeeds(workload), ...loadNeeds(workload), ...apiNeeds(workload), ...turnNeeds(workload)], generated: generatedNeeds(workload) }
}

export function endpointNeeds({ endpoint }: ScenarioSpec): EndpointNeeds {
  if (endpoint === undefined) return { server: false, protocol: 'openai', features: [] }
  const { headers, credentials, ca, api } = endpoint
  const { header, prefix } = credentialHeader(api, credentials)
  const bearer = header.toLowerCase() === 'authorization' && prefix === 'Bearer '
  return {
    server: true,
    protocol: api,
    features: asked([
      ['headers', Object.keys(headers).length > 0, 'scenario.endpoint.headers'],
      ['credentials', credentials !== undefined, 'scenario.endpoint.credentials'],
      ['credentialHeader', credentials !== undefined && !bearer, 'scenario.endpoint.credentials'],
      ['ca', ca !== undefined, 'scenario.endpoint.ca'],
    ]),
  }
}

type Asked = readonly [Feature, boolean, string]
const asked = (list: readonly Asked[]): FeatureNeed[] => list.filter(([, isAsked]) => isAsked).map(([feature, , path]) => ({ feature, path }))

function stageNeeds({ load }: WorkloadProfileSpec): FeatureNeed[] {
  const kind = loadKind(load)
  const stages = declaredStages(load)
  const at = (name: string) => (kind === name || kind === 'sweep' ? `workload.load.${kind}` : `workload.load.${kind}.stages[${name}]`)
  const first = (test: (stage: (typeof stages)[number]) => boolean) => stages.find(test)
  const closed = (stage: (typeof stages)[number]) => stage.loop === 'closed'
  const [timed, counted, both, ramp] = [
    first((s) => closed(s) && s.end === 'duration'), first((s) => closed(s) && s.end === 'requests'),
    first((s) => closed(s) && s.seconds !== undefined && s.requests !== undefined), first(({ rampTo }) => rampTo !== undefined),
  ]
  return asked([
    ['stages', stages.length > 1, `workload.load.${kind}`],
    ['stageGap', stages.length > 1 && durationMs(load.stageGap) > 0, 'workload.load.stageGap'],
    ['duration', timed !== undefined, `${at(timed?.name ?? '')}.duration`],
    ['requests', counted !== undefined, `${at(counted?.name ?? '')}.requests`],
    ['whicheverFirst', both !== undefined, `${at(both?.name ?? '')}.duration`],
    ['ramp', ramp !== undefined, `${at(ramp?.name ?? '')}.rampTo`],
  ])
}

/** What every workload has, whatever it says; asking for just that asks for nothing. */
const USUAL = { drain: '30s', timeout: '300s' } as const

function loadNeeds({ load }: WorkloadProfileSpec): FeatureNeed[] {
  const open = declaredStages(load).some(({ loop }) => loop === 'open')
  return asked([
    ['warmup', load.warmup !== undefined && durationMs(load.warmup) > 0, 'workload.load.warmup'],
    ['maxConcurrency', load.maxConcurrency !== undefined && open, 'workload.load.maxConcurrency'],
    ['stop', load.stop?.errorRate !== undefined, 'workload.load.stop.errorRate'],
    ['drain', durationMs(load.drain) !== durationMs(USUAL.drain), 'workload.load.drain'],
  ])
}

function apiNeeds({ api }: WorkloadProfileSpec): FeatureNeed[] {
  const { temperature, ...others } = api.sampling
  return asked([
    ['nonStreaming', !api.streaming, 'workload.api.streaming'],
    ['eos', !api.ignoreEos, 'workload.api.ignoreEos'],
    ['sampling', Object.keys(others).length > 0 || (temperature !== undefined && temperature !== 0), 'workload.api.sampling'],
    ['extraBody', Object.keys(api.extraBody).length > 0, 'workload.api.extraBody'],
    ['headers', Object.keys(api.headers).length > 0, 'workload.api.headers'],
    ['timeout', durationMs(api.timeout) !== durationMs(USUAL.timeout), 'workload.api.timeout'],
  ])
}

function turnNeeds({ load, data }: WorkloadProfileSpec): FeatureNeed[] {
  const { turns } = data.synthetic ?? {}
  const several = data.conversation !== undefined || (turns !== undefined && turns.count > 1)
  return asked([
    ['turns', several && load.sessions === undefined, data.conversation === undefined ? 'workload.data.synthetic.turns' : 'workload.data.conversation'],
    ['answers', data.correctness !== undefined, 'workload.data.correctness'],
    ['thinkTime', turns !== undefined && turns.count > 1 && durationMs(turns.thinkTime) > 0, 'workload.data.synthetic.turns.thinkTime'],
  ])
}

function generatedNeeds({ data: { synthetic } }: WorkloadProfileSpec): WorkloadNeeds['generated'] {
  if (synthetic === undefined) return { lengths: [], features: [] }
  const { input, output, prefix } = synthetic
  const redrawn = input.outside === 'redraw' ? 'input' : output.outside === 'redraw' ? 'output' : undefined
  const lengths = ([['input', input], ['output', output]] as const).map(([part, value]) => ({ kind: distributionOf(value), path: `workload.data.synthetic.${part}` }))
  const at = 'workload.data.synthetic.prefix'
  return { lengths, features: asked([['redraw', redrawn !== undefined, `workload.data.synthetic.${redrawn ?? 'input'}.outside`], ['prefix', prefix !== undefined, at], ['prefixGroups', prefix !== undefined && prefix.groups > 1, `${at}.groups`]]) }
}

const distributionOf = (lengths: Lengths) => DISTRIBUTIONS.find((kind) => lengths[kind] !== undefined) ?? 'fixed'
