// SPDX-License-Identifier: Apache-2.0
/** Profiles of inference-perf, as llm-d-benchmark carries them, as WorkloadProfiles. */
import type { Ledger } from './ledger.ts'
import { lengthsOf, seconds } from './lengths.ts'
import { fileSource, type ProfileReading, stageName } from './profile-draft.ts'

export function readInferencePerf(ledger: Ledger): ProfileReading {
  ledger.handled('server.type', 'server.model_name', 'server.base_url', 'report', 'storage', 'tokenizer.trust_remote_code')
  if (ledger.has('tokenizer.pretrained_model_name_or_path')) ledger.note('tokenizer.pretrained_model_name_or_path', 'prompts are made with the tokenizer that comes with Assay unless tokenizer.source is set; the server counts')
  ledger.handled('tokenizer.pretrained_model_name_or_path')
  const data = readData(ledger)
  if ('refusal' in data) return data
  const load = readLoad(ledger)
  if ('refusal' in load) return load
  return { draft: { api: readApi(ledger), data: data.data, load: load.load } }
}

function readApi(ledger: Ledger): Record<string, unknown> {
  const timeout = ledger.number('load.request_timeout')
  return {
    kind: ledger.text('api.type') === 'chat' ? 'chat' : 'completions', streaming: ledger.take('api.streaming') === true, ignoreEos: ledger.take('server.ignore_eos') !== false,
    ...(timeout === undefined ? {} : { timeout: seconds(timeout) }),
  }
}

type Part<Name extends string> = Readonly<Record<Name, Record<string, unknown>>> | { readonly refusal: string }

const REFUSED: Readonly<Record<string, string>> = {
  otel_trace_replay: 'recorded agent traces (data.type otel_trace_replay) cannot be replayed yet',
  weka_trace_replay: 'recorded agent traces (data.type weka_trace_replay) cannot be replayed yet',
  conversation_replay: 'conversations with distributions of turns and tool calls (data.type conversation_replay) cannot be expressed: data.synthetic.turns has a fixed count',
}

function readData(ledger: Ledger): Part<'data'> {
  const type = ledger.text('data.type')
  if (type === undefined) return { refusal: 'it says nothing of the data that is sent (data.type)' }
  const refusal = REFUSED[type]
  if (refusal !== undefined) return { refusal }
  const output = distribution(ledger, 'data.output_distribution')
  if (type === 'shareGPT') return { data: { sharegpt: { ...sharegpt(ledger), ...(output === undefined ? {} : { output }) } } }
  const synthetic = type === 'shared_prefix' ? sharedPrefix(ledger) : type === 'random' ? { input: distribution(ledger, 'data.input_distribution'), output } : undefined
  if (synthetic === undefined) return { refusal: `data.type ${type} is not known` }
  return synthetic.input === undefined || synthetic.output === undefined ? { refusal: 'it says nothing of the lengths of prompts or answers' } : { data: { synthetic } }
}

function distribution(ledger: Ledger, path: string): Record<string, unknown> | undefined {
  const of = (name: string) => ledger.number(`${path}.${name}`)
  ledger.handled(`${path}.total_count`)
  return lengthsOf({ mean: of('mean'), stddev: of('std_dev') ?? of('std'), min: of('min'), max: of('max') })
}

function sharegpt(ledger: Ledger): Record<string, unknown> {
  ledger.drop('data.input_distribution', 'prompts are taken as they are in the file')
  return fileSource(ledger, 'data.path', 'sharegpt')
}

const fixed = (length: number | undefined) => (length === undefined ? undefined : { fixed: length })

function sharedPrefix(ledger: Ledger) {
  const of = (name: string) => ledger.number(`data.shared_prefix.${name}`)
  if (of('num_prompts_per_group') !== undefined) ledger.note('data.shared_prefix.num_prompts_per_group', 'the tool repeats these questions; here every question is new')
  if (ledger.take('data.shared_prefix.enable_multi_turn_chat') === true) ledger.drop('data.shared_prefix.enable_multi_turn_chat', 'turns need load.sessions, which keeps a number of sessions in flight, not a rate')
  ledger.drop('data.shared_prefix.multimodal', 'images cannot be sent yet')
  const length = of('system_prompt_len') ?? 0
  return { ...(length === 0 ? {} : { prefix: { groups: of('num_groups') ?? 1, length } }), input: fixed(of('question_len')), output: fixed(of('output_len')) }
}

function readLoad(ledger: Ledger): Part<'load'> {
  const type = ledger.text('load.type') ?? 'constant'
  if (!['constant', 'poisson', 'concurrent'].includes(type)) return { refusal: `load.type ${type} cannot be expressed` }
  if (type === 'constant') ledger.note('load.type', 'the tool draws exponential gaps and calls them constant; here gaps are equal')
  for (const own of ['num_workers', 'worker_max_concurrency', 'worker_max_tcp_connections']) ledger.keep(`load.${own}`)
  ledger.handled('load.base_seed')
  const gap = ledger.number('load.interval')
  const stages = readStages(ledger, type === 'concurrent')
  if (stages.length === 0) return { refusal: 'load.stages has no stage that can be expressed' }
  return { load: { [type]: { stages }, ...(gap === undefined || gap === 0 ? {} : { stageGap: seconds(gap) }) } }
}

function readStages(ledger: Ledger, closed: boolean): Record<string, unknown>[] {
  const written = ledger.peek('load.stages')
  return (Array.isArray(written) ? written : []).flatMap((_, i) => {
    const of = (name: string) => ledger.number(`load.stages.${i}.${name}`)
    const [duration, requests] = [of('duration'), of('num_requests')]
    const end = requests === undefined ? (duration === undefined ? undefined : { duration: seconds(duration) }) : { requests }
    const [rate, concurrency] = [of('rate'), of('concurrency_level')]
    const point = closed ? { concurrency } : { rate }
    if (end !== undefined && (closed ? concurrency : rate) !== undefined) return [{ name: stageName(i), ...point, ...end }]
    ledger.drop(`load.stages.${i}`, 'a stage needs a rate or a concurrency, and an end')
    return []
  })
}
