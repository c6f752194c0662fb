// SPDX-License-Identifier: Apache-2.0
/** Where the numbers come from, and the commands that make them again. */
import type { Findings } from '../model/findings.ts'
import type { Texts } from './messages.ts'
import type { ExperimentResults } from './results.ts'

/** Commands, one a line. */
export function reproduction({ name, namespace, trials }: ExperimentResults, { say }: Texts): string[] {
  const brought = trials.flatMap((t) => t.provenance.ingested?.command ?? [])
  if (trials.length > 0 && brought.length === trials.length) return [`# ${say('again.files')}`, ...new Set(brought)]
  const first = trials[0]?.trial.name
  return [
    `# ${say('again.all')}`,
    `kubectl annotate experiments.assay.dev ${name} -n ${namespace} assay.dev/rerun="$(date +%s)" --overwrite`,
    ...(first === undefined ? [] : [`# ${say('again.trial')}`, `assay export trial ${first} -n ${namespace}`]),
    `# ${say('again.report')}`,
    `assay report ${name} -n ${namespace}`,
  ]
}

export interface ProvenanceLine { readonly what: string; readonly values: readonly string[] }

/** What is the same for all trials is one value; what differs is a list. */
export function provenance(trials: readonly Findings[], texts: Texts): ProvenanceLine[] {
  const { say } = texts
  const line = (what: string, of: (findings: Findings) => readonly (string | undefined)[]): ProvenanceLine[] => {
    const values = [...new Set(trials.flatMap((t) => of(t).filter((v) => v !== undefined && v !== '')))] as string[]
    return values.length === 0 ? [] : [{ what, values }]
  }
  return [
    ...line(say('origin.harness'), (t) => [`${t.tool.name} ${t.tool.version}`]),
    ...line(say('origin.from'), (t) => [t.provenance.ingested?.from]),
    ...line(say('origin.images'), (t) => t.provenance.images.map((i) => (i.digest === undefined ? i.image : `${i.image} ${i.digest}`))),
    ...line(say('origin.commands'), (t) => t.provenance.images.flatMap((i) => (i.args === undefined || i.args.length === 0 ? [] : [`${i.name}: ${i.args.join(' ')}`]))),
    ...line(say('origin.charts'), (t) => t.provenance.charts.map((c) => chartText(c, texts))),
    ...line(say('upgrade.origin'), ({ stack, startup }) => [startup?.upgradedFrom === undefined ? undefined : say('upgrade.from', { stack, before: startup.upgradedFrom })]),
    ...line(say('origin.gpus'), (t) => t.provenance.gpus.map((g) => gpuText(g, texts))),
    ...line(say('origin.nodes'), (t) => t.provenance.nodes.map((n) => nodeText(n, texts))),
    ...line(say('origin.tokenizer'), (t) => [t.provenance.tokenizer]),
    ...line(say('origin.caches'), ({ caches }) => [caches?.how === '' ? caches.policy : caches && say('origin.caching', { policy: caches.policy, how: { stored: caches.how } })]),
    ...line(say('origin.seeds'), (t) => [t.provenance.seeds && String(t.provenance.seeds.arrival)]),
    ...line(say('origin.assay'), (t) => [t.provenance.operatorVersion]),
  ]
}

type Seen = Findings['provenance']

function chartText({ release, chart, digest, valuesDigest }: Seen['charts'][number], { say }: Texts): string {
  return [`${release}: ${chart}`, digest, valuesDigest === undefined ? undefined : say('origin.values', { digest: valuesDigest })].filter((part) => part !== undefined).join(', ')
}

/** Without its UUID: what is the same for all is one line. */
function gpuText({ model, driver, mig, clockMHz, throttle = [] }: Seen['gpus'][number], { say }: Texts): string {
  return [
    model, mig === undefined ? undefined : `MIG ${mig}`, driver === undefined ? undefined : say('origin.driver', { value: driver }),
    clockMHz === undefined ? undefined : say('origin.clock', { value: clockMHz[0] === clockMHz[1] ? clockMHz[0] : clockMHz.join('–') }), throttle.length === 0 ? undefined : say('origin.throttle', { reasons: throttle.join(', ') }),
  ].filter((part) => part !== undefined).join(', ')
}

function nodeText({ node, gpu, kernel, instance }: Seen['nodes'][number], { say }: Texts): string {
  const { product, driver, cuda, mig, sharing, topology } = gpu ?? {}
  const named = (what: 'driver' | 'shared' | 'fabric' | 'kernel', value: string | undefined) => (value === undefined || value === 'none' ? undefined : say(`origin.${what}`, { value }))
  const kept = (what: string, value: string | undefined) => (value === undefined || value === 'none' ? undefined : `${what} ${value}`)
  return [node, product, named('driver', driver), kept('CUDA', cuda), kept('MIG', mig), named('shared', sharing), named('fabric', topology), named('kernel', kernel), instance]
    .filter((part) => part !== undefined).join(', ')
}
