// SPDX-License-Identifier: Apache-2.0
/** Counts requests in the native harness's records as they grow, without parsing them. Other tools have no live numbers. */
import type { Live } from '../results/api.ts'

export interface LiveCount {
  readonly add: (bytes: Buffer) => void
  /** Undefined as long as nothing was counted. */
  readonly live: () => Live | undefined
}

const NEWLINE = 10
const FAILED = Buffer.from('"status":"error"')
const STAGE = /"stage":"([^"\\]{1,64})"/
/** Where in a line the stage stands. */
const HEAD = 512

export function createLiveCount(): LiveCount {
  let done = 0
  let failed = 0
  let stage: string | undefined
  let rest = Buffer.alloc(0)
  const count = (line: Buffer) => {
    done++
    if (line.includes(FAILED)) failed++
    stage = STAGE.exec(line.toString('latin1', 0, HEAD))?.[1] ?? stage
  }
  return {
    add: (bytes) => {
      let from = 0
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
        count(Buffer.concat([rest, bytes.subarray(from, end)]))
        rest = Buffer.alloc(0)
        from = end + 1
      }
      rest = Buffer.concat([rest, bytes.subarray(from)])
    },
    live: () => (done === 0 ? undefined : { done, failed, stage }),
  }
}
