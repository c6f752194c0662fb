// SPDX-License-Identifier: Apache-2.0
/** Result files held by a test, as adapters see them. */
import type { ResultFiles } from '../../operator/core/model/result-files.ts'

/** Odd and small, so that pieces end anywhere. */
const CHUNK = 997

export function heldFiles(files: Readonly<Record<string, string>>): ResultFiles {
  const text = (name: string): string => {
    const content = files[name]
    if (content === undefined) throw Object.assign(new Error(`${name}: no such file`), { code: 'ENOENT' })
    return content
  }
  return {
    list: () => Promise.resolve(Object.keys(files).toSorted()),
    text: (name) => Promise.resolve(text(name)),
    modified: () => Promise.resolve(undefined),
    async *chunks(name) {
      const whole = text(name)
      for (let at = 0; at < whole.length; at += CHUNK) yield whole.slice(at, at + CHUNK)
    },
    async *lines(name) {
      const lines = text(name).split('\n')
      if (lines.at(-1) === '') lines.pop()
      yield* lines
    },
  }
}
