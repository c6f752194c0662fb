// SPDX-License-Identifier: Apache-2.0
/** Masks what a server's log says under the name of a secret: engines print their command lines. Tokens by their form are another's business. */

const NAMES = String.raw`(?:api[_-]?keys?|auth[_-]?tokens?|access[_-]?tokens?|hf[_-]?tokens?|hub[_-]?tokens?|passwords?|passwd|secrets?(?:[_-]?keys?)?|client[_-]?secrets?|authorization)`
/** A list, a quoted text, or a word, with the scheme of an Authorization header before it. */
const VALUE = String.raw`(\[[^\]\n]{0,4096}\]|"[^"\n]{0,4096}"|'[^'\n]{0,4096}'|(?:Bearer |Basic )?[^\s,;)}\]]{1,4096})`
/** As a field of JSON or Python or an assignment, and as an option followed by its value. */
const PATTERNS = [new RegExp(String.raw`(${NAMES}["']?\s*[:=]\s*)${VALUE}`, 'gi'), new RegExp(String.raw`(--${NAMES}\s+)${VALUE}`, 'gi')]
const NOTHING = /^(?:\[\s*\]|none|null|true|false|""|'')$/i

export function maskNamedSecrets(text: string): string {
  return PATTERNS.reduce((masked, pattern) => masked.replaceAll(pattern, (whole, name: string, value: string) => (NOTHING.test(value.trim()) ? whole : `${name}${'*'.repeat(8)}`)), text)
}
