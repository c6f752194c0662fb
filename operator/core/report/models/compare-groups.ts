// SPDX-License-Identifier: Apache-2.0
/** Many groups of one or more Experiments against each other: models, or levels of a factor. What cannot be answered is refused with what could be. */
import { METRICS } from '../../model/metric.ts'
import { didYouMean } from '../../model/nearest.ts'
import { type Checked, type Problem, refused, valid } from '../../model/problem.ts'
import type { Margin } from '../../stats/compare/margin.ts'
import { noDirection } from '../compare/compare-results.ts'
import { responseName } from '../primary.ts'
import type { Response } from '../response.ts'
import type { Compared, Group } from './groups.ts'
import { examined, type ModelStudy } from './model-study.ts'
import { judgePairs, pairsOf, type PairVerdicts } from './pairs.ts'
import { DECIDING } from './responses.ts'
import { type Study, studyOf } from './study.ts'

export interface GroupOptions {
  /** `model`, or the name of a factor. */
  readonly by: string
  /** Label of the group that all others are held against; all pairs where none is named. */
  readonly reference?: string | undefined
  readonly responses?: readonly Response[] | undefined
  readonly stage?: string | undefined
  readonly margin?: Margin | undefined
}
export interface GroupComparison extends PairVerdicts {
  readonly found: ModelStudy
  readonly reference: Group | null
}

export function compareGroups(sources: readonly Compared[], { by, reference, responses, stage, margin }: GroupOptions): Checked<GroupComparison> {
  const whole = studyOf(sources, by)
  const base = whole.groups.find((g) => g.label === reference || g.model?.name === reference)
  const problems = [
    ...unknownFactor(sources, by), ...(responses ?? []).filter((r) => METRICS[r.metric].better === 'none').map(noDirection),
    ...unknownStage(whole, stage), ...(reference !== undefined && base === undefined ? [unknownReference(whole, reference)] : []),
  ]
  if (problems.length > 0) return refused(...problems)
  if (whole.groups.length < 2) return refused(tooFew(whole))
  const study = { ...whole, conditions: whole.conditions.filter((c) => stage === undefined || c.stage === stage) }
  const verdicts = judgePairs(study, pairsOf(study.groups, base), { responses: responses ?? DECIDING, margin })
  const missing = (responses ?? []).filter((r) => !verdicts.rows.some((row) => row.name === responseName(r)))
  if (missing.length > 0) return refused(...missing.map((r) => unmeasured(study, r)))
  if (verdicts.rows.length === 0) return refused(nothing(study))
  return valid({ ...verdicts, found: examined(study), reference: base ?? null })
}

function unknownFactor(sources: readonly Compared[], by: string): Problem[] {
  const names = ['model', ...new Set(sources.flatMap((s) => s.factors.map((f) => f.name)))]
  if (names.includes(by)) return []
  return [{ reason: 'MissingReference', path: '--by', message: `there is no factor "${by}"${didYouMean(by, names)}`, expected: `one of ${[...new Set(names)].join(', ')}` }]
}

function unknownStage({ conditions }: Study, stage: string | undefined): Problem[] {
  const known = [...new Set(conditions.map((c) => c.stage))]
  if (stage === undefined || known.includes(stage)) return []
  return [{ reason: 'MissingReference', path: '--stage', message: `there is no stage "${stage}"${didYouMean(stage, known)}`, expected: `one of ${known.join(', ') || 'none'}` }]
}

function unknownReference({ by, groups }: Study, reference: string): Problem {
  const known = groups.map((g) => g.label)
  return { reason: 'MissingReference', path: '--reference', message: `there is no ${by} "${reference}"${didYouMean(reference, known)}`, expected: `one of ${known.join(', ') || 'none'}` }
}

function tooFew({ by, groups: [only], unknown }: Study): Problem {
  const what = only === undefined ? `no trial that counts says its ${by}` : `every trial that counts has one ${by}, ${only.label}`
  const left = unknown > 0 && only !== undefined ? `; ${unknown} trials do not say theirs` : ''
  return { reason: 'InvalidValue', path: '--by', message: `${what}: there is nothing to compare${left}`, expected: `trials of two at least: name a second Experiment or folder, or compare by a factor` }
}

function unmeasured({ groups }: Study, response: Response): Problem {
  return { reason: 'InvalidValue', path: '--metrics', message: `${responseName(response)} was not measured alike of two of ${groups.map((g) => g.label).join(', ')} under one condition`, expected: 'metrics that two of them share: assay results -o csv lists them' }
}

function nothing({ conditions, groups }: Study): Problem {
  const shown = conditions.map((c) => c.label || c.stage).slice(0, 8).join('; ')
  return { reason: 'InvalidValue', path: '', message: `nothing was measured of two of ${groups.map((g) => g.label).join(', ')} under one condition (${shown || 'there is none'})`, expected: 'the same stages and levels of the other factors for two of them' }
}
