// SPDX-License-Identifier: Apache-2.0
/** Text that Markdown shows as it is. */

/** What Markdown would read as markup. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\|*_`<>[\]]/g, (c) => `\\${c}`).replaceAll(/\r?\n/g, ' ')
}
