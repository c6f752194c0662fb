// SPDX-License-Identifier: Apache-2.0
/** How a design that grows from what is measured looks in the status of its Experiment: bounded, however many searches there are. */
import { capacityText } from '../adaptive/capacity-text.ts'
import type { ExperimentStatus } from '../model/experiment.ts'
import type { Adaptive, HalvingState, SearchState, UntilState } from '../plan/adaptive-model.ts'
import { levelText } from '../plan/labels.ts'

type AdaptiveStatus = NonNullable<ExperimentStatus['adaptive']>
type Result = AdaptiveStatus['results'][number]

/** Results that a status holds; the report has all of them. */
const MOST_RESULTS = 16
const NAME_CHARS = 96
const RESULT_CHARS = 160

export function adaptiveStatus(adaptive: Adaptive): AdaptiveStatus {
  const results = resultsOf(adaptive)
  const shown = results.slice(0, MOST_RESULTS).map(({ name, result }) => ({ name: name.slice(0, NAME_CHARS), result: result.slice(0, RESULT_CHARS) }))
  return { kind: adaptive.kind, ended: adaptive.ended, progress: adaptive.progress, results: shown, ...(results.length > shown.length ? { more: results.length - shown.length } : {}) }
}

function resultsOf(adaptive: Adaptive): Result[] {
  switch (adaptive.kind) {
    case 'search':
      return searchResults(adaptive)
    case 'until':
      return untilResults(adaptive)
    case 'successiveHalving':
      return halvingResults(adaptive)
  }
}

/** Of searches that have ended. */
function searchResults({ arms, load }: SearchState): Result[] {
  return arms.flatMap(({ arm, step }) => {
    if (step.kind === 'measure') return []
    const name = [...Object.entries(arm.levels).map(([factor, level]) => `${factor}=${levelText(level)}`), `s${arm.stack}`].join(' ')
    return [{ name, result: capacityText(step.result, load.unit) }]
  })
}

function untilResults({ wide, wanted, max }: UntilState): Result[] {
  return wide.map((name) => ({ name, result: `not ${wanted} after ${max}` }))
}

function halvingResults({ rungs }: HalvingState): Result[] {
  return rungs.map(({ treatments, replicates, ended }, i) => ({ name: `rung ${i + 1}`, result: `${treatments.length} treatments, ${replicates} replicates${ended ? '' : ', being measured'}: ${treatments.join('; ')}` }))
}
