// SPDX-License-Identifier: Apache-2.0
/** Sentences of the data in Chinese: those that the English forms recognise. */
import type { STORED } from '../en/stored.ts'
import type { Translation } from '../english.ts'

export const STORED_ZH: Translation<typeof STORED> = {
  'stored.marginShare': '± {margin} % 的容差',
  'stored.marginOfBase': '基准的 ± {margin} %（± {size}）的容差',
  'stored.margin': '± {margin} 的容差',
  'stored.theMargin': '容差',
}
