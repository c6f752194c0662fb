// SPDX-License-Identifier: Apache-2.0
/** Refusals in the form and words that clients of vLLM know. It decides nothing. */

export type ApiError = {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

function apiError(status: number, error: { readonly message: string; readonly type: string; readonly param?: string | null }): ApiError {
  const { message, type, param = null } = error
  return { status, body: JSON.stringify({ error: { message, type, param, code: status } }) }
}

export const badRequest = (message: string, param: string | null = null) => apiError(400, { message, type: 'BadRequestError', param })

/** A body that does not have the required form. */
export const invalidBody = (detail: string, param: string) =>
  apiError(400, { message: `1 validation error:\n  ${detail}`, type: 'Bad Request', param })

export const unauthorized: ApiError = { status: 401, body: JSON.stringify({ error: 'Unauthorized' }) }

export const unknownPath = apiError(404, { message: 'Not Found', type: 'Not Found' })

export const wrongMethod = apiError(405, { message: 'Method Not Allowed', type: 'Method Not Allowed' })

export const bodyTooLarge = apiError(413, { message: 'Request body too large', type: 'Request Entity Too Large' })

export const unknownModel = (asked: string, names: readonly string[]) =>
  apiError(404, { message: `The model \`${asked}\` does not exist. Valid aliases: ${names.join(', ')}.`, type: 'NotFoundError', param: 'model' })

export function contextExceeded(lengths: { readonly input: number; readonly output: number; readonly context: number }): ApiError {
  const { input, output, context } = lengths
  if (output > context) return badRequest(`max_tokens=${output} cannot be greater than max_model_len=${context}. Please request fewer output tokens.`, 'max_tokens')
  return badRequest(
    `You passed ${input} input tokens and requested ${output} output tokens. However, the model's context length is only ${context} tokens, `
    + `resulting in a maximum input length of ${context - output} tokens. Please reduce the length of the input prompt.`,
    'input_tokens',
  )
}

export function tooManyRequests(message: string, retryAfterSeconds: number): ApiError {
  return { ...apiError(429, { message, type: 'TooManyRequestsError' }), headers: { 'retry-after': String(retryAfterSeconds) } }
}

export const plantedError = (status: number) => apiError(status, { message: 'Planted failure', type: status >= 500 ? 'InternalServerError' : 'BadRequestError' })
