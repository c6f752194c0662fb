// SPDX-License-Identifier: Apache-2.0
/** Every sentence and heading of the comparison of models, by key, with its parameters in braces; they may be sentences themselves. It knows no numbers. */

export const MODEL_CATALOGUE = {
  'models.and': ' and ',
  'models.comma': ', ',
  'models.semicolon': '; ',

  // Headings
  'models.title': 'Models',
  'models.head.scaling': 'How it grows with size',
  'models.head.forms': 'What quantisation gains and costs',
  'models.head.pairs': 'Each against each',
  'models.head.ttft': 'Time to first token',
  'models.head.itl': 'Gaps between tokens',
  'models.head.e2e': 'End-to-end latency',
  'models.head.batch_latency': 'Latency of a batch',
  'models.head.throughput': 'Throughput and lengths of answers',
  'models.head.resources': 'Start, memory, energy and cost',
  'models.column.model': 'model',
  'models.column.load': 'load',
  'models.column.metric': 'metric',
  'models.column.unit': 'unit',
  'models.column.base': 'base',
  'models.column.other': 'other',
  'models.column.baseValue': 'base is',
  'models.column.otherValue': 'other is',
  'models.column.shift': 'shift',
  'models.column.verdict': 'verdict of other',
  'models.column.exponent': 'exponent [95 %]',
  'models.column.doubling': 'a doubling',
  'models.column.scatter': 'scatter of models',
  'models.column.fit': 'lack of fit (after Holm)',
  'models.column.alike': 'alike in',
  'models.statistic.mean': 'mean',
  'models.statistic.p50': 'median',
  'models.statistic.min': 'minimum',
  'models.statistic.p95': 'p95',
  'models.statistic.stddev': 'SD',
  'models.short.requestsPerMinute': 'Requests a minute',
  'models.short.tokens_per_second_per_user': 'Per request, mean',
  'models.short.output_throughput': 'Overall',
  'models.short.output_throughput_per_gpu': 'Overall, per GPU',
  'models.short.request_throughput': 'Requests',
  'models.short.output_length': 'Answer, {statistic}',
  'models.short.error_rate': 'Errors',
  'models.short.engine_start': 'Engine start',
  'models.short.peak_ram': 'RAM, peak',
  'models.short.peak_gpu_memory': 'GPU memory, peak',
  'models.short.peak_gpu_memory_process': 'of the process',
  'models.short.peak_gpu_memory_reserved': 'reserved',
  'models.short.peak_gpu_memory_allocated': 'allocated',
  'models.short.gpu_memory_used': 'GPU memory, mean',
  'models.short.process_energy': 'Energy',
  'models.short.energy_per_output_token': 'Energy per token',
  'models.short.cost_per_million_output_tokens': 'Cost of output',
  'models.tableNote':
    'Mean over stand-ups ± half of the 95 % interval; n is stand-ups/trials. Median, minimum, p95 and SD are those of the requests of a trial, averaged likewise.',
  'models.moreRows': 'The first {shown} of {total} rows.',

  // What is compared
  'models.compared': 'Compared: {models}.',
  'models.ofSize': '{label} ({size})',
  'models.ofNamedSize': '{label} ({size}, read from its name)',
  'models.ofNoSize': '{label} (size not known)',
  'models.billion': '{number} billion parameters',
  'models.million': '{number} million parameters',
  'models.leftOut': '{count} trials do not say what they served, and are left out.',
  'models.alone': 'No model but {model} left usable trials: there is nothing to compare it with.',
  'models.nothing': 'No trial left anything that could be compared.',
  'models.suspect': 'Take care: {count} suspect among the {total} trials behind these numbers.',
  'models.claimed': 'Numbers marked § are what tools claim, by their own definitions: no records show them.',

  // Confounding
  'models.goesWith': '{what} changes only together with the model ({values}): what differs between these models may be due to either. Measure one of them under the conditions of the other.',
  'models.goesWithOne': '{label}: {value}',
  'models.circumstance.engine': 'The serving engine',
  'models.circumstance.accelerator': 'The accelerator',
  'models.circumstance.gpus': 'The number of accelerators',
  'models.circumstance.replicas': 'The number of replicas',
  'models.circumstance.parallelism': 'Parallelism',
  'models.circumstance.tool': 'The tool that measures',
  'models.circumstance.input': 'The mean length of prompts in tokens',
  'models.circumstance.offered': 'The offered load',
  'models.circumstance.experiment': 'The Experiment, and with it time and cluster,',
  'models.unknownValue': 'not on record',
  'models.sizeWithForm': 'Size and quantisation cannot be told apart: {parts}. Measure {size} also as {form}, and they can.',
  'models.sizeWithFormPart': '{sizes} only as {forms}',
  'models.unquantised': 'not quantised',

  // Scaling
  'models.law.grows': '{response}{where} grows with size^{exponent} (95 % {low} to {high}; {count} models, {from} to {to} billion parameters): a doubling of size makes it {factor} times as much.',
  'models.law.falls': '{response}{where} falls with size^{exponent} (95 % {low} to {high}; {count} models, {from} to {to} billion parameters): a doubling of size leaves {factor} of it.',
  'models.law.open': '{response}{where} is not shown to change with size: size^{exponent} (95 % {low} to {high}; {count} models, {from} to {to} billion parameters).',
  'models.law.lack': 'The law does not describe {response}{where} well: models lie off its line by more than their stand-ups scatter ({p} after Holm), by {scatter} as a rule.',
  'models.law.note':
    'Least squares on logarithms over one mean of each model: stand-ups of a model are no further sizes, and the interval is that of models about the line. Only models alike in quantisation, number format, engine, accelerators and tool are fitted together. It says nothing outside of the sizes that were measured.',
  'models.law.tooFew': 'No law of size for {models} ({alike}): of three sizes that it takes at least, {sizes} measured under one load.',
  'models.law.unsized': 'In no law, since the size is not known: {models}. Set scenario.model.parameters.',
  'models.law.mixtures': 'In no law, since only a part of the parameters computes a token: {models}.',
  'models.law.openLoop': 'Throughput under an open loop follows the arrivals: it has no law of size. Offer a concurrency for that.',
  'models.law.lengths': 'Answers have other lengths from model to model (by more than 10 %): E2E latency follows these too, and has no law of size.',
  'models.law.alike': '{form}, {stack}',
  'models.where': ' with {place}',
  'models.figure.alt': '{response} in {unit} against parameters for {count} models, on logarithmic axes, with the fitted line.',
  'models.figure.note': 'Line: size^{exponent} with the 95 % band of its mean. Bars: 95 % intervals of each model.',
  'models.figure.size': 'parameters (billions)',

  // Quantisation
  'models.form.shown': '{other} instead of {base}{where}: {changes} (after Holm).',
  'models.form.nothing': '{other} instead of {base}{where}: no difference is shown.',
  'models.form.change': '{response} {verdict}, {from} → {to} ({shift}, {p})',
  'models.form.same': 'Surely the same within the margin: {responses}.',
  'models.form.open': 'Not decided: {responses}.',
  'models.form.notAlone': '{other} differs from {base} not in quantisation alone but also in {what}: what quantisation does is not told apart from that.',
  'models.form.lowerCase.engine': 'engine',
  'models.form.lowerCase.accelerator': 'accelerator',
  'models.form.lowerCase.gpus': 'number of accelerators',
  'models.form.lowerCase.replicas': 'replicas',
  'models.form.lowerCase.parallelism': 'parallelism',
  'models.form.lowerCase.tool': 'tool',
  'models.form.lowerCase.input': 'length of prompts',
  'models.form.lowerCase.offered': 'offered load',
  'models.form.readFromName': 'That {other} and {base} are one model in two forms is read from their names.',
  'models.verdict.better': 'better',
  'models.verdict.worse': 'worse',
  'models.verdict.same': 'same',
  'models.verdict.insufficient': 'insufficient',
  'models.verdict.more': '{verdict} ({count} more)',
  'models.verdict.within': '{verdict} ({margin})',
  'models.quality.better': '{other} answers better than {base} in {task}, {metric}: {otherValue} against {baseValue} ({p}).',
  'models.quality.worse': '{other} answers worse than {base} in {task}, {metric}: {otherValue} against {baseValue} ({p}).',
  'models.quality.open': 'No difference in quality between {other} and {base} is shown in {task}, {metric}: {otherValue} against {baseValue} ({p}); fewer than so many questions cannot show a small one.',
  'models.quality.noError': '{task}, {metric}: {otherValue} for {other} and {baseValue} for {base}, without a standard error: whether they differ is not judged.',
  'models.quality.value': '{value} ± {stderr}',
  'models.quality.none': 'No quality was measured of both {base} and {other}: what this form costs in answers is not known, and nothing is advised about it.',

  // Advice
  'models.need.firstToken': 'the quickest first token',
  'models.need.answer': 'the quickest answer',
  'models.need.throughput': 'the most output',
  'models.need.cost': 'the cheapest output',
  'models.need.memory': 'the least memory',
  'models.choose': 'For {need}{bounds}, take {model}{where}: {response} {value}.{estimate}{next}{load}',
  'models.choose.within': ' within {requirements}',
  'models.choose.byEstimate': ' It meets the bounds by its estimate only.',
  'models.choose.ahead': ' The next is {model}{where} with {value}: {shift} ({p} after Holm).',
  'models.choose.open': ' It is not told apart from {model}{where} with {value} ({shift}{p}): repeat stand-ups, or choose by something else.',
  'models.choose.p': '; {p} after Holm',
  'models.choose.unknown': ' Whether it is ahead of {model}{where} with {value} is not known: each was stood up once.',
  'models.choose.openLoop': ' The arrivals set this load: what the models could give beyond it was not measured.',
  'models.choose.unmeasured': 'No advice on {needs}: not measured of two models.',
  'models.choose.missed': 'No model meets {requirements} under a load that was measured.',
  'models.choose.unknownBounds': 'Whether a model meets {requirements} is not known: it was not measured, or of too few requests.',
  'models.side.noScores':
    'Whether a small and a large model side by side pay is not said: no quality was measured. Scores (lm-eval, a perplexity) of both would tell.',
  'models.side.oneSize': 'Whether a small and a large model side by side pay is not said: quality was measured of models of one size only.',
  'models.side.noTask': 'Whether a small and a large model side by side pay is not said: no score with a standard error, and no latency, is known of both a small and a large one.',
  'models.side.facts': '{small} against {large}{where}: {response} {smallValue} against {largeValue} ({shift}{p}).',
  'models.side.both':
    'Both pay side by side: {small} where first tokens must be quick, {large} where answers must be good. That takes {gpus}; which requests go where is a decision that nothing here measured.',
  'models.side.gpus': '{small} + {large} accelerators',
  'models.side.noGpus': 'no accelerator',
  'models.side.large': '{large} alone: it answers better, and that {small} is quicker is not shown.',
  'models.side.small': '{small} alone: it is quicker, and {large} answers worse.',
  'models.side.open': '{small} alone, unless a difference in quality matters that so few questions cannot show: it is quicker, and no difference in quality is shown.',
  'models.side.mixed': 'Neither one nor both follows from that: scores and latency do not point one way.',
  'models.load.rate': '{value} req/s',
  'models.load.concurrency': '{value} requests in flight',
  'models.load.bounds': '{model}: up to {load} surely within {requirements}{highest}. {timeout}',
  'models.load.power': '{model}: about {load}, where throughput ÷ mean E2E latency is greatest of the loads measured{highest}. {timeout}',
  'models.load.highest': '; that is the highest load measured, and more may do',
  'models.load.timeout': 'Client timeout there: at least {seconds} s, the upper 95 % limit of {response} ({value}) rounded up: it cuts about {share} of good answers.',
  'models.load.noTimeout': 'No client timeout follows: p99 of E2E latency needs 662 requests in each trial, and two stand-ups.',

  // Comparing on the command line
  'models.pairs.summary': '{groups} {by} compared: {decided} of {total} questions decided ({better} better, {worse} worse, {same} the same as the base), {open} undecided.',
  'models.pairs.family': 'Holm over all {family} that have enough data: at most {alpha} chance of one false “better” or “worse” among them.',
  'models.pairs.medians': 'Medians of stand-ups with 95 % intervals; the shift and the verdict are those of “other” against “base”.',
  'models.pairs.marginGiven': '“Same” is: surely within the given margin.',
  'models.pairs.marginFloor': '“Same” is: surely within the A/A noise floor of the replicates, of every metric its own.',
  'models.pairs.weak': '* too few requests in a trial for this percentile: shown, and decides nothing.',
  'models.pairs.once': 'Models that were stood up once are insufficient, however many requests were sent: set design.replicates.stacks to 2 or more.',
  'models.pairs.onlyUnder': '{label} was not measured under {conditions}.',
} as const

type Catalogue = typeof MODEL_CATALOGUE
export type ModelMessageKey = keyof Catalogue
type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
type Given<Key extends ModelMessageKey> = [Names<Catalogue[Key]>] extends [never] ? [] : [Readonly<Record<Names<Catalogue[Key]>, Part>>]

/** Names and numbers are the same in every language. */
export type Part = string | number | ModelMessage | Joined
export interface ModelMessage {
  readonly key: ModelMessageKey
  readonly params: Readonly<Record<string, Part>>
}
interface Joined { readonly items: readonly Part[]; readonly by: 'models.comma' | 'models.semicolon' | 'models.and' }

/** The key and its parameters are checked against the catalogue by the compiler. */
export function message<Key extends ModelMessageKey>(key: Key, ...[params]: Given<Key>): ModelMessage {
  return { key, params: params ?? {} }
}

export function joined(items: readonly Part[], by: Joined['by'] = 'models.semicolon'): Part {
  return { items, by }
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly Part[]): Part {
  const last = items.at(-1) ?? ''
  return items.length < 2 ? last : joined([joined(items.slice(0, -1), 'models.comma'), last], 'models.and')
}

export function textOf(part: Part): string {
  if (typeof part !== 'object') return String(part)
  if ('items' in part) return part.items.map(textOf).join(MODEL_CATALOGUE[part.by])
  const { key, params } = part
  return MODEL_CATALOGUE[key].replaceAll(/\{(\w+)\}/g, (hole, name: string) => (Object.hasOwn(params, name) ? textOf(params[name] as Part) : hole))
}
