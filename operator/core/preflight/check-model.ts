// SPDX-License-Identifier: Apache-2.0
/** Whether a model can be served as a scenario says: heads that divide, weights and KV cache that fit the accelerator's memory. It needs no cluster. */
import { quantityValue } from '../model/common.ts'
import type { ScenarioSpec } from '../model/scenario.ts'
import { memoryOfProduct } from './accelerator-memory.ts'
import { type Finding, gigabytes } from './finding.ts'
import { argumentOf, kvBytesPerToken, leastWeightsEach, type Parallel, usableShare, weightBytes } from './model-memory.ts'

/** Engines that split attention heads over a tensor-parallel group and reserve their KV cache when they start. */
const PAGED: ReadonlySet<string> = new Set(['vllm', 'sglang'])

export interface ModelContext {
  /** Bytes of one accelerator as the nodes say it. */
  readonly nodeMemory?: number | undefined
  /** What the workloads on it ask for at once, and how long one of their requests is on average. */
  readonly demand?: { readonly concurrency: number; readonly tokens: number } | undefined
}

export function checkModel(scenario: ScenarioSpec, context: ModelContext): Finding[] {
  if (scenario.accelerator.perReplica === 0 || scenario.serving.engine === 'simulator') return []
  return groupsOf(scenario).flatMap(({ path, parallel }) => [...checkHeads(scenario, { path, parallel }), ...checkMemory(scenario, { path, parallel, ...context })])
}

interface Group { readonly path: string; readonly parallel: Parallel & { readonly expert?: number } }

/** Replicas that do everything, or each role by itself. */
function groupsOf(scenario: ScenarioSpec): Group[] {
  const { serving } = scenario
  const roles = Object.entries(serving.roles ?? {}).flatMap(([role, spec]) => (spec === undefined || spec.replicas === 0 ? [] : [{ path: `scenario.serving.roles.${role}.parallelism`, parallel: spec.parallelism }]))
    // An argument of the engine comes after what the chart sets, and wins.
  const given = Number(argumentOf(scenario, 'tensor-parallel-size', 'tp-size'))
  return roles.length > 0 ? roles : [{ path: 'scenario.serving.parallelism', parallel: given > 0 ? { ...serving.parallelism, tensor: given } : serving.parallelism }]
}

function checkHeads({ model: { architecture }, serving: { engine } }: ScenarioSpec, { path, parallel: { tensor } }: Group): Finding[] {
  if (architecture === undefined || !PAGED.has(engine)) return []
  const { attentionHeads, keyValueHeads } = architecture
  const sizes = divisors(attentionHeads).filter((n) => keyValueHeads % n === 0 || n % keyValueHeads === 0)
  if (sizes.includes(tensor)) return []
  const why = attentionHeads % tensor === 0 ? `${keyValueHeads} key-value heads can neither be divided nor repeated by` : `${attentionHeads} attention heads cannot be divided by`
  return [{ severity: 'fails', check: 'parallelism', path: `${path}.tensor`, message: `${why} ${tensor}: ${engine} refuses to start`, found: String(tensor), expected: `one of ${sizes.join(', ')}`, fix: 'take a tensor-parallel size that divides the heads' }]
}

const divisors = (n: number) => Array.from({ length: n }, (_, i) => i + 1).filter((d) => n % d === 0)

/** The nodes know best, then the scenario, then the makers. */
function memoryOf({ accelerator: { memory, product } }: ScenarioSpec, nodeMemory: number | undefined): number | undefined {
  return nodeMemory ?? (memory === undefined ? undefined : quantityValue(memory)) ?? (product === undefined ? undefined : memoryOfProduct(product))
}

function checkMemory(scenario: ScenarioSpec, at: Group & ModelContext): Finding[] {
  const [memory, weights] = [memoryOf(scenario, at.nodeMemory), weightBytes(scenario)]
  if (memory === undefined || weights === undefined) return []
  const each = leastWeightsEach(weights, at.parallel, (at.parallel.expert ?? 1) > 1)
  const share = PAGED.has(scenario.serving.engine) ? usableShare(scenario) : 1
  const room = memory * share - each
  if (room <= 0) return [tooLarge(scenario, { each, memory, share, path: at.path })]
  return PAGED.has(scenario.serving.engine) ? checkCache(scenario, { ...at, room }) : []
}

function tooLarge({ model }: ScenarioSpec, { each, memory, share, path }: { readonly each: number; readonly memory: number; readonly share: number; readonly path: string }): Finding {
  return {
    severity: 'fails', check: 'memory', path, message: `the weights of ${model.name} take at least ${gigabytes(each)} of each accelerator`,
    expected: `less than ${gigabytes(memory * share)}${share < 1 ? ` (${Math.round(share * 100)} % of ${gigabytes(memory)})` : ''}`, fix: 'split it over more accelerators (tensor, pipeline), quantise it, or take larger ones',
  }
}

/** The engine reserves its cache when it starts, and refuses when one request of the longest context would not fit. */
function checkCache(scenario: ScenarioSpec, at: Group & ModelContext & { readonly room: number }): Finding[] {
  const perToken = kvBytesPerToken(scenario, at.parallel)
  if (perToken === undefined) return []
  const tokens = Math.floor(at.room / perToken)
  const { maxLength, architecture } = scenario.model
  const context = maxLength !== undefined && tokens < maxLength ? [shortCache(maxLength, { tokens, sure: architecture?.fullAttention !== false })] : []
  return [...context, ...checkDemand(scenario, { ...at, tokens })]
}

function shortCache(maxLength: number, { tokens, sure }: { readonly tokens: number; readonly sure: boolean }): Finding {
  return {
    severity: sure ? 'fails' : 'doubt', check: 'kvCache', path: 'scenario.model.maxLength', message: `a request of the whole context does not fit into the KV cache, which has room for ${tokens} tokens at most beside the weights`,
    found: String(maxLength), expected: `at most ${tokens}`, fix: 'shorten model.maxLength, raise gpu-memory-utilization, split over more accelerators, or take kv-cache-dtype fp8',
  }
}

/** More at once than the cache holds waits or is preempted: that may be what is to be measured, so it is said and no more. */
function checkDemand({ serving, model }: ScenarioSpec, { demand, tokens, parallel }: Group & ModelContext & { readonly tokens: number }): Finding[] {
  if (demand === undefined || serving.roles !== undefined || model.architecture?.fullAttention === false) return []
  const holds = Math.floor(tokens / demand.tokens)
  const each = Math.ceil(demand.concurrency / (serving.replicas * parallel.data))
  if (each <= holds) return []
  return [{
    severity: 'doubt', check: 'kvCache', path: 'workload.load', message: `the load asks for ${each} requests at once of each engine, each of about ${Math.round(demand.tokens)} tokens; its KV cache holds about ${holds} of them: others wait or are preempted`,
    fix: 'fine where that is to be measured; else ask for fewer at once or give the cache more room',
  }]
}
