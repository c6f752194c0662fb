// SPDX-License-Identifier: Apache-2.0
/** Lays out the tokenizer that made the prompts as a folder that Hugging Face libraries load, for tools that count tokens themselves. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BUNDLED } from '../../../harnesses/native/load-tokenizer.ts'

/** Any tokenizer.json loads by this class, in old versions and in new ones; the length only keeps libraries from cutting prompts. */
const CONFIG = { tokenizer_class: 'PreTrainedTokenizerFast', model_max_length: 1_000_000_000, clean_up_tokenization_spaces: false } as const

/** Without a path: the tokenizer that comes with Assay. */
export async function writeTokenizerFolder(folder: string, path?: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o775 })
  await copyFile(path ?? BUNDLED, join(folder, 'tokenizer.json'))
  await writeFile(join(folder, 'tokenizer_config.json'), `${JSON.stringify(CONFIG, null, 2)}\n`)
}
