// SPDX-License-Identifier: Apache-2.0
/** Arguments of vLLM as llm-d-benchmark writes them (switches by name, lists of words, whole commands), as serving.args. */
import type { Ledger } from './ledger.ts'

type Args = Record<string, unknown>

/** Switches of vllmCommon.flags: our argument, and whether it says the opposite. */
const SWITCHES: Readonly<Record<string, readonly [arg: string, opposite?: true]>> = {
  enforceEager: ['enforce-eager'], noPrefixCaching: ['enable-prefix-caching', true], enablePrefixCaching: ['enable-prefix-caching'], enableChunkedPrefill: ['enable-chunked-prefill'],
  noEnableChunkedPrefill: ['enable-chunked-prefill', true], disableUvicornAccessLog: ['disable-uvicorn-access-log'], disableLogRequests: ['enable-log-requests', true], enableAutoToolChoice: ['enable-auto-tool-choice'],
}
const NUMBERS: Readonly<Record<string, string>> = { 'vllmCommon.flags.maxNumBatchedTokens': 'max-num-batched-tokens', 'model.maxNumBatchedTokens': 'max-num-batched-tokens', 'model.maxNumSeq': 'max-num-seqs', 'model.blockSize': 'block-size' }

/** What the Scenario says elsewhere, or the chart sets itself. */
const ELSEWHERE: ReadonlySet<string> = new Set(['model', 'host', 'port', 'served-model-name', 'tensor-parallel-size', 'data-parallel-size', 'pipeline-parallel-size', 'max-model-len'])
const UNRESOLVED = /REPLACE_ENV_|\$[({]?[A-Za-z_]/

/** Arguments of the engine in every role. */
export function commonArgs(ledger: Ledger): Args {
  ledger.handled('vllmCommon.flags.serverDevMode')
  const utilization = ledger.number('model.gpuMemoryUtilization') ?? 0
  return {
    ...(utilization > 0 ? { 'gpu-memory-utilization': utilization } : {}),
    ...Object.fromEntries(Object.entries(NUMBERS).flatMap(([path, arg]) => {
      const value = ledger.number(path)
      return value === undefined ? [] : [[arg, value]]
    })),
    ...switches(ledger), ...kvTransfer(ledger),
  }
}

/** Arguments of one role: decode, prefill or standalone. */
export function roleArgs(ledger: Ledger, role: string): Args {
  ledger.handled(`${role}.vllm.modelCommand`)
  return { ...words(ledger, `${role}.vllm.additionalFlags`), ...words(ledger, `${role}.vllm.args`), ...command(ledger, `${role}.vllm.customCommand`) }
}

/** A switch that is off leaves the engine alone; the opposite of one that is on turns something off. */
function switches(ledger: Ledger): Args {
  const args: Args = {}
  for (const [name, [arg, opposite]] of Object.entries(SWITCHES)) {
    const value = ledger.take(`vllmCommon.flags.${name}`)
    if (value === true) args[arg] = opposite !== true
    else if (value === false && arg.startsWith('enable-') && opposite !== true) args[arg] = false
  }
  return args
}

function kvTransfer(ledger: Ledger): Args {
  const at = 'vllmCommon.kvTransfer'
  if (ledger.take(`${at}.enabled`) !== true) return {}
  const extra = ledger.take(`${at}.extraConfig`)
  const config = { kv_connector: ledger.text(`${at}.connector`) ?? 'NixlConnector', kv_role: ledger.text(`${at}.role`) ?? 'kv_both', ...(extra === undefined ? {} : { kv_connector_extra_config: extra }) }
  return { 'kv-transfer-config': config }
}

function words(ledger: Ledger, path: string): Args {
  const list = ledger.take(path)
  return Array.isArray(list) ? noted(ledger, path, list.map(String).flatMap((word) => word.trim().split(/[\s=]+(.*)/s).filter((part) => part !== ''))) : {}
}

function command(ledger: Ledger, path: string): Args {
  const text = ledger.text(path)
  if (text === undefined || text === '') return {}
  ledger.note(path, 'the command is built anew from its arguments; what is done before it is not')
  return noted(ledger, path, text.replaceAll(/\\\n/g, ' ').split(/[\s=]+/).filter((word) => word !== '' && word !== '\\'))
}

function noted(ledger: Ledger, path: string, list: readonly string[]): Args {
  const leftOut: string[] = []
  const args = flags(list, (word) => leftOut.push(word))
  if (leftOut.length > 0) ledger.note(path, `${leftOut.join(', ')}: left out, for only their tool knows the value`)
  return args
}

/** Words such as --block-size 128 --enforce-eager, as a map. */
export function flags(list: readonly string[], leftOut: (word: string) => void = () => undefined): Args {
  const args: Args = {}
  for (const [i, word] of list.entries()) {
    if (!word.startsWith('--')) continue
    const next = list[i + 1]
    const value = next === undefined || next.startsWith('--') ? true : literal(next)
    const name = word.slice(2)
    if (ELSEWHERE.has(name)) continue
    if (typeof value === 'string' && UNRESOLVED.test(value)) leftOut(word)
    else if (name.startsWith('no-') && value === true) args[name.slice(3)] = false
    else args[name] = value
  }
  return args
}

function literal(text: string): unknown {
  const bare = text.replace(/^(['"])(.*)\1$/s, '$2')
  try {
    return JSON.parse(bare)
  } catch {
    return bare
  }
}
