// SPDX-License-Identifier: Apache-2.0
/** All that is found out about the models of one or more Experiments, once for every rendering. */
import { type Confounding, confoundingOf } from './confounding.ts'
import { type FormPair, formPairsOf } from './forms.ts'
import { type Compared, groupByModel, trialsOf } from './groups.ts'
import { type Laws, lawsOf } from './laws.ts'
import { type LoadAdvice, loadAdviceOf } from './loads.ts'
import { type Needs, needsOf } from './needs.ts'
import { type NoSideBySide, type SideBySide, sideBySideOf } from './side-by-side.ts'
import { type Study, studyOf } from './study.ts'

export interface ModelStudy {
  readonly study: Study
  readonly confounding: Confounding
  readonly laws: Laws
  readonly forms: readonly FormPair[]
  readonly needs: Needs
  readonly sideBySide: SideBySide | NoSideBySide
  readonly loads: readonly LoadAdvice[]
}

const known = new WeakMap<Compared, ModelStudy | null>()

/** Of one Experiment; null where fewer than two models were measured. */
export function modelsOf(results: Compared): ModelStudy | null {
  const found = known.get(results)
  if (found !== undefined) return found
  const { groups } = groupByModel(trialsOf([results]))
  const own = groups.length < 2 ? null : examined(studyOf([results]))
  known.set(results, own)
  return own
}

export function examined(study: Study): ModelStudy {
  return {
    study, confounding: confoundingOf(study), laws: lawsOf(study), forms: formPairsOf(study), needs: needsOf(study),
    sideBySide: sideBySideOf(study), loads: loadAdviceOf(study),
  }
}
