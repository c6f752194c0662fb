// SPDX-License-Identifier: Apache-2.0
/** The native harness's own client as a reader process: everything that a request costs, from the socket to its record. */
import { createProviderClient } from '../provider-client.ts'
import { openai } from '../providers/openai.ts'
import { toRecord } from '../to-record.ts'
import { report } from './reader-report.ts'

const [port, streams] = process.argv.slice(2).map(Number) as [number, number]
const client = await createProviderClient(openai, {
  endpoint: { url: `http://127.0.0.1:${port}`, model: 'bench', headers: {} },
  api: { kind: 'completions', streaming: true, ignoreEos: true, sampling: {}, headers: {}, extraBody: {} },
})

await report(async (counts) => {
  const hooks = {
    now: () => performance.now(), timeoutMs: 60_000,
    onRead: (events: number) => {
      counts.events += events
      counts.reads++
    },
  }
  await Promise.all(Array.from({ length: streams }, async (_, i) => {
    const prepared = client.prepare({ id: `r${i}`, prompt: 'bench', outputTokens: 1 })
    const exchange = await client.send(prepared, hooks).done
    const planned = { id: `r${i}`, inputTokens: 1, outputTokens: 1 }
    const turn = { planned, prepared, conversation: { turns: [planned], first: prepared, pass: 0 }, index: 0, historyTokens: 0 }
    JSON.stringify(toRecord(turn, { stage: 'bench', phase: 'measure', scheduledMs: 0 }, exchange))
  }))
})
await client.close()
