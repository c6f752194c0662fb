// SPDX-License-Identifier: Apache-2.0
/**
 * Every sentence that reports, comparisons and recommendations say, by key, with its parameters in braces. Another language is another
 * table of the same keys. It knows no numbers: they come formatted, with their units.
 */

export const CATALOGUE = {
  'list.and': 'and',
  'list.more': 'and {count} more',

  // Recommendations
  'requirement.atMost': '{response} ≤ {bound}',
  'requirement.atLeast': '{response} ≥ {bound}',
  'requirement.inStage': '{requirement} in stage {stage}',
  'advice.best': 'For {requirements}, {point} gives {objective}: {value}, at {latencies}.',
  'advice.bestWithoutBound':
    '{point} gives {objective}: {value}. No bound on latency was asked for: set spec.slo or a gate, and points beyond it are left out.',
  'advice.byEstimateOnly': 'No point meets the bounds with its whole interval; this one does by its estimate.',
  'advice.ahead': 'It {gain} the next best configuration, {other} ({value}; {p} after Holm).',
  'advice.notAhead': 'It is not told apart from {other} ({value}; {difference}, {p} after Holm): replicate, or choose by something else.',
  'advice.unknownAhead': 'Whether it is better than {other} ({value}) is not known: {reason}.',
  'advice.range': '{configuration} {gain} {other} {loads}.',
  'advice.atLeast': 'at least ',
  'advice.none': 'Nothing that was measured meets {requirements}: closest is {point}, with {latencies}.',
  'advice.weak':
    'Nothing is recommended for {requirements}: too few requests were measured for {statistic} ({need} are needed in each trial).',
  'advice.unmeasured': 'Nothing is recommended for {requirements}: {responses} was not measured.',
  'advice.weakLeftOut': '{count} of {total} operating points were left out, since too few requests were measured for their percentiles.',
  'advice.suspect': 'Take care: {count} suspect among the {total} trials behind these numbers.',
  'advice.claimed': 'Some of these numbers are what tools claim, by their own definitions: no records show them.',
  'advice.noReplicates':
    'No stack was stood up twice, so that no difference between configurations is certain: set design.replicates.stacks to 2 or more.',
  'advice.rankingNote':
    'The best operating point of each configuration within the bounds: means over stand-ups ± half of the 95 % interval; verdicts after Holm.',
  'advice.knee': 'The front of latency against output bends at {point}: {x} at {y}; beyond it latency grows faster than what it buys.',
  'objective.cost': 'the cheapest output',
  'objective.perGpu': 'the most tokens per GPU',
  'objective.throughput': 'the most tokens',
  'gain.cost': 'is {difference} cheaper than',
  'gain.perGpu': 'gives {difference} more tokens per GPU than',
  'gain.throughput': 'gives {difference} more tokens than',
  'loads.upTo': 'up to {load}',
  'loads.from': 'from {load} on',
  'loads.at': 'at {load}',
  'loads.between': 'from {from} to {to}',
  'load.rate': '{value} req/s',
  'load.concurrency': '{value} users',
  'load.label': '{value}',
  'point.configurationAtLoad': '{configuration} with {load}',
  'point.atLoad': 'a load of {load}',

  // Effects
  'effects.matters': '{term} matters for {response}{where}: {size}; {test}, {share} of all variation.',
  'effects.interaction':
    '{term} matters for {response}{where}: what {first} does depends on {second} ({sizes}); {test}, {share} of all variation.',
  'effects.sizeAt': '{from} → {to}: {size} at {other}',
  'effects.sizeOf': '{from} → {to}: {size}',
  'effects.seeTable': 'the effect of each depends on the others',
  'effects.curvature': 'Curvature matters for {response}{where}: the centre is not midway between the outer levels; {test}.',
  'effects.nothing': 'Nothing is shown to matter for {response}{where}: {terms}.{seen}',
  'effects.detectable': ' In four of five cases this design finds a difference of {sizes}.',
  'effects.singleStandUp':
    '{factors} {verb} only between stacks, and each of these was stood up once: what that does gets no interval and no p-value, since it cannot be told from the luck of a stand-up. Set design.replicates.stacks to 2 or more.',
  'effects.changes': 'changes',
  'effects.change': 'change',
  'effects.noError':
    'Nothing is replicated, and there are too few effects to judge them against each other: effects on {responses} are given without interval.',
  'effects.lenth':
    'Nothing is replicated, so that the {count} effects on {response}{where} are judged against each other (Lenth): {terms}.',
  'effects.standing': '{term} stands out {how} ({size})',
  'effects.noneStandsOut': 'none stands out',
  'effects.surely': 'for sure',
  'effects.likely': 'likely',
  'effects.notEstimable': 'Cannot be estimated: {terms}.',
  'effects.mixed': 'This fraction cannot tell apart, and estimates the sum of: {terms}.',
  'effects.surface': 'A response surface explains {share} of the variation of {response}{where}.',
  'effects.surfaceLack': 'A quadratic does not describe {response}{where}: lack of fit, {p}.',
  'effects.stationary': '{response}{where} has a {kind} at {place}, predicted {value}{outside}.',
  'effects.outside': '; it lies outside of what was measured, so do not trust it',
  'effects.notAnalysed': 'Not analysed: {responses}; {reason}.',
  'effects.refused': '{reason}',
  'effects.weak': '{count} of {total} trials have too few requests for {statistic} ({need} are needed)',
  'effects.claimed': '{count} of {total} trials have only what the tool claims, and the others what records show: two definitions',
  'effects.constant': 'it is {value} in all trials',
  'effects.fewTrials': '{count} trials are too few',
  'effects.drift': '{response} drifted while it was measured{where}: {change} from the first to the last trial ({p} after Holm){moves}.',
  'effects.driftMoves': '; with that taken out the effect of {term} is {without} instead of {with}',
  'effects.driftTakenOut': '; with that left in the effect of {term} would be {with} instead of {without}',
  'effects.driftRandomised':
    'Trials ran in random order{blocks}: drift is told apart from effects, and what is shown was taken out of them as a straight line over time.',
  'effects.driftBlocks': ' within complete blocks',
  'effects.driftListed':
    'Trials ran in the order in which they were listed, so that the drift is mixed with the effects: set design.order.randomize.',
  'effects.suspect': 'Take care: {count} suspect among the {total} trials analysed here.',
  'effects.residuals': 'Residuals of {response}{where} leave doubts: {checks}.',
  'effects.inStage': ' in stage {stage}',
  'effects.stage': 'stage {stage}',
  'effects.hidden': '{count} interactions that explain less are in the JSON.',
  'effects.lead':
    'Change from the first to the last level with its 95 % interval (of more than two levels: of all pairs together, by Tukey and Kramer), and the share of all variation that the term explains. Bold: shown at 5 % after Holm over the terms of that column.',
  'effects.leadLog':
    'Where all values are positive their logarithms were analysed: effects are then in per cent, and an interaction is a departure from multiplying.',
  'effects.method':
    'Factors that change only between stacks are tested against the scatter of stand-ups, the others against that of trials on one stand-up{blocks}.',
  'effects.methodBlocks': '; stand-up replicates are blocks',
  'check.normal residuals': 'they are not normal ({p})',
  'check.equal spread': 'their spread differs between treatments ({p})',
  'check.neighbouring runs independent': 'neighbouring trials are alike ({p})',
  'check.no outlier': 'one of them is an outlier ({p})',
  'check.no trend over the order of runs': 'they have a trend over the order of trials ({p})',

  // Figures
  'figure.rings': 'Rings: no other point is better in both.',
  'figure.possible': 'Broken rings: another is better by its estimate, yet not surely.',
  'figure.knee': 'Knee: where the front bends.',
  'figure.kneeMark': 'knee',
  'figure.bound': 'Shaded: within the bound that was asked for.',
  'figure.bars': 'Bars: 95 % intervals; lines join one configuration’s loads.',
  'figure.weak': 'Every percentile of it comes from too few requests: it decides nothing.',
  'figure.left': '{count} more points are in the files.',

  // Agreement of tools
  'agreement.lead':
    'Each tool against the median of the others, trial by trial on the same stacks: the shift with its 95 % interval. Agrees: the 90 % interval lies within ± 5 %, or within 1 ms of a latency and 0.1 ms of a mean gap. Differs: shown at 5 % after Holm over the whole table.',
  'agreement.where': ' in {place}',
  'agreement.agrees': 'agrees',
  'agreement.undecided': 'undecided',
  'agreement.all': 'All {count} tools agree in {response}{where}, within {margin}.',
  'agreement.some': '{tools} agree with the others in {response}{where}.',
  'agreement.differs': '{tool} differs in {response}{where}: {shift} against the median of the others ({p}). What else differed: {causes}.',
  'agreement.open': 'Not decided by so many trials in {response}{where}: {tools}.',
  'agreement.missing': 'No {response}{where} by {tools}: their files do not hold what it takes.',
  'agreement.claimed': 'it is the tool’s own claim, by its own definition and without records',
  'agreement.prompts': 'its prompts had {own} tokens on average, those of the others {others}',
  'agreement.answers': 'its answers had {own} tokens on average, those of the others {others}',
  'agreement.client': 'its mean TTFT lies {own} ms beyond the server’s, that of the others {others} ms: the tool’s own work, or when its clock starts',
  'agreement.server': 'the server’s own mean TTFT was {own} ms while it ran, and {others} ms with the others: it loaded the server differently',
  'agreement.concurrency': 'it kept {own} requests in flight on average, the others {others}',
  'agreement.suspect': '{share} of its trials are suspect ({reasons})',
  'agreement.unknown': 'nothing that is on record',

  // Comparisons
  'compare.summary': '{worse} worse, {better} better, {same} the same, {insufficient} undecided of {total}.',
  'compare.family': 'Holm over the {family} that have enough data: at most {alpha} chance of one false “better” or “worse” among them.',
  'compare.medians': 'Medians of stand-ups with 95 % intervals; the shift is NEW against BASE.',
  'compare.marginGiven': '“Same” is: surely within the given margin of ± {margin}.',
  'compare.marginFloor': '“Same” is: surely within the A/A noise floor, as replicates of one treatment lie apart by chance: {margins}.',
  'compare.marginUnknown':
    'Of {names} there are too few replicates to know the noise: nothing is called the same; give --margin, or replicate.',
  'compare.identical': 'Both sides are the very same trials: this compares something with itself.',
  'compare.flat': '{name} is {value} in every replicate of both sides ({count} rows, not shown).',
  'compare.method': '{method}: {because}.',
  'compare.undecided': 'Undecided, {count}: {reason}{more}.',
  'compare.more': '; {count} more stand-ups on each side would decide four times in five',
  'compare.weak': '{name}: too few requests in a trial for this percentile ({need} are needed); shown, and decides nothing.',
  'compare.suspect': 'Take care, suspect trials are among these: {base} of BASE, {candidate} of NEW in the row that has most.',
  'compare.claimed': 'What tools claim, by their own definitions and without records, was compared for {names}: only one tool with itself is alike.',
  'compare.alone': 'Only in {side}: {treatments}.',
  'compare.apart': '{factor} is {base} in BASE and {candidate} in NEW: it is what is compared.',
  'compare.left': 'Left out: {name}, since {reason}.',
  'compare.times':
    'BASE was measured from {baseFrom} to {baseTo}, NEW from {newFrom} to {newTo}: what else changed in between is part of the shift.',
  'compare.overall': 'Geometric mean over treatments, without a verdict: {ratios}.',
  'compare.nothingDiffers': 'Nothing else is on record that differs.',
  'compare.differs': 'What else differs ({count}):',
} as const

type Catalogue = typeof CATALOGUE
export type MessageKey = keyof Catalogue
type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
type Params<Key extends MessageKey> = Readonly<Record<Names<Catalogue[Key]>, string | number>>

/** A sentence before it has a language. */
export interface Message {
  readonly key: MessageKey
  readonly params: Readonly<Record<string, string | number>>
}

/** The key and its parameters are checked against the catalogue by the compiler. */
export function message<Key extends MessageKey>(
  key: Key,
  ...[params]: [Names<Catalogue[Key]>] extends [never] ? [] : [Params<Key>]
): Message {
  return { key, params: params ?? {} }
}

export function textOf({ key, params }: Message): string {
  return CATALOGUE[key].replaceAll(/\{(\w+)\}/g, (hole, name: string) => (Object.hasOwn(params, name) ? String(params[name]) : hole))
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
