// SPDX-License-Identifier: Apache-2.0
/** The bodies of answers that are not streamed, and of the small endpoints, in vLLM's form. */
import type { ResponseIdentity, Usage } from './sse.ts'
import { usageJson } from './sse.ts'

export type WholeChoice = { readonly json: string; readonly finishReason: string; readonly stopReason: string | null }

export function wholeAnswer(identity: ResponseIdentity, choices: readonly WholeChoice[], usage: Usage): string {
  const isChat = identity.api === 'chat'
  const list = choices.map((choice, index) => isChat ? chatChoice(choice, index) : completionChoice(choice, index)).join(',')
  const object = isChat ? 'chat.completion' : 'text_completion'
  const details = usage.cached === undefined ? ',"prompt_tokens_details":null' : ''
  return `{"id":${JSON.stringify(identity.id)},"object":"${object}","created":${identity.createdSeconds},"model":${JSON.stringify(identity.model)},`
    + `"choices":[${list}],"service_tier":null,"system_fingerprint":"${identity.fingerprint}","usage":${usageJson(usage, details)},`
    + `${isChat ? '"prompt_logprobs":null,"prompt_token_ids":null,' : ''}"kv_transfer_params":null}`
}

export function modelList(names: readonly string[], card: { readonly root: string; readonly maxLength: number; readonly createdSeconds: number }): string {
  const data = names.map((id) => ({
    id, object: 'model', created: card.createdSeconds, owned_by: 'vllm', root: card.root, parent: null, max_model_len: card.maxLength,
    permission: [{
      id: `modelperm-${id}`, object: 'model_permission', created: card.createdSeconds, allow_create_engine: false, allow_sampling: true,
      allow_logprobs: true, allow_search_indices: false, allow_view: true, allow_fine_tuning: false, organization: '*', group: null, is_blocking: false,
    }],
  }))
  return JSON.stringify({ object: 'list', data })
}

function completionChoice(choice: WholeChoice, index: number): string {
  return `{"index":${index},"text":"${choice.json}","logprobs":null,${ending(choice)},"token_ids":null,"prompt_logprobs":null,"prompt_token_ids":null}`
}

function chatChoice(choice: WholeChoice, index: number): string {
  return `{"index":${index},"message":{"role":"assistant","content":"${choice.json}","refusal":null,"annotations":null,"audio":null,"function_call":null,`
    + `"tool_calls":[],"reasoning":null},"logprobs":null,${ending(choice)},"token_ids":null}`
}

function ending(choice: WholeChoice): string {
  return `"finish_reason":"${choice.finishReason}","stop_reason":${JSON.stringify(choice.stopReason)}`
}
