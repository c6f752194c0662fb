// SPDX-License-Identifier: Apache-2.0
/** The option of commands that write reports: in which language. Files for programs are English in every language. */
import { Option } from 'commander'
import type { Texts } from '../../core/report/messages.ts'
import { ENGLISH, LANGUAGES, textsIn } from '../../core/report/messages/languages.ts'
import { invalidInput } from './cli-error.ts'

export interface LanguageOptions { readonly lang: Texts }

export function languageOption(): Option {
  return new Option('--lang <language>', `language of what people read, of ${LANGUAGES.join(', ')}; JSON, YAML, CSV, JUnit and Parquet stay English`)
    .env('ASSAY_LANG')
    .argParser(language)
    .default(ENGLISH, 'en')
}

function language(name: string): Texts {
  const found = textsIn(name, '--lang')
  if (!found.ok) throw invalidInput(found.problems)
  return found.value
}
