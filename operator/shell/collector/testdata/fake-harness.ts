// SPDX-License-Identifier: Apache-2.0
/** A load generator without load: writes what the native harness would write, and behaves as badly as it is told. */
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const [mode = 'good', count = '5', everyMs = '40'] = process.argv.slice(2)
const began = performance.now()
const clock = () => performance.now() - began

writeFileSync('native.jsonl', '')
if (mode === 'stubborn') {
  process.on('SIGTERM', () => undefined)
  const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  writeFileSync('../child.pid', String(child.pid))
}
const credential = process.env['ASSAY_CREDENTIAL']
if (credential !== undefined) {
  writeFileSync('other.txt', `the other is ${process.env['OTHER']}\n`)
  writeFileSync('leak.txt', `Authorization: Bearer ${credential}\n`)
  writeFileSync('leak.txt.gz', gzipSync(`the key is ${credential}\n`))
}
if (mode === 'sly') symlinkSync('/etc/passwd', 'link')

// In a pod the collector is there first; here it starts at the same time.
const seen = () => existsSync('../collector/state.json') && readFileSync('../collector/state.json', 'utf8').includes('"started"')
if (mode !== 'quick') while (!seen()) await new Promise((resolve) => { setTimeout(resolve, 20) })

for (let i = 1; i <= Number(count); i++) {
  const sentMs = clock()
  await new Promise((resolve) => { setTimeout(resolve, Number(everyMs)) })
  const endMs = clock()
  appendFileSync('native.jsonl', `${JSON.stringify({
    id: `r${i}`, stage: 'low', phase: 'measure', scheduledMs: null, sentMs, firstTokenMs: sentMs + 5, endMs, eventsMs: [sentMs + 5, endMs], inputTokens: 20, outputTokens: 8, status: 'ok', httpStatus: 200,
  })}\n`)
}
if (mode === 'failing') process.exit(3)
if (mode === 'stubborn' || mode === 'hanging') setInterval(() => undefined, 1000)
else {
  const stage = { name: 'low', kind: 'concurrent', startMs: 0, sendEndMs: clock(), endMs: clock(), concurrency: 2 }
  writeFileSync('native.json', JSON.stringify({
    tool: { name: 'native', version: '0.1.0' }, complete: true, stages: [stage], client: { clock: { epochMs: Date.now() - clock(), source: 'epoch' } }, notes: [],
  }))
}
