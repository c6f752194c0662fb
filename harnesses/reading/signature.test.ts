// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { heldFiles } from '../testing/held-files.ts'
import { members, recognize, type Signature } from './signature.ts'

const signatures: Readonly<Record<string, Signature>> = {
  named: { names: /(^|\/)named\.json$/ }, headed: { heads: [members('a', 'b'), [/^x: 1$/m]] }, derived: { heads: [members('a', 'z')], derived: true },
}
const toolsIn = async (files: Readonly<Record<string, string>>) => (await recognize(heldFiles(files), signatures)).map((r) => r.tool).sort()

describe('whose files these are', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['by a name, whatever is in it', { 'x/named.json': '{"a":1,"b":2}' }, ['named']],
    ['by members in any order', { 'r.json': '{"b" : 1,\n"a": 2}' }, ['headed']],
    ['by another beginning', { r: 'y: 2\nx: 1\n' }, ['headed']],
    ['not by some of the members', { 'r.json': '{"a":1}' }, []],
    ['not by a name that only ends alike', { 'renamed.json': '{}' }, []],
    ['not by what is no text', { 'r.json.gz': '{"a":1,"b":2}' }, []],
    ['not by what comes late', { 'r.json': `{"a":1,"c":"${'x'.repeat(70_000)}","b":2}` }, []],
    ['of two tools', { 'named.json': '', 'r.json': '{"a":1,"b":2}' }, ['headed', 'named']],
    ['of reports that were made from other results, when there are no others', { 'r.json': '{"a":1,"z":2}' }, ['derived']],
    ['not of reports beside the results that they were made from', { 'named.json': '', 'r.json': '{"a":1,"z":2}' }, ['named']],
    ['nobody\'s', {}, []],
  ])('is told %s', async (_, files, tools) => {
    expect(await toolsIn(files)).toEqual(tools)
  })

  it('says by which files', async () => {
    expect(await recognize(heldFiles({ 'b/named.json': '', 'a/named.json': '', other: '' }), signatures)).toEqual([{ tool: 'named', files: ['a/named.json', 'b/named.json'] }])
  })
})
