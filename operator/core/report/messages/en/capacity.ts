// SPDX-License-Identifier: Apache-2.0
/** What the figure of capacities says. */

export const CAPACITY = {
  'capacity.figure.title': 'Capacity by configuration',
  'capacity.figure.alt': '{load} at which each of {count} configurations met the objectives or did not, with its capacity.',
  'capacity.figure.note': 'Each mark is a load that was tried on a stand-up. The bar is the capacity: its 95 % interval between stand-ups, of one stand-up from the highest load that surely met the objectives to the lowest that surely did not; the stroke in it is the estimate.',
  'capacity.figure.noteMore': 'The first {shown} of {count} configurations.',
  'capacity.figure.met': 'met',
  'capacity.figure.missed': 'not met',
  'capacity.figure.undecided': 'its trials could not tell',
  'capacity.figure.unmeasured': 'no trial could be used',
  'capacity.figure.only': 'all',
} as const
