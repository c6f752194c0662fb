// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { Stack } from '../../core/model/kinds.ts'
import { ScenarioSpec } from '../../core/model/scenario.ts'
import { StackStatus } from '../../core/model/stack.ts'
import type { Pod } from '../kube/builtin-resources.ts'
import type { LogOptions } from '../kube/resource-api.ts'
import { createStackMemories } from './stack-memory.ts'
import { serverLogs } from './pod-logs.ts'
import { standingFacts } from './stack-standing.ts'
import type { StackWorld } from './stack-world.ts'

const LOG = readFileSync(new URL('../../core/measure/testdata/vllm-0.32-cpu-start.txt', import.meta.url), 'utf8')
const started = '2026-11-22T10:58:59Z'

function pod(name: string, more: { labels?: Record<string, string>; node?: string; cpu?: string; namespace?: string; restarts?: number } = {}): Pod {
  const { labels = {}, node = 'n1', cpu = '1', namespace = 'bench', restarts = 0 } = more
  return {
    metadata: { name, namespace, uid: `uid-${name}`, labels, creationTimestamp: '2026-11-22T10:58:57Z' },
    spec: { nodeName: node, containers: [{ name: 'vllm', image: 'vllm', ports: [], resources: { requests: { cpu, 'nvidia.com/gpu': '2' } } }] },
    status: {
      podIP: '10.0.0.1', phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-11-22T11:00:20Z' }, { type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-11-22T10:58:57Z' }],
      containerStatuses: [{ name: 'vllm', restartCount: restarts, imageID: 'sha256:1', state: { running: { startedAt: started } } }],
    },
  } as unknown as Pod
}

const serving = pod('v-0', { labels: { app: 'v' } })
const all = [serving, pod('other', { cpu: '3', namespace: 'elsewhere' }), pod('trial', { labels: { 'assay.dev/trial': 't' }, cpu: '9' }), pod('dcgm', { labels: { app: 'nvidia-dcgm-exporter' }, namespace: 'gpu-operator' }), pod('dcgm-away', { labels: { app: 'nvidia-dcgm-exporter' }, namespace: 'gpu-operator', node: 'n2' })]

type Logs = (options: LogOptions) => string
function world(logs: Logs = () => LOG, pods: readonly Pod[] = all): StackWorld {
  const workload = { metadata: { namespace: 'bench', name: 'v' }, spec: { selector: { matchLabels: { app: 'v' } } } }
  return {
    memories: createStackMemories(), workloads: [{ store: { byIndex: () => [workload] } }],
    pods: { store: { list: () => pods, byIndex: (_: string, namespace: string) => pods.filter((p) => p.metadata.namespace === namespace) } },
    nodes: { store: { get: (name: string) => (name === 'n1' ? { metadata: { name, labels: { 'nvidia.com/gpu.product': 'NVIDIA-L4' } }, status: { allocatable: { cpu: '8' } } } : undefined) } },
    api: {
      find: async () => ({ spec: { selector: { app: 'v' }, ports: [{ port: 8000, targetPort: 8000 }] } }),
      list: async () => [{ involvedObject: { name: 'v-0', uid: 'uid-v-0' }, message: 'Successfully pulled image "vllm" in 3.5s (3.5s including waiting)' }, { involvedObject: { name: 'v-0', uid: 'older' }, message: 'Container image already present on machine' }],
      logs: async (_: unknown, options: LogOptions) => Readable.from([logs(options)]),
    },
  } as unknown as StackWorld
}

const stack = { metadata: { name: 's', namespace: 'bench', uid: 'u' }, spec: {}, status: { releases: [{ name: 'model', release: 's-model', state: 'x' }] } } as unknown as Stack
const rendered = (overlay: object = {}) => {
  const spec = ScenarioSpec.parse({
    model: { name: 'm' }, deploy: { releases: [{ name: 'model', chart: { bundled: 'vllm' } }] },
    endpoint: { service: 's-model', metrics: { gpu: {} } }, ...overlay,
  })
  return { ok: true as const, spec, releases: [], endpoint: spec.endpoint }
}

describe('standingFacts', () => {
  it('records how the engine started, on what, and where its metrics are', async () => {
    const facts = await standingFacts(world(), stack, rendered())
    expect(StackStatus.parse(facts)).toMatchObject({
      gpus: 2, releases: [{ state: 'deployed' }],
      endpoint: { scrape: ['http://10.0.0.1:8000/metrics'], targets: [{ kind: 'gpu', node: 'n1', url: 'http://10.0.0.1:9400/metrics' }] },
      pods: [{ pod: 'v-0', serving: true, imagePulled: true, imagePullSeconds: 3.5, servedBefore: false, engine: { version: '0.32.0', weights: 'local' }, phases: [{ name: 'schedule', resolution: 1 }, {}, { name: 'load', seconds: 81 }] }],
      // The exporter's request counts as another's; trials come and go.
      nodes: [{ node: 'n1', gpu: { product: 'NVIDIA-L4' }, cpu: 8, otherCpu: 4 }],
    })
  })

  it('asks for the log with the runtime\'s stamps, and for its beginning only', async () => {
    const asked: LogOptions[] = []
    await standingFacts(world((options) => { asked.push(options); return LOG }), stack, rendered())
    expect(asked).toEqual([{ container: 'vllm', timestamps: true, limitBytes: 2 << 20 }])
  })

  it('knows a node that served the model before', async () => {
    const own = world()
    await standingFacts(own, stack, rendered())
    const again = { ...own, pods: world(undefined, [{ ...serving, metadata: { ...serving.metadata, uid: 'uid-2' } }]).pods } as StackWorld
    expect((await standingFacts(again, stack, rendered())).pods?.[0]?.servedBefore).toBe(true)
  })

  it.each<[string, Logs, RegExp]>([
    ['is another\'s', () => 'hello', /the log of container vllm has no line of vLLM's start/],
    ['cannot be read', () => { throw new Error('pods/log is forbidden') }, /the log of container vllm cannot be read: pods\/log is forbidden/],
  ])('says why where the log %s', async (_, logs, problem) => {
    const [fact] = (await standingFacts(world(logs), stack, rendered())).pods ?? []
    expect(fact?.engine).toBeUndefined()
    expect(fact?.logProblem).toMatch(problem)
  })

  it('counts the accelerators of an engine that runs in the pods of trials, so that they are paid for', async () => {
    const spec = ScenarioSpec.parse({ model: { name: 'm' }, accelerator: { perReplica: 2 } })
    expect((await standingFacts(world(undefined, []), stack, { ok: true, spec, releases: [], endpoint: undefined })).gpus).toBe(2)
  })

  it('reads no log of another engine', async () => {
    const facts = await standingFacts(world(() => { throw new Error('asked') }), stack, rendered({ serving: { engine: 'sglang' } }))
    expect(facts.pods?.[0]).not.toHaveProperty('logProblem')
  })
})

describe('serverLogs', () => {
  const secret = 'sk-1234567890abcdefghijklmnop'
  it('is the whole of a short log, without what looks like a secret or is named so', async () => {
    const logs = await serverLogs(world(() => `args: {'api_key': ['mine-and-short']}\ntoken ${secret}\n`), serving)
    expect([...logs]).toEqual([['server-v-0', `args: {'api_key': ********}\ntoken ${'*'.repeat(secret.length)}\n`]])
  })

  it('is both ends of a long one', async () => {
    const logs = await serverLogs(world(({ tailLines }) => (tailLines === undefined ? 'h'.repeat(1 << 20) : 'the end')), serving)
    expect(logs.get('server-v-0')).toMatch(/^h+\n… the middle is left out.*\nthe end$/)
  })

  it('of a container that was started again has its predecessor\'s too', async () => {
    const logs = await serverLogs(world(({ previous }) => (previous === true ? 'why it died' : 'now')), pod('v-0', { restarts: 1 }))
    expect([...logs]).toEqual([['server-v-0', 'now'], ['server-v-0.previous', 'why it died']])
  })

  it('is nothing where it cannot be read', async () => {
    expect((await serverLogs(world(() => { throw new Error('gone') }), serving)).size).toBe(0)
  })
})
