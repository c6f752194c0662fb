// SPDX-License-Identifier: Apache-2.0
/** The comparison of models for programs: each model with what is known of it, laws with their intervals, forms with verdicts, and sentences by key. */
import type { ExperimentResults } from '../results.ts'
import { responseName } from '../primary.ts'
import { adviceSentences } from './advice-sentences.ts'
import { comparedSentences, formSentences, lawSentences } from './finding-sentences.ts'
import { said } from '../messages/said.ts'
import { type ModelStudy, modelsOf } from './model-study.ts'
import type { PairRow } from './pairs.ts'

/** undefined where fewer than two models were measured. */
export function modelsJson(results: ExperimentResults): object | undefined {
  const found = modelsOf(results)
  return found === null ? undefined : studyJson(found)
}

export function studyJson(found: ModelStudy): object {
  const { study, laws, forms } = found
  return {
    by: study.by, groups: study.groups.map(({ label, model, trials }) => ({ label, ...model, trials: trials.map((t) => t.findings.trial.name) })),
    conditions: study.conditions,
    laws: laws.laws.map(({ response, unit, condition, alike, points, law: { at: _at, kind: _kind, ...law }, claimed, lackP }) =>
      ({ response: responseName(response), unit, condition: condition.label, alike, models: points.map((p) => ({ label: p.group.label, size: p.size, mean: p.cell.mean })), ...law, claimed, lackP })),
    forms: forms.map(({ base, other, rows, ...form }) => ({ base: base.label, other: other.label, ...form, rows: rows.map(rowJson) })),
    said: { compared: comparedSentences(found).map(said), advice: adviceSentences(found).map(said), scaling: lawSentences(laws).map(said), forms: formSentences(forms).map(said) },
  }
}

/** Groups by their labels. */
export function rowJson({ baseGroup, otherGroup, condition, ...row }: PairRow): object {
  return { baseGroup: baseGroup.label, otherGroup: otherGroup.label, condition: condition.label, ...row }
}
