// SPDX-License-Identifier: Apache-2.0
import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { createKubeMetrics } from './metrics.ts'

it('counts under the names that dashboards know', async () => {
  const registry = new Registry()
  const metrics = createKubeMetrics(registry)
  metrics.request({ verb: 'list', resource: 'pods', method: 'GET', code: 200, ms: 12 })
  metrics.request({ verb: 'watch', resource: 'pods', method: 'GET', code: 0, ms: 12 })
  const queue = metrics.queue('trial')
  queue.depth(3)
  queue.added()
  queue.retried()
  queue.queued(20)
  queue.worked(30)
  const controller = metrics.controller('trial', 4)
  controller.started()
  controller.ended('error', 40, true)
  controller.started()
  metrics.leader('assay', true)
  metrics.reflectorProblem('pods')
  const lines = (await registry.metrics()).split('\n').filter((line) => /^[a-z]/.test(line) && !line.includes('_bucket') && !line.includes('_sum'))
  expect(lines).toEqual([
    'rest_client_requests_total{code="200",method="GET",verb="list",resource="pods"} 1',
    'rest_client_requests_total{code="0",method="GET",verb="watch",resource="pods"} 1',
    'rest_client_request_duration_seconds_count{verb="list"} 1',
    'leader_election_master_status{name="assay"} 1',
    'assay_reflector_problems_total{resource="pods"} 1',
    'workqueue_depth{name="trial"} 3',
    'workqueue_adds_total{name="trial"} 1',
    'workqueue_retries_total{name="trial"} 1',
    'workqueue_queue_duration_seconds_count{name="trial"} 1',
    'workqueue_work_duration_seconds_count{name="trial"} 1',
    'controller_runtime_reconcile_total{controller="trial",result="success"} 0',
    'controller_runtime_reconcile_total{controller="trial",result="requeue_after"} 0',
    'controller_runtime_reconcile_total{controller="trial",result="error"} 1',
    'controller_runtime_reconcile_errors_total{controller="trial"} 1',
    'controller_runtime_terminal_reconcile_errors_total{controller="trial"} 1',
    'controller_runtime_reconcile_time_seconds_count{controller="trial"} 1',
    'controller_runtime_max_concurrent_reconciles{controller="trial"} 4',
    'controller_runtime_active_workers{controller="trial"} 1',
  ])
})
