// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { compactSvg } from './compact-svg.ts'

it.each([
  ['lines of one look are one path', '<g stroke="red"><line x1="1" y1="2" x2="3" y2="2" /><line x1="5" y1="6" x2="5" y2="8" /><line x1="0" y1="0" x2="1" y2="1" /></g>', '<g stroke="red"><path d="M1,2H3M5,6V8M0,0L1,1"/></g>'],
  ['lines of two looks are two', '<g><line stroke="a" x1="1" y1="2" x2="3" y2="2" /><line stroke="b" x1="1" y1="2" x2="3" y2="2" /></g>', '<g><path stroke="a" d="M1,2H3"/><path stroke="b" d="M1,2H3"/></g>'],
  ['dots are a path with round ends', '<g fill-opacity="0.4"><circle fill="red" r="2" cy="3" cx="1" /><circle fill="red" r="2" cy="4" cx="1" /></g>', '<g stroke-opacity="0.4"><path fill="none" stroke="red" stroke-width="4" stroke-linecap="round" d="M1,3h.01M1,4h.01"/></g>'],
  ['rings stay rings', '<g fill="none" stroke="red"><circle r="8" cy="3" cx="1" /></g>', '<g fill="none" stroke="red"><circle r="8" cy="3" cx="1"/></g>'],
  ['dots that tell what they are stay apart', '<g><circle fill="red" r="2" cy="3" cx="1"><title>a</title></circle></g>', '<g><circle fill="red" r="2" cy="3" cx="1"><title>a</title></circle></g>'],
  ['round symbols are circles', '<g><path fill="red" d="M3.4,0A3.4,3.4,0,1,1,-3.4,0A3.4,3.4,0,1,1,3.4,0" transform="translate(1,2)"><title>x</title></path></g>', '<g><circle fill="red" r="3.4" transform="translate(1,2)"><title>x</title></circle></g>'],
  ['what all say alike the group says', '<g><path fill="red" d="M0,0L1,2" /><path fill="red" d="M1,0L1,2" /></g>', '<g fill="red"><path d="M0,0L1,2"/><path d="M1,0L1,2"/></g>'],
  ['what a group says already is left to its children', '<g fill="blue"><path fill="red" d="M0" /><path fill="red" d="M1" /></g>', '<g fill="blue"><path fill="red" d="M0"/><path fill="red" d="M1"/></g>'],
  ['labels of parts are not read out', '<svg aria-label="all"><g aria-hidden="true" aria-label="y-axis tick"><text>1</text></g></svg>', '<svg aria-label="all"><g><text>1</text></g></svg>'],
])('%s', (_, svg, expected) => expect(compactSvg(svg)).toBe(expected))
