// SPDX-License-Identifier: Apache-2.0
/** The languages of reports, by the name that `--lang` takes. */
import { didYouMean } from '../../model/nearest.ts'
import { type Checked, refused, valid } from '../../model/problem.ts'
import { type Texts, textsOf } from '../messages.ts'
import { ZH } from './chinese.ts'
import { EN } from './english.ts'
import { between } from './zh/spacing.ts'

export const ENGLISH: Texts = textsOf({ tag: 'en', table: EN })
const TEXTS = { en: ENGLISH, zh: textsOf({ tag: 'zh-Hans', table: ZH, between }) } as const
export type Language = keyof typeof TEXTS
export const LANGUAGES = Object.keys(TEXTS) as readonly Language[]

export function textsIn(language: string, path: string): Checked<Texts> {
  if (Object.hasOwn(TEXTS, language)) return valid(TEXTS[language as Language])
  return refused({
    reason: 'InvalidValue', path, message: `there is no report in "${language}"${didYouMean(language, LANGUAGES, 2)}`, expected: `one of ${LANGUAGES.join(', ')}`,
  })
}
