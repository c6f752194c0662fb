// SPDX-License-Identifier: Apache-2.0
/**
 * Every sentence that reports, comparisons and recommendations say, by key, with its parameters in braces. Another language is another
 * table of the same keys. It knows no numbers: they come formatted, with their units.
 */

const ENGLISH = {
  'list.and': 'and',
  'list.more': 'and {count} more',

  // Recommendations
  'requirement.atMost': '{response} ≤ {bound}',
  'requirement.atLeast': '{response} ≥ {bound}',
  'requirement.inStage': '{requirement} in stage {stage}',
  'advice.best': 'For {requirements}, {point} gives {objective}: {value}, at {latencies}.',
  'advice.bestWithoutBound': 'Without a bound on latency, {point} gives {objective}: {value}. Set spec.slo or a gate to have the others judged by it.',
  'advice.byEstimateOnly': 'By its estimate it meets the bounds, yet its interval reaches beyond: {latencies}.',
  'advice.ahead': 'That is {difference} {comparative} than {other}, the next best configuration ({value}); p = {p} after Holm.',
  'advice.notAhead': '{other} is not told apart from it ({value}; {difference} [{low}, {high}]): choose by something else, or replicate.',
  'advice.unknownAhead': 'Whether {other} ({value}) is worse is not known: {reason}.',
  'advice.range': '{configuration} is {difference} {comparative} than {other} {loads}.',
  'advice.none': 'Nothing measured meets {requirements}: closest is {point} with {latencies}.',
  'advice.weak': 'Nothing is recommended for {requirements}: every percentile comes from too few requests ({need} a trial are needed for {statistic}).',
  'advice.unmeasured': 'Nothing is recommended for {requirements}: {response} was not measured.',
  'advice.noObjective': 'Nothing is recommended: neither throughput nor cost was measured.',
  'advice.weakLeftOut': '{count} of {total} operating points were left out: their percentiles come from too few requests.',
  'advice.suspect': 'Take care: {count} of the {total} trials behind this are suspect ({reasons}).',
  'advice.noReplicates': 'Nothing here was stood up twice, so that no difference between configurations is certain: set design.replicates.stacks.',
  'advice.knee': 'The front bends at {point}: {x}, {y}. Beyond it latency grows faster than what it buys.',
  'objective.cost': 'the cheapest output',
  'objective.perGpu': 'the most tokens per GPU',
  'objective.throughput': 'the most tokens',
  'comparative.cost': 'cheaper',
  'comparative.more': 'more',
  'loads.below': 'below {load}',
  'loads.above': 'above {load}',
  'loads.at': 'at {load}',
  'loads.between': 'between {from} and {to}',
  'load.rate': '{value} req/s',
  'load.concurrency': '{value} users',
  'load.label': '{value}',
  'point.configurationAtLoad': '{configuration} with {load}',
  'point.atLoad': 'a load of {load}',

  // Effects
  'effects.matters': '{term} matters for {response}{where}: {size}; {test}, {share} of all variation.',
  'effects.interaction': '{term} matters for {response}{where}: what {first} does depends on {second} ({sizes}); {test}, {share} of all variation.',
  'effects.sizeAt': '{from} → {to}: {size} at {other}',
  'effects.sizeOf': '{from} → {to}: {size}',
  'effects.curvature': 'Curvature matters for {response}{where}: the centre is not midway between the outer levels; {test}.',
  'effects.nothing': 'Nothing is shown to matter for {response}{where}.',
  'effects.notShown': 'Not shown for {response}{where}: {terms}.',
  'effects.detectable': 'In four of five cases this design finds differences of: {sizes}.',
  'effects.singleStandUp': '{factors} {changes} only between stacks, and each of these was stood up once: what it does to {response} gets no interval and no p-value, since it cannot be told from the luck of a stand-up. Set design.replicates.stacks to 2 or more.',
  'effects.noError': 'Nothing is replicated and there are too few effects to judge them against each other: effects on {response}{where} are given without interval.',
  'effects.lenth': 'Nothing is replicated: effects on {response}{where} are judged against each other by Lenth’s method (margin {margin}, for all {count} at once {simultaneous}).',
  'effects.standsOut': '{term} stands out for {response}{where} ({how}): {size}.',
  'effects.surely': 'for sure',
  'effects.likely': 'likely',
  'effects.notEstimable': 'Cannot be estimated for {response}: {term}; {reason}.',
  'effects.mixed': 'This fraction cannot tell apart, and estimates the sum of: {terms}.',
  'effects.surface': 'A response surface explains {share} of the variation of {response}{where}.',
  'effects.surfaceLack': 'A quadratic does not describe {response}{where}: lack of fit, {p}.',
  'effects.stationary': '{kind} of {response}{where} at {place}, predicted {value}{outside}.',
  'effects.outside': '; it lies outside of what was measured, so do not trust it',
  'effects.notAnalysed': '{response}{where} was not analysed: {reason}.',
  'effects.weak': '{count} of {total} trials have too few requests for {statistic} ({need} are needed)',
  'effects.constant': 'it is {value} in all trials',
  'effects.fewTrials': '{count} trials are too few',
  'effects.drift': '{response} drifted while it was measured{where}: {change} from the first to the last trial ({p}).',
  'effects.driftRandomised': 'Trials ran in random order{blocks}, so that this went into the error and not into the effects.',
  'effects.driftBlocks': ' within complete blocks',
  'effects.driftListed': 'Trials ran in the order in which they were listed, so that this is mixed with the effects: set design.order.randomize.',
  'effects.suspect': '{count} of {total} analysed trials are suspect.',
  'effects.residuals': 'Residuals of {response}{where} are in doubt: {checks}.',
  'effects.inStage': ' in stage {stage}',
  'check.normal residuals': 'not normal ({p})',
  'check.equal spread': 'spread differs between {groups} ({p})',
  'check.neighbouring runs independent': 'neighbouring trials are alike ({p})',
  'check.no outlier': 'an outlier ({p})',
  'check.no trend over the order of runs': 'a trend over the order of trials ({p})',

  // Comparisons
  'compare.summary': '{worse} worse, {better} better, {same} the same, {insufficient} undecided of {total}.',
  'compare.family': 'Holm over the {family} that have enough data: at most {alpha} chance of one false “better” or “worse” among them.',
  'compare.medians': 'Medians of stand-ups with 95 % intervals; the shift is NEW against BASE.',
  'compare.marginGiven': '“Same” is: surely within the given margin of ± {margin}.',
  'compare.marginFloor': '“Same” is: surely within the A/A noise floor, as replicates of one treatment lie apart by chance: {margins}.',
  'compare.marginUnknown': 'Of {names} there are too few replicates to know the noise: nothing is called the same; give --margin, or replicate.',
  'compare.flat': '{name} is {value} in every replicate of both sides ({count} rows, not shown).',
  'compare.method': '{method}: {because}.',
  'compare.undecided': 'Undecided, {count}: {reason}{more}.',
  'compare.more': '; {count} more stand-ups on each side would decide four times in five',
  'compare.weak': '{name}: too few requests in a trial for this percentile ({need} are needed); shown, and decides nothing.',
  'compare.suspect': 'Take care: {base} of the trials of BASE and {candidate} of those of NEW are suspect.',
  'compare.alone': 'Only in {side}: {treatments}.',
  'compare.apart': '{factor} is {base} in BASE and {candidate} in NEW: it is what is compared.',
  'compare.left': 'Left out: {name}, since {reason}.',
  'compare.times': 'BASE was measured from {baseFrom} to {baseTo}, NEW from {newFrom} to {newTo}: what else changed in between is part of the shift.',
  'compare.overall': 'Geometric mean over treatments, without a verdict: {ratios}.',
  'compare.nothingDiffers': 'Nothing else is on record that differs.',
  'compare.differs': 'What else differs ({count}):',
} as const

type Catalogue = typeof ENGLISH
export type MessageKey = keyof Catalogue
type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
type Params<Key extends MessageKey> = Readonly<Record<Names<Catalogue[Key]>, string | number>>

/** A sentence before it has a language. */
export interface Message {
  readonly key: MessageKey
  readonly params: Readonly<Record<string, string | number>>
}

/** The key and its parameters are checked against the catalogue by the compiler. */
export function message<Key extends MessageKey>(key: Key, ...[params]: [Names<Catalogue[Key]>] extends [never] ? [] : [Params<Key>]): Message {
  return { key, params: params ?? {} }
}

export function textOf({ key, params }: Message): string {
  return ENGLISH[key].replaceAll(/\{(\w+)\}/g, (hole, name: string) => (Object.hasOwn(params, name) ? String(params[name]) : hole))
}

/** Both at once, for parts of sentences. */
export function say<Key extends MessageKey>(key: Key, ...params: [Names<Catalogue[Key]>] extends [never] ? [] : [Params<Key>]): string {
  return textOf(message(key, ...params))
}

/** `a`, `a and b`, `a, b and c`; of many the first few. */
export function listed(items: readonly string[], most = 8): string {
  const shown = items.slice(0, most)
  if (items.length > most) return `${shown.join(', ')} ${say('list.more', { count: items.length - most })}`
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} ${say('list.and')} ${shown.at(-1)}`
}
