// SPDX-License-Identifier: Apache-2.0
/** What LLM-Perf calls quantised weights, and how its tables write each: a scheme, and settings in columns of their own. */

export interface WrittenQuantization {
  readonly scheme: string
  /** By column behind `config.backend.quantization_config.`, as Python writes values. */
  readonly settings: Readonly<Record<string, string>>
}

const WRITTEN: Readonly<Record<string, WrittenQuantization>> = {
  '4bit-bnb': { scheme: 'bnb', settings: { load_in_4bit: 'True' } },
  '8bit-bnb': { scheme: 'bnb', settings: { load_in_8bit: 'True' } },
  '4bit-gptq-exllama-v1': { scheme: 'gptq', settings: { bits: '4', version: '1' } },
  '4bit-gptq-exllama-v2': { scheme: 'gptq', settings: { bits: '4', version: '2' } },
  '4bit-awq-gemm': { scheme: 'awq', settings: { bits: '4', version: 'gemm' } },
  '4bit-awq-gemv': { scheme: 'awq', settings: { bits: '4', version: 'gemv' } },
  '4bit-awq-exllama-v1': { scheme: 'awq', settings: { bits: '4', version: 'exllama' } },
  '4bit-awq-exllama-v2': { scheme: 'awq', settings: { bits: '4', version: 'exllama' } },
  'torchao-int4wo-128': { scheme: 'torchao', settings: {} },
}

/** A name that is not among them is its own scheme. */
export function writtenQuantization(name: string | undefined): WrittenQuantization | undefined {
  return name === undefined ? undefined : (WRITTEN[name] ?? { scheme: name, settings: {} })
}

/** The name of a row's weights: by the row's own name, which begins with it, else by scheme and settings where they are of one name only. */
export function quantizationName(scheme: string, rowName: string, settings: Readonly<Record<string, string>>): string {
  const own = Object.entries(WRITTEN).filter(([, written]) => written.scheme === scheme)
  const named = own.find(([name]) => rowName.startsWith(`${name}-`) || rowName === name || rowName.includes(`-${name}-`))
  if (named !== undefined) return named[0]
  const alike = own.filter(([, written]) => Object.entries(written.settings).every(([key, value]) => settings[key]?.toLowerCase() === value.toLowerCase()))
  return alike.length === 1 && alike[0] !== undefined ? alike[0][0] : scheme
}
