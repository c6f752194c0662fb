// SPDX-License-Identifier: Apache-2.0
/** Servers whose capacity is known, for simulations of searches: the margin by which one noisy trial at a load meets its objective. */
import type { Random } from '../../stats/testdata/random.ts'

export interface Server { readonly knee: number; readonly margin: (load: number, random: Random) => number }

/** p99 latency of an M/M/1 shape, bound 200 ms: it grows as 1/(1 − load), and every trial scatters about it by this share. */
export function latencyServer(limit: number, noise: number): Server {
  const law = (load: number) => (load < limit * 0.999 ? 60 / (1 - load / limit) : 60_000)
  return { knee: limit * (1 - 60 / 200), margin: (load, random) => 200 - law(load) * Math.exp(noise * random.normal()) }
}

/** A batch that is full at its knee: beyond it the wait grows by 2 s for each request more. */
export function batchServer(knee: number, noise: number): Server {
  return { knee, margin: (load, random) => 200 - (100 + Math.max(0, load - knee) * 2000) * Math.exp(noise * random.normal()) }
}

/** A real queue, M/M/1, request by request: the share that is answered within the bound must be 99 %. */
export function queueServer({ serviceRate, bound, seconds }: { readonly serviceRate: number; readonly bound: number; readonly seconds: number }): Server {
  return {
    knee: serviceRate - Math.log(100) / bound,
    margin: (load, { uniform }) => {
      const requests = Math.round(load * seconds)
      let [waiting, met] = [0, 0]
      for (let i = -WARMUP; i < requests; i++) {
        waiting = Math.max(0, waiting + Math.log(1 - uniform()) / load) - Math.log(1 - uniform()) / serviceRate
        if (i >= 0 && waiting <= bound) met += 1
      }
      return met / requests - 0.99
    },
  }
}
const WARMUP = 100
