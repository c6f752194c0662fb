// SPDX-License-Identifier: Apache-2.0
/** /tokenize and /detokenize: what the tokenizer says, in vLLM's form. */
import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import { invalidBody, unknownModel } from './errors.ts'
import type { ApiError } from './errors.ts'
import { sendError, sendJson } from './http.ts'
import { firstIssue, parseJson } from './request.ts'
import type { Serving } from './serving.ts'
import { renderChat } from './tokens.ts'

const TokenizeBody = z.object({
  model: z.string().nullish(),
  prompt: z.string().nullish(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })).nullish(),
  add_special_tokens: z.boolean().nullish(),
  return_token_strs: z.boolean().nullish(),
})
const DetokenizeBody = z.object({ model: z.string().nullish(), tokens: z.array(z.int().min(0)) })

export function tokenize(serving: Serving, response: ServerResponse, text: string): void {
  const body = read(serving, response, { text, schema: TokenizeBody })
  if (!body) return
  const { chatMessage, chatGeneration } = serving.config.model
  if (body.prompt == null && body.messages == null) return sendError(response, invalidBody("{'loc': 'body.prompt', 'msg': 'Field required'}", 'body.prompt'))
  const tokens = body.messages
    ? serving.tokenizer.encode(renderChat(body.messages, { message: chatMessage, generation: chatGeneration }), body.add_special_tokens ?? false)
    : serving.tokenizer.encode(body.prompt ?? '', body.add_special_tokens ?? true)
  const strings = body.return_token_strs ? tokens.map((token) => serving.tokenizer.decode([token])) : null
  sendJson(response, JSON.stringify({ count: tokens.length, max_model_len: serving.config.model.maxLength, tokens, token_strs: strings }))
}

export function detokenize(serving: Serving, response: ServerResponse, text: string): void {
  const body = read(serving, response, { text, schema: DetokenizeBody })
  if (body) sendJson(response, JSON.stringify({ prompt: serving.tokenizer.decode(body.tokens) }))
}

/** The body in its form, or undefined when a refusal has been sent. */
function read<T extends { model?: string | null | undefined }>(
  serving: Serving, response: ServerResponse, { text, schema }: { text: string; schema: z.ZodType<T> },
): T | undefined {
  const refuse = (error: ApiError) => {
    sendError(response, error)
    return undefined
  }
  const json = parseJson(text)
  if (!json.ok) return refuse(json.error)
  const body = schema.safeParse(json.value)
  if (!body.success) return refuse(firstIssue(body.error))
  const { model } = body.data
  return model && !serving.names.includes(model) ? refuse(unknownModel(model, serving.names)) : body.data
}
