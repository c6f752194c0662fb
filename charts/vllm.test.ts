// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { findHelm, lint, openChart } from './helm-render.ts'
import type { Rendered } from './helm-render.ts'
import { findRestrictedViolations } from './restricted.ts'

const helm = findHelm()

type Container = { name: string; image: string; args: string[]; command?: string[]; env: { name: string; value?: string; valueFrom?: object }[]; resources: { limits?: Record<string, unknown>; requests?: Record<string, unknown> }; volumeMounts: { name: string; mountPath: string }[] }
type Pod = { nodeSelector?: Record<string, string>; tolerations?: object[]; containers: Container[]; initContainers?: Container[]; volumes: Record<string, unknown>[]; [field: string]: unknown }

describe.skipIf(helm === undefined)('charts/vllm (skipped only where no helm is found)', () => {
  const chart = openChart(helm ?? '', 'vllm')
  const all = (objects: readonly Rendered[], kind: string) => objects.filter((object) => object.kind === kind)
  const podOf = (values: object = {}) => (all(chart.render(values), 'Deployment')[0] as unknown as { spec: { template: { spec: Pod } } }).spec.template.spec
  const containerOf = (values: object = {}) => podOf(values).containers[0] as Container
  const argsOf = (values: object = {}) => containerOf(values).args
  /** The words after a flag, up to the next one. */
  const flag = (args: readonly string[], name: string) => {
    const at = args.indexOf(`--${name}`)
    if (at < 0) return undefined
    const next = args.slice(at + 1).findIndex((word) => word.startsWith('--'))
    return args.slice(at + 1, next < 0 ? undefined : at + 1 + next)
  }
  const envOf = (values: object = {}) => Object.fromEntries(containerOf(values).env.map(({ name, value, valueFrom }) => [name, value ?? valueFrom]))

  it('is clean', () => expect(lint(helm ?? '', 'vllm')).toContain('0 chart(s) failed'))

  it('makes a Deployment, a Service of the name of the release and an account', () => {
    expect(chart.render().map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort()).toEqual(['Deployment/rel', 'Service/rel', 'ServiceAccount/rel'])
  })

  it.each([
    ['on GPUs', {}], ['on CPU', { gpu: { count: 0 } }],
    ['with downloads', { model: { source: 'volume' }, volume: { claimName: 'w', download: 'initContainer' } }],
    ['waiting for downloads', { model: { source: 'volume' }, volume: { claimName: 'w', download: 'job' } }],
  ])('meets the restricted standard %s', (_, values) => {
    const pod = podOf(values)
    expect(findRestrictedViolations(pod)).toEqual([])
    expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false })
    for (const job of all(chart.render(values), 'Job')) expect(findRestrictedViolations((job as unknown as { spec: { template: { spec: Pod } } }).spec.template.spec)).toEqual([])
  })

  describe('the command line', () => {
    it('is the whole of it, by default', () => {
      expect(argsOf()).toEqual(['meta-llama/Llama-3.2-1B-Instruct', '--host', '0.0.0.0', '--port', '8000'])
    })

    it.each([
      ['a number', { 'gpu-memory-utilization': 0.92 }, 'gpu-memory-utilization', ['0.92']],
      ['a million, not 1e+06', { 'max-num-batched-tokens': 1_000_000 }, 'max-num-batched-tokens', ['1000000']],
      ['a large odd number', { seed: 123_456_789 }, 'seed', ['123456789']],
      ['true', { 'enforce-eager': true }, 'enforce-eager', []],
      ['false', { 'enable-prefix-caching': false }, 'no-enable-prefix-caching', []],
      ['a list', { 'cudagraph-capture-sizes': [1, 2, 1_000_000] }, 'cudagraph-capture-sizes', ['1', '2', '1000000']],
      ['an empty list', { middleware: [] }, 'middleware', undefined],
      ['a map', { 'compilation-config': { level: 3, sizes: [1] } }, 'compilation-config', ['{"level":3,"sizes":[1]}']],
      ['underscores', { max_model_len: 77 }, 'max-model-len', ['77']],
      ['a dotted name', { 'compilation-config.level': 3 }, 'compilation-config.level', ['3']],
      ['text that YAML would read otherwise', { dtype: 'true' }, 'dtype', ['true']],
      ['text with everything in it', { 'chat-template': 'a "b" \'c\' {{ d }} # e\n\t- f: $(g) \\ é' }, 'chat-template', ['a "b" \'c\' {{ d }} # e\n\t- f: $(g) \\ é']],
      ['a value that wins over the chart', { port: 9 }, 'port', ['9']],
      ['null, which removes', { 'served-model-name': null }, 'served-model-name', undefined],
    ])('has of args %s', (_, args, name, expected) => expect(flag(argsOf({ args }), name)).toEqual(expected))

    it.each([
      ['maxLength', { model: { maxLength: 131_072 } }, 'max-model-len', ['131072']],
      ['dtype', { model: { dtype: 'bfloat16' } }, 'dtype', ['bfloat16']],
      ['quantization', { model: { quantization: 'fp8' } }, 'quantization', ['fp8']],
      ['quantization none', { model: { quantization: 'none' } }, 'quantization', undefined],
      ['revision', { model: { revision: 'abc' } }, 'revision', ['abc']],
      ['servedNames', { model: { servedNames: ['a', 'b'] } }, 'served-model-name', ['a', 'b']],
      ['tensor', { parallelism: { tensor: 4 } }, 'tensor-parallel-size', ['4']],
      ['pipeline', { parallelism: { pipeline: 2 } }, 'pipeline-parallel-size', ['2']],
      ['data', { parallelism: { data: 8 } }, 'data-parallel-size', ['8']],
      ['expert', { parallelism: { expert: true } }, 'enable-expert-parallel', []],
      ['lora', { lora: { modules: [{ name: 'sql', path: 'org/a' }, { name: 'x', path: '/m/x' }], maxLoras: 2, maxRank: 64 } }, 'lora-modules', ['sql=org/a', 'x=/m/x']],
      ['lora ranks', { lora: { modules: [{ name: 'sql', path: 'org/a' }], maxRank: 64 } }, 'max-lora-rank', ['64']],
      ['containerPort', { containerPort: 9000 }, 'port', ['9000']],
    ])('has %s', (_, values, name, expected) => expect(flag(argsOf(values), name)).toEqual(expected))

    it('ends with extra words and can replace the entry point', () => {
      const container = containerOf({ extraArgs: ['--foo', 'b c', 1_000_000], command: ['python', '-m', 'x'] })
      expect(container.args.slice(-3)).toEqual(['--foo', 'b c', '1000000'])
      expect(container.command).toEqual(['python', '-m', 'x'])
    })
  })

  describe('accelerators', () => {
    it.each([
      ['one GPU', {}, { 'nvidia.com/gpu': 1 }],
      ['as many as parallelism needs', { parallelism: { tensor: 4, pipeline: 2 } }, { 'nvidia.com/gpu': 8 }],
      ['with data parallelism', { parallelism: { tensor: 2, data: 4 } }, { 'nvidia.com/gpu': 8 }],
      ['as args say', { args: { 'tensor-parallel-size': 2 } }, { 'nvidia.com/gpu': 2 }],
      ['of local ranks', { args: { data_parallel_size: 16, 'data-parallel-size-local': 4 } }, { 'nvidia.com/gpu': 4 }],
      ['more than needed', { gpu: { count: 8 } }, { 'nvidia.com/gpu': 8 }],
      ['of AMD', { gpu: { resource: 'amd.com/gpu' } }, { 'amd.com/gpu': 1 }],
      ['of Intel', { gpu: { resource: 'gpu.intel.com/xe', count: 2 } }, { 'gpu.intel.com/xe': 2 }],
      ['Gaudi', { gpu: { resource: 'habana.ai/gaudi', count: 8 } }, { 'habana.ai/gaudi': 8 }],
      ['TPUs', { gpu: { resource: 'google.com/tpu', count: 4 } }, { 'google.com/tpu': 4 }],
      ['a slice of one', { gpu: { resource: 'nvidia.com/mig-1g.10gb' } }, { 'nvidia.com/mig-1g.10gb': 1 }],
      ['beside other limits', { resources: { limits: { memory: '64Gi' } } }, { 'nvidia.com/gpu': 1, memory: '64Gi' }],
      ['none', { gpu: { count: 0 }, resources: { limits: { memory: '9Gi' } } }, { memory: '9Gi' }],
    ])('are requested: %s', (_, values, limits) => expect(containerOf(values).resources.limits).toEqual(limits))

    it.each([
      ['NVIDIA', { product: 'NVIDIA-H100-80GB-HBM3' }, { 'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3' }],
      ['AMD', { resource: 'amd.com/gpu', product: 'AMD_Instinct_MI300X' }, { 'amd.com/gpu.product-name': 'AMD_Instinct_MI300X' }],
      ['TPU', { resource: 'google.com/tpu', product: 'tpu-v6e-slice' }, { 'cloud.google.com/gke-tpu-accelerator': 'tpu-v6e-slice' }],
      ['a label of its own', { resource: 'x.y/z', product: 'p', productLabel: 'cloud/accelerator' }, { 'cloud/accelerator': 'p' }],
      ['no product', {}, undefined],
      ['CPU, whatever the product', { count: 0, product: 'NVIDIA-L4' }, undefined],
    ])('are found by the label of their product: %s', (_, gpu, selector) => expect(podOf({ gpu }).nodeSelector).toEqual(selector))

    it('keep other selectors and tolerate their taint', () => {
      const pod = podOf({ gpu: { product: 'NVIDIA-L4' }, nodeSelector: { zone: 'a' }, tolerations: [{ key: 'spot', operator: 'Exists' }] })
      expect(pod.nodeSelector).toEqual({ 'nvidia.com/gpu.product': 'NVIDIA-L4', zone: 'a' })
      expect(pod.tolerations).toEqual([{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }, { key: 'spot', operator: 'Exists' }])
      expect(podOf({ gpu: { tolerate: false } }).tolerations).toBeUndefined()
      expect(podOf({ gpu: { count: 0 } }).tolerations).toBeUndefined()
    })
  })

  describe('the model', () => {
    it('comes from the hub, with a token from a Secret', () => {
      expect(argsOf({ model: { name: 'org/m' } })[0]).toBe('org/m')
      const env = envOf({ hub: { tokenSecretName: 'hf', tokenSecretKey: 'token', endpoint: 'https://mirror' } })
      expect(env).toMatchObject({ HF_TOKEN: { secretKeyRef: { name: 'hf', key: 'token' } }, HF_ENDPOINT: 'https://mirror', HF_HOME: '/cache/huggingface' })
      expect(env).not.toHaveProperty('HF_HUB_OFFLINE')
      expect(envOf({ hub: { offline: true } })).toMatchObject({ HF_HUB_OFFLINE: '1' })
    })

    it('comes from a volume, read-only, under the name of the hub', () => {
      const values = { model: { name: 'org/m', source: 'volume', path: 'llama/1b' }, volume: { claimName: 'weights', subPath: 'sub' } }
      const { args, volumeMounts } = containerOf(values)
      expect(args[0]).toBe('/models/llama/1b')
      expect(flag(args, 'served-model-name')).toEqual(['org/m'])
      expect(volumeMounts).toContainEqual({ name: 'models', mountPath: '/models', subPath: 'sub', readOnly: true })
      expect(podOf(values).volumes).toContainEqual({ name: 'models', persistentVolumeClaim: { claimName: 'weights' } })
      expect(envOf(values)).toMatchObject({ HF_HUB_OFFLINE: '1' })
    })

    it('comes from the image', () => {
      const values = { model: { name: 'tiny', source: 'image', path: '/models/tiny' } }
      expect(argsOf(values)[0]).toBe('/models/tiny')
      expect(podOf(values).volumes.map(({ name }) => name)).toEqual(['shm', 'tmp', 'cache'])
    })

    it('is fetched into a volume by each pod', () => {
      const values = { model: { name: 'org/m', revision: 'r1', source: 'volume' }, volume: { create: { enabled: true, size: '5Gi' }, download: 'initContainer' }, hub: { tokenSecretName: 'hf' } }
      const [download] = podOf(values).initContainers ?? []
      expect(download?.env).toEqual(expect.arrayContaining([{ name: 'MODEL', value: 'org/m' }, { name: 'REVISION', value: 'r1' }, { name: 'TARGET', value: '/models' }, { name: 'HF_TOKEN', valueFrom: { secretKeyRef: { name: 'hf', key: 'HF_TOKEN' } } }]))
      // the root of a volume belongs to whoever made it: only what was written is made readable
      expect(download?.args.join('\n')).toContain('find "$TARGET" -mindepth 1 -user "$(id -u)" -exec chmod a+rX {} +')
      // no value of the user is part of the script
      expect(download?.args.join('\n')).not.toMatch(/org\/m|r1/)
      expect(all(chart.render(values), 'PersistentVolumeClaim')[0]).toMatchObject({ metadata: { name: 'rel-models' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '5Gi' } } } })
    })

    it('is fetched into a volume by a Job that has a new name for a new model', () => {
      const values = (revision: string) => ({ model: { revision, source: 'volume' }, volume: { claimName: 'w', download: 'job' } })
      const job = (revision: string) => all(chart.render(values(revision)), 'Job')[0]?.metadata.name
      const wait = (revision: string) => podOf(values(revision)).initContainers?.[0]
      expect(job('a')).toMatch(/^rel-download-[0-9a-f]{6}$/)
      expect(job('a')).not.toBe(job('b'))
      expect(wait('a')?.name).toBe('wait-for-model')
      expect(wait('a')?.env).not.toEqual(wait('b')?.env)
      // the Service must not send requests to the Job's pod
      const service = all(chart.render(values('a')), 'Service')[0] as unknown as { spec: { selector: Record<string, string> } }
      const template = all(chart.render(values('a')), 'Job')[0] as unknown as { spec: { template: { metadata: { labels: Record<string, string> } } } }
      expect(template.spec.template.metadata.labels).not.toMatchObject(service.spec.selector)
    })

    it('leaves its cache in a claim, where one is given or made', () => {
      expect(podOf().volumes).toContainEqual({ name: 'cache', emptyDir: {} })
      expect(podOf({ cache: { sizeLimit: '50Gi' } }).volumes).toContainEqual({ name: 'cache', emptyDir: { sizeLimit: '50Gi' } })
      expect(podOf({ cache: { claimName: 'c' } }).volumes).toContainEqual({ name: 'cache', persistentVolumeClaim: { claimName: 'c' } })
      const objects = chart.render({ cache: { create: { enabled: true, keep: true, storageClassName: 'fast', accessModes: ['ReadWriteMany'] } } })
      expect(all(objects, 'PersistentVolumeClaim')[0]).toMatchObject({ metadata: { name: 'rel-cache', annotations: { 'helm.sh/resource-policy': 'keep' } }, spec: { storageClassName: 'fast', accessModes: ['ReadWriteMany'] } })
    })
  })

  describe('the pod', () => {
    it('has shared memory, and everything that is written goes to volumes', () => {
      expect(podOf({ shm: { size: '512Mi' } }).volumes).toContainEqual({ name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '512Mi' } })
      expect(containerOf().volumeMounts.map(({ mountPath }) => mountPath)).toEqual(['/dev/shm', '/tmp', '/cache'])
      expect(envOf()).toMatchObject({ HOME: '/tmp', USER: 'vllm', VLLM_CACHE_ROOT: '/cache/vllm', VLLM_NO_USAGE_STATS: '1' })
    })

    it.each([
      ['CPU settings only on CPU', { gpu: { count: 0 }, cpu: { kvCacheGiB: 8, threadsBind: '0-15', threads: 16 } }, { VLLM_CPU_KVCACHE_SPACE: '8', VLLM_CPU_OMP_THREADS_BIND: '0-15', OMP_NUM_THREADS: '16' }],
      ['the development endpoints', { devMode: true }, { VLLM_SERVER_DEV_MODE: '1' }],
      ['a log level', { logLevel: 'DEBUG' }, { VLLM_LOGGING_LEVEL: 'DEBUG' }],
      ['an API key', { apiKey: { secretName: 's' } }, { VLLM_API_KEY: { secretKeyRef: { name: 's', key: 'api-key' } } }],
      ['further variables', { extraEnv: [{ name: 'NCCL_DEBUG', value: 'INFO' }] }, { NCCL_DEBUG: 'INFO' }],
    ])('has variables for %s', (_, values, expected) => expect(envOf(values)).toMatchObject(expected))

    it.each(['VLLM_CPU_KVCACHE_SPACE', 'OMP_NUM_THREADS', 'VLLM_SERVER_DEV_MODE', 'VLLM_API_KEY', 'HF_TOKEN'])('has no %s unless asked', (name) => expect(envOf()).not.toHaveProperty(name))

    it('waits an hour for the weights, and is patient with a busy server', () => {
      const { startupProbe, livenessProbe } = containerOf() as unknown as Record<string, { periodSeconds: number; failureThreshold: number; timeoutSeconds: number }>
      expect((startupProbe?.periodSeconds ?? 0) * (startupProbe?.failureThreshold ?? 0)).toBe(3600)
      expect((livenessProbe?.periodSeconds ?? 0) * (livenessProbe?.failureThreshold ?? 0)).toBeGreaterThanOrEqual(120)
    })

    it('is what else it is asked to be', () => {
      const pod = podOf({
        runtimeClassName: 'nvidia', priorityClassName: 'high', schedulerName: 's', affinity: { podAffinity: {} }, topologySpreadConstraints: [{ maxSkew: 1 }], terminationGracePeriodSeconds: 7,
        extraVolumes: [{ name: 'v', emptyDir: {} }], extraVolumeMounts: [{ name: 'v', mountPath: '/v' }], extraContainers: [{ name: 'side' }], initContainers: [{ name: 'first' }], envFrom: [{ secretRef: { name: 'e' } }],
      })
      expect(pod).toMatchObject({ runtimeClassName: 'nvidia', priorityClassName: 'high', schedulerName: 's', terminationGracePeriodSeconds: 7, initContainers: [{ name: 'first' }], containers: [{ envFrom: [{ secretRef: { name: 'e' } }] }, { name: 'side' }] })
    })

    it('takes the image by version or digest', () => {
      expect(containerOf().image).toMatch(/^vllm\/vllm-openai:v\d+\.\d+\.\d+$/)
      expect(containerOf({ image: { repository: 'r', digest: `sha256:${'b'.repeat(64)}` } }).image).toBe(`r@sha256:${'b'.repeat(64)}`)
    })
  })

  it('adds monitors, a budget and a policy on request', () => {
    const kinds = (values: object) => chart.render(values).map(({ kind }) => kind)
    expect(kinds({ podMonitor: { enabled: true }, serviceMonitor: { enabled: true }, podDisruptionBudget: { enabled: true }, networkPolicy: { enabled: true } }))
      .toEqual(expect.arrayContaining(['PodMonitor', 'ServiceMonitor', 'PodDisruptionBudget', 'NetworkPolicy']))
    const ports = (values: object) => (all(chart.render({ networkPolicy: { enabled: true }, ...values }), 'NetworkPolicy')[0] as unknown as { spec: { egress: { ports: { port: number }[] }[] } }).spec.egress.flatMap((rule) => rule.ports.map(({ port }) => port))
    expect(ports({})).toEqual([53, 53, 443])
    expect(ports({ model: { source: 'image', path: '/m' } })).toEqual([53, 53])
  })

  it.each([
    ['too few GPUs', { gpu: { count: 2 }, parallelism: { tensor: 4 } }, /gpu\.count is 2, but parallelism needs .* 4/],
    ['a volume without a claim', { model: { source: 'volume' } }, /volume\.claimName is empty/],
    ['an image without a path', { model: { source: 'image' } }, /model\.path must be the absolute path/],
    ['a path with the hub', { model: { path: 'x' } }, /model\.path is for/],
    ['a download without a volume', { volume: { download: 'job' } }, /only a volume can be filled/],
    ['a product without a label', { gpu: { resource: 'x.y/z', product: 'p' } }, /set gpu\.productLabel/],
    ['a negative count', { gpu: { count: -1 } }, /gpu\/count/],
    ['a resource that is none', { gpu: { resource: 'gpu' } }, /gpu\/resource/],
    ['too little shared memory', { shm: { size: '64Mi' } }, /shm\/size/],
    ['an unknown source', { model: { source: 's3' } }, /model\/source/],
    ['a flag with dashes', { args: { '--port': 1 } }, /--port/],
    ['a parallel size of nothing', { parallelism: { tensor: 0 } }, /parallelism\/tensor/],
    ['a LoRA without a path', { lora: { modules: [{ name: 'a' }] } }, /path/],
    ['a mistyped value', { tensorParallelSize: 2 }, /tensorParallelSize/],
    ['a mistyped value further down', { model: { maxLen: 2 } }, /maxLen/],
  ])('refuses %s', (_, values, message) => expect(chart.refusal(values)).toMatch(message))

  it('says what serves and where', () => {
    expect(chart.notes({ gpu: { product: 'NVIDIA-L4' } })).toMatch(/on 1 × NVIDIA-L4 per replica[\s\S]*http:\/\/rel\.default:8000\/v1/)
    expect(chart.notes({ gpu: { count: 0 } })).toContain('on CPU per replica')
    expect(chart.notes()).toContain('No hub token is set')
  })

  it('documents every value', () => {
    const readme = chart.readme()
    expect(chart.valuePaths().filter((path) => !readme.includes(`\`${path}\``))).toEqual([])
  })
})
