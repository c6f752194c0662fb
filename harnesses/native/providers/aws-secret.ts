// SPDX-License-Identifier: Apache-2.0
/** Credentials of AWS from the one text that they come in, and the region that requests are signed for. It reads no file and no environment. */
import { z } from 'zod'
import type { AwsCredentials } from './aws-signature.ts'

export interface AwsSecret extends AwsCredentials {
  readonly region?: string | undefined
}

/** As credential processes print it, and a region of ours beside. */
const Secret = z.object({
  AccessKeyId: z.string().min(1), SecretAccessKey: z.string().min(1), SessionToken: z.string().min(1).nullish(), Region: z.string().min(1).nullish(),
})

/** Reads the text anew when it has changed. */
export function awsSecret(text: () => string): () => AwsSecret {
  let read: { readonly text: string; readonly secret: AwsSecret } | undefined
  return () => {
    const now = text()
    if (read?.text !== now) read = { text: now, secret: parse(now, read?.secret) }
    return read.secret
  }
}

/** Neither the text nor a part of it is in the message. What was renewed into nonsense does not end a run: requests show when the one before has run out. */
function parse(text: string, before: AwsSecret | undefined): AwsSecret {
  const parsed = Secret.safeParse(parseJson(text))
  if (!parsed.success && before !== undefined) return before
  if (!parsed.success) {
    const what = parsed.error.issues.map(({ path }) => (path.length === 0 ? 'a JSON object' : path.join('.'))).join(', ')
    throw new Error(`the AWS credential cannot be read: expected JSON with AccessKeyId, SecretAccessKey and, where there is one, SessionToken; amiss: ${what}`)
  }
  const { AccessKeyId, SecretAccessKey, SessionToken, Region } = parsed.data
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken ?? undefined, region: Region ?? undefined }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** AWS's own hosts name their region; for others somebody must. */
export function regionOf(host: string, told: string | undefined): string {
  const region = told ?? /\.([a-z]{2}(?:-[a-z]+)+-\d)\.(?:amazonaws|api)\.(?:com|aws)/.exec(host)?.[1]
  if (region === undefined) throw new Error(`${host} names no region of AWS: give Region with the credential`)
  return region
}
