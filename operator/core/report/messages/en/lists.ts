// SPDX-License-Identifier: Apache-2.0
/** How words and sentences are put beside each other in English. */

export const LISTS = {
  'list.comma': ', ',
  'list.name': ', ',
  'list.semicolon': '; ',
  'list.sentence': ' ',
  'list.and': ' and ',
  'list.last': '{list} and {last}',
  'list.more': '{list} and {count} more',
} as const
