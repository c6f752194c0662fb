// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { bash } from './testing/bash.ts'

/** Nothing runs: the jobs that would be declared are printed, and what is there is said by the test. */
const DECLARE = `
  job() { echo "$@"; }
  is_declared() { [[ -n \${seen:-} ]] || { seen=1; false; }; }
  all_base_images() { printf '%s\\n' node:24-trixie-slim python:3.13-slim-trixie; }
  has_image() { [[ " $HERE " == *" $1 "* ]]; }
  registry_serves() { [[ $REGISTRY_ANSWERS == yes ]]; }
  can_install_packages() { [[ $BUILDS == yes ]]; }
  echo 'dial tcp: no such host' >"$build/log/registry.log"
  declare_base_image_jobs
  declare_node_image_jobs`

interface World {
  readonly here?: string
  readonly registry?: 'yes' | 'no'
  readonly builds?: 'yes' | 'no'
}

const declared = ({ here = '', registry = 'no', builds = 'no' }: World) =>
  bash(DECLARE, { libraries: ['setup.sh'], env: { HERE: here, REGISTRY_ANSWERS: registry, BUILDS: builds } })

const PUBLISHED_NODE = /kindest\/node:v1\.34\.\d+@sha256:[0-9a-f]{64}/

describe('where images come from', () => {
  it('pulls them, and builds nothing, where the registry answers', async () => {
    const { out, status } = await declared({ registry: 'yes', builds: 'yes' })
    expect(out.split('\n')).toEqual([
      'base-node:24-trixie-slim Pull node:24-trixie-slim docker pull node:24-trixie-slim',
      'base-python:3.13-slim-trixie Pull python:3.13-slim-trixie docker pull python:3.13-slim-trixie',
      'base-images Base images --after base-node:24-trixie-slim,base-python:3.13-slim-trixie true',
      expect.stringMatching(new RegExp(`^node-image Pull kindest/node:\\S+ docker pull ${PUBLISHED_NODE.source}$`)),
    ])
    expect(status).toBe(0)
  })

  it('builds them from packages, Debian once, where it does not', async () => {
    const { out, err } = await declared({ builds: 'yes' })
    expect(out.split('\n').map((line) => line.split(' ', 1)[0])).toEqual([
      'base-debian:trixie-slim', 'base-node:24-trixie-slim', 'base-python:3.13-slim-trixie', 'base-images', 'kubernetes', 'node-base', 'proxy-base', 'node-image',
    ])
    expect(out).toContain('node-image Node image kindest/node:v1.34.4 --after kubernetes,node-base,proxy-base build_node_image')
    expect(err).toContain('no registry serves images here')
  })

  it('does nothing where they are there already, built or pulled', async () => {
    expect((await declared({ here: 'node:24-trixie-slim python:3.13-slim-trixie kindest/node:v1.34.4' })).out).toBe('')
  })

  it('says what stands in the way where they can neither be pulled nor built', async () => {
    const { err, status } = await declared({})
    expect(err).toContain('✘ node:24-trixie-slim cannot be pulled\n  The engine says: dial tcp: no such host. As root on Debian')
    expect(status).toBe(1)
  })
})
