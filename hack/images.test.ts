// SPDX-License-Identifier: Apache-2.0
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bash } from './testing/bash.ts'

const ROOT = join(import.meta.dirname, '..')
const libraries = ['images.sh']
const lines = async (snippet: string, env: Record<string, string> = {}) => (await bash(snippet, { libraries, env })).out.split('\n').filter((line) => line !== '')

describe('the images', () => {
  it('are one for each Dockerfile of this repository, stand-ins of base images apart', async () => {
    const named = await lines('for name in $(built_names); do dockerfile_of "$name"; done')
    expect(named.toSorted()).toEqual(globSync('{Dockerfile,{harnesses,images,simulator}/**/Dockerfile}', { cwd: ROOT }).toSorted())
  })

  it('of Assay itself are few, for make demo builds no others', async () => {
    expect(await lines('image_references', { IMAGES: 'core' })).toEqual(['assay', 'simulator', 'harness-native'].map((name) => expect.stringMatching(`^ghcr\\.io/assay-dev/${name}:\\d`)))
  })

  it('that are published do not include the layers beneath', async () => {
    const all = await lines('image_references')
    expect(all).toContainEqual(expect.stringMatching(/\/harness-guidellm-0\.5:/))
    expect(all.join(' ')).not.toContain('assay.dev/')
  })

  it('are built after the layers that they stand on, and only so many at once', async () => {
    const declared = await lines('job() { echo "$@"; }; declare_image_jobs base-images; echo "limit ${job_limit[images]}"')
    const after = (name: string) => declared.find((line) => line.startsWith(`image-${name} `))
    expect(after('assay.dev-python-vllm')).toContain('--after base-images,image-assay.dev-python-torch --among images build_own_image assay.dev/python-vllm')
    expect(after('harness-vllm-bench')).toContain('--after base-images,image-assay.dev-python-vllm')
    expect(after('simulator')).toContain('--after base-images --among')
    expect(declared.at(-1)).toMatch(/^limit [1-9]/)
  })

  it('stand on published images that can be had in both worlds', async () => {
    expect(await lines('all_base_images')).toEqual(['node:24-trixie-slim', 'python:3.13-slim-trixie'])
  })

  it('refuses a set that is none', async () => {
    expect((await bash('true', { libraries, env: { IMAGES: 'everything' } })).err).toContain('IMAGES is core or all, not everything')
  })
})

describe('build_own_image', () => {
  const build = (script: string) => bash('outcome() { echo "outcome: $*"; }; unavailable=$build/unavailable; build_own_image harness-fmperf; ls "$unavailable" 2>/dev/null && cat "$unavailable"/*; image_references | grep -c fmperf', {
    libraries, commands: { docker: `case $1 in image) echo an-id ;; build) ${script} ;; esac` },
  })

  it('goes on without an image whose source cannot be reached, and writes down why', async () => {
    const { out, status } = await build("printf 'Step 3\\n\\033[91mUNREACHABLE: nowhere (no route)\\n\\033[0m'; exit 1")
    expect(out).toContain('outcome: skipped: nowhere (no route)\nharness-fmperf\nnowhere (no route)\n0')
    expect(status).toBe(1)      // of the last grep: the image is not among those to be loaded
  })

  it('fails for any other reason', async () => {
    const { out, status } = await build("echo 'no space left'; exit 1")
    expect(out).not.toContain('outcome')
    expect(status).not.toBe(0)
  })

  it('forgets the reason once it can be had', async () => {
    const { out } = await bash('outcome() { :; }; unavailable=$build/unavailable; mkdir -p "$unavailable"; echo x >"$unavailable/harness-fmperf"; build_own_image harness-fmperf; ls "$unavailable"; image_references | grep fmperf', {
      libraries, commands: { docker: 'case $1 in image) echo an-id ;; esac' },
    })
    expect(out).toMatch(/harness-fmperf:\S+$/)
    expect(out.split('\n').filter((line) => line === 'harness-fmperf')).toEqual([])
  })
})

describe('the locks', () => {
  const locks = globSync('{images,harnesses}/*/requirements.lock', { cwd: ROOT })

  it.each(locks)('%s pins every package by version and hash', (file) => {
    const packages = readFileSync(join(ROOT, file), 'utf8').split(/\n(?=[a-z])/).filter((entry) => /^[a-z]/.test(entry))
    expect(packages.length).toBeGreaterThan(0)
    for (const entry of packages) expect(entry).toMatch(/^[a-z0-9._-]+==[^\s;]+( ; [^\\]+)? \\\n {4}--hash=sha256:[0-9a-f]{64}/)
  })

  it('leave the large packages of the shared layer as they are, but where a tool pins its own', () => {
    const versions = (file: string) => new Map(readFileSync(join(ROOT, file), 'utf8').split('\n').flatMap((line) => { const [, name, version] = /^([a-z0-9._-]+)==(\S+)/.exec(line) ?? []; return name === undefined || version === undefined ? [] : [[name, version] as const] }))
    const shared = versions('images/python-llm/requirements.lock')
    const differing = locks.flatMap((file) => [...versions(file)].filter(([name, version]) => ['numpy', 'pandas', 'pyarrow', 'scipy', 'transformers', 'torch'].includes(name) && (shared.get(name) ?? version) !== version).map(([name]) => `${dirname(file)}: ${name}`))
    expect(differing.toSorted()).toEqual(['harnesses/guidellm-0.5: transformers', 'harnesses/inference-perf: transformers', 'harnesses/optimum-benchmark: transformers'])
    expect(new Set(locks.map((file) => versions(file).get('torch')).filter((version) => version !== undefined)).size).toBe(1)
  })
})
