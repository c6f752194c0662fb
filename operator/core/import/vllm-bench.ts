// SPDX-License-Identifier: Apache-2.0
/** Profiles of vllm bench serve (and InferenceMAX, which shares its flags), and of aiperf, as WorkloadProfiles: flat maps of command line flags. */
import type { Ledger } from './ledger.ts'
import { seconds } from './lengths.ts'
import { fileSource, type ProfileReading, stageName } from './profile-draft.ts'

type Part<Name extends string> = Readonly<Record<Name, Record<string, unknown>>> | { readonly refusal: string }

/** A flag without a value is written as `none`. */
const isFlag = (value: unknown) => value !== undefined && value !== null && value !== false

export function readVllmBench(ledger: Ledger): ProfileReading {
  ledger.handled('executable', 'model', 'base-url', 'backend', 'percentile-metrics', 'metric-percentiles', 'save-result', 'save-detailed', 'result-filename', 'result-dir', 'num-warmups', 'seed', 'temperature')
  const data = vllmData(ledger)
  if ('refusal' in data) return data
  const load = vllmLoad(ledger)
  if ('refusal' in load) return load
  const chat = /chat/.test(`${ledger.text('backend') ?? ''}${ledger.text('endpoint') ?? ''}`)
  return { draft: { api: { kind: chat ? 'chat' : 'completions', streaming: true, ignoreEos: isFlag(ledger.take('ignore-eos')) }, data: data.data, load: load.load } }
}

function vllmData(ledger: Ledger): Part<'data'> {
  const name = ledger.text('dataset-name') ?? 'random'
  if (name === 'random') return { data: { synthetic: randomData(ledger) } }
  if (name === 'sharegpt') return { data: { sharegpt: { ...fileSource(ledger, 'dataset-path', 'sharegpt'), ...outputOf(ledger, 'sharegpt-output-len') } } }
  if (name === 'custom') return { data: { prompts: { ...fileSource(ledger, 'dataset-path', 'prompts'), ...outputOf(ledger, 'custom-output-len') } } }
  return { refusal: `dataset-name ${name} cannot be expressed` }
}

function outputOf(ledger: Ledger, path: string): Record<string, unknown> {
  const length = ledger.number(path)
  return length === undefined || length < 0 ? {} : { output: { fixed: length } }
}

function randomData(ledger: Ledger): Record<string, unknown> {
  const spread = ledger.number('random-range-ratio') ?? 0
  const lengths = (length: number) => (spread === 0 ? { fixed: length } : { uniform: { min: Math.max(1, Math.round(length * (1 - spread))), max: Math.round(length * (1 + spread)) } })
  const prefix = ledger.number('random-prefix-len') ?? 0
  return { ...(prefix > 0 ? { prefix: { groups: 1, length: prefix } } : {}), input: lengths(ledger.number('random-input-len') ?? 1024), output: lengths(ledger.number('random-output-len') ?? 128) }
}

function vllmLoad(ledger: Ledger): Part<'load'> {
  const [requests, cap, burstiness] = [ledger.number('num-prompts'), ledger.number('max-concurrency'), ledger.number('burstiness') ?? 1]
  const rate = ledger.number('request-rate')
  if (requests === undefined) return { refusal: 'num-prompts ends the run and is missing' }
  if (rate === undefined) return { load: cap === undefined ? { throughput: { requests } } : { concurrent: { stages: [{ name: stageName(0), concurrency: cap, requests }] } } }
  const stages = [{ name: stageName(0), rate, requests }]
  return { load: { ...(burstiness === 1 ? { poisson: { stages } } : { gamma: { cv: Number(Math.sqrt(1 / burstiness).toPrecision(6)), stages } }), ...(cap === undefined ? {} : { maxConcurrency: cap }) } }
}

export function readAiperf(ledger: Ledger): ProfileReading {
  ledger.handled('model', 'url', 'use-server-token-count', 'no-server-metrics', 'tokenizer-trust-remote-code', 'tokenizer')
  const data = aiperfData(ledger)
  if ('refusal' in data) return data
  const load = aiperfLoad(ledger)
  if ('refusal' in load) return load
  const extra = ledger.text('extra-inputs') ?? ''
  if (extra !== '' && extra !== 'ignore_eos:true') ledger.drop('extra-inputs', 'only ignore_eos is known')
  return { draft: { api: { kind: ledger.text('endpoint-type') === 'chat' ? 'chat' : 'completions', streaming: isFlag(ledger.take('streaming')), ignoreEos: /ignore_eos:true/.test(extra) }, data: data.data, load: load.load } }
}

function aiperfData(ledger: Ledger): Part<'data'> {
  if (!ledger.has('input-file')) {
    const lengths = (mean: string, spread: string) => {
      const [tokens, stddev] = [ledger.number(mean) ?? 550, ledger.number(spread) ?? 0]
      return stddev === 0 ? { fixed: tokens } : { normal: { mean: tokens, stddev } }
    }
    return { data: { synthetic: { input: lengths('isl', 'isl-stddev'), output: lengths('osl', 'osl-stddev') } } }
  }
  const type = ledger.text('custom-dataset-type')
  return type === 'mooncake_trace' ? { data: { trace: { ...fileSource(ledger, 'input-file', 'trace'), format: 'mooncake' } } } : { refusal: `custom-dataset-type ${type ?? 'of no kind'} cannot be expressed` }
}

function aiperfLoad(ledger: Ledger): Part<'load'> {
  const [requests, duration, rate, concurrency] = [ledger.number('request-count'), ledger.number('benchmark-duration'), ledger.number('request-rate'), ledger.number('concurrency')]
  const end = requests === undefined ? (duration === undefined ? undefined : { duration: seconds(duration) }) : { requests }
  if (end === undefined) return { refusal: 'request-count or benchmark-duration ends the run; both are missing' }
  if (rate !== undefined) return { load: { poisson: { stages: [{ name: stageName(0), rate, ...end }] }, ...(concurrency === undefined ? {} : { maxConcurrency: concurrency }) } }
  return { load: { concurrent: { stages: [{ name: stageName(0), concurrency: concurrency ?? 1, ...end }] } } }
}
