// SPDX-License-Identifier: Apache-2.0
/** What may be made to go wrong, and how often. It only declares: failures.ts draws, generate.ts acts. */
import { z } from 'zod'

const share = z.number().min(0).max(1).default(0).describe('Share of requests that are hit, 0 to 1')
const afterTokens = z.int().min(0).max(1_000_000).default(0).describe('Tokens that are still sent before (tokens)')

export const FailureModel = z.strictObject({
  httpError: z.strictObject({
    share,
    status: z.int().min(400).max(599).default(500).describe('HTTP status of the error'),
  }).prefault({}).describe('Requests that are answered with an error'),
  rateLimit: z.strictObject({
    share,
    retryAfterSeconds: z.int().min(0).max(3600).default(1).describe('Value of Retry-After (s)'),
  }).prefault({}).describe('Requests that are refused with 429'),
  dropConnection: z.strictObject({ share, afterTokens }).prefault({}).describe('Answers whose connection is cut'),
  hang: z.strictObject({ share, afterTokens }).prefault({}).describe('Answers that stop coming while the connection stays open'),
  slowFirstToken: z.strictObject({
    share,
    extraMs: z.number().min(0).max(3_600_000).default(1000).describe('Added to the time to first token (ms)'),
  }).prefault({}).describe('Requests whose first token is late'),
  shortAnswer: z.strictObject({
    share,
    keep: z.number().min(0).max(1).default(0.5).describe('Part of the asked tokens that is sent, at least one'),
  }).prefault({}).describe('Answers that end early, whatever ignore_eos says'),
  wrongUsage: z.strictObject({
    share,
    factor: z.number().min(0).max(100).default(1.5).describe('Factor on completion_tokens in usage'),
  }).prefault({}).describe('Answers whose usage does not say what was sent'),
  crash: z.strictObject({
    afterRequests: z.int().min(0).max(1_000_000_000).default(0).describe('The request after this many ends the process; 0 = never'),
    afterSeconds: z.number().min(0).max(1_000_000).default(0).describe('Time since readiness after which the process ends (s); 0 = never'),
    kind: z.enum(['exit', 'outOfMemory']).default('exit')
      .describe('exit leaves with exitCode; outOfMemory takes memory until the container limit kills it (exit 137 where there is no limit)'),
    exitCode: z.int().min(0).max(255).default(1).describe('Exit code for kind exit'),
  }).prefault({}).describe('The whole process ends'),
}).describe('Failures, planted; shares are drawn for each request from the seed')

export type FailureModel = z.infer<typeof FailureModel>
