// SPDX-License-Identifier: Apache-2.0
/** The command `probe`: a one-shot check from within a namespace, for endpoints whose credential only pods of that namespace may read. */
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import { ENDPOINT_APIS } from '../../core/model/endpoint-api.ts'
import { writeTermination } from '../collector/termination.ts'
import { probeEndpoint, type ProbeResult } from './probe-endpoint.ts'

/** What the pod is told (`--request`), as JSON; the credential's value comes from ASSAY_CREDENTIAL. */
export const ProbeRequest = z.strictObject({
  url: z.string(),
  path: z.string().default(''),
  api: z.enum(ENDPOINT_APIS).default('openai'),
  model: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  credential: z.object({ header: z.string(), prefix: z.string() }).optional(),
  ca: z.string().optional().meta({ description: 'Path of a CA certificate (PEM).' }),
  smokeTest: z.enum(['completion', 'chat', 'models', 'none']).default('completion'),
  timeoutMs: z.int().min(1).default(30_000),
})
export type ProbeRequest = z.input<typeof ProbeRequest>

export const CREDENTIAL_ENV = 'ASSAY_CREDENTIAL'

export function registerProbe(program: Command): void {
  program
    .command('probe', { hidden: true })
    .description('check an endpoint once and write the finding to the termination log (run by the operator in a pod)')
    .requiredOption('--request <json>', 'url, path, api, model, headers, credential {header, prefix}, ca, smokeTest, timeoutMs')
    .action(async ({ request }: { readonly request: string }) => {
      const result = await runProbe(request)
      writeTermination(result)
      process.exitCode = result.ok ? 0 : 1
    })
}

/** Reads the request, the CA and the credential, and probes; a Secret without the key is told apart from a wrong credential. */
export async function runProbe(requestJson: string, env: NodeJS.ProcessEnv = process.env): Promise<ProbeResult> {
  const { credential, ca, ...request } = ProbeRequest.parse(JSON.parse(requestJson))
  const value = env[CREDENTIAL_ENV]
  if (credential !== undefined && (value === undefined || value.trim() === '')) {
    return {
      ok: false,
      reason: 'Unauthorized',
      message: `the credential is empty: check the Secret's key (${CREDENTIAL_ENV} is not set)`,
      ms: 0,
    }
  }
  return probeEndpoint({
    ...request,
    ca: ca === undefined ? undefined : await readFile(ca, 'utf8'),
    caFile: ca,
    credential: credential === undefined ? undefined : { ...credential, value: value ?? '' },
  })
}
