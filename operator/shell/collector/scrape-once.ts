// SPDX-License-Identifier: Apache-2.0
/** One look at one metrics endpoint, with caps on time and size. Redirects are not followed. */
import { type Agent, request } from 'undici'

export interface ScrapeLimits {
  readonly timeoutMs: number
  readonly bytes: number
}

export type ScrapeAnswer = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string }

export async function scrapeOnce(url: string, agent: Agent, { timeoutMs, bytes }: ScrapeLimits): Promise<ScrapeAnswer> {
  try {
    const answer = await request(url, {
      dispatcher: agent,
      signal: AbortSignal.timeout(timeoutMs),
      headers: { accept: 'text/plain;version=0.0.4, */*;q=0.5', 'accept-encoding': 'identity' },
    })
    if (answer.statusCode !== 200) {
      await answer.body.dump()
      return { ok: false, problem: `HTTP ${answer.statusCode}` }
    }
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      size += chunk.length
      // Leaving the loop ends the connection.
      if (size > bytes) return { ok: false, problem: `more than ${bytes} bytes` }
      chunks.push(chunk)
    }
    return { ok: true, text: Buffer.concat(chunks).toString('utf8') }
  } catch (error) {
    const { code, name } = error as { readonly code?: unknown; readonly name?: unknown }
    return { ok: false, problem: name === 'TimeoutError' ? `no answer within ${timeoutMs} ms` : String(code ?? name) }
  }
}
