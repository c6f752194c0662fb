// SPDX-License-Identifier: Apache-2.0
/** Result files held by a test, as adapters see them. */
import type { ResultFiles } from '../../../operator/core/model/result-files.ts'

export function heldFiles(files: Readonly<Record<string, string>>): ResultFiles {
  const text = (name: string): string => {
    const content = files[name]
    if (content === undefined) throw Object.assign(new Error(`${name}: no such file`), { code: 'ENOENT' })
    return content
  }
  return {
    list: () => Promise.resolve(Object.keys(files).toSorted()),
    text: (name) => Promise.resolve(text(name)),
    async *lines(name) {
      const lines = text(name).split('\n')
      if (lines.at(-1) === '') lines.pop()
      yield* lines
    },
  }
}
