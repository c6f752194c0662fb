// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { bash, lacks } from './testing/bash.ts'

const SILENT = `echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.' >&2; exit 1`
const DENIED = `echo 'permission denied while trying to connect to the Docker daemon socket' >&2; exit 1`

/** Says what would be done: nothing is installed and nothing started. */
const up = (docker: string, user: 'root' | 'somebody') => bash(`
  is_root() { [[ $USER_IS == root ]]; }
  install_engine() { echo install; }
  start_engine() { echo start; }
  have() { [[ $1 != dockerd ]] && command -v "$1" >/dev/null; }
  outcome() { echo "$@"; }
  engine_up`, { libraries: ['engine.sh'], commands: { docker }, env: { USER_IS: user } })

it.each([
  ['an engine answers', 'echo 28.2.2', 'somebody', ['running already']],
  ['none answers and root asks', SILENT, 'root', ['install', 'start', 'started']],
] as const)('when %s', async (_, docker, user, done) => {
  const { out, status } = await up(docker, user)
  expect([out.split('\n'), status]).toEqual([done, 0])
})

it.each([
  ['none answers and another user asks', SILENT, 'somebody', 'no Docker engine answers\n  Start Docker (or set DOCKER_HOST)'],
  ['it is there for others only', DENIED, 'somebody', 'this user may not use it\n  Add yourself to the group docker'],
] as const)('when %s, says what to do', async (_, docker, user, words) => {
  const { out, err, status } = await up(docker, user)
  expect([out, status]).toEqual(['', 1])
  expect(err).toContain(words)
})

it('puts the shim among the runtimes of an engine that has settings already', async ({ skip }) => {
  skip(await lacks('jq'), 'jq is not installed; where the shim is needed, it gets installed with it')
  const { out } = await bash(`
    sed_paths() { declare -f use_shim | sed "s#/etc/docker#$build#g"; }
    eval "$(sed_paths)"
    install() { :; }
    echo '{"registry-mirrors":["https://mirror.example"],"runtimes":{"other":{"path":"/x"}}}' >"$build/daemon.json"
    use_shim
    jq --sort-keys --compact-output . "$build/daemon.json"`, { libraries: ['engine.sh'] })
  expect(JSON.parse(out)).toEqual({
    'registry-mirrors': ['https://mirror.example'], 'default-runtime': 'available-caps',
    runtimes: { other: { path: '/x' }, 'available-caps': { path: '/usr/local/sbin/runc-with-available-caps' } },
  })
})
