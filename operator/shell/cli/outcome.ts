// SPDX-License-Identifier: Apache-2.0
/** The exit code that an ended Experiment stands for. */
import { findCondition, isTrue } from '../../core/model/conditions.ts'
import type { Experiment } from '../../core/model/kinds.ts'
import { EXIT } from './exit-codes.ts'

export function exitCodeOf({ status }: Experiment): number {
  const { conditions, startTime } = status ?? {}
  if (isTrue(conditions, 'Failed')) return startTime === undefined ? EXIT.invalidExperiment : EXIT.experimentFailed
  const gate = findCondition(conditions, 'GatePassed')
  if (gate?.status === 'False') return EXIT.gateFailed
  if (gate?.status === 'Unknown' && findCondition(conditions, 'Ready')?.status !== 'True') return EXIT.insufficientData
  return isTrue(conditions, 'Complete') ? EXIT.ok : EXIT.experimentFailed
}
