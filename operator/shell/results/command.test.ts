// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { registerResults, userOf } from './command.ts'

describe('userOf', () => {
  it.each([['assay-controller', 'system:serviceaccount:home:assay-controller'], ['other:ctl', 'system:serviceaccount:other:ctl']])('%s', (account, expected) => {
    expect(userOf(account, 'home')).toBe(expected)
  })
})

describe('results-server', () => {
  it('refuses a port that is none', async () => {
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined })
    registerResults(program)
    program.commands[0]?.exitOverride().configureOutput({ writeErr: () => undefined })
    await expect(program.parseAsync(['results-server', '--port', '80a'], { from: 'user' })).rejects.toThrow(/expected a whole number/)
  })
})
