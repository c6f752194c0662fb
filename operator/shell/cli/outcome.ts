// SPDX-License-Identifier: Apache-2.0
/** The exit code that an ended Experiment stands for. */
import type { Condition } from '../../core/model/common.ts'
import { findCondition, isTrue } from '../../core/model/conditions.ts'
import type { Experiment } from '../../core/model/kinds.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

export function exitCodeOf(experiment: Pick<Experiment, 'status'>): ExitCode {
  const { conditions, startTime } = experiment.status ?? {}
  if (isRefused(experiment) || isChangeRefused(experiment)) return EXIT.invalidExperiment
  if (isTrue(conditions, 'Failed')) return startTime === undefined ? EXIT.invalidExperiment : EXIT.experimentFailed
  const gate = findCondition(conditions, 'GatePassed')
  if (gate?.status === 'False') return EXIT.gateFailed
  if (gate?.status === 'Unknown' && findCondition(conditions, 'Ready')?.status !== 'True') return EXIT.insufficientData
  return isTrue(conditions, 'Complete') && !fellShort(conditions) ? EXIT.ok : EXIT.experimentFailed
}

/** The budget ended before every treatment was measured. */
const fellShort = (conditions: readonly Condition[] | undefined): boolean => findCondition(conditions, 'Stalled')?.reason === 'BudgetExhausted'

/** Refused before anything was stood up, or when it was to begin again. */
export function isRefused({ status }: Pick<Experiment, 'status'>): boolean {
  return isTrue(status?.conditions, 'Failed') && findCondition(status?.conditions, 'Planned')?.status === 'False'
}

/** Its run is unharmed, but what was asked for last is not measured. */
export function isChangeRefused({ status }: Pick<Experiment, 'status'>): boolean {
  return findCondition(status?.conditions, 'Stalled')?.reason === 'SpecChangeRefused'
}
