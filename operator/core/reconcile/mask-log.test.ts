// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { maskArguments, maskNamedSecrets } from './mask-log.ts'

const KEY = 'abc-DEF_123/xyz'
describe('maskNamedSecrets', () => {
  it.each([
    [`non-default args: {'model_tag': 'm', 'api_key': ['${KEY}', 'second${KEY}'], 'max_num_batched_tokens': 8192}`, `non-default args: {'model_tag': 'm', 'api_key': ********, 'max_num_batched_tokens': 8192}`],
    [`Namespace(api_key='${KEY}', port=8000)`, 'Namespace(api_key=********, port=8000)'],
    [`vllm serve m --api-key ${KEY} --port 8000`, 'vllm serve m --api-key ******** --port 8000'],
    [`vllm serve m --api-key=${KEY}`, 'vllm serve m --api-key=********'],
    [`{"hf_token": "${KEY}", "x": 1}`, '{"hf_token": ********, "x": 1}'],
    [`Authorization: Bearer ${KEY}`, 'Authorization: ********'],
    [`password=${KEY};user=a`, 'password=********;user=a'],
  ])('masks %s', (text, masked) => expect(maskNamedSecrets(text)).toBe(masked))

  it.each([
    'INFO: api_key=None, tokenizer=\'m\'', 'max_tokens: 4, eos_token: 2', 'GPU KV cache size: 31,920 tokens', 'the password is wrong', '"api_key": []', 'Loading weights took 0.01 seconds',
  ])('leaves %s', (text) => expect(maskNamedSecrets(text)).toBe(text))
})

describe('maskArguments', () => {
  it.each([
    [['serve', '--api-key', KEY, '--port', '8000'], ['serve', '--api-key', '********', '--port', '8000']],
    [[`--api-key=${KEY}`], ['--api-key=********']],
    [['sh', '-c', `exec vllm serve m --api-key ${KEY}`], ['sh', '-c', 'exec vllm serve m --api-key ********']],
    [['--max-model-len', '1024', '--tokenizer', 'm'], ['--max-model-len', '1024', '--tokenizer', 'm']],
  ])('of %j', (words, masked) => expect(maskArguments(words)).toEqual(masked))
})
