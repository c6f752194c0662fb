// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { beforeEach, describe, expect, it } from 'vitest'
import { bash, scratchFolder } from '../testing/bash.ts'

const libraries = ['lib/inputs.sh']
const DOCKERFILE = `# syntax matters
FROM node:24-trixie-slim AS build
WORKDIR /app
COPY package.json \\
     .npmrc ./
copy --chown=1:1 operator operator
RUN echo COPY nothing here
FROM --platform=linux/amd64 debian:trixie-slim
ADD charts /charts
COPY --from=build /app /app
FROM build
FROM scratch
`

let folder = ''
beforeEach(() => {
  folder = scratchFolder()
  writeFileSync(join(folder, 'Dockerfile'), DOCKERFILE)
})

it('copied_paths names what comes from the context and nothing else', async () => {
  const { out } = await bash(`copied_paths ${folder}/Dockerfile`, { libraries })
  expect(out.split('\n')).toEqual(['.npmrc', 'charts', 'operator', 'package.json'])
})

it('base_images names what has to be there first, no stage and no scratch', async () => {
  const { out } = await bash(`base_images ${folder}/Dockerfile`, { libraries })
  expect(out.split('\n')).toEqual(['debian:trixie-slim', 'node:24-trixie-slim'])
})

describe('fingerprint', () => {
  const fingerprint = async () => {
    const { out } = await bash(`fingerprint ${folder} src built/helm missing`, { libraries })
    expect(out).toMatch(/^[0-9a-f]{64}$/)
    return out
  }

  beforeEach(async () => {
    mkdirSync(join(folder, 'src'))
    mkdirSync(join(folder, 'built'))
    writeFileSync(join(folder, 'src/a.ts'), 'a')
    writeFileSync(join(folder, 'built/helm'), 'helm')
    writeFileSync(join(folder, '.gitignore'), 'built/\n*.log\n')
    await execa('git', ['init', '--quiet'], { cwd: folder })
  })

  it.each([
    ['a source changes', 'src/a.ts', 'b'],
    ['a file is added that git does not know yet', 'src/b.ts', 'b'],
    ['an ignored file changes that is named itself', 'built/helm', 'newer'],
  ])('changes when %s', async (_, file, content) => {
    const before = await fingerprint()
    writeFileSync(join(folder, file), content)
    expect(await fingerprint()).not.toBe(before)
  })

  it('changes with the mode', async () => {
    const before = await fingerprint()
    chmodSync(join(folder, 'src/a.ts'), 0o755)
    expect(await fingerprint()).not.toBe(before)
  })

  it.each([
    ['a test', 'src/a.test.ts'],
    ['what tests read', 'src/testdata/x.json'],
    ['what git ignores', 'src/x.log'],
    ['what is outside', 'other.ts'],
  ])('does not change with %s', async (_, file) => {
    const before = await fingerprint()
    mkdirSync(join(folder, 'src/testdata'))
    writeFileSync(join(folder, file), 'x')
    expect(await fingerprint()).toBe(before)
  })
})
