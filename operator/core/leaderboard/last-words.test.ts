// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { lastWords } from './last-words.ts'

it.each([
  ['Traceback (most recent call last):\n  File "x.py", line 1, in f\n    g()\nMemoryError: no room', 'MemoryError: no room'],
  ['  File "x.py"\nonnx.capi.InvalidArgument.ArgumentError: Got invalid dimensions:\n index: 3 Got: 16\n Please fix the model.\n', 'onnx.capi.InvalidArgument.ArgumentError: Got invalid dimensions: index: 3 Got: 16 Please fix the model.'],
  ['ValueError: first\n\nDuring handling of the above exception, another exception occurred:\n\n  File "x"\nKeyError: \'k\'', 'KeyError: \'k\''],
  ['killed by the kernel\nout of memory', 'out of memory'],
  ['', ''],
])('of %j says %s', (traceback, words) => expect(lastWords(traceback)).toBe(words))

it('cuts a page to a cell', () => expect(lastWords(`RuntimeError: ${'x'.repeat(999)}`)).toHaveLength(300))
