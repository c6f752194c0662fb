// SPDX-License-Identifier: Apache-2.0
/** The load of one stage as the benchmark report describes it. What was measured fills in only where the profile gives no number. */
import type { BenchmarkReport, SequenceLength } from '../model/benchmark-report.ts'
import type { Distribution, Findings, StageFindings } from '../model/findings.ts'
import type { TrialJob } from '../model/trial-job.ts'
import { dataKind, type Lengths, outputLengths, type WorkloadProfileSpec } from '../model/workload-profile.ts'
import { plannedStage } from './planned-load.ts'

type ReportLoad = NonNullable<NonNullable<BenchmarkReport['scenario']>['load']>
type Standardized = ReportLoad['standardized']

export function reportLoad({ tool, provenance }: Findings, stage: StageFindings, { spec }: TrialJob): ReportLoad {
  const { workload, harness, harnessName } = spec
  const { data, load } = workload
  const prefix = prefixOf(data.synthetic, provenance.requestsCount)
  const turns = turnsOf(workload, stage.distributions['session_requests'])
  const output = outputOf(workload, stage.distributions['output_length'])
  const overrides = workload.overrides[harnessName]
  return {
    metadata: { schema_version: '0.0.1', cfg_id: provenance.requestsSha256, description: workload.description },
    standardized: {
      tool: tool.name, tool_version: tool.version, parallelism: 1, source: sourceOf(workload),
      stage: plannedStage(load, stage.stage)?.index ?? 0,
      input_seq_len: sequenceLength((data.synthetic ?? data.lines)?.input, stage.distributions['input_length']),
      ...(output === undefined ? {} : { output_seq_len: output }),
      ...(prefix === undefined ? {} : { prefix }),
      ...(turns === undefined ? {} : { multi_turn: turns }),
      ...(stage.offered.rate === undefined ? {} : { rate_qps: stage.offered.rate }),
      ...(stage.offered.concurrency === undefined ? {} : { concurrency: stage.offered.concurrency }),
    },
    native: {
      args: { command: harness.command },
      config: { api: workload.api, load, ...(overrides === undefined ? {} : { overrides }) },
    },
  }
}

/** Prompts of a trace are generated to its lengths, so they are as random as synthetic ones. */
function sourceOf({ data }: WorkloadProfileSpec): Standardized['source'] {
  const kind = dataKind(data)
  return kind === 'synthetic' || kind === 'trace' ? 'random' : 'sampled'
}

/** Output lengths are in the report only where the server is made to keep them. */
function outputOf({ api, data }: WorkloadProfileSpec, measured: Distribution | undefined): SequenceLength | undefined {
  if (!api.ignoreEos) return undefined
  return sequenceLength(outputLengths(data), measured)
}

/** Distributions that the report has no name for are described by what was sent. */
function sequenceLength(lengths: Lengths | undefined, measured: Distribution | undefined): SequenceLength {
  const { fixed, normal, uniform, min, max } = lengths ?? {}
  if (fixed !== undefined) return { distribution: 'fixed', value: fixed }
  if (normal !== undefined) return { distribution: 'gaussian', value: normal.mean, std_dev: normal.stddev, ...bounds(min, max) }
  if (uniform !== undefined) return { distribution: 'uniform', value: (uniform.min + uniform.max) / 2, ...bounds(uniform.min, uniform.max) }
  const spread = typeof measured?.stddev === 'number' ? { std_dev: measured.stddev } : {}
  return { distribution: 'other', value: measured?.mean ?? 0, ...spread, ...bounds(measured?.min, measured?.max) }
}

function bounds(min: number | null | undefined, max: number | null | undefined): { min?: number; max?: number } {
  return {
    ...(typeof min === 'number' ? { min: Math.round(min) } : {}),
    // The report's maximum begins at 1.
    ...(typeof max === 'number' && max >= 1 ? { max: Math.round(max) } : {}),
  }
}

function prefixOf(synthetic: WorkloadProfileSpec['data']['synthetic'], requests: number | undefined): Standardized['prefix'] {
  const prefix = synthetic?.prefix
  if (prefix === undefined) return undefined
  const { groups, promptsPerGroup, length } = prefix
  // Round robin: every group gets its share of what was prepared.
  const perGroup = promptsPerGroup ?? (requests === undefined ? undefined : Math.max(1, Math.ceil(requests / groups)))
  if (perGroup === undefined) return undefined
  return { prefix_len: { distribution: 'fixed', value: length }, num_groups: groups, num_users_per_group: perGroup, num_prefixes: 1 }
}

function turnsOf({ data }: WorkloadProfileSpec, measured: Distribution | undefined): Standardized['multi_turn'] {
  const turns = data.synthetic?.turns?.count
  if (turns !== undefined) return { enabled: turns > 1, max_turns: { distribution: 'fixed', value: turns } }
  return data.conversation === undefined ? undefined : { enabled: true, max_turns: sequenceLength(undefined, measured) }
}
