// SPDX-License-Identifier: Apache-2.0
/** What is served and on what: the Scenario. It knows no load and no tool. */
import { z } from 'zod'
import { count, dnsLabel, duration, exactlyOne, namedOnce, openMap, ObjectName, quantity, refined, text, Toleration } from './common.ts'
import { ENDPOINT_APIS } from './endpoint-api.ts'
import { EndpointCredential, GpuExporter, HourlyCost, PrometheusSource, RouterTarget, TokenPrice } from './scenario-metrics.ts'

export const Architecture = z.object({
  layers: z.int().min(1).max(10_000).meta({ description: 'Number of layers (num_hidden_layers of the model\'s config.json).' }),
  attentionHeads: z.int().min(1).max(10_000).meta({ description: 'Attention heads (num_attention_heads).' }),
  keyValueHeads: z.int().min(1).max(10_000).meta({ description: 'Key-value heads (num_key_value_heads).' }),
  headSize: z.int().min(1).max(100_000).meta({ description: 'Size of one head (head_dim, or hidden_size ÷ num_attention_heads).' }),
  fullAttention: z.boolean().meta({ description: 'False where layers with a sliding window or a state keep less than the whole context, so that the KV cache is smaller than computed.' }).optional(),
  kvBytesPerToken: z.number().positive().max(1e9).meta({ description: 'Bytes of one token in the KV cache, for attention that keeps something else (such as latent attention).' }).optional(),
}).meta({ description: 'As much of the model\'s config.json as its KV cache and its parallelism depend on; preflight checks need it.' })

export const Model = z.object({
  name: text('Model as the hub names it, such as meta-llama/Llama-3.2-1B-Instruct; also the served name unless endpoint.servedModel is set.', 253).min(1),
  revision: text('Commit, tag or branch of the model on the hub; recorded with every result.', 128).optional(),
  maxLength: z.int().min(1).max(100_000_000).meta({ description: 'Context length in tokens (prompt and answer together).' }).optional(),
  dtype: text('Number format of the weights, such as bfloat16.', 32).optional(),
  family: text('Architecture family, such as llama.', 64).optional(),
  parameters: z.number().positive().meta({ description: 'Number of parameters, such as 1.2e9.' }).optional(),
  quantization: text('Quantisation method, or none.', 64).optional(),
  architecture: Architecture.optional(),
  volume: z.object({
    claimName: ObjectName.meta({ description: 'PersistentVolumeClaim that holds the weights; it is shared and never removed with a stack.' }),
    path: text('Folder of the model within the volume.', 512).default(''),
  }).meta({ description: 'Where the weights lie, when they are not fetched from a hub.' }).optional(),
}).meta({ description: 'The model that is served.' })

export const Accelerator = z.object({
  product: text('GPU product as node feature discovery labels it, such as NVIDIA-H100-80GB-HBM3.', 128).optional(),
  resource: text('Extended resource that pods request.', 128).default('nvidia.com/gpu'),
  perReplica: count('Accelerators that one replica takes; 0 on CPU.').default(0),
  memory: quantity('Memory of one accelerator, such as 80Gi.').optional(),
  hourlyCost: HourlyCost.optional(),
}).meta({ description: 'The hardware under one replica.' })

export const Parallelism = z.object({
  tensor: z.int().min(1).max(1024).default(1).meta({ description: 'Tensor-parallel size.' }),
  pipeline: z.int().min(1).max(1024).default(1).meta({ description: 'Pipeline-parallel size.' }),
  data: z.int().min(1).max(1024).default(1).meta({ description: 'Data-parallel size.' }),
  expert: z.int().min(1).max(1024).default(1).meta({ description: 'Expert-parallel size.' }),
}).meta({ description: 'How one replica is split over accelerators.' })

export const ServingRole = z.object({
  replicas: z.int().min(0).max(10_000).default(1).meta({ description: 'Replicas of this role.' }),
  parallelism: Parallelism.prefault({}),
  args: openMap('Engine arguments of this role; they overlay serving.args.').default({}),
  env: openMap('Environment variables of this role; they overlay serving.env.').default({}),
  resources: openMap('Kubernetes resources (requests, limits) of this role.').optional(),
}).meta({ description: 'One role of a disaggregated deployment.' })

export const Serving = z.object({
  engine: text('Serving engine: vllm, sglang, tgi, llama.cpp, ollama, simulator, or another.', 64).default('vllm'),
  replicas: z.int().min(1).max(10_000).default(1).meta({ description: 'Replicas of the engine.' }),
  parallelism: Parallelism.prefault({}),
  roles: z.object({
    prefill: ServingRole.optional(),
    decode: ServingRole.optional(),
  }).meta({ description: 'Prefill and decode apart, instead of replicas that do both.' }).optional(),
  args: openMap('Engine arguments: a value, true for a bare flag, null to remove one that the chart sets.').default({}),
  env: openMap('Environment variables of the engine, by name.').default({}),
  settings: openMap('Settings of the chart that scenarios and factors address by name and that releases place with {{serving.settings.…}}.').default({}),
}).meta({ description: 'The engine and how it is scaled.' })

export const Chart = z.object({
  bundled: z.enum(['vllm', 'simulator', 'server']).meta({ description: 'A chart that comes with the operator.' }).optional(),
  oci: text('An OCI reference, such as oci://ghcr.io/org/charts/name; pin it with version or @sha256.', 512).optional(),
  repository: z.object({
    url: text('Address of the chart repository.', 512),
    name: text('Name of the chart in it.', 253),
  }).meta({ description: 'A chart from a classic repository.' }).optional(),
  configMap: z.object({
    name: ObjectName.meta({ description: 'ConfigMap that holds the archive.' }),
    key: text('Key of the .tgz under binaryData.', 253).default('chart.tgz'),
  }).meta({ description: 'A chart archive (helm package) in a ConfigMap of the same namespace.' }).optional(),
  path: text('A folder or archive on the machine of the command line (plan and render only; the operator refuses it).', 1024).optional(),
}).refine(...refined(['bundled', 'oci', 'repository', 'configMap', 'path'], 'chart'))
  .meta({ description: 'Where the chart comes from.', 'x-kubernetes-validations': [exactlyOne(['bundled', 'oci', 'repository', 'configMap', 'path'], 'chart')] })

export const ValuesFrom = z.object({
  configMap: ObjectName.meta({ description: 'ConfigMap in the same namespace.' }),
  key: text('Key that holds a YAML document.', 253).default('values.yaml'),
}).meta({ description: 'Values read from a ConfigMap, below the inline ones. Secrets are referenced by the chart, not read.' })

const UNPINNED = 'release: a chart from a repository or a registry needs version (or, for oci, @sha256:…), so that the same Experiment installs the same chart'
const PINNED = { anyOf: [{ required: ['version'] }, { properties: { chart: { properties: { oci: { pattern: '@sha256:' } }, not: { required: ['repository'] } } } }] }
export const Release = z.object({
  name: dnsLabel('Name of the release within the stack; others address it as {{release.NAME}}.', 16),
  chart: Chart,
  version: text('Version of the chart; required for repository and oci charts unless pinned by digest.', 128).optional(),
  values: openMap('Values of the chart. String leaves are Handlebars templates over model, accelerator, serving, release and stack.').default({}),
  valuesFrom: z.array(ValuesFrom).max(8).default([]).meta({ description: 'Further values, first to last, below values.' }),
  serverSideApply: z.boolean().default(true).meta({ description: 'Whether Helm uses server-side apply; false for charts with duplicate list entries.' }),
}).refine((r) => r.version !== undefined || (r.chart.repository === undefined && (r.chart.oci === undefined || r.chart.oci.includes('@sha256:'))), { error: UNPINNED, path: ['version'] })
  .meta({
    description: 'One Helm release of the stack.',
    'x-kubernetes-validations': [{ rule: "has(self.version) || (!has(self.chart.repository) && (!has(self.chart.oci) || self.chart.oci.contains('@sha256:')))", message: UNPINNED, editor: PINNED }],
  })

const names = (description: string) => z.array(z.string().min(1).max(253)).max(32).meta({ description })
export const Requires = z.object({
  definitions: names('CustomResourceDefinitions, such as inferencepools.inference.networking.k8s.io.').optional(),
  storageClasses: names('StorageClasses.').optional(),
  claims: names('PersistentVolumeClaims in the namespace.').optional(),
  secrets: z.array(z.object({
    name: ObjectName.meta({ description: 'Secret in the namespace.' }), key: text('Key that it must have.', 253).optional(),
  })).max(32).refine(...namedOnce('secrets')).meta({ description: 'Secrets in the namespace; the command line checks them, the operator reads none.', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] }).optional(),
}).meta({ description: 'What the charts need from the cluster beyond what they make; checked before accelerators are taken.' })

export const Deploy = z.object({
  releases: z.array(Release).min(1).max(16).refine(...namedOnce('releases')).meta({ description: 'Helm releases, installed in order, each ready before the next.', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] }),
  requires: Requires.optional(),
  upgradeInPlace: z.boolean().default(false).meta({ description: 'Whether a stack may be stood up by helm upgrade of the releases of the stack before it in the same replicate, instead of removing them and installing anew. Its workloads are deleted and made again, so that all pods are new; everything else (Services, gateways, volumes) stays. Safe where all serving pods come from Deployments, StatefulSets, DaemonSets or Jobs, the charts need no hooks that run at an install only, and nothing on a volume that stays, such as a compilation cache, changes what is measured. An upgrade that fails is followed by a fresh installation.' }),
}).meta({ description: 'How the stack is stood up.' })

export const Endpoint = z.object({
  service: text('Service of the stack, such as {{release.model}}.', 253).optional(),
  url: text('Base address of a server that is there already, such as https://host:8443 (no deploy then).', 1024).optional(),
  port: z.int().min(1).max(65_535).default(8000).meta({ description: 'Port of the Service.' }),
  path: text('Path before /v1, or before whatever the API begins with.', 256).default(''),
  api: z.enum(ENDPOINT_APIS).default('openai').meta({ description: 'Protocol that the server speaks; what each can say is in the guide on providers.' }),
  servedModel: text('Model name in requests, when it is not model.name.', 253).optional(),
  headers: openMap('Headers that are sent with every request; no secrets.').default({}),
  credentials: EndpointCredential.optional(),
  prices: z.array(TokenPrice).min(1).max(64).optional().meta({ description: 'What a hosted endpoint charges for tokens: the first row that is of the model in requests. Cost comes from it then, and not from accelerator.hourlyCost.' }),
  ca: z.object({
    configMap: ObjectName.meta({ description: 'ConfigMap with the CA certificate.' }),
    key: text('Key of the PEM.', 253).default('ca.crt'),
  }).meta({ description: 'Certificate authority of the server, when it is private.' }).optional(),
  metrics: z.object({
    port: z.int().min(1).max(65_535).default(8000).meta({ description: 'Port of the metrics endpoint on every serving pod.' }),
    path: text('Path of the metrics endpoint.', 256).default('/metrics'),
    selector: openMap('Labels of the pods to scrape, when they are not those behind the Service.').optional(),
    gpu: GpuExporter.optional(),
    router: RouterTarget.optional(),
    prometheus: PrometheusSource.optional(),
  }).meta({ description: 'Prometheus metrics of the serving pods, scraped by pod address, and of what is around them.' }).optional(),
  resetPaths: z.array(text('Path.', 256)).max(8).default(['/reset_prefix_cache']).meta({ description: 'Endpoints that empty the caches of one pod, for caches: Reset.' }),
}).refine(...refined(['service', 'url'], 'endpoint'))
  .meta({ description: 'Where requests go.', 'x-kubernetes-validations': [exactlyOne(['service', 'url'], 'endpoint')] })

export const Readiness = z.object({
  timeout: duration('How long the stack may take until it serves.').default('25m'),
  unschedulableGrace: duration('How long a pod may stay unschedulable before the stack fails.').default('2m'),
  smokeTest: z.enum(['completion', 'chat', 'models', 'none']).default('completion').meta({ description: 'The real request that must succeed before the stack counts as ready.' }),
}).meta({ description: 'When the stack counts as ready.' })

export const ScenarioSpec = z.object({
  description: text('What this scenario is for.', 1024).optional(),
  model: Model,
  accelerator: Accelerator.prefault({}),
  serving: Serving.prefault({}),
  deploy: Deploy.optional(),
  endpoint: Endpoint.optional(),
  readiness: Readiness.prefault({}),
  tolerations: z.array(Toleration).max(32).default([]).meta({ description: 'Tolerations that releases place with {{scenario.tolerations}}.' }),
  nodeSelector: openMap('Node labels that releases place with {{scenario.nodeSelector}}.').default({}),
}).refine((s) => !(s.deploy && s.endpoint?.url !== undefined), { error: 'endpoint.url names a server that is there already: remove deploy, or use endpoint.service', path: ['endpoint', 'url'] })
  .refine((s) => s.deploy === undefined || s.endpoint?.service !== undefined, { error: 'a deployed scenario needs endpoint.service, such as {{release.NAME}}', path: ['endpoint'] })
  .meta({
    description: 'What is served and on what: model, accelerator, serving stack, Helm releases, endpoint.',
    'x-kubernetes-validations': [
      { rule: '!(has(self.deploy) && has(self.endpoint) && has(self.endpoint.url))', message: 'endpoint.url names a server that is there already: remove deploy, or use endpoint.service', editor: { not: { required: ['deploy', 'endpoint'], properties: { endpoint: { required: ['url'] } } } } },
      { rule: '!has(self.deploy) || (has(self.endpoint) && has(self.endpoint.service))', message: 'a deployed scenario needs endpoint.service, such as {{release.NAME}}', editor: { anyOf: [{ not: { required: ['deploy'] } }, { required: ['endpoint'], properties: { endpoint: { required: ['service'] } } }] } },
    ],
  })
export type ScenarioSpec = z.infer<typeof ScenarioSpec>
export type ReleaseSpec = z.infer<typeof Release>
export type EndpointSpec = z.infer<typeof Endpoint>
