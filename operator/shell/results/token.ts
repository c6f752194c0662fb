// SPDX-License-Identifier: Apache-2.0
/** Reads a token out of a request and looks at what it claims to be. It proves nothing: that is the API server's part. */
import { createHash } from 'node:crypto'
import { z } from 'zod'

const LONGEST_TOKEN = 16_384
const Claims = z.object({ aud: z.union([z.string(), z.array(z.string())]), exp: z.number().optional() })

/** The bearer token; x-assay-token comes first, because the API server's service proxy keeps Authorization for itself. */
export function tokenOf(headers: { readonly authorization?: string; readonly ours?: string }): string | undefined {
  const bearer = /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  const token = headers.ours?.trim() || bearer
  return token === undefined || token.length > LONGEST_TOKEN ? undefined : token
}

/** Whether the token claims to be for the audience and not expired: others are not shown to the API server, which keeps them private. */
export function claimsAudience(token: string, audience: string, nowEpochMs: number): boolean {
  const parts = token.split('.')
  if (parts.length !== 3) return false
  try {
    const claims = Claims.parse(JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8')))
    return [claims.aud].flat().includes(audience) && (claims.exp === undefined || claims.exp * 1000 > nowEpochMs)
  } catch {
    return false
  }
}

/** Tokens are never kept, only their fingerprints. */
export function fingerprint(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
