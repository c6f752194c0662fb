// SPDX-License-Identifier: Apache-2.0
/** What comparisons of two Experiments say, in English. It knows no numbers: they come formatted, with their units. */

export const COMPARE = {
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
  'compare.oneTreatment': 'its one treatment',
  'compare.title': '{fresh} against {base}',
  'compare.moreDiffers': 'and {count} more: {command}',
  'compare.left': 'Left out: {name}, since {reason}.',
  'compare.times':
    'BASE was measured from {baseFrom} to {baseTo}, NEW from {newFrom} to {newTo}: what else changed in between is part of the shift.',
  'compare.overall': 'Geometric mean over treatments, without a verdict: {ratios}.',
  'compare.nothingDiffers': 'Nothing else is on record that differs.',
  'compare.differs': 'What else differs ({count}):',
} as const
