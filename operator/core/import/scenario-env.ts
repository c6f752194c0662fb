// SPDX-License-Identifier: Apache-2.0
/** Environment files of llm-d-benchmark up to 0.5 (export LLMDBENCH_…=…), as the stacks of its later scenario files. */
import { place, type Remark } from './ledger.ts'
import { flags } from './vllm-flags.ts'

/** Where a later scenario file says the same. Treatments of that time name factors by these variables, too. */
const PLACES: Readonly<Record<string, string>> = {
  LLMDBENCH_DEPLOY_MODEL_LIST: 'model.name', LLMDBENCH_VLLM_COMMON_MAX_MODEL_LEN: 'model.maxModelLen', LLMDBENCH_VLLM_COMMON_BLOCK_SIZE: 'model.blockSize', LLMDBENCH_VLLM_COMMON_MAX_NUM_SEQ: 'model.maxNumSeq',
  LLMDBENCH_VLLM_COMMON_GPU_MEMORY_UTIL: 'model.gpuMemoryUtilization', LLMDBENCH_VLLM_COMMON_ACCELERATOR_MEM_UTIL: 'model.gpuMemoryUtilization', LLMDBENCH_VLLM_COMMON_MAX_NUM_BATCHED_TOKENS: 'model.maxNumBatchedTokens',
  LLMDBENCH_VLLM_COMMON_ACCELERATOR_NR: 'accelerator.count', LLMDBENCH_VLLM_COMMON_ACCELERATOR_RESOURCE: 'accelerator.resource', LLMDBENCH_VLLM_COMMON_SHM_MEM: 'vllmCommon.shmMemory',
  LLMDBENCH_VLLM_COMMON_REPLICAS: 'standalone.replicas', LLMDBENCH_VLLM_COMMON_TENSOR_PARALLELISM: 'standalone.parallelism.tensor', LLMDBENCH_VLLM_COMMON_DATA_PARALLELISM: 'standalone.parallelism.data',
  LLMDBENCH_VLLM_MODELSERVICE_PREFILL_REPLICAS: 'prefill.replicas', LLMDBENCH_VLLM_MODELSERVICE_PREFILL_TENSOR_PARALLELISM: 'prefill.parallelism.tensor', LLMDBENCH_VLLM_MODELSERVICE_PREFILL_DATA_PARALLELISM: 'prefill.parallelism.data',
  LLMDBENCH_VLLM_MODELSERVICE_DECODE_REPLICAS: 'decode.replicas', LLMDBENCH_VLLM_MODELSERVICE_DECODE_TENSOR_PARALLELISM: 'decode.parallelism.tensor', LLMDBENCH_VLLM_MODELSERVICE_DECODE_DATA_PARALLELISM: 'decode.parallelism.data',
  LLMDBENCH_VLLM_MODELSERVICE_DECODE_CPU_NR: 'decode.resources.requests.cpu', LLMDBENCH_VLLM_MODELSERVICE_DECODE_CPU_MEM: 'decode.resources.requests.memory',
  LLMDBENCH_VLLM_MODELSERVICE_PREFILL_CPU_NR: 'prefill.resources.requests.cpu', LLMDBENCH_VLLM_MODELSERVICE_PREFILL_CPU_MEM: 'prefill.resources.requests.memory',
  LLMDBENCH_HARNESS_NAME: 'harness.name', LLMDBENCH_HARNESS_EXPERIMENT_PROFILE: 'harness.experimentProfile',
  LLMDBENCH_VLLM_STANDALONE_REPLICAS: 'standalone.replicas', LLMDBENCH_VLLM_STANDALONE_TENSOR_PARALLELISM: 'standalone.parallelism.tensor',
}
const METHODS = 'LLMDBENCH_DEPLOY_METHODS'
const AFFINITY = 'LLMDBENCH_VLLM_COMMON_AFFINITY'
const EXTRA_ARGS: Readonly<Record<string, string>> = {
  LLMDBENCH_VLLM_MODELSERVICE_DECODE_EXTRA_ARGS: 'decode.vllm.additionalFlags', LLMDBENCH_VLLM_MODELSERVICE_PREFILL_EXTRA_ARGS: 'prefill.vllm.additionalFlags', LLMDBENCH_VLLM_STANDALONE_ARGS: 'standalone.vllm.additionalFlags',
}

/** Of their tool, their cluster and their storage: nothing that is measured depends on it. */
const HANDLED = /^LLMDBENCH_(CONTROL|HF_TOKEN|HARNESS_(NAMESPACE|PVC|SERVICE_ACCOUNT|WAIT|CPU|EXECUTABLE|DIR|CONDA|TIMEOUT)|VLLM_COMMON_(NAMESPACE|PVC|HF_TOKEN|SERVICE_ACCOUNT)|RUN_|CLUSTER|VERSION|IMAGE_)|_MODEL_COMMAND$/

/** How a variable of that time is written as a dotted path with a value; undefined when it has no counterpart. */
export function placeOf(variable: string, value: string): readonly (readonly [path: string, value: unknown])[] | undefined {
  const path = PLACES[variable]
  if (path !== undefined) return [[path, literal(value)]]
  if (variable === METHODS) return [['standalone.enabled', value === 'standalone'], ['modelservice.enabled', value !== 'standalone']]
  if (variable === AFFINITY) {
    const [key = '', product = ''] = value.split(':')
    return [['acceleratorType', { labelKey: key.trim(), labelValue: product.trim() }]]
  }
  const args = EXTRA_ARGS[variable]
  if (args === undefined) return undefined
  // Words are separated by four underscores there, and by spaces elsewhere.
  const found = Object.entries(flags(value.replaceAll(/^\[|\]$/g, '').split(/____|\s+/).filter((word) => word !== '')))
  return [[args, found.map(([name, given]) => (given === true ? `--${name}` : `--${name} ${typeof given === 'string' ? given : JSON.stringify(given)}`))]]
}

const literal = (text: string) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text)

export interface EnvironmentStacks {
  /** One stack for each model of the list. */
  readonly stacks: readonly Record<string, unknown>[]
  readonly dropped: readonly Remark[]
}

export function stacksOfEnvironment(text: string): EnvironmentStacks {
  const { variables, blocks } = readExports(text)
  const stack: Record<string, unknown> = {}
  const dropped: Remark[] = [...blocks].map((name) => ({ path: name, reason: 'a file that the script writes: it has to be put into values of the release by hand' }))
  for (const [name, value] of variables) {
    if (blocks.has(name)) continue
    const places = UNRESOLVED.test(value) && PLACES[name] !== undefined ? undefined : placeOf(name, value)
    for (const [path, placed] of places ?? []) place(stack, path.split('.'), placed)
    if (places === undefined && !HANDLED.test(name)) dropped.push({ path: `${name}: ${value.slice(0, 60)}`, reason: UNRESOLVED.test(value) ? 'its value follows from the environment' : 'Assay has no such setting' })
  }
  const models = (variables.get('LLMDBENCH_DEPLOY_MODEL_LIST') ?? '').split(',').map((name) => name.trim()).filter((name) => name !== '')
  return { stacks: models.length === 0 ? [stack] : models.map((name) => ({ ...stack, model: { ...(stack['model'] as object), name } })), dropped }
}

const UNRESOLVED = /\$[({A-Za-z_]/
const EXPORT = /^\s*(?:export\s+)?(LLMDBENCH_[A-Z0-9_]+)=(.*)$/
const HEREDOC = /<<-?\s*['"]?(\w+)['"]?\s*>+\s*"?\$\{?(LLMDBENCH_[A-Z0-9_]+)/

/** Assignments, and variables whose file a here-document fills. Comments and other commands are passed over. */
export function readExports(text: string): { readonly variables: ReadonlyMap<string, string>; readonly blocks: ReadonlySet<string> } {
  const variables = new Map<string, string>()
  const blocks = new Set<string>()
  let end: string | undefined
  for (const line of text.replaceAll(/\\\r?\n/g, '').split(/\r?\n/)) {
    if (end !== undefined) {
      if (line.trim() === end) end = undefined
      continue
    }
    const here = HEREDOC.exec(line)
    if (here?.[1] !== undefined && here[2] !== undefined) {
      end = here[1]
      blocks.add(here[2])
      continue
    }
    const found = EXPORT.exec(line)
    if (found?.[1] !== undefined) variables.set(found[1], unquoted(found[2] ?? ''))
  }
  return { variables, blocks }
}

/** A value as the shell would read it: quotes off, a comment after it off. */
function unquoted(text: string): string {
  const quoted = /^(["'])(.*?)\1\s*(#.*)?$/.exec(text.trim())
  const value = quoted?.[2] ?? text.replace(/\s+#.*$/, '').trim()
  return value.replaceAll('\\"', '"')
}
