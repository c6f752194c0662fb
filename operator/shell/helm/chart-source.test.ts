// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGzip } from 'node:zlib'
import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { type ChartSources, fetchChart } from './chart-source.ts'
import { writeInClusterKubeconfig } from './in-cluster-kubeconfig.ts'

async function tgz(): Promise<Buffer> {
  const tar = pack()
  tar.entry({ name: 'c/Chart.yaml' }, 'name: c')
  tar.finalize()
  return buffer(tar.pipe(createGzip()))
}

function sources(over: Partial<ChartSources> = {}): ChartSources & { readonly pulls: (readonly string[])[] } {
  const root = mkdtempSync(join(tmpdir(), 'charts-'))
  mkdirSync(join(root, 'bundled/simulator'), { recursive: true })
  writeFileSync(join(root, 'bundled/simulator/Chart.yaml'), 'name: simulator')
  const pulls: (readonly string[])[] = []
  const pull = async (args: readonly string[], into: string) => {
    pulls.push(args)
    writeFileSync(join(into, 'c-1.tgz'), await tgz())
  }
  return { helm: { pull }, bundled: join(root, 'bundled'), cache: join(root, 'cache'), configMap: async () => undefined, pulls, ...over }
}

describe('fetchChart', () => {
  it('finds a bundled chart, with a digest of its content', async () => {
    const from = sources()
    const first = await fetchChart(from, 'ns', { chart: { bundled: 'simulator' } })
    writeFileSync(join(from.bundled, 'simulator/Chart.yaml'), 'name: other')
    const second = await fetchChart(from, 'ns', { chart: { bundled: 'simulator' } })
    expect(first.label).toBe('simulator')
    expect(first.digest).not.toBe(second.digest)
  })

  it('pulls once, and keeps the archive under its arguments', async () => {
    const from = sources()
    const chart = { chart: { repository: { url: 'https://charts.example.org', name: 'c' } }, version: '1' }
    const [a, b] = [await fetchChart(from, 'ns', chart), await fetchChart(from, 'ns', chart)]
    expect(from.pulls).toEqual([['c', '--repo', 'https://charts.example.org', '--version', '1']])
    expect(a).toEqual(b)
    expect(a.label).toBe('c-1')
  })

  it('takes an archive out of a ConfigMap', async () => {
    const bytes = await tgz()
    const from = sources({ configMap: async () => ({ 'chart.tgz': bytes.toString('base64') }) })
    const chart = await fetchChart(from, 'ns', { chart: { configMap: { name: 'm', key: 'chart.tgz' } } })
    expect(await readFile(chart.path)).toEqual(bytes)
  })

  it.each<[string, Parameters<typeof fetchChart>[2], RegExp]>([
    ['a ConfigMap that is not there', { chart: { configMap: { name: 'm', key: 'chart.tgz' } } }, /ConfigMap m .* does not exist/],
    ['an unpinned OCI chart', { chart: { oci: 'oci://registry.example.org/c' } }, /not pinned/],
    ['an OCI reference without its scheme', { chart: { oci: 'registry.example.org/c' }, version: '1' }, /oci:\/\//],
    ['a repository by file', { chart: { repository: { url: 'file:///charts', name: 'c' } }, version: '1' }, /http\(s\)/],
    ['a local path', { chart: { path: '/charts/c' } }, /command line only/],
  ])('refuses %s', async (_, chart, why) => {
    await expect(fetchChart(sources(), 'ns', chart)).rejects.toMatchObject({ message: expect.stringMatching(why), transient: false })
  })
})

describe('writeInClusterKubeconfig', () => {
  it('names the pod\'s account without copying its token', async () => {
    const account = mkdtempSync(join(tmpdir(), 'account-'))
    writeFileSync(join(account, 'token'), 'secret-token')
    const path = writeInClusterKubeconfig(account, { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' }, account)
    const text = await readFile(path ?? '', 'utf8')
    expect(text).toContain('https://[fd00::1]:6443')
    expect(text).toContain(join(account, 'token'))
    expect(text).not.toContain('secret-token')
  })

  it('does nothing outside a cluster', () => {
    expect(writeInClusterKubeconfig(tmpdir(), {}, '/nowhere')).toBeUndefined()
  })
})
