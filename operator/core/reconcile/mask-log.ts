// SPDX-License-Identifier: Apache-2.0
/** Masks what a server's log, or its command line, says under the name of a secret. Tokens by their form are another's business. */

const NAMES = String.raw`(?:api[_-]?keys?|auth[_-]?tokens?|access[_-]?tokens?|hf[_-]?tokens?|hub[_-]?tokens?|passwords?|passwd|secrets?(?:[_-]?keys?)?|client[_-]?secrets?|authorization)`
/** A list, a quoted text, or a word, with the scheme of an Authorization header before it. */
const VALUE = String.raw`(\[[^\]\n]{0,4096}\]|"[^"\n]{0,4096}"|'[^'\n]{0,4096}'|(?:Bearer |Basic )?[^\s,;)}\]]{1,4096})`
/** As a field of JSON or Python or an assignment, and as an option followed by its value. */
const PATTERNS = [new RegExp(String.raw`(${NAMES}["']?\s*[:=]\s*)${VALUE}`, 'gi'), new RegExp(String.raw`(--${NAMES}\s+)${VALUE}`, 'gi')]
const OPTION = new RegExp(String.raw`^--?${NAMES}$`, 'i')
const MASK = '*'.repeat(8)
const NOTHING = /^(?:\[\s*\]|none|null|true|false|""|'')$/i

export function maskNamedSecrets(text: string): string {
  return PATTERNS.reduce((masked, pattern) => masked.replaceAll(pattern, (whole, name: string, value: string) => (NOTHING.test(value.trim()) ? whole : `${name}${MASK}`)), text)
}

/** Words of a command line, where a secret may be a word of its own after its option. */
export function maskArguments(words: readonly string[]): string[] {
  return words.map((word, i) => (OPTION.test(words[i - 1] ?? '') ? MASK : maskNamedSecrets(word)))
}
