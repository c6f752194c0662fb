// SPDX-License-Identifier: Apache-2.0
/** How large an effect is, as text: of a factor from its first to its last level, of a pair what one does at either end of the other. */
import type { AnalysedEffect, AnovaRow, TableAnalysis } from '../../analysis/analysis.ts'
import type { MaybeBounds } from '../../stats/interval/bounds.ts'
import { formatShift } from '../format.ts'
import { type Message, message } from '../messages.ts'
import type { ResponseEffects } from './effects.ts'

/** A response that was analysed. */
export interface Analysed extends Omit<ResponseEffects, 'analysis'> { readonly analysis: TableAnalysis }

export function isAnalysed(response: ResponseEffects): response is Analysed {
  return response.analysis !== null
}

export const isInteraction = (term: string): boolean => term.includes(' × ')

/** The change from the lowest to the highest level, or of a two-level interaction its classical effect; null where there is no such number. */
export function overallEffect({ analysis }: Analysed, term: string): AnalysedEffect | null {
  const own = (analysis.factorial?.effects ?? []).filter((e) => e.term === term)
  const levels = analysis.factors.find((f) => f.name === term)?.levels
  return own.find((e) => levels === undefined || (e.from === levels[0] && e.to === levels.at(-1))) ?? null
}

/** `+25 % [+20, +31]`, without an interval where there is no error. */
export function sizeText({ unit }: Analysed, { ratio, estimate, interval }: AnalysedEffect): string {
  const bounds = (estimate: number, low?: number, high?: number): MaybeBounds => (low === undefined || high === undefined
    ? { kind: 'none', estimate, reason: '' } : { kind: 'interval', estimate, low, high, level: 0.95, method: '' })
  return ratio === undefined
    ? formatShift(bounds(estimate, interval?.low, interval?.high), 'difference', unit)
    : formatShift(bounds(ratio.estimate, ratio.low, ratio.high), 'ratio', unit)
}

/** What the first factor does at the first and at the last level of the second, by means of cells. */
export function simpleEffects(response: Analysed, first: string, second: string): Message[] {
  const { analysis, unit } = response
  const table = analysis.factorial?.means.find((m) => m.factors.length === 2 && m.factors.includes(first) && m.factors.includes(second))
  const [from, to] = endsOf(analysis, first)
  const others = [...new Set(endsOf(analysis, second))]
  if (table === undefined) return []
  const [a, b] = [table.factors.indexOf(first), table.factors.indexOf(second)]
  const meanAt = (level: string, other: string) => table.rows.find((r) => r.levels[a] === level && r.levels[b] === other)?.mean
  return others.flatMap((other) => {
    const [low, high] = [meanAt(from, other), meanAt(to, other)]
    if (low === undefined || high === undefined) return []
    const isRatio = analysis.scale === 'log'
    const size = formatShift(
      { kind: 'none', estimate: isRatio ? high / low : high - low, reason: '' },
      isRatio ? 'ratio' : 'difference',
      unit,
    )
    return [message('effects.sizeAt', { from, to, size, other: `${second} ${other}` })]
  })
}

function endsOf({ factors }: TableAnalysis, name: string): readonly [string, string] {
  const levels = factors.find((f) => f.name === name)?.levels ?? []
  return [levels[0] ?? '', levels.at(-1) ?? '']
}

/** Terms of all strata with the freedom of their error. */
export function termsOf({ analysis }: Analysed): { readonly row: AnovaRow; readonly errorDf: number }[] {
  return (analysis.factorial?.strata ?? []).flatMap((s) =>
    s.rows.filter((r) => r.kind === 'term').map((row) => ({ row, errorDf: s.error.df })),
  )
}
