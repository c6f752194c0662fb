// SPDX-License-Identifier: Apache-2.0
/** How words and sentences are put beside each other in Chinese. */
import type { Translation } from '../english.ts'
import type { LISTS } from '../en/lists.ts'

export const LISTS_ZH: Translation<typeof LISTS> = {
  'list.comma': '、',
  'list.name': '，',
  'list.semicolon': '；',
  'list.sentence': '',
  'list.and': ' 和 ',
  'list.last': '{list}和{last}',
  'list.more': '{list}等（另有 {count} 项）',
}
