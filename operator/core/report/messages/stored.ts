// SPDX-License-Identifier: Apache-2.0
/** An English sentence of the data → the message that says it, so that it can be said in another language. It guesses nothing: the whole sentence must fit. */
import type { Message, Part } from '../messages.ts'
import { STORED } from './en/stored.ts'

interface Form { readonly key: keyof typeof STORED; readonly pattern: RegExp; readonly names: readonly string[] }

const FORMS: readonly Form[] = Object.entries(STORED).map(([key, template]) => ({
  key: key as keyof typeof STORED, pattern: patternOf(template), names: [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name),
}))

function patternOf(template: string): RegExp {
  const fixed = template.split(/\{\w+\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${fixed.join('(.+?)')}$`, 's')
}

/** null where no form fits. What stands in the places of parameters is read in the same way. */
export function readStored(text: string): Message | null {
  for (const { key, pattern, names } of FORMS) {
    const found = pattern.exec(text)
    if (found !== null) return { key, params: Object.fromEntries(names.map((name, i): [string, Part] => [name, { stored: found[i + 1] ?? '' }])) }
  }
  return null
}
