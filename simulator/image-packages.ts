// SPDX-License-Identifier: Apache-2.0
/** Cuts the repository's package.json and lock file down to some packages and what they need: a small image from the one lock file. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type Locked = { readonly dependencies?: Readonly<Record<string, string>> }
type Lock = { readonly packages: Readonly<Record<string, Locked>> }

/** The lock entries of the packages and of everything that they depend on. */
export function cutLock(lock: Lock, wanted: readonly string[]): Readonly<Record<string, Locked>> {
  const kept: Record<string, Locked> = {}
  const queue = [...wanted]
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const path = `node_modules/${name}`
    const entry = lock.packages[path]
    if (!entry) throw new Error(`${name} is not at the top of the lock file`)
    if (kept[path]) continue
    kept[path] = entry
    queue.push(...Object.keys(entry.dependencies ?? {}))
  }
  return kept
}

function main(from: string, to: string, wanted: readonly string[]): void {
  const read = (file: string) => JSON.parse(readFileSync(join(from, file), 'utf8')) as Record<string, unknown>
  const { name, version, type, dependencies } = read('package.json') as { name: string; version: string; type: string; dependencies: Record<string, string> }
  const lock = read('package-lock.json') as Record<string, unknown> & Lock
  const root = { name, version, type, dependencies: Object.fromEntries(wanted.map((each) => [each, dependencies[each]])) }
  const write = (file: string, value: object) => writeFileSync(join(to, file), JSON.stringify(value, null, 2))
  write('package.json', root)
  write('package-lock.json', { ...lock, packages: { '': root, ...cutLock(lock, wanted) } })
}

if (import.meta.main) {
  const [from = '.', to = '.', ...wanted] = process.argv.slice(2)
  main(from, to, wanted)
}
