// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { inventoryLines, leftovers, ofExperiment, ofReleases, type Owned, takeInventory } from './leftovers-view.ts'

const owned = (kind: string, name: string, more: Partial<Omit<Owned, 'kind' | 'name'>> = {}): Owned => ({ kind, name, labels: {}, annotations: {}, ...more })
const mine = { 'assay.dev/experiment': 'quick' }

describe('what belongs to an Experiment', () => {
  it.each<[boolean, string, Owned]>([
    [true, 'ours, by its label', owned('Job', 'anything', { labels: mine })],
    [true, 'a chart\'s, by Helm\'s annotation', owned('Service', 'gateway', { annotations: { 'meta.helm.sh/release-name': 'quick-1-0a1b2c3d-s1-model' } })],
    [true, 'a pod, by the instance label', owned('Pod', 'x', { labels: { 'app.kubernetes.io/instance': 'quick-2-0a1b2c3d-s10-model' } })],
    [true, 'a chart\'s, by its name alone', owned('PersistentVolumeClaim', 'quick-1-0a1b2c3d-s1-model-cache')],
    [true, 'a release with a longer hash', owned('Helm release', 'quick-1-0a1b2c3d4e5f-s1-model')],
    [false, 'another Experiment whose name begins the same', owned('Pod', 'quick-2-1-0a1b2c3d-s1-model-x')],
    [false, 'something that is only named alike', owned('Service', 'quick-1')],
    [false, 'another Experiment\'s, by its label', owned('Trial', 'quick-1-0a1b2c3d-s1-r1', { labels: { 'assay.dev/experiment': 'other' } })],
  ])('%s: %s', (belongs, _, object) => {
    expect(ofExperiment('quick')(object)).toBe(belongs)
  })
})

describe('what belongs to a Stack', () => {
  it.each<[boolean, string, Owned]>([
    [true, 'the Stack', owned('Stack', 'mine')], [true, 'its release', owned('Helm release', 'mine-model')], [true, 'its pods', owned('Pod', 'mine-model-7b68-x')],
    [true, 'a probe of ours', owned('Pod', 'probe-x', { labels: { 'assay.dev/stack': 'mine' } })],
    [false, 'trials on it, which are results', owned('Trial', 'mine-sanity-x', { labels: { 'assay.dev/stack': 'mine' } })],
    [false, 'another Stack whose name begins the same', owned('Pod', 'mine-two-model-x')],
  ])('%s: %s', (belongs, _, object) => {
    expect(ofReleases('mine', ['mine-model'])(object)).toBe(belongs)
  })
})

const RESULTS = [
  owned('Trial', 'a', { labels: mine, findings: 'a' }), owned('Trial', 'b', { labels: mine }),
  owned('ConfigMap', 'quick-1-abc', { labels: { ...mine, 'assay.dev/role': 'snapshot' } }), owned('ConfigMap', 'kube-root-ca.crt'),
]

it('proves that nothing is left but results', () => {
  const inventory = takeInventory(ofExperiment('quick'), RESULTS, ['Secret', 'Helm release'])
  expect(leftovers(inventory)).toEqual([])
  expect(inventoryLines(inventory, { namespace: 'bench' })).toEqual([
    'All stacks are gone from namespace bench; nothing left but results:',
    '  stacks: 0 Stacks, 0 pods, 0 Jobs, 0 Deployments, 0 StatefulSets, 0 Services, 0 PVCs, 0 ConfigMaps of stacks',
    '  results: 2 Trials, 1 ConfigMap with findings, 1 snapshot of what was planned',
    '  not looked at, for lack of rights: Secrets, Helm releases',
  ])
})

it('names all that is still there, a release once for all its revisions', () => {
  const release = owned('Helm release', 'quick-1-0a1b2c3d-s1-model')
  const inventory = takeInventory(ofExperiment('quick'), [...RESULTS, release, release, owned('Pod', 'quick-1-0a1b2c3d-s1-model-x')], [])
  expect(leftovers(inventory)).toEqual(['Helm release quick-1-0a1b2c3d-s1-model', 'Pod quick-1-0a1b2c3d-s1-model-x'])
  expect(inventoryLines(inventory, { namespace: 'bench' }).slice(0, 4)).toEqual([
    'STILL THERE in namespace bench: 2 objects that should be gone:', '  ✘ Helm release quick-1-0a1b2c3d-s1-model', '  ✘ Pod quick-1-0a1b2c3d-s1-model-x',
    '  stacks: 0 Stacks, 1 Helm releases, 1 pods, 0 Jobs, 0 Deployments, 0 StatefulSets, 0 Services, 0 PVCs, 0 Secrets, 0 ConfigMaps of stacks',
  ])
})
