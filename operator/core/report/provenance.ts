// SPDX-License-Identifier: Apache-2.0
/** Where the numbers come from, and the commands that make them again. */
import type { Findings } from '../model/findings.ts'
import type { ExperimentResults } from './results.ts'
import { UPGRADE_TEXT } from './upgrade-notes.ts'

/** Commands, one a line. */
export function reproduction({ name, namespace, trials }: ExperimentResults): string[] {
  const brought = trials.flatMap((t) => t.provenance.ingested?.command ?? [])
  if (trials.length > 0 && brought.length === trials.length) return ['# read the same files again', ...new Set(brought)]
  const first = trials[0]?.trial.name
  return [
    '# measure all of it again',
    `kubectl annotate experiments.assay.dev ${name} -n ${namespace} assay.dev/rerun="$(date +%s)" --overwrite`,
    ...(first === undefined ? [] : ['# one trial with all it needs, for another cluster', `assay export trial ${first} -n ${namespace}`]),
    '# this report again, from what is stored',
    `assay report ${name} -n ${namespace}`,
  ]
}

export interface ProvenanceLine { readonly what: string; readonly values: readonly string[] }

/** What is the same for all trials is one value; what differs is a list. */
export function provenance(trials: readonly Findings[]): ProvenanceLine[] {
  const line = (what: string, of: (findings: Findings) => readonly (string | undefined)[]): ProvenanceLine[] => {
    const values = [...new Set(trials.flatMap((t) => of(t).filter((v) => v !== undefined && v !== '')))] as string[]
    return values.length === 0 ? [] : [{ what, values }]
  }
  return [
    ...line('Harness', (t) => [`${t.tool.name} ${t.tool.version}`]),
    ...line('Read from', (t) => [t.provenance.ingested?.from]),
    ...line('Images', (t) => t.provenance.images.map((i) => (i.digest === undefined ? i.image : `${i.image} ${i.digest}`))),
    ...line('Command lines', (t) => t.provenance.images.flatMap((i) => (i.args === undefined || i.args.length === 0 ? [] : [`${i.name}: ${i.args.join(' ')}`]))),
    ...line('Charts', (t) => t.provenance.charts.map(chartText)),
    ...line('Upgraded in place', ({ stack, startup }) => [startup?.upgradedFrom === undefined ? undefined : UPGRADE_TEXT.from(stack, startup.upgradedFrom)]),
    ...line('GPUs', (t) => t.provenance.gpus.map(gpuText)),
    ...line('Nodes', (t) => t.provenance.nodes.map(nodeText)),
    ...line('Tokenizer', (t) => [t.provenance.tokenizer]),
    ...line('Caches between trials', ({ caches }) => [caches?.how === '' ? caches.policy : caches && `${caches.policy} (${caches.how})`]),
    ...line('Seeds of arrivals', (t) => [t.provenance.seeds && String(t.provenance.seeds.arrival)]),
    ...line('Assay', (t) => [t.provenance.operatorVersion]),
  ]
}

type Seen = Findings['provenance']

function chartText({ release, chart, digest, valuesDigest }: Seen['charts'][number]): string {
  return [`${release}: ${chart}`, digest, valuesDigest === undefined ? undefined : `values ${valuesDigest}`].filter((part) => part !== undefined).join(', ')
}

/** Without its UUID: what is the same for all is one line. */
function gpuText({ model, driver, mig, clockMHz, throttle = [] }: Seen['gpus'][number]): string {
  return [
    model, mig === undefined ? undefined : `MIG ${mig}`, driver === undefined ? undefined : `driver ${driver}`,
    clockMHz === undefined ? undefined : `SM clock ${clockMHz[0] === clockMHz[1] ? clockMHz[0] : clockMHz.join('–')} MHz`, throttle.length === 0 ? undefined : `held by ${throttle.join(', ')}`,
  ].filter((part) => part !== undefined).join(', ')
}

function nodeText({ node, gpu, kernel, instance }: Seen['nodes'][number]): string {
  const { product, driver, cuda, mig, sharing, topology } = gpu ?? {}
  const named = (what: string, value: string | undefined) => (value === undefined || value === 'none' ? undefined : `${what} ${value}`)
  return [node, product, named('driver', driver), named('CUDA', cuda), named('MIG', mig), named('shared by', sharing), named('fabric', topology), named('kernel', kernel), instance]
    .filter((part) => part !== undefined).join(', ')
}
