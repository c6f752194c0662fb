// SPDX-License-Identifier: Apache-2.0
/** Reasons of verdicts in English: the words of our own vocabulary, as conditions and files have them. */
import { VERDICT_REASONS, type VerdictReason } from '../../../model/findings.ts'

export type ReasonTexts = Readonly<Record<`reason.${VerdictReason}`, string>>

export const REASONS = Object.fromEntries(VERDICT_REASONS.map((reason) => [`reason.${reason}`, reason])) as ReasonTexts
