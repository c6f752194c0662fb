// SPDX-License-Identifier: Apache-2.0
/** Every sentence that a page of trends says, by key, with its parameters in braces. Another language is another table of the same keys. */

export const CATALOGUE = {
  'trend.title': 'Trends',
  'trend.subtitle': '{experiments} · {runs} from {from} to {to} UTC',
  'trend.oneRun': '1 run',
  'trend.runs': '{count} runs',
  'trend.noRuns': 'The history is empty.',
  'trend.worse': '{count} of {total} series got worse within the last {recent} runs and are worse still: {names}.',
  'trend.notWorse': 'No series is worse than before the last {recent} runs.',
  'trend.tooEarly': 'Nothing can be said yet: {runs}, and a change can be shown from {fewest} runs on.',
  'trend.counts': '{changed} changed at some time, {steady} did not, {open} not decided.',
  'trend.leftOut': 'The first {count} runs were left out: the last {most} of each Experiment are looked at.',

  'section.changes': 'Changes of level',
  'section.environment': 'What it was measured with and on',
  'section.open': 'Not decided',
  'section.steady': 'Without a change',
  'section.method': 'How it was decided',

  'column.effect': 'change',
  'column.series': 'series',
  'column.size': 'size',
  'column.values': 'before → after',
  'column.since': 'first run after',
  'column.between': 'between',
  'column.runs': 'runs',
  'column.cause': 'what differs',
  'column.reason': 'why',
  'column.level': 'level',
  'column.noise': 'noise',

  'effect.worse': 'worse',
  'effect.better': 'better',
  'effect.changed': 'changed',
  'effect.worseDrift': 'drifts, worse',
  'effect.betterDrift': 'drifts, better',
  'effect.changedDrift': 'drifts',
  'effect.undone': 'earlier',

  'run.place': '{time}, between {from} and {to}',
  'run.commits': '{before} → {after}',
  'run.noCommit': 'no commit on record',
  'run.driftSpan': '{from} to {to}, run by run',
  'run.commit': 'commit {commit}',
  'run.weak': 'too few requests for this percentile: it decides nothing',
  'run.suspect': '{count} of {trials} trials suspect',
  'cause.nothing': 'nothing on record',
  'cause.changed': '{fact}: {before} → {after}',
  'cause.none': 'none',

  'environment.lead': 'Runs are compared only with runs of the same environment. Where it changed, a new series of levels begins, and a difference across it is called neither better nor worse.',
  'environment.before': 'last run before',
  'environment.after': 'first run with it',
  'open.tooFew': 'too few: {count} in the present environment, and a change can be shown from {fewest} on',
  'open.weak': 'too few requests in every run for this percentile',
  'steady.lead': '{count} series stayed at one level in the present environment. Noise is how far two runs of one level lie apart by chance in 19 of 20 cases.',

  'figure.alt': '{series} in {unit} over {runs}, with {changes}.',
  'figure.oneChange': '1 change',
  'figure.changes': '{count} changes',
  'figure.level': '{value} over {runs}',
  'figure.shift': '{effect}: {size}, first run after {time}',
  'figure.environment': 'another environment from {time} on: {facts}',
  'figure.legend': 'Dots are runs with the 95 % interval of their mean, hollow where they decide nothing; a triangle at the edge is an outlier beyond it. Thick lines are levels, the medians of their runs. A full vertical line is a change, red for worse and green for better, the band about it is where it may lie at 95 %; a dotted one is another environment. Axes do not begin at zero.',
  'figure.more': '{count} more figures are left out; the JSON form has all series.',

  'method.test': 'A series is cut where its level changes: the largest standardised difference of means over all cuts and stretches (circular binary segmentation, Olshen et al. 2004), of logarithms where all values are positive, judged by permutation; a slope that explains it better is called a drift (Mann–Kendall, Bayesian information criterion).',
  'method.rate': 'If nothing ever changes, one look at this page calls anything changed with a chance of at most {rate} over all {questions} series together; each is asked at {each}. Who looks daily asks daily: over many looks there are more false alarms than in one.',
  'method.levels': 'A level has at least three runs: fewer are outliers. With so many series a change can be shown from {fewest} runs on, and one that is new after three or more.',
  'method.size': 'Sizes compare the runs of both levels, with 95 % intervals; since the place was chosen where the difference is largest, they look a little large. The place of a change has its own 95 % interval (Bai 1997).',
  'method.independent': 'Runs are taken as independent: neighbours that are alike for a reason (the same node for a week, a warm cache) alarm more often.',
} as const

type Catalogue = typeof CATALOGUE
export type TrendKey = keyof Catalogue
type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
type Params<Key extends TrendKey> = Readonly<Record<Names<Catalogue[Key]>, string | number>>

/** The key and its parameters are checked against the catalogue by the compiler. */
export function say<Key extends TrendKey>(key: Key, ...[params]: [Names<Catalogue[Key]>] extends [never] ? [] : [Params<Key>]): string {
  const given: Readonly<Record<string, string | number>> = params ?? {}
  return CATALOGUE[key].replaceAll(/\{(\w+)\}/g, (hole, name: string) => (Object.hasOwn(given, name) ? String(given[name]) : hole))
}
