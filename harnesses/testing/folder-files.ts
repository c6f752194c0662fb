// SPDX-License-Identifier: Apache-2.0
/** A folder of testdata held in memory, as adapters see it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Text by relative name. */
export function folderTexts(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile())
  return Object.fromEntries(entries.map((e) => [relative(folder, join(e.parentPath, e.name)), readFileSync(join(e.parentPath, e.name), 'utf8')]))
}
