// SPDX-License-Identifier: Apache-2.0
/** Findings of one stage → the benchmark report 0.2.1. What we do not know is left out, never guessed. */
import { BenchmarkReport, REPORT_VERSION } from '../model/benchmark-report.ts'
import type { Findings, StageFindings } from '../model/findings.ts'
import type { TrialJob } from '../model/trial-job.ts'
import { reportLoad } from './report-load.ts'
import { reportHealth, reportObservability, reportStack } from './report-stack.ts'
import { statisticsOf, valueOf } from './report-statistics.ts'

/** The report of one stage; of a harness that sends nothing (a stage that findings lack), one of the stack and its start-up times. */
export function toBenchmarkReport(findings: Findings, stageName: string, job: TrialJob): BenchmarkReport {
  const stage = findings.stages.find((s) => s.stage === stageName)
  const health = reportHealth(findings)
  const observability = reportObservability(findings, stage, job)
  return BenchmarkReport.parse(withoutUndefined({
    version: REPORT_VERSION,
    run: reportRun(findings, stage, stageName),
    // Of results that somebody brought nobody knows it.
    ...(findings.provenance.ingested === undefined ? { scenario: { stack: reportStack(job), ...(stage === undefined ? {} : { load: reportLoad(findings, stage, job) }) } } : {}),
    results: {
      ...(stage === undefined ? {} : { request_performance: { aggregate: aggregate(stage) }, ...sessions(stage) }),
      ...(Object.keys(observability).length === 0 ? {} : { observability }),
      ...(health === undefined ? {} : { component_health: health }),
    },
  }))
}

function reportRun(findings: Findings, stage: StageFindings | undefined, stageName: string): BenchmarkReport['run'] {
  const { trial, experiment, treatment, replicate, tool, time } = findings
  const levelText = (level: unknown) => (typeof level === 'string' ? level : JSON.stringify(level))
  const levels = Object.entries(treatment).map(([factor, level]) => `${factor}=${levelText(level)}`)
  const start = stage?.window.startEpochMs ?? Date.parse(time.start)
  const seconds = stage?.window.durationS ?? (Date.parse(time.end) - start) / 1000
  return {
    uid: `${trial.uid}.${trial.attempt}.${stageName}`,
    ...(experiment === undefined ? {} : { eid: `${trial.namespace}/${experiment}` }),
    time: { start: isoTime(start), end: isoTime(start + seconds * 1000), duration: `PT${Number(seconds.toFixed(3))}S` },
    user: `namespace=${trial.namespace}`,
    description: `${trial.name}, stage ${stageName}, stack replicate ${replicate.stack}, run ${replicate.run}`,
    keywords: [tool.name, stageName, ...levels],
  }
}

function aggregate({ requests, distributions, scalars }: StageFindings): object {
  const latency = {
    ...statisticsOf('time_to_first_token', distributions['ttft'], 'ms'),
    ...statisticsOf('normalized_time_per_output_token', distributions['ntpot'], 'ms/token'),
    ...statisticsOf('time_per_output_token', distributions['tpot'], 'ms/token'),
    // The report's unit is time per token, so the per-token gap is meant, not the gap between events.
    ...statisticsOf('inter_token_latency', distributions['itl_per_token'], 'ms/token'),
    ...statisticsOf('request_latency', distributions['e2e'], 'ms'),
  }
  const throughput = {
    ...valueOf('input_token_rate', scalars['input_throughput'], 'tokens/s'),
    ...valueOf('output_token_rate', scalars['output_throughput'], 'tokens/s'),
    ...valueOf('total_token_rate', scalars['total_throughput'], 'tokens/s'),
    ...valueOf('request_rate', scalars['request_throughput'], 'queries/s'),
  }
  return {
    requests: {
      total: requests.total, failures: requests.failed, incomplete: requests.cancelled,
      ...statisticsOf('input_length', distributions['input_length'], 'count'),
      ...statisticsOf('output_length', distributions['output_length'], 'count'),
    },
    ...(Object.keys(latency).length === 0 ? {} : { latency }),
    ...(Object.keys(throughput).length === 0 ? {} : { throughput }),
  }
}

function sessions({ requests, distributions, scalars }: StageFindings): object {
  const total = scalars['sessions']?.value
  if (typeof total !== 'number') return {}
  const failed = scalars['sessions_failed']?.value ?? 0
  return {
    session_performance: {
      sessions: {
        total, failed, succeeded: total - failed,
        total_events: requests.total, total_events_completed: requests.ok, total_events_cancelled: requests.cancelled,
        ...statisticsOf('session_duration', distributions['session_duration'], 's'),
        ...statisticsOf('events_per_session', distributions['session_requests'], 'count'),
        ...statisticsOf('input_tokens_per_session', distributions['session_input_length'], 'count'),
        ...statisticsOf('output_tokens_per_session', distributions['session_output_length'], 'count'),
      },
    },
  }
}

/** YAML and JSON schema know no undefined. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined).map(([k, v]) => [k, withoutUndefined(v)]))
}

function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
