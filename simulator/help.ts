// SPDX-License-Identifier: Apache-2.0
/** The help text and the reference table, both from the schema. */
import { configFields, configGroups } from './config-fields.ts'
import type { Field } from './config-fields.ts'

export function helpText(): string {
  const lines = configFields().map((field) => `  --${field.path} (${field.type}; ${shown(field)})\n      ${field.description}`)
  return `A serving stack without a GPU, whose latencies follow a declared model.

node simulator/main.ts [--config FILE] [--SETTING VALUE …]

  --config FILE     YAML or JSON with the settings below, nested
  --print-config    print the whole configuration and leave
  --help            this text

Settings; also as variables, such as ASSAY_SIM__DECODE__BASE_MS=50. Flags of "vllm serve" that mean something here are understood too.

${lines.join('\n')}
`
}

/** The settings as a Markdown table for the README. */
export function settingsTable(): string {
  const groups = new Map(configGroups().map((group) => [group.path, group.description]))
  const rows: string[] = []
  let last = ''
  for (const field of configFields()) {
    const group = field.path.split('.')[0] ?? ''
    const description = groups.get(group)
    if (group !== last && description) rows.push(`| **${group}** | | ${cell(description)} |`)
    last = group
    rows.push(`| \`${field.path}\` | ${cell(shown(field))} | ${cell(field.description)} |`)
  }
  return ['| setting | default | what |', '|---|---|---|', ...rows].join('\n')
}

function shown({ defaultValue, path }: Field): string {
  if (defaultValue === undefined) return 'none'
  if (path === 'effects') return 'laws for tensorParallel'
  return JSON.stringify(defaultValue)
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
