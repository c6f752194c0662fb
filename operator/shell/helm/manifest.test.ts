// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { inventoryOf, parseManifests, strangers } from './manifest.ts'

const TEXT = `
apiVersion: v1
kind: Service
metadata: { name: a }
---
# nothing here
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: other }
spec:
  replicas: 2
  selector: { matchLabels: { app: db } }
  volumeClaimTemplates: [{ metadata: { name: data } }]
---
apiVersion: batch/v1
kind: Job
metadata: { name: hook, annotations: { helm.sh/hook: pre-install } }
---
apiVersion: v1
kind: List
items:
  - { apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: { name: wide } }
`

it('sees every object, in lists too', () => {
  expect(parseManifests(TEXT).map((o) => [o.kind, o.name, o.hook])).toEqual([['Service', 'a', false], ['StatefulSet', 'db', false], ['Job', 'hook', true], ['ClusterRole', 'wide', false]])
  expect(parseManifests(TEXT)[1]?.podSelector).toEqual({ app: 'db' })
})

it('counts the claims that a StatefulSet leaves', () => {
  expect(inventoryOf(parseManifests(TEXT))).toEqual([
    'v1/Service/a', 'apps/v1/StatefulSet/db', 'v1/PersistentVolumeClaim/data-db-0', 'v1/PersistentVolumeClaim/data-db-1', 'batch/v1/Job/hook', 'rbac.authorization.k8s.io/v1/ClusterRole/wide',
  ])
})

it('names what does not belong into the namespace', () => {
  const found = strangers(parseManifests(TEXT), 'bench', (o) => o.kind === 'ClusterRole')
  expect(found).toEqual(['StatefulSet/db (namespace other)', 'ClusterRole/wide (cluster-wide)'])
})

it('refuses what is no YAML', () => {
  expect(() => parseManifests('a: [')).toThrow()
})
