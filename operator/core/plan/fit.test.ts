// SPDX-License-Identifier: Apache-2.0
/** What a plan says of the harness: deviations as warnings, refusals with who could, and loads that only the tool knows. */
import { expect, it } from 'vitest'
import { HARNESS, WORKLOAD } from '../design/testdata/bases.ts'
import { formatProblem } from '../model/problem.ts'
import { experimentSpec, library, planned, tryPlan } from './testdata/example.ts'

const FEATURES = ['stages', 'requests', 'duration', 'warmup', 'sampling', 'eos']
const picky = {
  ...HARNESS, supports: { load: ['constant', 'poisson', 'toolProfile'], data: ['synthetic', 'toolProfile'], features: FEATURES },
  refuses: ['{{#each stages}}{{#if (gt (default rate 0) 50)}}stage {{name}} at {{rate}}/s{{/if}}{{/each}}'],
  notes: ['{{#if warmup}}it warms up by itself for {{warmup.seconds}} s{{/if}}', '{{#if (gt stages.1.rate 7)}}gaps are whole milliseconds{{/if}}'],
}
const withPicky = { library: { ...library, harnesses: new Map<string, unknown>([...library.harnesses, ['picky', picky]]) } }
const spec = (over: object = {}) => experimentSpec({ harnessRef: { name: 'picky' }, ...over })
const rates = (levels: readonly number[]) => ({ fullFactorial: { factors: [{ name: 'rate', path: 'workload.load.poisson.stages[high].rate', levels }] } })

it('warns of what the harness does otherwise, each once, and of nothing that no treatment meets', () => {
  const warningsAt = (levels: readonly number[]) => planned(experimentSpec({ harnessRef: { name: 'picky' } }, rates(levels)), withPicky).warnings.filter((text) => text.startsWith('picky: '))
  expect(warningsAt([1, 8, 9])).toEqual(['picky: it warms up by itself for 5 s', 'picky: gaps are whole milliseconds'])
  expect(warningsAt([1, 2])).toEqual(['picky: it warms up by itself for 5 s'])
})

it('refuses what the harness itself refuses, in any treatment, and names who would not', () => {
  const result = tryPlan(experimentSpec({ harnessRef: { name: 'picky' } }, rates([8, 60])), withPicky)
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([
    'workload: harness picky cannot express stage high at 60/s; tool of the library can (found stage high at 60/s); did you mean harnessRef: { name: tool }?',
  ])
})

it('takes a profile of the tool\'s own and says what that means', () => {
  const own = { data: { toolProfile: { harness: 'picky', source: { inline: 'rate: 3' } } }, load: { toolProfile: { stages: ['low', 'high'] } } }
  const only = { fullFactorial: undefined, treatments: [{ name: 'only', set: {} }] }
  const quiet = { ...withPicky.library, harnesses: new Map<string, unknown>([...library.harnesses, ['picky', { ...picky, refuses: [], notes: [] }]]) }
  const plan = planned({ ...spec({ workloadRef: undefined, workload: own }), design: only }, { library: quiet })
  expect(plan.warnings).toContain('the load is a profile of picky\'s own: it is neither checked nor compared with what was offered, and its time is a guess')
  const other = tryPlan({ ...spec({ harnessRef: { name: 'tool' }, workloadRef: undefined, workload: own }), design: only }, { library: quiet })
  expect(other.ok ? [] : other.problems.map(({ path, nearest }) => [path, nearest])).toContainEqual(['workload.load.toolProfile', 'harnessRef: { name: picky }'])
})

it('takes overrides for other harnesses along, and those for its own only as far as it takes them', () => {
  const withOverrides = (overrides: object, takes: object) => tryPlan(
    spec({ workloadRef: undefined, workload: { ...WORKLOAD, overrides } }),
    { library: { ...library, harnesses: new Map<string, unknown>([...library.harnesses, ['picky', { ...picky, overrides: takes }]]) } },
  )
  expect(withOverrides({ tool: { args: ['--x'] }, picky: { args: ['--y', 1] } }, { args: true }).ok).toBe(true)
  const refused = withOverrides({ picky: { args: ['--y'], config: { a: 1 } } }, { args: true })
  expect(refused.ok ? [] : refused.problems.map(({ reason, path }) => [reason, path])).toEqual([['UnknownField', 'workload.overrides.picky.config']])
})
