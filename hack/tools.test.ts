// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { bash } from './testing/bash.ts'

const kind = (version: string) => `#!/bin/bash\necho 'kind v${version} go1.24.6 linux/amd64'`
/** A release server: the binary and its checksum; or none. */
const CURL = { answers: `
  file=/dev/stdout; while [[ $# -gt 1 ]]; do [[ $1 != -o ]] || file=$2; shift; done
  printf '%s\\n' "$1" >>"$REQUESTS"
  binary() { printf '%s\\n' '#!/bin/bash' 'echo kind v0.30.0 from a release'; }
  case $1 in
    */v0.30.0/kind-linux-*.sha256sum) echo "$(binary | sha256sum | cut -d ' ' -f 1)  $(basename "$1" .sha256sum)" >"$file" ;;
    */v0.30.0/kind-linux-*) binary >"$file" ;;
    *) exit 22 ;;
  esac`, isSilent: 'exit 28' }

const obtain = (commands: Readonly<Record<string, string>>, before = '') => bash(`
  mkdir -p "$build/bin"
  export REQUESTS=$build/requests
  build_tool() { printf '%s\\n' '#!/bin/bash' 'echo kind v0.30.0 from source' >"$1"; chmod 755 "$1"; }
  ${before}
  obtain_tool kind
  "$build/bin/kind" version
  obtain_tool kind
  [[ ! -e $REQUESTS ]] || cat "$REQUESTS" >&2`, { libraries: ['tools.sh'], commands })

describe('obtain_tool', () => {
  it('takes the one on PATH when its version will do', async () => {
    const { out, err } = await obtain({ kind: `echo 'kind v0.30.1 go1.24.6 linux/amd64'`, curl: CURL.answers })
    expect(out).toBe('kind v0.30.1 go1.24.6 linux/amd64')
    expect(err).toBe('')
  })

  it('keeps the one in .build/bin', async () => {
    const { out } = await obtain({ kind: kind('0.30.1'), curl: CURL.answers }, `printf '%s\\n' "${kind('0.30.2')}" >"$build/bin/kind"; chmod 755 "$build/bin/kind"`)
    expect(out).toBe('kind v0.30.2 go1.24.6 linux/amd64')
  })

  it.each(['0.29.0', '0.31.0'])('downloads the release, once, where PATH has %s', async (version) => {
    const { out, err } = await obtain({ kind: `echo 'kind v${version} go1.24.6 linux/amd64'`, curl: CURL.answers })
    expect(out).toBe('kind v0.30.0 from a release')
    expect(err.match(/kind-linux-\w+$/gm)).toHaveLength(1)
  })

  it('builds it from source where no release can be had', async () => {
    expect((await obtain({ kind: `echo 'kind v0.29.0 go1.24.6 linux/amd64'`, curl: CURL.isSilent })).out).toBe('kind v0.30.0 from source')
  })
})
