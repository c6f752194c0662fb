// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { formatShare, formatShift } from './format.ts'

it.each<[number, number, number, string]>([
  [1.12, 1.09, 1.15, '+12.0 % [+9.0, +15.0]'], [0.9, 0.5, 1.7, '−10 % [−50, +70]'], [6, 0.06, 5e23, '+500 % [−94, >+9999]'], [1e6, 1e5, 1e7, '>+9999 % [>+9999, >+9999]'],
])('the ratio %d between %d and %d is %s', (estimate, low, high, text) => {
  expect(formatShift({ kind: 'interval', estimate, low, high, level: 0.95, method: '' }, 'ratio', 'ms')).toBe(text)
})

it.each([[0.0004, '<0.1 %'], [0.05, '5.0 %'], [-0.5, '−50 %'], [2_476_499, '>9999 %']])('the share %d is %s', (share, text) => expect(formatShare(share)).toBe(text))
