// SPDX-License-Identifier: Apache-2.0
/** Identities of what is measured and the names made of them. A name depends on the resolved specification alone, never on its place in the design. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { z } from 'zod'
import { canonicalJson, withoutDefaults } from './canonical.ts'
import { isObject } from './path.ts'

/** SHA-256 in hex. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}

/** Hash of one resolved specification; its description says nothing about what is measured. */
export function specHash(schema: z.core.$ZodType, spec: unknown): string {
  const described = withoutDefaults(schema, spec)
  if (!isObject(described)) return sha256Hex(canonicalJson(described))
  const { description: _, ...rest } = described
  return sha256Hex(canonicalJson(rest))
}

export interface PartHashes { readonly scenario: string; readonly workload: string; readonly harness: string }

/**
 * Hash of a whole treatment. What may change while an Experiment runs (slo, gate, execution) is left out, so that such
 * a change measures nothing again.
 */
export function treatmentHash(parts: PartHashes): string {
  return sha256Hex(`assay/treatment/v1\n${parts.scenario}\n${parts.workload}\n${parts.harness}`)
}

const SHORT = 8
const STEP = 4

/** Short forms, unique among the given hashes: 8 digits, and more only where two of them begin alike. It does not depend on their order. */
export function shortHashes(hashes: Iterable<string>): ReadonlyMap<string, string> {
  const short = new Map<string, string>()
  let open = [...new Set(hashes)]
  for (let digits = SHORT; open.length > 0; digits += STEP) {
    const groups = Map.groupBy(open, (hash) => hash.slice(0, digits))
    for (const [prefix, [first, ...others]] of groups) if (first !== undefined && others.length === 0) short.set(first, prefix)
    open = open.filter((hash) => !short.has(hash))
  }
  return short
}

export interface RunId { readonly experiment: string; readonly run: number }

/** <experiment>-<run>-<hash of the setup>-s<stack replicate> */
export function stackName({ experiment, run }: RunId, hash: string, replicate: number): string {
  return `${experiment}-${run}-${hash}-s${replicate}`
}

/** <experiment>-<run>-<hash of the treatment>-s<stack replicate>-r<run replicate> */
export function trialName(id: RunId, hash: string, replicate: { readonly stack: number; readonly run: number }): string {
  return `${stackName(id, hash, replicate.stack)}-r${replicate.run}`
}

export const jobName = (trial: string, attempt: number) => `${trial}-a${attempt}`
export const releaseName = (stack: string, release: string) => `${stack}-${release}`

/** The hash of the setup in the name of a planned stack; undefined for names that somebody else made. */
export const hashInStackName = (name: string): string | undefined => /-[0-9]+-([0-9a-f]{8,64})-s[0-9]+$/.exec(name)?.[1]
/** The hash of the treatment in the name of a planned trial. */
export const hashInTrialName = (name: string): string | undefined => /-[0-9]+-([0-9a-f]{8,64})-s[0-9]+-r[0-9]+$/.exec(name)?.[1]
