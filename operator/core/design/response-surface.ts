// SPDX-License-Identifier: Apache-2.0
/** Points of designs for curved responses: central composite and Box–Behnken, from three to five levels of every factor. */
import { type Design, MAX_TRIALS } from '../model/design.ts'
import { boxBehnkenCenter, boxBehnkenRows } from './box-behnken.ts'
import { axialDistance, compositeRows } from './central-composite.ts'
import { type Built, built, unbuilt } from './design-points.ts'
import { readGenerators, romanResolution } from './generators.ts'
import { type Fraction, fractionOf, fractionRows, resolutionOf, runCount } from './regular-fraction.ts'

const DEFAULT_CENTER = 5

export function responseSurfacePoints(design: Design, names: readonly string[]): Built {
  return design.boxBehnken === undefined ? compositePoints(design.centralComposite, names) : boxBehnkenPoints(design.boxBehnken.centerPoints, names)
}

function boxBehnkenPoints(center: number | undefined, names: readonly string[]): Built {
  const rows = boxBehnkenRows(names.length)
  if (rows === undefined) return unbuilt({ reason: 'BadFraction', path: 'spec.design.boxBehnken.factors', message: `a Box–Behnken design has three to seven factors`, found: `${names.length} factors`, expected: names.length < 3 ? 'a third factor, or a centralComposite' : 'at most seven factors, or a centralComposite with generators' })
  return built({ rows, center: center ?? boxBehnkenCenter(names.length), construction: { kind: 'boxBehnken' } })
}

function compositePoints(design: Design['centralComposite'], names: readonly string[]): Built {
  const at = 'spec.design.centralComposite'
  const { alpha: property = 'rotatable', inscribed = false, generators = [], centerPoints = DEFAULT_CENTER } = design ?? {}
  if (names.length < 2) return unbuilt({ reason: 'BadFraction', path: `${at}.factors`, message: 'a central composite design has two factors or more', found: `${names.length} factor`, expected: 'a second factor, or a fullFactorial with several levels' })
  const corners = 2 ** (names.length - generators.length)
  if (corners > MAX_TRIALS) return unbuilt({ reason: 'TooManyTrials', path: at, message: `the design is too large: ${names.length} factors have ${corners.toLocaleString('en-US')} corners`, found: corners.toLocaleString('en-US'), expected: `at most ${MAX_TRIALS.toLocaleString('en-US')}: generators make the corners a fraction` })
  const read = generators.length === 0 ? { ok: true as const, fraction: fractionOf(names.length, []) } : readGenerators(generators, names, `${at}.generators`)
  if (!read.ok) return unbuilt(...read.problems)
  const resolution = resolutionOf(read.fraction)
  if (resolution < 5) return unbuilt({ reason: 'BadGenerator', path: `${at}.generators`, message: `corners of resolution ${romanResolution(resolution)} confuse interactions, so that a curved surface cannot be told`, found: romanResolution(resolution), expected: 'resolution V or more, such as E=ABCD for five factors' })
  return built(composite(read.fraction, { alpha: axialDistance(property, { factors: names.length, corners: runCount(read.fraction), center: centerPoints }), inscribed, center: centerPoints }))
}

interface Composite { readonly alpha: number; readonly inscribed: boolean; readonly center: number }

function composite(fraction: Fraction, { alpha, inscribed, center }: Composite) {
  const rows = compositeRows({ corners: fractionRows(fraction), alpha, inscribed })
  return { rows, center, construction: { kind: 'centralComposite' as const, corners: runCount(fraction), axial: alpha, fraction } }
}
