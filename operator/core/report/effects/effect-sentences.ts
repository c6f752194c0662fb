// SPDX-License-Identifier: Apache-2.0
/** What the effects of factors come to, in sentences that quote their numbers; and what cannot be said, and why. */
import type { AnovaRow } from '../../analysis/analysis.ts'
import { holm } from '../../stats/compare/holm.ts'
import { displayUnit, formatNumber, formatP, formatShare, formatShift } from '../format.ts'
import { joined, listed, type Message, message, type Part } from '../messages.ts'
import { responseTitle } from '../primary.ts'
import { isSame, type Response } from '../response.ts'
import type { ExperimentResults, FactorInfo } from '../results.ts'
import { effectsOf, headlined, plain } from './analyze-effects.ts'
import { type Analysed, isAnalysed, overallEffect, simpleEffects, sizeText, termsOf } from './effect-size.ts'
import type { Effects, ResponseEffects } from './effects.ts'

const ALPHA = 0.05
/** Sentences about one response; the table has all terms. */
const MOST_FOUND = 3

/** Doubts first: they decide how much of the rest to believe. */
export function effectSentences(results: ExperimentResults): Message[] {
  if (results.order.chosen) return [message('effects.chosen')]
  const effects = effectsOf(results)
  const analysed = effects.responses.filter(isAnalysed)
  return [
    ...suspects(analysed),
    ...driftSentences(effects, results),
    ...alone(effects, analysed),
    ...headlined(effects).flatMap((response) => ofResponse(response, effects, results.factors)),
    ...inestimable(analysed),
    ...residualDoubts(effects, analysed),
    ...notAnalysed(effects),
  ]
}

const whereOf = ({ stages }: Effects, { stage }: ResponseEffects) => (stages.length > 1 ? message('effects.inStage', { stage }) : '')

function driftSentences(effects: Effects, { order, standUps }: ExperimentResults): Message[] {
  const found = effects.responses.filter((r) => r.drift !== null && r.drift.adjusted <= ALPHA)
  if (found.length === 0) return []
  const lines = found.map((r) => {
    const { scale, change, low, high, adjusted } = r.drift as NonNullable<ResponseEffects['drift']>
    const shift = formatShift({ kind: 'interval', estimate: change, low, high, level: 0.95, method: '' }, scale, r.unit)
    return message('effects.drift', {
      response: responseTitle(r),
      where: whereOf(effects, r),
      change: shift,
      p: formatP(adjusted),
      moves: movesText(r),
    })
  })
  const blocks = new Set(standUps.map((s) => `${s.block}/${s.replicate}`)).size > 1 ? message('effects.driftBlocks') : ''
  return [...lines, order.randomized ? message('effects.driftRandomised', { blocks }) : message('effects.driftListed')]
}

/** What the effect that moves most would be with the trend taken out. */
function movesText({ drift, analysis, unit }: ResponseEffects): Part {
  const { moves } = drift ?? {}
  if (moves === undefined || analysis === null) return ''
  const text = (estimate: number) =>
    formatShift(
      { kind: 'none', estimate: analysis.scale === 'log' ? Math.exp(estimate) : estimate, reason: '' },
      analysis.scale === 'log' ? 'ratio' : 'difference',
      unit,
    )
  return message(drift?.takenOut === true ? 'effects.driftTakenOut' : 'effects.driftMoves', { term: moves.term, with: text(moves.with), without: text(moves.without) })
}

/** What has no error of its own: said once for all responses. */
function alone({ responses }: Effects, analysed: readonly Analysed[]): Message[] {
  const factors = [...new Set(responses.flatMap((r) => r.withoutError))]
  if (factors.length > 0)
    return [
      message('effects.singleStandUp', {
        factors: listed(factors),
        verb: message(factors.length === 1 ? 'effects.changes' : 'effects.change'),
      }),
    ]
  const open = analysed.filter(
    (r) =>
      termsOf(r).every(({ row }) => row.p === null) &&
      (r.analysis.factorial?.strata ?? []).every((s) => s.lenth === null) &&
      r.analysis.factorial !== null,
  )
  return open.length === 0 ? [] : [message('effects.noError', { responses: listed(titles(open)) })]
}

function ofResponse(response: Analysed, effects: Effects, factors: readonly FactorInfo[]): Message[] {
  const { analysis } = response
  if (analysis.surface !== null) return surfaceSentences(response, effects)
  const tested = termsOf(response).filter(({ row }) => row.p !== null)
  const adjusted = holm(tested.map(({ row }) => row.p as number))
  const found = tested.filter((_, i) => (adjusted[i] as number) <= ALPHA).sort((a, b) => b.row.contribution - a.row.contribution)
  const quiet = tested.filter((_, i) => (adjusted[i] as number) > ALPHA)
  const common = { response: responseTitle(response), where: whereOf(effects, response) }
  return [
    ...found.slice(0, MOST_FOUND).map(({ row, errorDf }) => foundSentence(response, { row, errorDf, common, factors })),
    ...(tested.length > 0 && found.length === 0
      ? [
          message('effects.nothing', {
            ...common,
            terms: listed(quiet.map(({ row }) => message('effects.termOf', { term: row.source, reason: formatP(row.p as number) }))),
            seen: seeable(
              response,
              quiet.map(({ row }) => row.source),
            ),
          }),
        ]
      : []),
    ...lenthSentences(response, common),
  ]
}

/** Where replicates agree to the last bit, what is left over is rounding, and the ratio to it means nothing. */
const GREATEST_RATIO = 1e6
const ratioText = (f: number): string => (f > GREATEST_RATIO ? `> ${GREATEST_RATIO}` : `= ${formatNumber(f)}`)

interface Found {
  readonly row: AnovaRow
  readonly errorDf: number
  readonly common: { readonly response: Part; readonly where: Part }
  readonly factors: readonly FactorInfo[]
}

function foundSentence(response: Analysed, { row, errorDf, common, factors }: Found): Message {
  const test = `F(${row.df}, ${errorDf}) ${ratioText(row.f as number)}, ${formatP(row.p as number)}`
  const shared = { ...common, term: row.source, test, share: formatShare(row.contribution) }
  if (row.source === 'curvature') return message('effects.curvature', { ...common, test })
  const [a, b, ...more] = row.source.split(' × ')
  if (a !== undefined && b !== undefined && more.length === 0) {
    // What somebody chooses is told by what they must take: the configuration at either end of the load.
    const isLoad = (name: string) => factors.find((f) => f.name === name)?.isLoad === true
    const [first, second] = isLoad(a) && !isLoad(b) ? [b, a] : [a, b]
    return message('effects.interaction', { ...shared, first, second, sizes: joined(simpleEffects(response, first, second), 'list.semicolon') })
  }
  const effect = overallEffect(response, row.source)
  const size =
    effect === null || more.length > 0
      ? message('effects.seeTable')
      : message('effects.sizeOf', { from: effect.from, to: effect.to, size: sizeText(response, effect) })
  return message('effects.matters', { ...shared, size })
}

/** Silence about a factor means little where the design was blind to it. */
function seeable({ analysis, unit }: Analysed, quiet: readonly string[]): Part {
  const own = (analysis.factorial?.detectable ?? []).filter((d) => quiet.includes(d.factor))
  if (own.length === 0) return ''
  const size = (difference: number) =>
    analysis.scale === 'log'
      ? formatShare(Math.expm1(difference))
      : `${formatNumber(difference * displayUnit(unit).scale)} ${displayUnit(unit).unit}`
  return message('effects.detectable', { sizes: listed(own.map((d) => message('effects.termOf', { term: size(d.difference), reason: d.factor }))) })
}

function lenthSentences(response: Analysed, common: Found['common']): Message[] {
  const strata = (response.analysis.factorial?.strata ?? []).filter((s) => s.lenth !== null)
  if (strata.length === 0) return []
  const effects = (response.analysis.factorial?.effects ?? []).filter((e) => e.standsOut === 'surely' || e.standsOut === 'likely')
  const largest = effects.toSorted((a, b) => Math.abs(b.estimate) - Math.abs(a.estimate)).slice(0, 2 * MOST_FOUND)
  const terms = largest.map((e) =>
    message('effects.standing', {
      term: e.term,
      how: message(e.standsOut === 'surely' ? 'effects.surely' : 'effects.likely'),
      size: sizeText(response, e),
    }),
  )
  return [
    message('effects.lenth', {
      ...common,
      count: Math.max(...strata.map((s) => s.lenth?.effects ?? 0)),
      terms: terms.length === 0 ? message('effects.noneStandsOut') : listed(terms),
    }),
  ]
}

function surfaceSentences({ analysis, unit, ...response }: Analysed, effects: Effects): Message[] {
  const { surface, scale } = analysis
  if (surface === null) return []
  const common = { response: responseTitle(response), where: whereOf(effects, { ...response, analysis, unit }) }
  const { stationary, lackOfFit, r2 } = surface
  const shown = displayUnit(unit)
  return [
    message('effects.surface', { ...common, share: formatShare(r2) }),
    ...(lackOfFit !== null && lackOfFit.p !== null && lackOfFit.p <= ALPHA
      ? [message('effects.surfaceLack', { ...common, p: formatP(lackOfFit.p) })]
      : []),
    ...(stationary === null
      ? []
      : [
          message('effects.stationary', {
            ...common,
            kind: message(`effects.${stationary.kind}`),
            place: Object.entries(stationary.at)
              .map(([name, x]) => `${name} = ${formatNumber(x)}`)
              .join(', '),
            value: `${formatNumber((scale === 'log' ? Math.exp(stationary.predicted) : stationary.predicted) * shown.scale)} ${shown.unit}`,
            outside: stationary.inside ? '' : message('effects.outside'),
          }),
        ]),
  ]
}

const MOST_INESTIMABLE = 6

/** Which terms lack runs follows from the design, and so is mostly the same for all responses. */
function inestimable(analysed: readonly Analysed[]): Message[] {
  const lost = new Map(analysed.flatMap((r) => (r.analysis.factorial?.notEstimable ?? []).map((n) => [n.term, n] as const)))
  const mixed = new Map(
    analysed.flatMap((r) =>
      (r.analysis.factorial?.effects ?? [])
        .filter((e) => e.mixedWith.length > 0)
        .map((e) => [e.term, [e.term, ...e.mixedWith].join(' + ')] as const),
    ),
  )
  const own = [...lost.values()].filter((n) => n.mixedWith.length !== 1 || !mixed.has(n.mixedWith[0] ?? ''))
  const shown = own.slice(0, MOST_INESTIMABLE).map((n) => message('effects.termOf', { term: n.term, reason: { stored: plain(n.reason) } }))
  const list = joined(shown, 'list.semicolon')
  const terms = own.length > shown.length ? message('list.more', { list, count: own.length - shown.length }) : list
  return [
    ...(own.length === 0 ? [] : [message('effects.notEstimable', { terms })]),
    ...(mixed.size === 0 ? [] : [message('effects.mixed', { terms: joined([...mixed.values()], 'list.semicolon') })]),
  ]
}

/** Below it residuals are bound to each other more than to what they are residuals of, and their spread looks odd whatever it is. */
const FEWEST_DF = 6

function residualDoubts(effects: Effects, analysed: readonly Analysed[]): Message[] {
  return analysed.flatMap((r) => {
    const doubts = r.analysis.checks.filter((c) => c.verdict === 'doubt')
    const df = r.analysis.factorial?.strata.find((s) => s.name === 'runs')?.error.df ?? FEWEST_DF
    if (doubts.length === 0 || df < FEWEST_DF) return []
    return [
      message('effects.residuals', {
        response: responseTitle(r),
        where: whereOf(effects, r),
        checks: listed(doubts.map((c) => message(`check.${c.assumption}`, { p: formatP(c.p ?? 1) }))),
      }),
    ]
  })
}

/** The same reason for several responses or stages is one line. */
function notAnalysed(effects: Effects): Message[] {
  const groups = Map.groupBy(effects.responses.filter((r) => r.why !== null), (r) => JSON.stringify(r.why))
  return [...groups.values()].map((own) => {
    const stages = new Set(own.map((r) => r.stage))
    const where = stages.size === 1 && own[0] !== undefined ? whereOf(effects, own[0]) : ''
    return message('effects.notAnalysed', { responses: listed(titles(own)), where, reason: own[0]?.why ?? '' })
  })
}

function suspects(analysed: readonly Analysed[]): Message[] {
  const worst = analysed.toSorted((a, b) => b.suspect - a.suspect)[0]
  return worst === undefined || worst.suspect === 0 ? [] : [message('effects.suspect', { count: worst.suspect, total: worst.trials })]
}

/** Each response once, whatever its stage. */
function titles(responses: readonly Response[]): Message[] {
  return responses.filter((r, i) => responses.findIndex((other) => isSame(other, r)) === i).map(responseTitle)
}
