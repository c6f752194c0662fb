// SPDX-License-Identifier: Apache-2.0
/** CEL rules on a whole Experiment: once it has started the design may grow and the rest is frozen. Levels have no type, so CEL cannot see them: the controller does. */
import type { CelRule } from './common.ts'

const REFERENCES = ['scenarioRef', 'scenario', 'workloadRef', 'workload', 'harnessRef', 'harness'] as const
const FACTORIAL = ['fullFactorial', 'oneFactorAtATime'] as const

/** The same presence and, where present, the same value: an optional member can be neither changed, added nor removed. */
function same([now, before]: readonly [string, string], members: readonly string[]): string {
  return members.map((m) => `has(${now}.${m}) == has(${before}.${m}) && (!has(${now}.${m}) || ${now}.${m} == ${before}.${m})`).join(' && ')
}

/** The same factors by name and path; their levels, labels and units are not compared. */
function sameFactors(kind: string): string {
  const [now, before] = [`self.spec.design.${kind}`, `oldSelf.spec.design.${kind}`]
  const zipped = '(has(f.zip) ? f.zip.map(z, z.path) : []) == (has(o.zip) ? o.zip.map(z, z.path) : [])'
  const factors = `${now}.factors.all(f, ${before}.factors.exists(o, o.name == f.name && ${same(['f', 'o'], ['path'])} && ${zipped}))`
  return `has(${now}) == has(${before}) && (!has(${now}) || (size(${now}.factors) == size(${before}.factors) && ${factors}))`
}

/** Adding what there was changes nothing: lists of type map are merged by key. */
const SAME_TREATMENTS = [
  'has(self.spec.design.treatments) == has(oldSelf.spec.design.treatments)',
  '(!has(self.spec.design.treatments) || self.spec.design.treatments + oldSelf.spec.design.treatments == self.spec.design.treatments)',
].join(' && ')

const REST = ['constants', 'constraints', 'replicates', 'order'] as const
const NOT_STARTED = '!has(oldSelf.status) || !has(oldSelf.status.startTime)'

const frozen = (rule: string, message: string): CelRule => ({ rule: `${NOT_STARTED} || (${rule})`, message, reason: 'FieldValueForbidden' })

export const EXPERIMENT_RULES: readonly CelRule[] = [
  frozen(same(['self.spec', 'oldSelf.spec'], REFERENCES), 'scenario, workload and harness are frozen once the Experiment has started: create another Experiment'),
  frozen(FACTORIAL.map(sameFactors).join(' && '), 'the factors of the design are frozen once the Experiment has started; only their levels may grow: create another Experiment'),
  frozen(SAME_TREATMENTS, 'the treatments of the design are frozen once the Experiment has started; only new ones may be added: create another Experiment'),
  frozen(same(['self.spec.design', 'oldSelf.spec.design'], REST), 'constants, constraints, replicates and order of the design are frozen once the Experiment has started: create another Experiment'),
]
