// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { imagePull } from './image-pull.ts'

it.each([
  ['pulled', ['Successfully pulled image "vllm/vllm-openai:v0.11.2" in 1m2.345s (1m2.345s including waiting). Image size: 9876543210 bytes.'], { pulled: true, seconds: 62.345 }],
  ['pulled, by an older kubelet', ['Successfully pulled image "x" in 612.5ms'], { pulled: true, seconds: 0.6125 }],
  ['there', ['Container image "x" already present on machine'], { pulled: false, seconds: 0 }],
  ['there, by a newer kubelet', ['Container image "x" already present on machine and can be accessed by the pod'], { pulled: false, seconds: 0 }],
  ['one of two pulled', ['Container image "x" already present on machine', 'Successfully pulled image "y" in 2s (3s including waiting)'], { pulled: true, seconds: 2 }],
  ['nothing said', [], undefined],
  ['something else', ['Pulling image "x"'], undefined],
])('%s', (_, messages, expected) => expect(imagePull(messages)).toEqual(expected))
