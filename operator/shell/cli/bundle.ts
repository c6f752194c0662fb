// SPDX-License-Identifier: Apache-2.0
/** A trial as one file: manifests that kubectl applies on another cluster to measure the same again, and a record of what was measured here. Pure. */
import { API_VERSION, GROUP, LABELS } from '../../core/model/kinds.ts'
import type { ConfigMap } from '../kube/builtin-resources.ts'
import { BUNDLE_ROLE, type BundleRecord, RECORD_KEY } from './bundle-record.ts'
import { yamlText } from './stack-files.ts'
import type { TrialSubject } from './trial-subject.ts'

/** The file. Objects have no namespace, so that `kubectl apply -n` chooses it, and no owner. */
export function bundleText(subject: TrialSubject, record: BundleRecord): string {
  const { trial, stack, configMaps } = subject
  const annotations = { [`${GROUP}/exported-from`]: `${record.trial.namespace}/${record.trial.name}` }
  const documents = [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `${trial.metadata.name}-bundle`, labels: { [LABELS.role]: BUNDLE_ROLE }, annotations }, data: { [RECORD_KEY]: `${JSON.stringify(record, null, 2)}\n` } },
    ...configMaps.map(bare),
    { apiVersion: API_VERSION, kind: 'Stack', metadata: { name: stack.metadata.name, annotations }, spec: stack.spec },
    { apiVersion: API_VERSION, kind: 'Trial', metadata: { name: trial.metadata.name, annotations }, spec: trial.spec },
  ]
  return `${header(record)}${documents.map(yamlText).join('---\n')}`
}

function bare({ metadata: { name, labels }, data, binaryData }: ConfigMap): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...(labels !== undefined && { labels }) }, ...(data !== undefined && { data }), ...(binaryData !== undefined && { binaryData }) }
}

function header({ trial, model, harness, requests, seeds, needs }: BundleRecord): string {
  const lines = [
    `Trial ${trial.name} of namespace ${trial.namespace}${trial.experiment === undefined ? '' : `, Experiment ${trial.experiment}`}, with all that it was measured on.`,
    'To measure the same again on a cluster with Assay:  kubectl apply -n NAMESPACE -f THIS-FILE',
    `To see the result:  kubectl get trials.assay.dev ${trial.name}   and to compare:  assay diff THIS-FILE ${trial.name}`,
    'To remove it:  kubectl delete -n NAMESPACE -f THIS-FILE',
    `model ${model.name}${model.revision === undefined ? '' : ` at ${model.revision}`} · harness ${harness.name} ${harness.version} · seeds ${seeds.arrival} (arrivals), ${seeds.content} (prompts)`,
    `requests.jsonl ${requests.sha256 ?? 'unknown'} (${requests.count ?? 0} requests)`,
    ...(needs.length === 0 ? [] : [`The namespace must have: ${needs.join(', ')}.`]),
  ]
  return lines.map((line) => `# ${line}\n`).join('')
}
