// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { ExperimentStatus } from '../../core/model/experiment.ts'
import { EXIT, EXIT_MEANINGS } from './exit-codes.ts'
import { exitCodeOf, isRefused } from './outcome.ts'
import { at, condition, experiment } from './testdata/objects.ts'
import { createEndDetector } from './watch-experiment.ts'

const yes = (type: string) => condition(type, 'True')
const STARTED = { startTime: at(0) }
const ended = (...conditions: ReturnType<typeof condition>[]): Partial<ExperimentStatus> => ({ ...STARTED, completionTime: at(9), conditions })

describe('the exit code of an ended Experiment', () => {
  it.each<[string, Partial<ExperimentStatus>, number]>([
    ['complete', ended(yes('Ready'), yes('Complete')), EXIT.ok],
    ['complete, gate passed', ended(yes('Ready'), yes('Complete'), yes('GatePassed')), EXIT.ok],
    ['gate failed', ended(condition('Ready', 'False'), yes('Complete'), condition('GatePassed', 'False')), EXIT.gateFailed],
    ['insufficient data that counts as a failure', ended(condition('Ready', 'False'), yes('Complete'), condition('GatePassed', 'Unknown')), EXIT.insufficientData],
    ['insufficient data that stays open', ended(condition('Ready', 'Unknown'), yes('Complete'), condition('GatePassed', 'Unknown')), EXIT.insufficientData],
    ['insufficient data that counts as passed', ended(yes('Ready'), yes('Complete'), condition('GatePassed', 'Unknown')), EXIT.ok],
    ['too many failed trials', ended(condition('Ready', 'False'), yes('Failed'), yes('Planned')), EXIT.experimentFailed],
    ['refused before it began', { conditions: [condition('Ready', 'False'), yes('Failed'), condition('Planned', 'False')] }, EXIT.invalidExperiment],
    ['refused when it was to begin again', ended(yes('Failed'), condition('Planned', 'False')), EXIT.invalidExperiment],
    ['a change of the design refused', ended(yes('Complete'), condition('Stalled', 'True', 'SpecChangeRefused')), EXIT.invalidExperiment],
    ['ended for its budget, all measured', ended(condition('Ready', 'True', 'BudgetExhausted'), yes('Complete')), EXIT.ok],
    ['ended for its budget, some not measured', ended(condition('Stalled', 'True', 'BudgetExhausted'), yes('Complete')), EXIT.experimentFailed],
    ['nothing known', {}, EXIT.experimentFailed],
  ])('%s', (_, status, code) => {
    expect(exitCodeOf(experiment(status))).toBe(code)
  })

  it('is one of the documented ones, each of which has a meaning', () => {
    expect(Object.keys(EXIT_MEANINGS).map(Number).sort((a, b) => a - b)).toEqual(Object.values(EXIT).sort((a, b) => a - b))
  })
})

describe('the end of a watch', () => {
  const news = (token: string) => createEndDetector((e) => e.status?.handledRerun === token)

  it('is the end of what was asked for, not of the run before', () => {
    const ends = news('second')
    expect(ends(experiment({ ...ended(yes('Complete')), handledRerun: 'first' }), 0)).toBe(false)
    expect(ends(experiment({ ...STARTED, handledRerun: 'second' }), 1)).toBe(false)
    expect(ends(experiment({ ...ended(yes('Complete')), handledRerun: 'second' }), 2)).toBe(true)
  })

  it('comes with a refusal only when that stands: the operator may see an Experiment before its library', () => {
    const refused = experiment({ conditions: [yes('Failed'), condition('Planned', 'False')] })
    expect(isRefused(refused)).toBe(true)
    const ends = createEndDetector()
    expect(ends(refused, 0)).toBe(false)
    expect(ends(refused, 3999)).toBe(false)
    expect(ends(experiment(STARTED), 4000)).toBe(false)
    expect(ends(refused, 5000)).toBe(false)
    expect(ends(refused, 9000)).toBe(true)
  })
})
