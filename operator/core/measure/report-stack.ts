// SPDX-License-Identifier: Apache-2.0
/** The serving stack as the benchmark report describes it, what was seen of it, and how it started. */
import type { BenchmarkReport } from '../model/benchmark-report.ts'
import type { Findings, StageFindings } from '../model/findings.ts'
import type { Startup } from '../model/startup.ts'
import type { TrialJob } from '../model/trial-job.ts'
import { sampleOf } from './distribution.ts'
import { reportSeries } from './report-series.ts'
import { statisticsOf, valueOf } from './report-statistics.ts'

type Component = NonNullable<NonNullable<BenchmarkReport['scenario']>['stack']>[number]
type Observability = NonNullable<BenchmarkReport['results']['observability']>
type Health = NonNullable<BenchmarkReport['results']['component_health']>

export function reportStack({ stack, specDigest }: TrialJob): Component[] {
  const { tensor, pipeline, data, expert } = stack.parallelism
  return [{
    metadata: {
      schema_version: '0.0.1', label: stack.name, cfg_id: stack.factsDigest ?? specDigest,
      description: stack.model.revision === undefined ? undefined : `${stack.model.name} at revision ${stack.model.revision}`,
    },
    standardized: {
      kind: 'inference_engine', tool: stack.engine, tool_version: engineVersion(stack), role: 'replica',
      replicas: Math.max(1, stack.replicas),
      model: { name: stack.model.name },
      accelerator: {
        model: stack.accelerator.product ?? (stack.gpus === 0 ? 'none' : (stack.accelerator.resource ?? 'unknown')),
        count: Math.round(stack.gpus),
        parallelism: { tp: tensor, dp: data, dp_local: 1, workers: 1, ep: expert, pp: pipeline },
      },
    },
    native: { args: stack.engineArgs },
  }]
}

/** The image that ran, by digest where it is known: a tag says less, and a guess nothing. */
function engineVersion({ engine, images }: TrialJob['stack']): string {
  const found = images.find((i) => i.name.includes(engine) || i.image.includes(engine)) ?? images[0]
  if (found === undefined) return 'unknown'
  return found.digest === undefined || found.image.includes('@') ? found.image : `${found.image}@${found.digest.replace(/^.*@/, '')}`
}

export function reportObservability(findings: Findings, stage: StageFindings | undefined, { stack }: TrialJob): Observability {
  const { startup, artifacts } = findings
  const raw = artifacts.find(({ name }) => /(^|\/)(scrapes?|metrics)\b/.test(name))?.name
  const seen = stage === undefined ? {} : { ...filled('aggregate', aggregateOf(stage)), ...filled('time_series', reportSeries(findings, stage)) }
  return {
    ...(Object.keys(seen).length > 0 ? { components: [{ component_label: stack.name, ...seen, ...(raw === undefined ? {} : { raw_data_path: raw }) }] } : {}),
    ...(startup === undefined || startup.pods.length === 0 ? {} : { pod_startup_times: startupTimes(startup, stack.model.name) }),
  }
}

/** What the report has a name for; everything else that was seen is in the findings. */
function aggregateOf({ distributions, scalars }: StageFindings): object {
  return {
    ...statisticsOf('kv_cache_usage', distributions['kv_cache_usage'], 'fraction'),
    ...valueOf('cache_hit_rate', scalars['prefix_cache_hit_rate'], 'fraction'),
    ...statisticsOf('running_requests', distributions['running_requests'], 'count'),
    ...statisticsOf('waiting_requests', distributions['queue_length'], 'count'),
    ...valueOf('preemptions', scalars['preemptions'], 'count'),
    ...statisticsOf('gpu_utilization', distributions['gpu_utilization'], 'fraction'),
    ...statisticsOf('gpu_memory_usage', distributions['gpu_memory_used'], 'GiB'),
    ...statisticsOf('power_consumption', distributions['gpu_power'], 'Watts'),
  }
}

function filled(name: string, members: object): object {
  return Object.keys(members).length === 0 ? {} : { [name]: members }
}

function startupTimes({ pods }: Startup, model: string): NonNullable<Observability['pod_startup_times']> {
  const seconds = pods.map(({ phases }) => phases.reduce((total, phase) => total + phase.seconds, 0))
  const { summary, quantile } = sampleOf(seconds)
  const spread = { ...summary, p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99) }
  return {
    pods: pods.map(({ pod, node }, i) => ({ name: pod, model, node, startup_seconds: seconds[i] })),
    ...statisticsOf('aggregate', spread, 's'),
  }
}

/** Restarts as the metrics showed them; nothing where there were none to look at. */
export function reportHealth({ server, verdict, stack }: Findings): Health | undefined {
  const restarts = verdict.reasons.filter((r) => r.reason === 'ServerRestarted').length
  return server.length === 0 && restarts === 0 ? undefined : [{ component_label: stack, total_restarts: restarts }]
}
