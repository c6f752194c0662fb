// SPDX-License-Identifier: Apache-2.0
/** Lists the fields of the configuration from its schema: for help, for the reference, and to check names. */
import { z } from 'zod'
import { SimulatorConfig } from './config.ts'

export type Field = { readonly path: string; readonly type: string; readonly defaultValue: unknown; readonly description: string }

type Node = {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly items?: Node
  readonly anyOf?: readonly Node[]
}

/** All fields that hold a value, in the order of the schema. Lists and maps count as one. */
export function configFields(): readonly Field[] {
  const root = z.toJSONSchema(SimulatorConfig, { io: 'input' }) as Node
  return fieldsOf(root, '', SimulatorConfig.parse({}))
}

/** Groups of fields, such as `decode`, with their descriptions. */
export function configGroups(): readonly { readonly path: string; readonly description: string }[] {
  const root = z.toJSONSchema(SimulatorConfig, { io: 'input' }) as Node
  return Object.entries(root.properties ?? {}).filter(([, node]) => node.properties).map(([path, node]) => ({ path, description: node.description ?? '' }))
}

function fieldsOf(node: Node, prefix: string, defaults: unknown): Field[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`
    const value = (defaults as Readonly<Record<string, unknown>> | undefined)?.[name]
    if (child.properties) return fieldsOf(child, path, value)
    return [{ path, type: typeOf(child), defaultValue: value, description: child.description ?? '' }]
  })
}

function typeOf(node: Node): string {
  if (node.enum) return node.enum.map(String).join(' | ')
  if (node.type === 'array') return `list of ${node.items?.type ?? 'values'}`
  return node.type === 'object' ? 'map' : node.type ?? 'value'
}
