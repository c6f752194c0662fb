// SPDX-License-Identifier: Apache-2.0
/** Renders a bundled chart with the real helm and reads back the objects. For tests. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'

/** A rendered object; tests look into it as far as they need. */
export type Rendered = {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>> }
  readonly [field: string]: unknown
}

export type Chart = {
  readonly render: (values?: object, release?: string) => Rendered[]
  /** What helm says when it refuses. */
  readonly refusal: (values: object) => string
  readonly notes: (values?: object) => string
  /** Paths of all values, and the README, to hold one against the other. */
  readonly valuePaths: () => string[]
  readonly readme: () => string
}

const ROOT = new URL('..', import.meta.url).pathname

/** helm as HELM names it, as the repository built it, or as the PATH has it; undefined when there is none. */
export function findHelm(): string | undefined {
  const named = process.env['HELM']
  if (named) return named
  const built = join(ROOT, '.build/bin/helm')
  if (existsSync(built)) return built
  return spawnSync('helm', ['version'], { stdio: 'ignore' }).status === 0 ? 'helm' : undefined
}

export function openChart(helm: string, name: string): Chart {
  const folder = join(ROOT, 'charts', name)
  const run = (values: object, release: string, command: readonly string[]) =>
    spawnSync(helm, [...command, release, folder, '--values', '-'], { input: JSON.stringify(values), encoding: 'utf8' })
  const succeed = (values: object, release: string, command: readonly string[]) => {
    const { status, stdout, stderr } = run(values, release, command)
    if (status !== 0) throw new Error(stderr)
    return stdout
  }
  return {
    render: (values = {}, release = 'rel') => parseAllDocuments(succeed(values, release, ['template']))
      .map((document) => document.toJS() as Rendered | null).filter((object) => object !== null),
    refusal: (values) => {
      const { status, stderr } = run(values, 'rel', ['template'])
      if (status === 0) throw new Error(`helm accepted ${JSON.stringify(values)}`)
      return stderr
    },
    notes: (values = {}) => succeed(values, 'rel', ['install', '--dry-run=client']).split('NOTES:\n')[1] ?? '',
    valuePaths: () => leaves(parse(readFileSync(join(folder, 'values.yaml'), 'utf8')) as object, ''),
    readme: () => readFileSync(join(folder, 'README.md'), 'utf8'),
  }
}

/** Whether helm finds nothing to complain of. */
export function lint(helm: string, name: string): string {
  return execFileSync(helm, ['lint', '--strict', join(ROOT, 'charts', name)], { encoding: 'utf8' })
}

function leaves(node: object, prefix: string): string[] {
  return Object.entries(node).flatMap(([key, value]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`
    return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0 && !isOpaque(path) ? leaves(value as object, path) : [path]
  })
}

/** Parts that are Kubernetes' own and documented as one. */
function isOpaque(path: string): boolean {
  return /(^|\.)(resources|downloadResources|podSecurityContext|securityContext|startupProbe|readinessProbe|livenessProbe|strategy)$/.test(path)
}
