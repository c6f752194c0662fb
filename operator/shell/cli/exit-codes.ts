// SPDX-License-Identifier: Apache-2.0
/** What every command's exit code means; scripts and pipelines rely on these numbers. */
export const EXIT = {
  ok: 0, unexpected: 1, usage: 2, invalidExperiment: 3, experimentFailed: 4, gateFailed: 5, insufficientData: 6, timeout: 7, clusterUnreachable: 8, importedInPart: 9, interrupted: 130,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: 'ok',
  1: 'something unexpected',
  2: 'wrong usage',
  3: 'invalid experiment',
  4: 'the experiment failed',
  5: 'the gate failed, or something got worse',
  6: 'insufficient data for the gate or the comparison',
  7: 'timeout',
  8: 'the cluster cannot be reached',
  9: 'imported in part: something could not be expressed',
  130: 'interrupted',
}
