// SPDX-License-Identifier: Apache-2.0
/** One YAML document with the way back to its text: which line a dotted path stands on. */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml'
import { itemIndex, memberKey, parsePath, type Segment } from '../core/design/path.ts'
import type { Problem } from '../core/model/problem.ts'

export interface YamlSource {
  readonly value: unknown
  /** file:line of a dotted path, or of the nearest thing around it that is there. */
  readonly where: (path: string) => string
}
export interface YamlReading { readonly sources: readonly YamlSource[]; readonly problems: readonly Problem[] }

/** Aliases are expanded at most this often: a few lines can stand for gigabytes. */
const MAX_ALIASES = 100

/** Every document of a YAML (or JSON) text; a document with errors is a problem and no source. */
export function readYaml(text: string, file: string): YamlReading {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false })
  const sources: YamlSource[] = []
  const problems: Problem[] = []
  for (const document of 'empty' in documents ? [] : documents) {
    const at = (offset: number) => `${file}:${lines.linePos(offset).line}`
    const errors = document.errors.map((error): Problem => ({ reason: 'BadFile', path: '', message: `this is no valid YAML: ${error.message}`, where: at(error.pos[0]) }))
    problems.push(...errors)
    if (errors.length > 0 || document.contents === null) continue
    const root: Node = document.contents
    try {
      sources.push({ value: document.toJS({ maxAliasCount: MAX_ALIASES }), where: (path) => at(offsetOf(root, path)) })
    } catch (error) {
      problems.push({ reason: 'BadFile', path: '', message: error instanceof Error ? error.message : String(error), where: at(root.range?.[0] ?? 0) })
    }
  }
  return { sources, problems }
}

function offsetOf(root: Node, path: string): number {
  const parsed = parsePath(path)
  let node: unknown = root
  let offset = root.range?.[0] ?? 0
  for (const segment of parsed.ok ? parsed.segments : []) {
    const next = child(node, segment)
    if (next === undefined) break
    offset = next.offset
    node = next.node
  }
  return offset
}

/** A member is found where its key stands, an item where it begins. */
function child(node: unknown, segment: Segment): { readonly node: unknown; readonly offset: number } | undefined {
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === memberKey(segment))
    return pair !== undefined && isScalar(pair.key) ? { node: pair.value, offset: pair.key.range?.[0] ?? 0 } : undefined
  }
  if (!isSeq(node)) return undefined
  const names = node.items.map((item) => ({ name: isMap(item) ? item.get('name') : undefined }))
  const item = node.items[itemIndex(names, segment)] as Node | undefined
  return item === undefined ? undefined : { node: item, offset: item.range?.[0] ?? 0 }
}
