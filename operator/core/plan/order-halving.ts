// SPDX-License-Identifier: Apache-2.0
/** The trials of successive halving: every treatment a little, then ever fewer of them ever more often. */
import { type HalvingRules, rungReplicates, rungsSoFar } from '../adaptive/halving.ts'
import type { Replicated } from '../adaptive/until.ts'
import { checkReplicates, checkTrials } from '../design/expand.ts'
import { type OrderedTrial, orderTrials } from '../design/order.ts'
import type { SuccessiveHalving } from '../model/design-adaptive.ts'
import { type Checked, refused, valid } from '../model/problem.ts'
import type { Adaptive, Ordering, Placement } from './adaptive-model.ts'
import { orderInput, type OrderingInput } from './adaptive-order.ts'
import { readHalving } from './halving-rules.ts'
import { measuredIndex } from './replicate-values.ts'

export function orderHalving(input: OrderingInput, halving: SuccessiveHalving): Checked<Ordering> {
  const rules = readHalving(input, halving)
  if (!rules.ok) return rules
  const byStacks = halving.unit === 'stacks'
  const { stacks, runs } = input.spec.design.replicates
  const last = rungReplicates(rules.value, rules.value.rungs - 1)
  const most = byStacks ? { stacks: last, runs } : { stacks, runs: last }
  const tooMany = checkReplicates(1, 1, most) ?? checkTrials(input.treatments.length, most)
  if (tooMany !== undefined) return refused({ ...tooMany, path: 'spec.design.successiveHalving', expected: `${tooMany.expected ?? ''}; or fewer rungs` })
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
    kind: 'successiveHalving', unit: halving.unit, ladder: ladderOf(rules, treatments.length), ended: done === rules.rungs, trials, progress: `${done} of ${rules.rungs} rungs`,
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

function ladderOf(rules: HalvingRules, treatments: number): { readonly treatments: number; readonly replicates: number }[] {
  const fields = [treatments]
  while (fields.length < rules.rungs) fields.push(Math.ceil((fields.at(-1) ?? 1) / rules.eta))
  return fields.map((field, rung) => ({ treatments: field, replicates: rungReplicates(rules, rung) }))
}

/** Without ties: whichever go on, they are as many. */
function likelyTrials(all: readonly OrderedTrial[], rules: HalvingRules, { replicateOf, treatments }: { readonly replicateOf: Field['replicateOf']; readonly treatments: number }): OrderedTrial[] {
  return all.filter((t) => ladderOf(rules, treatments).some((rung) => t.treatment < rung.treatments && replicateOf(t) <= rung.replicates))
}
