// SPDX-License-Identifier: Apache-2.0
/** The languages of reports, by the name that `--lang` takes. */
import { didYouMean } from '../../model/nearest.ts'
import { type Checked, refused, valid } from '../../model/problem.ts'
import { type Texts, textsOf } from '../messages.ts'
import { ZH } from './chinese.ts'
import { EN } from './english.ts'

export const ENGLISH: Texts = textsOf('en', EN)
const TEXTS = { en: ENGLISH, zh: textsOf('zh-Hans', ZH) } as const
export type Language = keyof typeof TEXTS
export const LANGUAGES = Object.keys(TEXTS) as readonly Language[]

export function textsIn(language: string, path: string): Checked<Texts> {
  if (Object.hasOwn(TEXTS, language)) return valid(TEXTS[language as Language])
  return refused({
    reason: 'InvalidValue', path, message: `there is no report in "${language}"${didYouMean(language, LANGUAGES)}`, expected: `one of ${LANGUAGES.join(', ')}`,
  })
}
