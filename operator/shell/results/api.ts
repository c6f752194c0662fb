// SPDX-License-Identifier: Apache-2.0
/** What is said between the results server and its clients: bodies, events, names. It moves no bytes. */
import { z } from 'zod'
import { Artifact } from '../../core/model/findings.ts'
import { Receipt } from '../../core/model/trial-job.ts'

/** Names an attempt from the outside; the server adds the uids. */
export interface AttemptRef {
  readonly namespace: string
  readonly trial: string
  readonly attempt: number
}

const counter = z.int().min(0)

/** What a running harness has done so far. */
export const Live = z.object({
  sent: counter.optional(),
  done: counter.optional(),
  failed: counter.optional(),
  stage: z.string().max(64).optional(),
})
export type Live = z.infer<typeof Live>

/** What the collector says when everything is there; members of findings beyond the verdict are stored and not read. */
export const Completion = z.object({
  findings: z.looseObject({ schema: z.string(), verdict: z.looseObject({ result: z.enum(['valid', 'suspect', 'invalid']) }) }),
  reports: z.record(z.string().regex(/^[a-z0-9][-_a-z0-9]{0,62}$/), z.record(z.string(), z.unknown())),
  files: z.array(Artifact).max(5000),
})
export type Completion = z.infer<typeof Completion>

/** A delivered attempt. */
export const Summary = z.object({
  receipt: Receipt,
  findings: z.record(z.string(), z.unknown()),
  reports: z.record(z.string(), z.unknown()),
})
export type Summary = z.infer<typeof Summary>

/** What a write answers: the size and the checksum of the whole file. */
export const Written = z.object({ bytes: counter, sha256: z.string() })
export type Written = z.infer<typeof Written>

const place = { namespace: z.string(), trial: z.string(), trialUid: z.string(), attempt: z.int().min(1) }
export const DeliveredEvent = z.object({ ...place, receipt: Receipt })
export type DeliveredEvent = z.infer<typeof DeliveredEvent>
export const LiveEvent = z.object({ ...place, ...Live.shape, at: z.string() })
export type LiveEvent = z.infer<typeof LiveEvent>

/** `reset`: events may have been missed; ask for the summaries of what is under way. */
export type ResultsEvent =
  | { readonly kind: 'delivered'; readonly event: DeliveredEvent }
  | { readonly kind: 'live'; readonly event: LiveEvent }
  | { readonly kind: 'reset' }

/** The manifest of a delivered attempt; its checksum is the receipt's digest. */
export const Manifest = z.object({
  schema: z.literal('assay.dev/manifest/v1'),
  namespace: z.string(),
  trial: z.string(),
  trialUid: z.string(),
  attempt: z.int(),
  completedTime: z.string(),
  files: z.array(Artifact),
})
export type Manifest = z.infer<typeof Manifest>

const AttemptListing = z.object({
  attempt: z.int(),
  receipt: Receipt.optional(),
  files: z.array(z.object({ name: z.string(), bytes: counter, sha256: z.string().optional() })),
})
export const TrialListing = z.object({
  namespace: z.string(),
  trial: z.string(),
  trialUid: z.string(),
  experiment: z.string().optional(),
  createdTime: z.string(),
  live: LiveEvent.optional(),
  attempts: z.array(AttemptListing),
})
export type TrialListing = z.infer<typeof TrialListing>

export const ExperimentListing = z.object({
  namespace: z.string(),
  experiment: z.string(),
  trials: z.array(
    z.object({
      trial: z.string(),
      trialUid: z.string(),
      createdTime: z.string(),
      receipt: Receipt.optional(),
      attempt: z.int().optional(),
      live: LiveEvent.optional(),
    }),
  ),
})
export type ExperimentListing = z.infer<typeof ExperimentListing>

/** What every refusal carries. */
export const ErrorBody = z.object({
  error: z.string(),
  message: z.string(),
  bytes: counter.optional(),
  files: z.array(z.string()).optional(),
  receipt: Receipt.optional(),
})
export type ErrorBody = z.infer<typeof ErrorBody>

/** Names that the server writes itself; nobody may send them. */
export const MANIFEST = 'manifest.json'
export const RECEIPT = 'receipt.json'
export const FINDINGS = 'findings.json'
export const reportName = (stage: string) => `report.${stage}.yaml`
export const LOGS = 'logs/'
/** Native files of the tool lie here, under the names that it gave them. */
export const RAW = 'raw/'

export const TOKEN_HEADER = 'x-assay-token'
