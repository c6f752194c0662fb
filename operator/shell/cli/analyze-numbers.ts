// SPDX-License-Identifier: Apache-2.0
/** Numbers of an analysis as text: as many digits as say something. */

/** Four significant digits; an exponent only where zeros would hide the number. */
export function number(computed: number): string {
  // What is a half but for rounding must not be rounded by the rounding.
  const value = Number(computed.toPrecision(12))
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(3)
  const decimals = size === 0 ? 0 : Math.max(0, 3 - Math.floor(Math.log10(size)))
  const text = value.toFixed(Math.min(decimals, 7))
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text
}

/** With a sign, as differences are written. */
export function signed(value: number): string {
  return value < 0 ? `−${number(-value)}` : `+${number(value)}`
}

export function pText(p: number): string {
  return p < 0.0001 ? '< 0.0001' : p.toFixed(p < 0.1 ? 4 : 2)
}

/** `p = 0.02`, `p < 0.0001`. */
export function pPhrase(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${pText(p)}`
}

export function percent(share: number): string {
  const value = share * 100
  return `${value !== 0 && Math.abs(value) < 10 ? Number(value.toFixed(1)) : Math.round(value)} %`
}
