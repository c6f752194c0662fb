// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { bash } from '../testing/bash.ts'

const ANSWERS = `echo '24-slim: Pulling from library/node'; echo pulling >"$RANDOM.layer"; exec sleep 600`

it.each([
  ['names the image and is still pulling', ANSWERS, 'connected'],
  ['has it already', `echo 'Digest: sha256:1'; echo 'Status: Image is up to date'`, 'connected'],
  ['cannot resolve the registry', `echo 'Error response from daemon: no such host' >&2; exit 1`, 'registries only'],
  ['hears nothing', 'exec sleep 600', 'registries only'],
])('the engine %s: %s', async (_, docker, world) => {
  const { out, status } = await bash(`cd "$build"; if registry_serves node:24-slim; then echo connected; else echo 'registries only'; fi`, {
    libraries: ['lib/world.sh'], commands: { docker }, env: { REGISTRY_SECONDS: '1' },
  })
  expect([out, status]).toEqual([world, 0])
})
