// SPDX-License-Identifier: Apache-2.0
/** What a workload says that the endpoint's protocol cannot, each with the nearest that it can. It knows no harness. */
import { API_KINDS, type ApiKind } from '../model/workload-profile.ts'
import { ENDPOINT_API_FACTS, type EndpointApiFacts, type KindFacts } from '../model/endpoint-api.ts'
import { nearest } from '../model/nearest.ts'
import type { Problem } from '../model/problem.ts'
import type { Needs } from './expressible.ts'

type Said = Needs['workload']['said']

/** Nothing where the workload is a tool's own: then nobody knows what it says. */
export function protocolProblems({ workload, endpoint }: Needs): Problem[] {
  if (endpoint === undefined || !endpoint.server || workload.toolProfile !== undefined) return []
  const facts = ENDPOINT_API_FACTS[endpoint.protocol]
  const kind = facts.kinds[workload.api]
  return (kind === undefined ? [kindProblem(facts, workload.api)] : unsaid({ facts, kind, name: workload.api }, workload.said))
    .map((problem) => ({ reason: 'NotExpressible', ...problem, message: `${facts.title} ${problem.message}` }))
}

type Unsaid = Omit<Problem, 'reason'>
interface Asked { readonly facts: EndpointApiFacts; readonly kind: KindFacts; readonly name: ApiKind }

function kindProblem({ kinds }: EndpointApiFacts, asked: ApiKind): Unsaid {
  const known = API_KINDS.filter((name) => kinds[name] !== undefined)
  return { path: 'workload.api.kind', message: `has no requests of the kind ${asked}`, found: asked, expected: `one of ${known.join(', ')}`, nearest: `workload.api.kind: ${known[0] ?? ''}` }
}

function unsaid(asked: Asked, said: Said): Unsaid[] {
  return [...eosProblem(asked, said), ...streamProblem(asked, said), ...samplingProblems(asked, said)]
}

function eosProblem({ facts, kind }: Asked, { ignoreEos }: Said): Unsaid[] {
  if (!ignoreEos || kind.ignoreEos) return []
  const also = facts.insteadOfIgnoreEos === undefined ? '' : `, with it, ${facts.insteadOfIgnoreEos}`
  return [{
    path: 'workload.api.ignoreEos', message: 'cannot be told to go on to the wanted length: an answer ends where the model ends it, at the wanted length at the latest', found: 'true', expected: `false${also}`,
    nearest: 'workload.api.ignoreEos: false',
  }]
}

function streamProblem({ kind }: Asked, { streaming }: Said): Unsaid[] {
  if (!streaming || kind.streaming) return []
  return [{ path: 'workload.api.streaming', message: 'streams no answers: there is no time to first token and no inter-token latency', found: 'true', expected: 'false', nearest: 'workload.api.streaming: false' }]
}

function samplingProblems({ kind, name }: Asked, { sampling }: Said): Unsaid[] {
  if (kind.sampling === 'any') return []
  const known = Object.keys(kind.sampling)
  return sampling.filter((parameter) => !known.includes(parameter)).map((parameter) => {
    const [guess] = nearest(parameter, known)
    return {
      path: `workload.api.sampling.${parameter}`, message: `knows no parameter ${parameter} for ${name}; what only it knows goes into workload.api.extraBody`, found: parameter,
      expected: `one of ${known.join(', ')}`, ...(guess !== undefined && { nearest: guess }),
    }
  })
}
