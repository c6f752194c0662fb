// SPDX-License-Identifier: Apache-2.0
/** CEL rules on a whole Experiment: once it has started the design may grow and the rest is frozen. Levels have no type, so CEL cannot see them: the controller does. */
import type { CelRule } from './common.ts'
import type { DesignKind } from './design.ts'

const REFERENCES = ['scenarioRef', 'scenario', 'workloadRef', 'workload', 'harnessRef', 'harness'] as const
/** Designs with factors; of some only levels may grow, of others nothing may change. CEL sees no levels, so it is the controller that refuses other points. */
const SETTINGS = {
  fullFactorial: ['centerPoints'], oneFactorAtATime: [], fractionalFactorial: ['generators', 'resolution', 'runs', 'foldover', 'centerPoints'], plackettBurman: ['runs', 'foldover', 'centerPoints'],
  centralComposite: ['alpha', 'inscribed', 'generators', 'centerPoints'], boxBehnken: ['centerPoints'], latinHypercube: ['points', 'criterion', 'seed'], sobol: ['scramble', 'seed'],
  search: ['load', 'objectives', 'tolerance', 'probes', 'replicates', 'maxReplicates'],
} as const satisfies Readonly<Record<Exclude<DesignKind, 'treatments'>, readonly string[]>>
const RANGED: ReadonlySet<string> = new Set(['centralComposite', 'boxBehnken', 'latinHypercube', 'sobol'])

/** The same presence and, where present, the same value: an optional member can be neither changed, added nor removed. */
function same([now, before]: readonly [string, string], members: readonly string[]): string {
  return members.map((m) => `has(${now}.${m}) == has(${before}.${m}) && (!has(${now}.${m}) || ${now}.${m} == ${before}.${m})`).join(' && ')
}

/** The same factors by name and path, and the same settings; levels, labels and units are not compared. */
function sameFactors(kind: string, settings: readonly string[]): string {
  const [now, before] = [`self.spec.design.${kind}`, `oldSelf.spec.design.${kind}`]
  const zipped = '(has(f.zip) ? f.zip.map(z, z.path) : []) == (has(o.zip) ? o.zip.map(z, z.path) : [])'
  const members = ['path', 'when', ...(RANGED.has(kind) ? ['low', 'high', 'scale', 'step'] : [])]
  const factors = `${now}.factors.all(f, ${before}.factors.exists(o, o.name == f.name && ${same(['f', 'o'], members)} && ${zipped}))`
  const rest = settings.length === 0 ? '' : ` && ${same([now, before], settings)}`
  return `has(${now}) == has(${before}) && (!has(${now}) || (size(${now}.factors) == size(${before}.factors) && ${factors}${rest}))`
}

/** Adding what there was changes nothing: lists of type map are merged by key. */
const SAME_TREATMENTS = [
  'has(self.spec.design.treatments) == has(oldSelf.spec.design.treatments)',
  '(!has(self.spec.design.treatments) || self.spec.design.treatments + oldSelf.spec.design.treatments == self.spec.design.treatments)',
].join(' && ')

const REST = ['constants', 'constraints', 'effects', 'blocks', 'replicates', 'successiveHalving', 'order'] as const
const NOT_STARTED = '!has(oldSelf.status) || !has(oldSelf.status.startTime)'

const FACTORS_FROZEN = 'the factors of the design are frozen once the Experiment has started; only levels of factorials, points of sobol and treatments may be added: create another Experiment'

const frozen = (rule: string, message: string): CelRule => ({ rule: `${NOT_STARTED} || (${rule})`, message, reason: 'FieldValueForbidden' })

export const EXPERIMENT_RULES: readonly CelRule[] = [
  frozen(same(['self.spec', 'oldSelf.spec'], REFERENCES), 'scenario, workload and harness are frozen once the Experiment has started: create another Experiment'),
  ...Object.entries(SETTINGS).map(([kind, settings]) => frozen(sameFactors(kind, settings), FACTORS_FROZEN)),
  frozen(SAME_TREATMENTS, 'the treatments of the design are frozen once the Experiment has started; only new ones may be added: create another Experiment'),
  frozen(same(['self.spec.design', 'oldSelf.spec.design'], REST), 'constants, constraints, effects, blocks, replicates and order of the design are frozen once the Experiment has started: create another Experiment'),
]
