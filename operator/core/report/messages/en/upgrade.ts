// SPDX-License-Identifier: Apache-2.0
/** What is said of stacks that came up by an upgrade in place. */

export const UPGRADE = {
  'upgrade.bar': '{stack} (upgraded)',
  'upgrade.origin': 'Upgraded in place',
  'upgrade.from': '{stack} from {before}',
  'upgrade.note': '{upgraded} of {all} stand-ups were upgrades in place of the one before in the same replicate. Their pods are new; what stays (volumes, caches on them, placement) they share, so that stand-ups of one replicate may be more alike than those of different ones. Replicates are blocks of the analysis of variance, which takes that out; intervals compare replicates, which share nothing. Start-up times after an upgrade stand apart (startup_upgraded); gates and comparisons of start-up use those of installations.',
} as const
