// SPDX-License-Identifier: Apache-2.0
/** Brings the chart of a release onto the local disk, checked, with its digest: bundled, OCI, repository, or an archive in a ConfigMap. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { ReleaseSpec } from '../../core/model/scenario.ts'
import { checkArchive } from './archive-check.ts'
import type { Helm } from './helm.ts'
import { HelmError } from './helm-error.ts'

export interface LocalChart {
  readonly path: string
  /** SHA-256 of the archive, or of names and contents of a bundled folder. */
  readonly digest: string
  readonly label: string
}

export interface ChartSources {
  readonly helm: Pick<Helm, 'pull'>
  /** Folder of the charts that come with the operator. */
  readonly bundled: string
  /** Writable folder for what is pulled; kept for the life of the process. */
  readonly cache: string
  /** The binaryData of a ConfigMap of the namespace, base64 as the API gives it. */
  readonly configMap: (namespace: string, name: string) => Promise<Readonly<Record<string, string>> | undefined>
}

type Chart = Pick<ReleaseSpec, 'chart' | 'version'>

export async function fetchChart(sources: ChartSources, namespace: string, { chart, version }: Chart): Promise<LocalChart> {
  if (chart.bundled !== undefined) {
    const path = join(sources.bundled, chart.bundled)
    return { path, digest: await folderDigest(path), label: chart.bundled }
  }
  if (chart.configMap !== undefined) return fromConfigMap(sources, namespace, chart.configMap)
  if (chart.path !== undefined) throw new HelmError('ChartNotFound', 'chart.path is for the command line only: put the archive into a ConfigMap (chart.configMap)', false)
  const args = pullArguments({ chart, version })
  return fromPull(sources, args)
}

function pullArguments({ chart, version }: Chart): string[] {
  return chart.repository === undefined ? ociArguments(chart.oci ?? '', version) : repositoryArguments(chart.repository, version)
}

function ociArguments(reference: string, version: string | undefined): string[] {
  if (!reference.startsWith('oci://')) throw new HelmError('ChartNotFound', `chart.oci must start with oci://, found ${reference}`, false)
  if (version === undefined && !reference.includes('@sha256:')) throw new HelmError('ChartInvalid', `chart ${reference} is not pinned: set version, or append @sha256:…`, false)
  return version === undefined ? [reference] : [reference, '--version', version]
}

function repositoryArguments({ url, name }: NonNullable<Chart['chart']['repository']>, version: string | undefined): string[] {
  if (version === undefined) throw new HelmError('ChartInvalid', `chart ${name} is not pinned: set version`, false)
  if (!/^https?:\/\//.test(url)) throw new HelmError('ChartNotFound', `chart.repository.url must be http(s), found ${url}`, false)
  return [name, '--repo', url, '--version', version]
}

/** Pulled once per process and set of arguments; the archive keeps its digest as its name. */
async function fromPull(sources: ChartSources, args: readonly string[]): Promise<LocalChart> {
  const key = createHash('sha256').update(args.join('\0')).digest('hex').slice(0, 16)
  const folder = join(sources.cache, key)
  const found = await archiveIn(folder)
  if (found !== undefined) return found
  const fresh = join(sources.cache, `${key}.${process.pid}.${Date.now()}`)
  await mkdir(fresh, { recursive: true })
  try {
    await sources.helm.pull(args, fresh)
    const archive = await archiveIn(fresh)
    if (archive === undefined) throw new HelmError('ChartNotFound', `helm pull ${args.join(' ')} gave no archive`, false)
    await checkArchive(createReadStream(archive.path))
    await rm(folder, { recursive: true, force: true })
    await rename(fresh, folder)
    return { ...archive, path: join(folder, relative(fresh, archive.path)) }
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

async function archiveIn(folder: string): Promise<LocalChart | undefined> {
  const names = await readdir(folder).catch(() => [])
  const name = names.find((n) => n.endsWith('.tgz'))
  if (name === undefined) return undefined
  const path = join(folder, name)
  return { path, digest: sha256(await readFile(path)), label: name.replace(/\.tgz$/, '') }
}

async function fromConfigMap(sources: ChartSources, namespace: string, ref: { readonly name: string; readonly key: string }): Promise<LocalChart> {
  const data = await sources.configMap(namespace, ref.name)
  if (data === undefined) throw new HelmError('ChartNotFound', `ConfigMap ${ref.name} with the chart does not exist`, false)
  const text = data[ref.key]
  if (text === undefined) throw new HelmError('ChartNotFound', `ConfigMap ${ref.name} has no binaryData key ${ref.key}; it has: ${Object.keys(data).join(', ') || 'none'}`, false)
  const bytes = Buffer.from(text, 'base64')
  const path = join(sources.cache, `${sha256(bytes)}.tgz`)
  await mkdir(sources.cache, { recursive: true })
  await writeFile(path, bytes)
  await checkArchive(createReadStream(path))
  return { path, digest: sha256(bytes), label: `${ref.name}/${ref.key}` }
}

async function folderDigest(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name)).sort()
  if (files.length === 0) throw new HelmError('ChartNotFound', `bundled chart ${folder} is missing in this image`, false)
  const hash = createHash('sha256')
  for (const file of files) hash.update(relative(folder, file)).update('\0').update(await readFile(file)).update('\0')
  return hash.digest('hex')
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
