// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { ADAPTERS } from '../operator/core/model/harness.ts'
import { ADAPTER_NAMES, findAdapter } from './adapters.ts'

describe('findAdapter', () => {
  it('knows every adapter that the model names', () => {
    expect([...ADAPTER_NAMES].sort()).toEqual([...ADAPTERS].sort())
  })

  it.each(ADAPTERS)('loads %s', async (name) => {
    expect(await findAdapter(name)).toBeTypeOf('function')
  })

  it.each([['natve', /there is no adapter "natve"; did you mean "native"\?/], ['toString', /there is no adapter "toString"/]])('refuses %s', async (name, message) => {
    await expect(findAdapter(name)).rejects.toThrow(message)
  })
})
