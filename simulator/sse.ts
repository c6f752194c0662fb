// SPDX-License-Identifier: Apache-2.0
/** The events of a streamed answer as vLLM frames them, byte for byte where it matters. It knows no sockets. */

export type Usage = { readonly prompt: number; readonly completion: number; readonly cached?: number }

export type ResponseIdentity = {
  readonly api: 'completion' | 'chat'
  readonly id: string
  readonly createdSeconds: number
  readonly model: string
  readonly fingerprint: string
  /** Whether every event carries usage. */
  readonly continuousUsage: boolean
}

export type EventFrames = {
  /** The first event of a chat answer: a role and no content. */
  readonly role: (choice: number, usage: Usage) => string
  /** `json` is the text without its quotes. */
  readonly token: (choice: number, json: string, usage: Usage) => string
  /** The event of the last token, which also says why it is the last. */
  readonly last: (choice: number, end: { readonly json: string; readonly finishReason: string; readonly stopReason: string | null }, usage: Usage) => string
  readonly usage: (usage: Usage) => string
}

export const DONE = 'data: [DONE]\n\n'

export function createFrames(identity: ResponseIdentity): EventFrames {
  const object = identity.api === 'chat' ? 'chat.completion.chunk' : 'text_completion'
  const start = `data: {"id":${JSON.stringify(identity.id)},"object":"${object}","created":${identity.createdSeconds},"model":${JSON.stringify(identity.model)},"choices":[`
  const running = (usage: Usage) => identity.continuousUsage ? `,"usage":${usageJson(usage, ',"completion_tokens_details":null')}` : ''
  const isChat = identity.api === 'chat'
  const head = (choice: number) => isChat ? `${start}{"index":${choice},"delta":{"content":"` : `${start}{"index":${choice},"text":"`
  const middle = isChat
    ? '"},"logprobs":null,"finish_reason":null,"token_ids":null}]'
    : '","logprobs":null,"finish_reason":null,"stop_reason":null,"prompt_token_ids":null,"token_ids":null}]'
  const heads: string[] = []
  return {
    role: (choice, usage) => `${start}{"index":${choice},"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]${
      running(usage)},"prompt_token_ids":null,"prompt_text":null}\n\n`,
    token: (choice, json, usage) => `${heads[choice] ??= head(choice)}${json}${middle}${running(usage)}}\n\n`,
    last: (choice, { json, finishReason, stopReason }, usage) => {
      const why = `"logprobs":null,"finish_reason":"${finishReason}","stop_reason":${JSON.stringify(stopReason)}`
      const end = isChat ? `"},${why},"token_ids":null}]` : `",${why},"prompt_token_ids":null,"token_ids":null}]`
      return `${head(choice)}${json}${end}${running(usage)}}\n\n`
    },
    usage: (usage) => `${start}],"usage":${usageJson(usage)},"system_fingerprint":"${identity.fingerprint}"}\n\n`,
  }
}

export function usageJson(usage: Usage, details = ''): string {
  const cached = usage.cached === undefined ? '' : `,"prompt_tokens_details":{"cached_tokens":${usage.cached}}`
  return `{"prompt_tokens":${usage.prompt},"total_tokens":${usage.prompt + usage.completion},"completion_tokens":${usage.completion}${cached}${details}}`
}

/** One event as one chunk of a chunked HTTP/1.1 body. */
export function httpChunk(event: string): string {
  return `${Buffer.byteLength(event).toString(16)}\r\n${event}\r\n`
}
