// SPDX-License-Identifier: Apache-2.0
/** The page that says which harness of the library can express what, from what they declare. It reads no file. */
import { ENDPOINT_API_FACTS, ENDPOINT_APIS } from '../model/endpoint-api.ts'
import type { HarnessSpec } from '../model/harness.ts'
import { FEATURE_TEXTS, FEATURES } from '../model/harness-features.ts'
import { API_KINDS, DATA_KINDS, type DataKind, DISTRIBUTIONS, LOAD_KINDS } from '../model/workload-profile.ts'
import { sendsNothing } from '../plan/expressible.ts'
import { page } from './reference.ts'
import { code, table } from './reference-table.ts'

interface Row { readonly asked: string; readonly can: (harness: HarnessSpec) => boolean }

export function abilitiesPage(harnesses: ReadonlyMap<string, HarnessSpec>): string {
  const senders = [...harnesses].filter(([, { supports }]) => !sendsNothing(supports))
  const marks = (title: string, rows: readonly Row[]) => table(
    [title, ...senders.map(([name]) => name)],
    rows.map(({ asked, can }) => [asked, ...senders.map(([, harness]) => (can(harness) ? '✓' : ''))]),
  )
  return page('What each harness can express', [
    'What the harnesses of the library declare. A plan refuses a workload that asks its harness for more, and names the harnesses that can; `assay explain workload NAME` shows what each would be told, word for word. What a harness does otherwise than asked is in its README and in the warnings of a plan.\n',
    marks('API', API_KINDS.map((kind) => ({ asked: code(kind), can: ({ supports }) => supports.api.includes(kind) }))),
    marks('protocol of the endpoint', ENDPOINT_APIS.map((api) => ({ asked: `${code(api)}: ${ENDPOINT_API_FACTS[api].title}`, can: ({ supports }) => supports.protocols.includes(api) }))),
    marks('load', LOAD_KINDS.map((kind) => ({ asked: code(kind), can: ({ supports }) => supports.load.includes(kind) }))),
    marks('data', dataRows()),
    'A harness that makes its prompts itself also draws their lengths itself:\n',
    marks('lengths', DISTRIBUTIONS.map((kind) => ({ asked: code(kind), can: ({ supports, ...harness }) => supports.data.includes('synthetic') && (isFed({ supports, ...harness }) || supports.lengths.includes(kind)) }))),
    marks('what else may be asked', FEATURES.map((feature) => ({ asked: `${code(feature)}: ${FEATURE_TEXTS[feature]}`, can: (harness) => has(harness, feature) }))),
    table(['README', ''], senders.map(([name, { description }]) => [`[${name}](../../harnesses/${readmeOf(name)}/README.md)`, description ?? ''])),
  ])
}

function dataRows(): Row[] {
  return [
    { asked: 'sends the trial\'s own, frozen prompts', can: isFed },
    ...DATA_KINDS.map((kind) => ({ asked: code(kind), can: (harness: HarnessSpec) => canSend(harness, kind) })),
  ]
}

/** As a plan judges it: whoever is fed with requests can send what they are made of, save turns and answers that it cannot hold. */
function canSend(harness: HarnessSpec, kind: DataKind): boolean {
  if (kind === 'toolProfile') return harness.supports.data.includes(kind)
  if (kind === 'conversation' && !holdsTurns(harness)) return false
  if (kind === 'correctness' && !has(harness, 'answers')) return false
  return harness.supports.data.includes(kind) || harness.inputs.length > 0
}

function has(harness: HarnessSpec, feature: (typeof FEATURES)[number]): boolean {
  return harness.supports.features.includes(feature) || (isFed(harness) && (feature === 'prefix' || feature === 'prefixGroups'))
}

const isFed = ({ inputs, results }: HarnessSpec) => inputs.length > 0 || results.adapter === 'native'
const holdsTurns = ({ supports }: HarnessSpec) => supports.load.includes('sessions') || supports.features.includes('turns')

/** Ways to run one tool share a page. */
function readmeOf(name: string): string {
  return name.startsWith('vllm-bench') ? 'vllm-bench' : name
}
