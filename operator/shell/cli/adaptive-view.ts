// SPDX-License-Identifier: Apache-2.0
/** A design that grows from what is measured as people read it in a plan: what it looks for, how it goes on, how much it may take. */
import type { Adaptive, HalvingState, SearchState, UntilState } from '../../core/plan/adaptive-model.ts'
import { formatRule } from '../../core/report/gate-rule.ts'

export const ADAPTIVE_HEADING: Readonly<Record<Adaptive['kind'], string>> = { search: 'Search', until: 'Sequential stopping', successiveHalving: 'Successive halving' }

/** A further indent belongs to the line above. */
export function adaptiveLines(adaptive: Adaptive): string[] {
  const { likely, most } = adaptive.trials
  return [...linesOf(adaptive), `trials: ${likely === most ? most : `about ${likely}, at most ${most}`}; those below are wanted first, the others follow from what they show`]
}

function linesOf(adaptive: Adaptive): string[] {
  switch (adaptive.kind) {
    case 'search':
      return searchLines(adaptive)
    case 'until':
      return untilLines(adaptive)
    case 'successiveHalving':
      return halvingLines(adaptive)
  }
}

function searchLines({ rules, load, objectives, arms, length }: SearchState): string[] {
  const unit = load.unit === undefined ? '' : ` ${load.unit}`
  const limits = [rules.lower === undefined ? '' : `from ${rules.lower}`, rules.upper === undefined ? '' : `to ${rules.upper}`].filter(Boolean).join(' ')
  return [
    `the highest ${load.name}${limits === '' ? '' : ` ${limits}${unit}`} that meets ${objectives.map(formatRule).join(' and ')}`,
    `${arms.length} ${arms.length === 1 ? 'search' : 'searches'}, one for each configuration on each stand-up; each begins at ${rules.start}${unit}`,
    `doubles or halves until the answer lies between two loads, then halves the interval (geometrically) until it is ${Number((rules.tolerance * 100).toPrecision(3))} % wide${rules.whole ? ' or one' : ''}`,
    `probes of one search: about ${length.likely}, at most ${rules.probes}; each ${rules.replicates === rules.maxReplicates ? `${rules.replicates} trials` : `${rules.replicates} trials, up to ${rules.maxReplicates} where they cannot tell`}`,
  ]
}

function untilLines({ unit, min, max, wanted }: UntilState): string[] {
  const what = unit === 'stacks' ? 'all treatments on further stand-ups' : 'all treatments of a stand-up again'
  return [`${wanted}, for every treatment`, `repeats ${what}: at least ${min}, at most ${max} times; whole blocks only`]
}

function halvingLines({ ladder, unit }: HalvingState): string[] {
  const noun = unit === 'stacks' ? 'stand-up' : 'run'
  const rungs = ladder.map(({ treatments, replicates }, i) => `${i === 0 ? '' : 'the best '}${treatments} with ${replicates} ${noun}${replicates === 1 ? '' : 's'}`)
  return [`${ladder.length} rungs: ${rungs.join(', ')}`, 'those before count; ties and treatments without evidence go on too']
}
