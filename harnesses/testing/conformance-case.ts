// SPDX-License-Identifier: Apache-2.0
/** What a harness folder hands to the conformance suite: samples of its tool, and what must be found in each. */
import type { ADAPTERS } from '../../operator/core/model/harness.ts'
import type { Score } from '../../operator/core/model/record.ts'

/** Every tool shows each of these, or says in `absent` why it cannot. */
export const CASE_KINDS = ['success', 'partial failure', 'server down', 'wrong model', 'unknown version'] as const
export type CaseKind = (typeof CASE_KINDS)[number]

export interface StageExpected {
  readonly ok: number
  readonly failed?: number
  readonly cancelled?: number
  readonly warmup?: number
  readonly errors?: Readonly<Record<string, number>>
  /** Metrics that are the tool's own claims. */
  readonly claimed?: readonly string[]
  /** Values by `metric statistic`, computed from the raw file by other code than ours; what the tool claims of them must be equal. */
  readonly measured?: Readonly<Record<string, number>>
  /** Those of them that the tool defines in another way. */
  readonly unlike?: readonly string[]
}

export interface ConformanceCase {
  readonly kind: CaseKind | 'other'
  readonly name: string
  /** Folder below the harness's testdata, or files by name. */
  readonly files: string | Readonly<Record<string, string>>
  /** The workload's load; without it nobody knows what was asked for, as with results that people bring. */
  readonly load?: object
  /** Members laid over harness.results. */
  readonly results?: object
  /** By name, in order. */
  readonly stages?: Readonly<Record<string, StageExpected>>
  /** Reasons of the verdict, in any order. */
  readonly reasons?: readonly string[]
  /** Each fits one note. */
  readonly notes?: readonly RegExp[]
  readonly scores?: readonly Partial<Score>[]
  /** The files cannot be read, and this is said of it. */
  readonly error?: RegExp
  /** Values in the files that must not get through. */
  readonly secrets?: readonly string[]
}

export interface Conformance {
  readonly adapter: (typeof ADAPTERS)[number]
  readonly cases: readonly ConformanceCase[]
  /** Kinds that the tool has no files for, and why. */
  readonly absent?: Partial<Readonly<Record<CaseKind, string>>>
}
