// SPDX-License-Identifier: Apache-2.0
/** What the containers of one attempt are told (trial.json), and what the collector answers (Receipt). */
import { z } from 'zod'
import { ChartSeen, ImageSeen } from './deployed.ts'
import { NodeFact } from './node-fact.ts'
import { ENDPOINT_APIS } from './endpoint-api.ts'
import { HourlyCost, PrometheusSource, TokenPrice } from './scenario-metrics.ts'
import { ScrapeTarget } from './stack.ts'
import { Startup } from './startup.ts'
import { TrialSpec } from './trial.ts'

/** The collector hides the values of all variables of this form. */
export const PROMETHEUS_ENV = 'ASSAY_SECRET_PROMETHEUS'

export const TrialJob = z.object({
  trial: z.object({ name: z.string(), namespace: z.string(), uid: z.string(), attempt: z.int().min(1), job: z.string(), experiment: z.string().optional() }),
  spec: TrialSpec,
  specDigest: z.string(),
  endpoint: z.object({
    url: z.string().meta({ description: 'Base address without /v1.' }),
    host: z.string(), port: z.int(), path: z.string(),
    model: z.string().meta({ description: 'Model name for requests.' }),
    headers: z.record(z.string(), z.string()).default({}),
    api: z.enum(ENDPOINT_APIS).default('openai').meta({ description: 'Protocol that the server speaks.' }),
    credential: z.object({
      header: z.string(), prefix: z.string(), env: z.literal('ASSAY_CREDENTIAL'),
      file: z.string().optional().meta({ description: 'Path at which the harness finds the value too, and finds it renewed.' }),
    }).optional().meta({ description: 'The value is in that environment variable of the harness and the collector.' }),
    price: TokenPrice.optional().meta({ description: 'What its tokens cost.' }),
    ca: z.string().optional().meta({ description: 'Path of a CA certificate.' }),
  }),
  stack: z.object({
    name: z.string(), gpus: z.number(), scrape: z.array(z.string()), targets: z.array(ScrapeTarget).default([]), nodes: z.array(NodeFact).default([]),
    prometheus: PrometheusSource.omit({ credentials: true, ca: true }).extend({
      credential: z.object({ header: z.string(), prefix: z.string(), env: z.literal(PROMETHEUS_ENV) }).optional().meta({ description: 'The value is in that environment variable of the collector.' }),
      ca: z.string().optional().meta({ description: 'Path of a CA certificate.' }),
    }).optional(),
    notes: z.array(z.string()).default([]).meta({ description: 'What a reader should know of what was found of the stack.' }),
    deployed: z.boolean().default(true).meta({ description: 'Whether Assay stood it up.' }),
    factsDigest: z.string().optional(), startup: Startup.optional(),
    model: z.object({
      name: z.string(), revision: z.string().optional(), quantization: z.string().optional(),
      path: z.string().optional().meta({ description: 'Folder of the weights in the pod, for a tool that runs the engine itself.' }),
      dtype: z.string().optional(), maxLength: z.int().optional(), parameters: z.number().positive().optional(),
    }),
    engine: z.string(), engineArgs: z.record(z.string(), z.unknown()).default({}), replicas: z.int(),
    parallelism: z.object({ tensor: z.int(), pipeline: z.int(), data: z.int(), expert: z.int() }),
    accelerator: z.object({ product: z.string().optional(), resource: z.string().optional(), memory: z.string().optional(), hourlyCost: HourlyCost.optional() }),
    images: z.array(ImageSeen).default([]),
    charts: z.array(ChartSeen).default([]),
  }),
  caches: z.object({ policy: z.string(), how: z.string(), failed: z.boolean().default(false) }),
  paths: z.object({
    config: z.string(), in: z.string(), out: z.string(), requests: z.string(),
    tokenizer: z.string().optional().meta({ description: 'tokenizer.json of the profile, where it is mounted.' }),
    data: z.string().optional().meta({ description: 'Data file of the profile, where it is mounted.' }),
  }),
  results: z.object({ url: z.string(), tokenPath: z.string() }),
  operatorVersion: z.string(),
})
export type TrialJob = z.infer<typeof TrialJob>

export const DEFAULT_PATHS = { config: '/assay/config', in: '/assay/run/in', out: '/assay/run/out', requests: '/assay/run/in/requests.jsonl' } as const
export const TOKEN_PATH = '/var/run/assay/token'

/** The collector's last word: in its termination message, and from the results server. */
export const Receipt = z.object({
  kind: z.enum(['delivered', 'failed']),
  digest: z.string().optional().meta({ description: 'SHA-256 of manifest.json on the results server.' }),
  address: z.string().optional(),
  bytes: z.int().optional(),
  verdict: z.enum(['valid', 'suspect', 'invalid']).optional(),
  message: z.string().max(1024),
})
export type Receipt = z.infer<typeof Receipt>
