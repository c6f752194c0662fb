// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { CONFIG_MAPS } from '../../../operator/shell/kube/builtin-resources.ts'
import { createEventRecorder } from '../../../operator/shell/kube/events.ts'
import { kubectl, useApi, useNamespace } from '../cluster.ts'

const namespace = useNamespace('kube-events')
const { api } = useApi()

it('tells a story that kubectl shows, with repetitions counted', async () => {
  const problems: unknown[] = []
  const recorder = createEventRecorder({ api: api(), controller: 'assay.dev/test', instance: 'test-0', onProblem: (error) => problems.push(error) })
  const object = await api().create(CONFIG_MAPS, { metadata: { name: 'hero', namespace: namespace() } })
  recorder.record(CONFIG_MAPS, object, { type: 'Normal', reason: 'Started', action: 'Start', note: 'It began.' })
  for (let i = 0; i < 3; i++) recorder.record(CONFIG_MAPS, object, { type: 'Warning', reason: 'Stumbled', action: 'Walk', note: 'Over a stone.' })
  recorder.record(CONFIG_MAPS, object, { type: 'Normal', reason: 'Long', action: 'Talk', note: 'é'.repeat(3000) })
  await recorder.flush()
  expect(problems).toEqual([])

  const shown = await kubectl(['events', '-n', namespace(), '--for', 'configmap/hero', '--no-headers'])
  expect(shown).toMatch(/Normal\s+Started\s+ConfigMap\/hero\s+It began\./)
  expect(shown).toMatch(/\(x3 over .*\)\s+Warning\s+Stumbled\s+ConfigMap\/hero\s+Over a stone\./)
  const { items } = JSON.parse(await kubectl(['get', 'events.events.k8s.io', '-n', namespace(), '-o', 'json'])) as { items: { reason: string; series?: { count: number }; reportingController: string }[] }
  expect(items.map(({ reason, series, reportingController }) => `${reason} ${series?.count ?? 1} ${reportingController}`).sort()).toEqual([
    'Long 1 assay.dev/test', 'Started 1 assay.dev/test', 'Stumbled 3 assay.dev/test',
  ])
})
