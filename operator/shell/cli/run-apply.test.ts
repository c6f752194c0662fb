// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { ExperimentSpec } from '../../core/model/experiment.ts'
import type { Experiment } from '../../core/model/kinds.ts'
import { decideApply } from './run-apply.ts'
import { at, condition, DESIGN, experiment, SPEC } from './testdata/objects.ts'

const STARTED = { startTime: at(0), run: 1 }
const FINISHED = { ...STARTED, completionTime: at(9) }
const REFUSED = { conditions: [condition('Failed', 'True'), condition('Planned', 'False')] }
const grown = { ...SPEC, design: { fullFactorial: { factors: DESIGN.fullFactorial.factors.map((f) => ({ ...f, levels: [...f.levels, 99] })) } } }

describe('what is done with an Experiment that is to run', () => {
  it.each<[string, Experiment | undefined, object, object]>([
    ['there is none', undefined, SPEC, { kind: 'create' }],
    ['it is being deleted', experiment(FINISHED, SPEC, { deletionTimestamp: at(10) }), SPEC, { kind: 'deleted' }],
    ['it runs, unchanged', experiment(STARTED), SPEC, { kind: 'join' }],
    ['it has not been seen yet, unchanged', experiment(), SPEC, { kind: 'join' }],
    ['it has finished, unchanged', experiment(FINISHED), SPEC, { kind: 'rerun' }],
    ['it was refused, unchanged: what it refers to may have changed', experiment(REFUSED), SPEC, { kind: 'rerun' }],
    ['it was refused, and the design is mended', experiment(REFUSED), grown, { kind: 'change', rerun: true }],
    ['it runs, and other limits are wanted', experiment(STARTED), { ...SPEC, execution: { maxFailedTrials: 9 } }, { kind: 'change', rerun: false }],
    ['it has finished, and another gate is wanted', experiment(FINISHED), { ...SPEC, slo: { ttft: '1s' } }, { kind: 'change', rerun: true }],
    ['it runs, and levels were added', experiment(STARTED), grown, { kind: 'redesign' }],
    ['it has finished, and levels were added', experiment(FINISHED), grown, { kind: 'redesign' }],
    ['it has finished, and another scenario is wanted', experiment(FINISHED), { ...SPEC, scenarioRef: { name: 'other' } }, { kind: 'redesign' }],
  ])('%s', (_, there, wanted, decision) => {
    expect(decideApply(there, ExperimentSpec.parse(wanted))).toEqual(decision)
  })

  it('sees no change in what only repeats a default', () => {
    expect(decideApply(experiment(FINISHED), ExperimentSpec.parse({ ...SPEC, suspend: false, execution: { parallelStacks: 1 } }))).toEqual({ kind: 'rerun' })
  })
})
