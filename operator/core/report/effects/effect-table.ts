// SPDX-License-Identifier: Apache-2.0
/** Terms against responses: how large each effect is, how sure, and what share of the variation it explains. Renderers draw it. */
import { holm } from '../../stats/compare/holm.ts'
import { formatP, formatShare } from '../format.ts'
import { message, type Part } from '../messages.ts'
import { responseTitle } from '../primary.ts'
import type { ExperimentResults } from '../results.ts'
import { effectsOf } from './analyze-effects.ts'
import { type Analysed, isAnalysed, isInteraction, overallEffect, sizeText, termsOf } from './effect-size.ts'

export interface EffectCell {
  /** Empty where the term has no single number. */
  readonly size: string
  /** `[+20, +31]`; empty where there is no error to take it from. */
  readonly interval: string
  readonly share: string
  readonly p: Part
  /** At 5 % after Holm over the terms of its column. */
  readonly shown: boolean
}
export interface EffectTable {
  /** Empty where there is only one. */
  readonly stage: string
  readonly columns: readonly Part[]
  readonly rows: readonly { readonly term: Part; readonly cells: readonly (EffectCell | null)[] }[]
  /** Terms that were left out, the least of all. */
  readonly hidden: number
}

const ALPHA = 0.05
const MOST_TERMS = 16

/** One for each stage in which something was analysed as a factorial. */
export function effectTables(results: ExperimentResults): EffectTable[] {
  const { responses, stages } = effectsOf(results)
  return stages.flatMap((stage) => {
    const own = responses.filter(isAnalysed).filter((r) => r.stage === stage && r.analysis.factorial !== null)
    return own.length === 0 ? [] : [tableOf(own, { stage: stages.length > 1 ? stage : '', single: isSingle(results) })]
  })
}

/** Whether every stand-up served one trial: then the scatter of trials is that of stand-ups. */
function isSingle({ standUps, treatments }: ExperimentResults): boolean {
  return standUps.length > 1 && standUps.length >= treatments.reduce((total, t) => total + t.trials.length, 0)
}

interface Frame { readonly stage: string; readonly single: boolean }

function tableOf(responses: readonly Analysed[], { stage, single }: Frame): EffectTable {
  const columns = responses.map((r) => ({ r, cells: cellsOf(r) }))
  const terms = [...new Set(columns.flatMap(({ cells }) => [...cells.keys()]))]
  const weight = (term: string) =>
    Math.max(...responses.map((r) => termsOf(r).find(({ row }) => row.source === term)?.row.contribution ?? 0))
  const kept = new Set(
    terms
      .filter(isInteraction)
      .toSorted((a, b) => weight(b) - weight(a))
      .slice(0, Math.max(2, MOST_TERMS - terms.filter((t) => !isInteraction(t)).length)),
  )
  const shown = terms.filter((t) => !isInteraction(t) || kept.has(t))
  return {
    stage, hidden: terms.length - shown.length, columns: responses.map(responseTitle),
    rows: [...shown.map((term) => ({ term, cells: columns.map(({ cells }) => cells.get(term) ?? null) })), ...errorRows(responses, single)],
  }
}

function cellsOf(response: Analysed): Map<string, EffectCell> {
  const terms = termsOf(response)
  const tested = terms.filter(({ row }) => row.p !== null)
  const adjusted = new Map(holm(tested.map(({ row }) => row.p as number)).map((p, i) => [tested[i]?.row.source, p]))
  return new Map(terms.map(({ row }) => {
    const effect = overallEffect(response, row.source)
    const [, size = '', interval = ''] = effect === null ? [] : /^(.*?)(?: (\[.*\]))?$/.exec(sizeText(response, effect)) ?? []
    const surely = effect?.standsOut === 'surely'
    return [
      row.source,
      {
        size,
        interval,
        share: formatShare(row.contribution),
        p: row.p !== null ? formatP(row.p) : effect?.standsOut === undefined ? '' : message(`effects.stands.${effect.standsOut}`),
        shown: surely || (adjusted.get(row.source) ?? 1) <= ALPHA,
      },
    ]
  }))
}

const ERRORS = { 'whole plots': 'effects.betweenStandUps', runs: 'effects.betweenTrials' } as const

/** What no factor explains: blocks, the luck of stand-ups, the scatter of trials. */
function errorRows(responses: readonly Analysed[], single: boolean): EffectTable['rows'] {
  const share = (part: number) => ({ size: '', interval: '', share: formatShare(part), p: '', shown: false })
  const ofBlocks = responses.map(({ analysis: { factorial } }) =>
    (factorial?.strata ?? []).flatMap((s) => s.rows.filter((r) => r.kind === 'block')).reduce((total, r) => total + r.contribution, 0),
  )
  const strata = (['whole plots', 'runs'] as const).filter((name) =>
    responses.some((r) => r.analysis.factorial?.strata.some((s) => s.name === name && s.error.df > 0)),
  )
  return [
    ...(ofBlocks.every((part) => part === 0) ? [] : [{ term: message('effects.blocks'), cells: ofBlocks.map(share) }]),
    ...strata.map((name) => ({
      term: message(ERRORS[single ? 'whole plots' : name]),
      cells: responses.map(({ analysis: { factorial } }) => {
        const stratum = factorial?.strata.find((s) => s.name === name)
        return stratum === undefined || factorial === null ? null : share(stratum.error.sumOfSquares / factorial.total.sumOfSquares)
      }),
    })),
  ]
}
