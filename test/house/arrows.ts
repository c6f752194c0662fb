// SPDX-License-Identifier: Apache-2.0
/** The rooms of the house and which may import which; says what is wrong with one file's imports. */
import { dirname, join, normalize } from 'node:path'

interface Room {
  readonly name: string
  /** Which files are in it, by path from the root of the repository. */
  readonly files: RegExp
  /** What of our own they may import. */
  readonly mayImport: RegExp
  /** Packages that they may import; all when not given. */
  readonly packages?: RegExp
  /** Whether they must be functions of their arguments: no clock, no randomness, no input or output. */
  readonly pure?: true
}

/** Packages that compute and do nothing else. */
const PURE_PACKAGES = /^(zod|yaml|handlebars|ajv|ajv-formats|linkedom|@marcbachmann\/cel-js|@noble\/hashes|@observablehq\/plot|@huggingface\/tokenizers|pure-rand|string-width|pretty-ms|csv-stringify|hyparquet-writer)(\/|$)/

/** The first room that has the file is its room. */
const ROOMS: readonly Room[] = [
  { name: 'core/model', files: /^operator\/core\/model\//, mayImport: /^operator\/core\/model\//, packages: PURE_PACKAGES, pure: true },
  { name: 'core/design', files: /^operator\/core\/design\//, mayImport: /^operator\/core\/(model|design)\//, packages: PURE_PACKAGES, pure: true },
  { name: 'core', files: /^operator\/core\//, mayImport: /^operator\/core\//, packages: PURE_PACKAGES, pure: true },
  { name: 'shell', files: /^operator\/shell\//, mayImport: /^(operator\/(core|shell)|harnesses)\/|^package\.json$/ },
  { name: 'harness adapters', files: /^harnesses\/([^/]+\/adapter|adapters)\.ts$/, mayImport: /^(operator\/core\/model|harnesses)\// },
  { name: 'harnesses', files: /^harnesses\//, mayImport: /^(operator\/core|harnesses)\/|^package\.json$/ },
  { name: 'simulator', files: /^simulator\//, mayImport: /^simulator\/|^package\.json$/ },
]

/** Ways to learn the time, to be lucky or to reach the world, which a pure room must be given as arguments. */
const IMPURE = /(?<![.\w$])(Date\.now\(|new Date\(\)|Math\.random\(|performance\.|process\.(?!kind|cv|size|rate)|console\.|fetch\(|setTimeout\(|setInterval\(|queueMicrotask\(|crypto\.|Buffer\b)/

const IMPORT = /(?:^|\n)\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g

/** Everything that one file imports or does and must not, in words; empty for a file in no room. */
export function arrowsOut(file: string, text: string): string[] {
  const room = ROOMS.find((r) => r.files.test(file))
  if (room === undefined) return []
  const code = withoutComments(text)
  const imports = [...code.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? '')
  const wrong = imports.flatMap((specifier) => judge(room, file, specifier))
  const impure = room.pure === true ? IMPURE.exec(withoutStrings(code))?.[0] : undefined
  return impure === undefined ? wrong : [...wrong, `${file}: ${room.name} is pure and uses ${impure}`]
}

function judge(room: Room, file: string, specifier: string): string[] {
  const wrong = `${file}: ${room.name} may not import ${specifier}`
  if (specifier.startsWith('.')) return room.mayImport.test(normalize(join(dirname(file), specifier))) ? [] : [wrong]
  if (specifier.startsWith('node:')) return room.pure === true ? [wrong] : []
  return room.packages === undefined || room.packages.test(specifier) ? [] : [wrong]
}

const withoutComments = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
const withoutStrings = (text: string) => text.replaceAll(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, "''")
