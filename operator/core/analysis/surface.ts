// SPDX-License-Identifier: Apache-2.0
/** A response surface of a checked table: which requests have one, and F tests of its parts. */
import { type Checked, type Problem, refused, valid } from '../model/problem.ts'
import { fSurvival } from '../stats/distribution/f.ts'
import { fitSurface } from '../stats/anova/response-surface.ts'
import { mainTerm } from '../stats/anova/terms.ts'
import type { Fit } from '../stats/linear/least-squares.ts'
import type { SurfaceAnalysis } from './analysis.ts'
import type { FactorColumn } from './levels.ts'
import type { CheckedRequest } from './request.ts'

export interface FittedSurface { readonly surface: SurfaceAnalysis; readonly fit: Fit }

export function analyzeSurface({ factors, blocks, wholePlots, y, table, request }: CheckedRequest): Checked<FittedSurface> {
  const bad = (path: string, message: string, expected: string): Problem => ({ reason: 'BadFactor', path, where: table, message, expected })
  const labels = factors.filter((f) => f.numbers === undefined)
  if (labels.length > 0) return refused(...labels.map((f) => bad(f.name, 'its levels are no numbers', 'numeric factors for --model quadratic')))
  if (wholePlots !== undefined) {
    const expected = '--model factorial, or the surface within whole plots: --block instead'
    return refused(bad('--whole-plot', 'a response surface has one error, which split plots do not have', expected))
  }
  const inputs = factors.map((f) => ({ name: f.name, values: f.codes.map((code) => (f as Required<FactorColumn>).numbers[code] as number) }))
  const { fit, ...surface } = fitSurface(inputs, y, { level: request.level, blocks: blocks.map(mainTerm) })
  const { df, sumOfSquares } = surface.residual
  const groups = surface.groups.map((group) => {
    const f = df === 0 || sumOfSquares === 0 ? null : group.sumOfSquares / group.df / (sumOfSquares / df)
    return { ...group, f, p: f === null ? null : fSurvival(f, [group.df, df]) }
  })
  return valid({ surface: { ...surface, groups }, fit })
}
