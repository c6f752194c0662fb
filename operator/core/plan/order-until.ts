// SPDX-License-Identifier: Apache-2.0
/** The trials of a design that is repeated until an interval is narrow: complete replicates, one after another. */
import type { Measured } from '../adaptive/measured.ts'
import { type Replicated, type StopRule, wantedReplicates, type Wanted } from '../adaptive/until.ts'
import { checkReplicates, checkTrials } from '../design/expand.ts'
import { type OrderedTrial, orderTrials } from '../design/order.ts'
import type { Until } from '../model/design-adaptive.ts'
import { type Checked, refused, valid } from '../model/problem.ts'
import type { Ordering, Placement } from './adaptive-model.ts'
import { orderInput, type OrderingInput } from './adaptive-order.ts'
import { measuredIndex } from './replicate-values.ts'
import { readStopRule, wantedText } from './stop-rule.ts'

export function orderUntil(input: OrderingInput, until: Until): Checked<Ordering> {
  const rule = readStopRule(input.spec.design, until)
  if (!rule.ok) return rule
  const { stacks, runs } = input.spec.design.replicates
  const byStacks = until.unit === 'stacks'
  const most = byStacks ? { stacks: until.max, runs } : { stacks, runs: until.max }
  const repeats = input.treatments.map((t) => t.repeats?.reduce((a, b) => a + b, 0) ?? 1)
  const tooMany = checkTrials(repeats.reduce((a, b) => a + b, 0), most) ?? checkReplicates(input.blocks, Math.max(...repeats), most)
  if (tooMany !== undefined) return refused(tooMany)
  const all = orderTrials(orderInput(input, most)).map((trial, position): Placement => ({ ...trial, position }))
  const groups = [...Map.groupBy(all, (t) => (byStacks ? '' : `${t.setup}/${t.stackReplicate}`)).values()]
  const replicateOf = (t: OrderedTrial) => (byStacks ? Math.ceil(t.stackReplicate / input.blocks) : ((t.runReplicate - 1) % until.max) + 1)
  const decided = groups.map((trials) => ({ trials, wanted: decide({ rule: rule.value, trials, replicateOf }, input, input.measured) }))
  const upTo = (n: number) => all.filter((t) => replicateOf(t) <= n)
  const counts = decided.map((d) => d.wanted.replicates)
  const [low, high] = [Math.min(...counts), Math.max(...counts)]
  const likely = Math.ceil((until.min + until.max) / 2)
  return valid({
    trials: decided.flatMap(({ trials, wanted }) => trials.filter((t) => replicateOf(t) <= wanted.replicates)).sort((a, b) => a.position - b.position),
    forecast: { fewest: upTo(Math.min(until.min, until.max)), likely: upTo(likely), most: all },
    adaptive: {
      kind: 'until', unit: until.unit, min: until.min, max: until.max, wanted: wantedText(until), replicates: { low, high },
      ended: decided.every((d) => d.wanted.ended), trials: { likely: upTo(likely).length, most: all.length },
      wide: [...new Set(decided.flatMap((d) => (d.wanted.ended ? d.wanted.wide : [])))].map((t) => input.treatments[t]?.label ?? ''),
      progress: `${low === high ? low : `${low} to ${high}`} of at most ${until.max} ${byStacks ? 'stand-ups' : 'runs'}`,
    },
  })
}

interface Group { readonly rule: StopRule; readonly trials: readonly OrderedTrial[]; readonly replicateOf: (t: OrderedTrial) => number }

function decide({ rule, trials, replicateOf }: Group, { treatments }: OrderingInput, measured: Measured): Wanted {
  const found = measuredIndex(treatments, measured)
  const ended = trials.map((trial) => ({ trial, replicate: replicateOf(trial), measured: found(trial) }))
  const firstOpen = Math.min(...ended.map((e) => (e.measured === undefined ? e.replicate : Number.POSITIVE_INFINITY)))
  const values = ended.flatMap((e): Replicated[] => (e.measured === undefined ? [] : [{ treatment: e.trial.treatment, replicate: e.replicate, value: e.measured.values?.[0] ?? null }]))
  return wantedReplicates(rule, (n) => n < firstOpen, { treatments: [...new Set(trials.map((t) => t.treatment))], values })
}
