// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Findings } from '../../core/model/findings.ts'
import { StackSpec } from '../../core/model/stack.ts'
import { readYaml } from '../yaml-source.ts'
import { sampleExperiment } from '../../core/report/testdata/experiment.ts'
import { bundleText } from './bundle.ts'
import { BundleRecord, RECORD_KEY, recordOf } from './bundle-record.ts'
import { comparisonLines } from './diff-view.ts'
import { compareFacts, experimentFacts, flat, trialFacts } from './facts.ts'
import { singleTrial } from './collect.ts'
import { stack, trial } from './testdata/objects.ts'
import type { TrialSubject } from './trial-subject.ts'

const subject = (seeds = { arrival: 1, content: 2 }): TrialSubject => ({
  trial: trial('quickstart-1-0a0a0a0a-s1-r1', { tp: 1 }, {}, { seeds }),
  stack: stack('quickstart-1-0a0a0a0a-s1', { tp: 1 }, {
    gpus: 2, releases: [{ name: 'model', release: 'quickstart-1-0a0a0a0a-s1-model', state: 'deployed', chart: 'simulator 0.1.0', chartDigest: 'c0ffee' }],
    pods: [{ pod: 'p', node: 'n1', serving: true, gpuProduct: 'H100', containers: [{ name: 'server', image: 'example/server:1', imageID: 'docker.io/x@sha256:abc', args: ['--port', '8000'] }] }],
  }) as TrialSubject['stack'],
  findings: undefined, configMaps: [{ metadata: { name: 'data', namespace: 'bench', uid: 'u', labels: { team: 'a' } }, data: { 'x.jsonl': '{}' } }],
})

describe('a bundle', () => {
  const text = bundleText(subject(), recordOf(subject(), '0.1.0'))
  const documents = readYaml(text, 'bundle.yaml').sources.map((s) => s.value as { kind: string; metadata: object; spec?: unknown; data?: Record<string, string> })

  it('holds what kubectl applies anywhere: no namespace, no owner, no uid, nothing to look up', () => {
    expect(documents.map((d) => [d.kind, d.metadata])).toEqual([
      ['ConfigMap', { name: 'quickstart-1-0a0a0a0a-s1-r1-bundle', labels: { 'assay.dev/role': 'bundle' }, annotations: { 'assay.dev/exported-from': 'bench/quickstart-1-0a0a0a0a-s1-r1' } }],
      ['ConfigMap', { name: 'data', labels: { team: 'a' } }],
      ['Stack', { name: 'quickstart-1-0a0a0a0a-s1', annotations: { 'assay.dev/exported-from': 'bench/quickstart-1-0a0a0a0a-s1-r1' } }],
      ['Trial', { name: 'quickstart-1-0a0a0a0a-s1-r1', annotations: { 'assay.dev/exported-from': 'bench/quickstart-1-0a0a0a0a-s1-r1' } }],
    ])
    expect(StackSpec.safeParse(documents[2]?.spec).success).toBe(true)
    expect(documents[3]?.spec).toEqual(JSON.parse(JSON.stringify(subject().trial.spec)))
  })

  it('records what ran: images by digest, charts, rendered values, arguments, seeds, hardware', () => {
    expect(BundleRecord.parse(JSON.parse(documents[0]?.data?.[RECORD_KEY] ?? ''))).toMatchObject({
      images: [{ name: 'server', image: 'example/server:1', digest: 'docker.io/x@sha256:abc' }], charts: [{ release: 'model', chart: 'simulator 0.1.0', digest: 'c0ffee' }],
      values: { model: { replicaCount: 1 } }, args: { server: ['--port', '8000'] }, seeds: { arrival: 1, content: 2 }, hardware: { products: ['H100'], nodes: ['n1'] },
    })
  })

  it('says at its top what it is and how it is used', () => {
    expect(text.split('\n').slice(0, 3)).toEqual([
      '# Trial quickstart-1-0a0a0a0a-s1-r1 of namespace bench, Experiment quickstart, with all that it was measured on.',
      '# To measure the same again on a cluster with Assay:  kubectl apply -n NAMESPACE -f THIS-FILE',
      '# To see the result:  kubectl get trials.assay.dev quickstart-1-0a0a0a0a-s1-r1   and to compare:  assay diff THIS-FILE quickstart-1-0a0a0a0a-s1-r1',
    ])
  })

  it('is of what was measured, although the stack is gone by now', () => {
    const { stack, ...rest } = subject()
    const provenance = { images: [{ name: 'server', image: 'example/server:1', digest: 'x@sha256:then', args: ['serve', '--port', '1'] }], charts: [{ release: 'model', chart: 'simulator 0.1.0', digest: 'then', valuesDigest: 'v' }] }
    const findings = { provenance, tool: { name: 'native', version: '1' }, gpus: 0 } as unknown as Findings
    expect(recordOf({ ...rest, stack: { ...stack, status: {} }, findings }, '1')).toMatchObject({
      images: [{ name: 'server', digest: 'x@sha256:then' }], charts: provenance.charts, args: { server: ['serve', '--port', '1'] },
    })
  })

  it('names the Secrets that it cannot hold', () => {
    const { trial: one, stack: two, ...rest } = subject()
    const scenario = { ...two.spec.scenario, deploy: { ...two.spec.scenario.deploy!, releases: [{ ...two.spec.scenario.deploy!.releases[0]!, values: { hub: { tokenSecretName: 'hf-token', other: '' } } }] } }
    expect(recordOf({ trial: one, stack: { ...two, spec: { ...two.spec, scenario } }, ...rest }, '1').needs).toEqual(['Secret hf-token'])
  })
})

describe('what differs between two trials', () => {
  const factsOf = (s: TrialSubject) => trialFacts(recordOf(s, '1'), s.stack.spec.scenario, s.trial.spec)

  it('is nothing between a trial and its like under another name', () => {
    const other = subject()
    const renamed = { ...other, trial: { ...other.trial, metadata: { name: 'else', namespace: 'there' } }, stack: { ...other.stack, metadata: { name: 'other-stack', namespace: 'there' } } }
    const comparison = compareFacts(factsOf(subject()), factsOf(renamed))
    expect(comparison.differences).toEqual([])
    expect(comparisonLines(comparison, { a: 'one', b: 'else' })[0]).toBe('one and else were measured the same way')
  })

  it('is told group by group, with both sides', () => {
    const comparison = compareFacts(factsOf(subject()), factsOf(subject({ arrival: 1, content: 3 })))
    expect(comparison.differences).toEqual([{ group: 'seeds', path: 'content', a: '2', b: '3' }])
    expect(comparisonLines(comparison, { a: 'x.yaml', b: 'y' })).toEqual([
      'seeds (arrivals, prompts): 1 difference', '  WHAT      A (x.yaml)   B (y)', '  content   2            3', '',
      'the same: images, versions, model, arguments of the serving containers, rendered values of releases, scenario, workload, harness, data sent, execution, hardware',
    ])
  })
})

it('compares experiments by their trials, and what one side does not know not at all', async () => {
  const { experiment, trials } = await sampleExperiment({ requests: 20 })
  const collected = { ...singleTrial(trials[0]!), experiment: { apiVersion: '', kind: '', metadata: { name: 'x' }, spec: experiment.spec as never }, trials }
  const known = { ...collected, library: { scenario: { model: { name: 'm' } } } }
  const { differences, unknown } = compareFacts(experimentFacts(known), experimentFacts({ ...collected, trials: trials.slice(1) }))
  expect(unknown).toEqual(['model', 'scenario'])
  expect(differences.map((d) => [d.group, d.path, d.b])).toEqual([['seeds', 'batch=8 rate=8 #1.1', undefined], ['data', 'batch=8 rate=8 #1.1', undefined]])
})

it('knows of results that somebody brought what the tool was, and nothing that is the same by being unknown', async () => {
  const { trials } = await sampleExperiment({ requests: 20 })
  const brought = trials.map((t) => ({ ...t, provenance: { ...t.provenance, ingested: { from: 'x', command: 'assay ingest x' } } }))
  expect(Object.keys(experimentFacts({ ...singleTrial(brought[0]!), trials: brought }))).toEqual(['versions'])
})

it('flattens to leaves: list items by name, odd keys quoted, descriptions left out', () => {
  expect(flat({ description: 'x', a: { 'b.c/d': 1, e: [{ name: 'n', v: true }, 'plain'] }, none: undefined, empty: [], nil: null })).toEqual({ 'a["b.c/d"]': '1', 'a.e[n].name': 'n', 'a.e[n].v': 'true', 'a.e[1]': 'plain', nil: 'null' })
})
