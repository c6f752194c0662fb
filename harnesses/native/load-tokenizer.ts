// SPDX-License-Identifier: Apache-2.0
/** Loads a tokenizer.json, the bundled one by default, behind the workload's Tokenizer interface. It knows no prompts. */
import { readFile } from 'node:fs/promises'
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import type { Tokenizer } from '../../operator/core/workload/tokenize.ts'

export const BUNDLED = new URL('./tokenizer/tokenizer.json', import.meta.url)

/** Without a path: the tokenizer that comes with Assay. */
export async function loadTokenizer(path?: string, name = path ?? 'bundled'): Promise<Tokenizer> {
  return parseTokenizer(await readFile(path ?? BUNDLED, 'utf8'), name)
}

export function parseTokenizer(json: string, name: string): Tokenizer {
  const tokenizer = construct(json, name)
  const encode = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids
  return {
    name,
    encode,
    decode: (ids) => ids.length === 0 ? '' : tokenizer.decode([...ids], { skip_special_tokens: false, clean_up_tokenization_spaces: false }),
    count: (text) => encode(text).length,
    specials: tokenizer.encode('a').ids.length - encode('a').length,
    ids: () => [...tokenizer.get_vocab(false).values()],
  }
}

function construct(json: string, name: string): HuggingFaceTokenizer {
  try {
    return new HuggingFaceTokenizer(JSON.parse(json) as object, {})
  } catch (cause) {
    throw Object.assign(new Error(`tokenizer ${name}: expected a tokenizer.json, ${cause instanceof Error ? cause.message : String(cause)}`, { cause }), {
      code: 'TokenizerUnreadable',
      hint: 'it is the file of that name beside a model\'s weights; tokenizer.model and vocab.txt are other formats',
    })
  }
}
