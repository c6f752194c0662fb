// SPDX-License-Identifier: Apache-2.0
/**
 * Sentences that are made where there is no language, and that stand in findings, statuses and comparisons as English text. A report in
 * another language reads them back by these forms; what it does not recognise it shows as it is stored.
 */

export const STORED = {
  'stored.marginShare': 'the margin of ± {margin} %',
  'stored.marginOfBase': 'the margin of ± {margin} % of the base, ± {size}',
  'stored.margin': 'the margin of ± {margin}',
  'stored.theMargin': 'the margin',
} as const
