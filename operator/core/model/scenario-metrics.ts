// SPDX-License-Identifier: Apache-2.0
/** Where a trial's server metrics come from, and what an accelerator costs: members of the Scenario. */
import { z } from 'zod'
import { duration, durationMs, ObjectName, openMap, SecretKeyRef, text } from './common.ts'
import { METRICS } from './metric.ts'
import { didYouMean } from './nearest.ts'

export const HeaderCredential = z.object({
  header: text('Header that carries the value.', 128).default('Authorization'),
  prefix: text('Text before the value, such as "Bearer ".', 64).default('Bearer '),
  secretKeyRef: SecretKeyRef,
}).meta({ description: 'A credential that is sent as a header; read from the Secret by the pod that sends it.' })

export const EndpointCredential = HeaderCredential.extend({
  header: text('Header that carries the value. Authorization, with the prefix "Bearer ", stands for the header of the API: for anthropic that is x-api-key (write authorization in small letters to mean that header all the same).', 128).default('Authorization'),
}).meta({ description: 'The credential of the endpoint; read from the Secret by the pod that sends it, and read again while it runs, so that it may be renewed there. For SageMaker: JSON with AccessKeyId, SecretAccessKey, SessionToken and Region, as credential processes print it.' })

export const TokenPrice = z.object({
  model: text('Model in requests that the price is of; every model when not set.', 253).optional(),
  input: z.number().min(0).meta({ description: 'Price of a million input tokens.' }),
  output: z.number().min(0).meta({ description: 'Price of a million output tokens.' }),
  request: z.number().min(0).default(0).meta({ description: 'Price of a request beside its tokens.' }),
  currency: z.string().max(3).regex(/^[A-Z]{3}$/, 'expected a currency code of three capitals, such as USD').default('USD').meta({ description: 'Currency, as ISO 4217 writes it.' }),
}).meta({ description: 'What a hosted endpoint charges, by its list of the day. Cached input is counted at the full price.' })
export type TokenPrice = z.infer<typeof TokenPrice>

export const HourlyCost = z.object({
  amount: z.number().positive().meta({ description: 'Price of one accelerator for an hour.' }),
  currency: z.string().max(3).regex(/^[A-Z]{3}$/, 'expected a currency code of three capitals, such as USD').default('USD').meta({ description: 'Currency, as ISO 4217 writes it.' }),
}).meta({ description: 'What one accelerator costs an hour: your own price, since providers differ fourfold for the same GPU. Without it no cost is reported.' })

const port = (description: string) => z.int().min(1).max(65_535).meta({ description })
const path = z.string().max(256).default('/metrics').meta({ description: 'Path of the metrics.' })

export const GpuExporter = z.object({
  namespace: z.string().max(63).default('gpu-operator').meta({ description: 'Namespace of the exporter; the operator must be allowed to see its pods.' }),
  selector: openMap('Labels of its pods.').default({ app: 'nvidia-dcgm-exporter' }),
  port: port('Port of the metrics.').default(9400),
  path,
}).meta({ description: 'The DCGM exporter: its pods on the nodes of the serving pods are scraped, by their addresses. Let it look every second (-c 1000), else energy of short stages is unknown.' })

export const RouterTarget = z.object({
  selector: openMap('Labels of its pods, in the stack\'s namespace.'),
  port: port('Port of the metrics.').default(9090),
  path,
}).meta({ description: 'Metrics of a router (endpoint picker of llm-d or of the gateway API\'s inference extension).' })

/** Metrics that a query may give: gauges over time. */
export const QUERYABLE = [
  'running_requests', 'queue_length', 'kv_cache_usage', 'gpu_utilization', 'gpu_power', 'gpu_memory_used', 'gpu_clock', 'gpu_temperature',
  'pool_kv_cache_usage', 'pool_queue_length', 'pool_ready_pods',
] as const satisfies readonly (keyof typeof METRICS)[]
export type QueryableName = (typeof QUERYABLE)[number]

const LONGEST_QUERY_MS = 30_000
const MOST_QUERIES = 16

export const PrometheusSource = z.object({
  url: text('Base address, such as http://prometheus.monitoring.svc:9090.', 1024).regex(/^https?:\/\/[^/\s]/, 'expected an address such as http://prometheus.monitoring.svc:9090'),
  selector: text('Label matchers of the serving pods\' series, such as namespace="llm",pod=~"llama-.*"; by default the stack\'s namespace and pods.', 1024).optional(),
  queries: z.record(z.string(), text('PromQL whose value is the metric in its own unit; $namespace, $pods and $nodes stand for the stack\'s, as regular expressions.', 4096)).default({})
    .superRefine((queries, context) => {
      if (Object.keys(queries).length > MOST_QUERIES) context.addIssue({ code: 'custom', message: `at most ${MOST_QUERIES} queries` })
      for (const name of Object.keys(queries)) {
        if ((QUERYABLE as readonly string[]).includes(name)) continue
        context.addIssue({ code: 'custom', path: [name], message: `"${name}" is no metric that a query can give${didYouMean(name, QUERYABLE)}; expected one of ${QUERYABLE.join(', ')}` })
      }
    })
    .meta({ description: 'Queries by metric of the catalogue, in place of what is known of engines and DCGM.' }),
  step: duration('Time between points; at least the scrape interval of that Prometheus makes sense.').default('5s'),
  timeout: duration('How long one query may take.').default('15s').refine((text) => durationMs(text) <= LONGEST_QUERY_MS, { error: 'a query may take 30s at most: the trial\'s pod waits for it' }),
  credentials: HeaderCredential.optional(),
  ca: z.object({
    configMap: ObjectName.meta({ description: 'ConfigMap with the CA certificate.' }),
    key: text('Key of the PEM.', 253).default('ca.crt'),
  }).meta({ description: 'Certificate authority of that Prometheus, when it is private.' }).optional(),
}).meta({ description: 'A Prometheus that the cluster has: asked once by the trial\'s pod, when the load is over, for the window of the trial. It fills in what is not scraped.' })
export type PrometheusSpec = z.infer<typeof PrometheusSource>
