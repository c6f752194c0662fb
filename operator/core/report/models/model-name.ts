// SPDX-License-Identifier: Apache-2.0
/** What the name of a model says: its size, whether only a part of it computes a token, in which form its weights are, and which model that is a form of. */

export interface NamedSize {
  readonly parameters: number
  /** Of a mixture of experts: those that compute one token. */
  readonly active?: number
}

const UNITS = { b: 1e9, m: 1e6 } as const
/** 7B, 1.3b, 350M; not 4bit, A3B, 8x7B (whose experts share layers: 8 × 7 is not its size) or E2B (an effective size). */
const SIZE = /(?<![a-z0-9.])(\d+(?:\.\d+)?)([bm])(?![a-z0-9])/gi
const ACTIVE = /(?<![a-z0-9])a(\d+(?:\.\d+)?)b(?![a-z0-9])/i
const EXPERTS = /(?<![a-z0-9])\d+x\d+(?:\.\d+)?b(?![a-z0-9])/i

/** undefined where the name says none, or more than one. */
export function sizeInName(name: string): NamedSize | undefined {
  const own = lastPart(name)
  if (EXPERTS.test(own)) return undefined
  const sizes = new Set([...own.matchAll(SIZE)].map(([, number, unit]) => Number(number) * UNITS[unit?.toLowerCase() as 'b' | 'm']))
  const [parameters] = sizes
  if (parameters === undefined || sizes.size > 1) return undefined
  const active = activeInName(name)
  return { parameters, ...(active !== undefined && { active }) }
}

/** Parameters that compute one token, where the name says so. */
function activeInName(name: string): number | undefined {
  const [, active] = ACTIVE.exec(lastPart(name)) ?? []
  return active === undefined ? undefined : Number(active) * UNITS.b
}

/** Whether only some of its parameters compute a token: time does not follow its size then as it does that of a dense model. */
export function isMixture(name: string): boolean {
  return activeInName(name) !== undefined || EXPERTS.test(lastPart(name))
}

/** As makers of quantised weights write it into names, each between separators: one name may have two, GPTQ-Int4. */
const FORM = /(?<=[-_.])(?:gptq|awq|gguf|hqq|aqlm|exl2|mxfp4|nvfp4|nf4|bnb|torchao|(?:fp8|int8)(?:[-_.](?:dynamic|static))?|fp4|int4|w\d+a\d+|\d+-?bits?|q\d(?:_[0-9a-z]+)*)(?=$|[-_.])/gi

/** How its weights are quantised, where the name says so. */
export function formInName(name: string): string | undefined {
  const found = lastPart(name).match(FORM)
  return found === null ? undefined : found.join('-').toLowerCase()
}

/** The model without its maker and without the form of its weights: two names that come to the same are two forms of one model. */
export function plainName(name: string): string {
  return lastPart(name).replaceAll(FORM, '').toLowerCase().replace(/^meta-/, '').replaceAll(/[-_]+/g, '-').replace(/[-.]+$/, '')
}

/** Who publishes it is no part of what it is; a path on a disk ends in its name. */
export function lastPart(name: string): string {
  return name.replace(/\/+$/, '').split('/').at(-1) ?? name
}
