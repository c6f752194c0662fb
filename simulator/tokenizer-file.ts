// SPDX-License-Identifier: Apache-2.0
/** Loads a tokenizer.json (and its tokenizer_config.json, where there is one) for exact token counts. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SimulatorConfig } from './config.ts'
import { approximateTokenizer, exactTokenizer } from './tokens.ts'
import type { Tokenizer } from './tokens.ts'

export async function loadTokenizer(config: SimulatorConfig): Promise<Tokenizer> {
  const { tokenizer: path } = config.model
  if (path === undefined) return approximateTokenizer(config.answer.script)
  // only then: the package is not small, and most simulators do without
  const { Tokenizer: HubTokenizer } = await import('@huggingface/tokenizers')
  const settings = join(dirname(path), 'tokenizer_config.json')
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as object
  return exactTokenizer(new HubTokenizer(read(path), existsSync(settings) ? read(settings) : {}), config.answer.script)
}
