// SPDX-License-Identifier: Apache-2.0
/** The trials of successive halving: every treatment a little, then ever fewer of them ever more often. */
import { type HalvingRules, rungReplicates, rungsFor, rungsSoFar } from '../adaptive/halving.ts'
import { HALVING_AT, readResponse } from '../adaptive/question.ts'
import type { Replicated } from '../adaptive/until.ts'
import { checkReplicates, checkTrials } from '../design/expand.ts'
import { type OrderedTrial, orderTrials } from '../design/order.ts'
import type { SuccessiveHalving } from '../model/design-adaptive.ts'
import { METRICS } from '../model/metric.ts'
import { type Checked, type Problem, refused, valid } from '../model/problem.ts'
import type { Adaptive, Ordering, Placement } from './adaptive-model.ts'
import { orderInput, type OrderingInput } from './adaptive-order.ts'
import { measuredIndex } from './replicate-values.ts'

const AT = 'spec.design.successiveHalving'
const bad = (problem: Omit<Problem, 'reason'>): Problem => ({ reason: 'BadSearch', ...problem })

export function orderHalving(input: OrderingInput, halving: SuccessiveHalving): Checked<Ordering> {
  const rules = readRules(input, halving)
  if (!rules.ok) return rules
  const byStacks = halving.unit === 'stacks'
  const { stacks, runs } = input.spec.design.replicates
  const last = rungReplicates(rules.value, rules.value.rungs - 1)
  const most = byStacks ? { stacks: last, runs } : { stacks, runs: last }
  const tooMany = checkReplicates(1, 1, most) ?? checkTrials(input.treatments.length, most)
  if (tooMany !== undefined) return refused({ ...tooMany, path: AT, expected: `${tooMany.expected ?? ''}; or fewer rungs` })
  const all = orderTrials(orderInput(input, most)).map((trial, position): Placement => ({ ...trial, position }))
  const replicateOf = (t: OrderedTrial) => (byStacks ? t.stackReplicate : t.runReplicate)
  const rungs = rungsOf(input, rules.value, { all, replicateOf })
  const allowed = new Map(rungs.flatMap((r) => r.treatments.map((t) => [t, r.replicates] as const)))
  const trials = all.filter((t) => replicateOf(t) <= (allowed.get(t.treatment) ?? 0))
  const likely = likelyTrials(all, rules.value, { replicateOf, treatments: input.treatments.length })
  return valid({ trials, forecast: { fewest: likely, likely, most: all }, adaptive: stateOf(input, rules.value, { rungs, halving, trials: { likely: likely.length, most: all.length } }) })
}

interface Found { readonly rungs: ReturnType<typeof rungsSoFar>; readonly halving: SuccessiveHalving; readonly trials: Adaptive['trials'] }

function stateOf({ treatments }: OrderingInput, rules: HalvingRules, { rungs, halving, trials }: Found): Adaptive {
  const label = (t: number) => treatments[t]?.label ?? ''
  const done = rungs.filter((r) => r.ended).length
  return {
    kind: 'successiveHalving', unit: halving.unit, planned: rules.rungs, ended: done === rules.rungs, trials, progress: `${done} of ${rules.rungs} rungs`,
    rungs: rungs.map(({ treatments: field, spared, ...rest }) => ({ ...rest, treatments: field.map(label), spared: spared.map(label) })),
  }
}

interface Field { readonly all: readonly OrderedTrial[]; readonly replicateOf: (t: OrderedTrial) => number }

function rungsOf({ treatments, measured }: OrderingInput, rules: HalvingRules, { all, replicateOf }: Field) {
  const found = measuredIndex(treatments, measured)
  const firstOpen = new Map<number, number>()
  const values: Replicated[] = []
  for (const trial of all) {
    const [own, replicate] = [found(trial), replicateOf(trial)]
    if (own === undefined) firstOpen.set(trial.treatment, Math.min(replicate, firstOpen.get(trial.treatment) ?? Number.POSITIVE_INFINITY))
    else values.push({ treatment: trial.treatment, replicate, value: own.values?.[0] ?? null })
  }
  return rungsSoFar(rules, treatments.map((t) => t.index), { values, complete: (t, n) => n < (firstOpen.get(t) ?? Number.POSITIVE_INFINITY) })
}

/** Without ties: whichever go on, they are as many. */
function likelyTrials(all: readonly OrderedTrial[], rules: HalvingRules, { replicateOf, treatments }: { readonly replicateOf: Field['replicateOf']; readonly treatments: number }): OrderedTrial[] {
  let left = treatments
  const kept = Array.from({ length: rules.rungs }, (_, rung) => (rung === 0 ? left : (left = Math.ceil(left / rules.eta))))
  return all.filter((t) => kept.some((count, rung) => t.treatment < count && replicateOf(t) <= rungReplicates(rules, rung)))
}

function readRules({ spec, treatments, blocks }: OrderingInput, { objective, eta, rungs, min, unit, margin }: SuccessiveHalving): Checked<HalvingRules> {
  const response = readResponse(objective, HALVING_AT)
  const problems: Problem[] = response.ok ? [] : [...response.problems]
  const better = response.ok ? METRICS[response.value.metric].better : 'lower'
  if (response.ok && better === 'none') problems.push(bad({ path: HALVING_AT, message: `nobody can say whether more or less of ${response.value.metric} is better`, found: objective, expected: 'a metric with a direction, such as goodput, output_throughput, ttft or e2e' }))
  const needsSlo = response.ok && (response.value.metric === 'goodput' || response.value.metric === 'attainment') && Object.values(spec.slo ?? {}).every((bound) => bound === undefined)
  if (needsSlo) problems.push(bad({ path: HALVING_AT, message: `${objective} counts requests that meet their bounds, and there is no slo`, expected: 'slo: { ttft: 500ms, tpot: 50ms }' }))
  const own = spec.design.replicates[unit]
  if (own !== 1) problems.push(bad({ path: `spec.design.replicates.${unit}`, message: `successiveHalving says how many ${unit} there are`, found: `${unit}: ${own}`, expected: `successiveHalving.min: ${own}, and no ${unit}` }))
  const setups = new Set(treatments.map((t) => t.setupHash)).size
  if (unit === 'runs' && setups > 1) problems.push(bad({ path: `${AT}.unit`, message: 'a stack would be gone before the next rung needs it', found: `unit: runs with ${setups} setups`, expected: 'unit: stacks, or factors that change the load alone' }))
  if (treatments.length < 3) problems.push(bad({ path: AT, message: 'there is nothing to drop', found: `${treatments.length} treatments`, expected: 'three or more' }))
  if (blocks > 1 || treatments.some((t) => t.repeats !== undefined)) problems.push(bad({ path: AT, message: 'a design with blocks or centre points is measured as a whole', expected: 'a design without blocks and centre points, or no successiveHalving' }))
  if (problems.length > 0) return refused(...problems)
  return valid({ eta, rungs: rungs ?? rungsFor(treatments.length, eta), min, margin, better: better === 'higher' ? 'higher' : 'lower' })
}
