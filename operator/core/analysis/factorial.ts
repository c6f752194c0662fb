// SPDX-License-Identifier: Apache-2.0
/** A factorial analysis of a checked table: strata, effects, means, what cannot be estimated and what could not be seen. */
import { type Effect, interactionEffect, mainEffects } from '../stats/anova/effects.ts'
import { lackOfFit } from '../stats/anova/lack-of-fit.ts'
import { FEWEST_EFFECTS, lenth } from '../stats/anova/lenth.ts'
import { errorDeviations, type Stratum, WHOLE_PLOTS } from '../stats/anova/strata.ts'
import type { TermRow } from '../stats/anova/stratum.ts'
import type { Term } from '../stats/anova/terms.ts'
import { meansTable } from '../stats/means-table.ts'
import { detectableEffect } from '../stats/power.ts'
import { mean, sum } from '../stats/summary.ts'
import type { AnalysedEffect, AnalysedStratum, AnovaRow, FactorialAnalysis, Inestimable, MeansOfTerm } from './analysis.ts'
import type { FactorColumn } from './levels.ts'
import { CURVATURE, type FactorialModel } from './model.ts'
import type { CheckedRequest } from './request.ts'

const POWER = 0.8
const MOST_ALIASES = 4
/** Pairs of more levels than these are a wall of numbers; the means say it better. */
const MOST_LEVELS_PAIRED = 8

export function analyzeFactorial(checked: CheckedRequest, model: FactorialModel): FactorialAnalysis {
  const { y, request: { level = 0.95, sums = 'hierarchical' } } = checked
  const { strata, terms, factors, order } = model
  const centre = mean(y) as number
  const total = { df: y.length - 1, sumOfSquares: sum(y.map((v) => (v - centre) ** 2)) }
  const analysed = strata.map((stratum) => analysedStratum(stratum, { terms, total: total.sumOfSquares, level }))
  const runs = strata.find((s) => s.name === 'runs') as Stratum
  const lost = notEstimable(model)
  // Runs of one setting in different blocks or stand-ups differ by more than pure error.
  const isSimple = strata.length === 1 && checked.blocks.length === 0
  const pure = isSimple ? lackOfFit({ y, settings: settingsOf(checked.factors, y.length), residual: runs.fit.error }) : null
  return {
    order, sums, balanced: strata.every((s) => s.fit.balanced), strata: analysed, total,
    effects: effectsOf(checked, model, analysed).map((e) => ({ ...e, mixedWith: lost.filter((l) => l.mixedWith.join() === e.term).map((l) => l.term) })),
    means: meansOf(checked, model), deviations: errorDeviations(strata),
    notEstimable: lost, detectable: factors.flatMap((f) => detectableOf(f, strata, level)),
    lackOfFit: pure !== null && pure.lack.df > 0 ? pure : null,
  }
}

function settingsOf(factors: readonly FactorColumn[], rows: number): string[] {
  return Array.from({ length: rows }, (_, row) => factors.map((f) => f.codes[row]).join())
}

interface StratumContext { readonly terms: readonly Term[]; readonly total: number; readonly level: number }

function analysedStratum({ name, fit, runsPerUnit, units }: Stratum, { terms, total, level }: StratumContext): AnalysedStratum {
  const scaled = (row: TermRow, kind: AnovaRow['kind']): AnovaRow => ({
    source: row.term, kind, df: row.df, sumOfSquares: row.sumOfSquares * runsPerUnit,
    meanSquare: row.meanSquare === null ? null : row.meanSquare * runsPerUnit, f: row.f, p: row.p,
    contribution: (row.sumOfSquares * runsPerUnit) / total, lostDf: row.lostDf,
    partialEtaSquared: fit.error.df === 0 ? null : row.sumOfSquares / (row.sumOfSquares + fit.error.sumOfSquares),
  })
  const { df, sumOfSquares, meanSquare } = fit.error
  return {
    name, units,
    rows: [
      ...fit.nuisances.filter((r) => r.df > 0 && r.term !== WHOLE_PLOTS).map((r) => scaled(r, 'block')),
      ...fit.terms.filter((r) => r.df > 0).map((r) => scaled(r, 'term')),
    ],
    error: { df, sumOfSquares: sumOfSquares * runsPerUnit, meanSquare: meanSquare === null ? null : meanSquare * runsPerUnit },
    lenth: lenthOf({ fit, terms, level }),
  }
}

/** Only without an error, and only where all that is estimated are effects of one degree of freedom. */
function lenthOf({ fit, terms, level }: Pick<Stratum, 'fit'> & Omit<StratumContext, 'total'>): AnalysedStratum['lenth'] {
  const estimated = fit.terms.filter((t) => t.df > 0)
  if (fit.error.df > 0 || estimated.length < FEWEST_EFFECTS || estimated.some((t) => t.df !== 1 || t.lostDf > 0)) return null
  const sizes = estimated.filter((t) => terms.some(({ name }) => name === t.term)).map((t) => fit.contrast(t.term, [2])?.estimate ?? 0)
  const found = lenth(sizes, level)
  return found === null ? null : { ...found, effects: sizes.length }
}

type FoundEffect = Omit<AnalysedEffect, 'mixedWith'>

function effectsOf({ request }: CheckedRequest, { strata, terms, factors }: FactorialModel, analysed: readonly AnalysedStratum[]): FoundEffect[] {
  const { log = false, level = 0.95 } = request
  return terms.filter((t) => t.name !== CURVATURE).flatMap((term) => strata.flatMap((stratum, s) => {
    const factor = factors.find((f) => f.name === term.name)
    const many = factor !== undefined && factor.levels.length > MOST_LEVELS_PAIRED
    const found = factor === undefined ? interactionEffect(stratum, term, level) : many ? [] : mainEffects(stratum, factor, level)
    return found.map((effect) => ({ ...effect, ...(log ? { ratio: ratioOf(effect) } : {}), ...standing(effect, analysed[s]?.lenth ?? null) }))
  }))
}

function ratioOf({ estimate, interval }: Effect): NonNullable<AnalysedEffect['ratio']> {
  return { estimate: Math.exp(estimate), ...(interval === null ? {} : { low: Math.exp(interval.low), high: Math.exp(interval.high) }) }
}

function standing({ estimate }: Effect, margins: AnalysedStratum['lenth']): Pick<AnalysedEffect, 'standsOut'> {
  if (margins === null) return {}
  const size = Math.abs(estimate)
  return { standsOut: size > margins.simultaneousMargin ? 'surely' : size > margins.marginOfError ? 'likely' : 'no' }
}

/** Of every factor as it was given, and of every pair that is in the model. */
function meansOf({ y, factors, request: { log = false } }: CheckedRequest, { terms }: FactorialModel): MeansOfTerm[] {
  const back = (x: number) => (log ? Math.exp(x) : x)
  return terms.filter((t) => t.factors.length <= 2 && t.name !== CURVATURE).map((t) => ({
    factors: t.factors,
    rows: meansTable(y, factors, t.factors)
      .map((row) => ({ ...row, mean: back(row.mean), meanOfCells: row.meanOfCells === null ? null : back(row.meanOfCells) })),
  }))
}

function notEstimable({ terms, strata }: FactorialModel): Inestimable[] {
  return terms.flatMap(({ name: term, columns }) => {
    const rows = strata.flatMap((s) => s.fit.terms.filter((t) => t.term === term))
    const df = sum(rows.map((r) => r.df))
    if (df === columns.length) return []
    const part = `${columns.length - df} of its ${columns.length} degrees of freedom are lost: some combinations of levels were never run`
    if (df > 0) return [{ term, mixedWith: [], reason: part }]
    const mixedWith = [...new Set(rows.flatMap((r) => r.aliasedWith))].filter((a) => a !== WHOLE_PLOTS)
    const hidden = mixedWith.length - MOST_ALIASES
    const named = `${mixedWith.slice(0, MOST_ALIASES).join(', ')}${hidden > 0 ? ` and ${hidden} more` : ''}`
    return [{ term, mixedWith, reason: mixedWith.length === 0 ? 'it is the same in all runs' : `it cannot be told from ${named}` }]
  })
}

function detectableOf(factor: FactorColumn, strata: readonly Stratum[], level: number): FactorialAnalysis['detectable'] {
  const stratum = strata.find((s) => s.fit.terms.some((t) => t.term === factor.name && t.df > 0))
  const meanSquare = stratum?.fit.error.meanSquare
  if (stratum === undefined || meanSquare === null || meanSquare === undefined || meanSquare === 0) return []
  const levels = factor.levels.length
  const harmonic = () => levels / sum(factor.levels.map((_, i) => 1 / factor.codes.filter((c) => c === i).length))
  const unitsPerLevel = stratum.name === 'runs' ? harmonic() : stratum.units / levels
  const plan = { sd: Math.sqrt(meanSquare), levels, unitsPerLevel, errorDf: stratum.fit.error.df, alpha: 1 - level }
  const difference = detectableEffect(plan, POWER)
  return difference === null || !Number.isFinite(difference) ? [] : [{ factor: factor.name, difference, power: POWER }]
}
