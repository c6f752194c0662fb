// SPDX-License-Identifier: Apache-2.0
/** Whether tools agree, in English. It knows no numbers: they come formatted, with their units. */

export const AGREEMENT = {
  'agreement.lead':
    'Each tool against the median of the others, trial by trial on the same stacks: the shift with its 95 % interval. Agrees: the 90 % interval lies within ± 5 %, or within 1 ms of a latency and 0.1 ms of a mean gap. Differs: shown at 5 % after Holm over the whole table.',
  'agreement.column': '{response} [{unit}]',
  'agreement.place': 'in {place}',
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
} as const
