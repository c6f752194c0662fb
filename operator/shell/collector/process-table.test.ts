// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { watchCgroup } from './cgroup-watch.ts'
import { procTable } from './process-table.ts'
import { openState } from './state.ts'

const temporary = () => mkdtempSync(join(tmpdir(), 'assay-proc-'))

function fakeProcess(root: string, pid: number, { state = 'S', parent = 0, name = 'node', ticks = 123, exit = 0, cgroup = '0::/x' } = {}) {
  mkdirSync(join(root, String(pid)), { recursive: true })
  const fields = [state, parent, ...Array.from({ length: 17 }, () => 0), ticks, ...Array.from({ length: 29 }, () => 0), exit]
  writeFileSync(join(root, String(pid), 'stat'), `${pid} (${name}) ${fields.join(' ')}\n`)
  writeFileSync(join(root, String(pid), 'cgroup'), `${cgroup}\n`)
}

describe('procTable', () => {
  it('reads what the kernel writes, whatever a process is called', () => {
    const root = temporary()
    fakeProcess(root, 20, { name: 'a) Z 9 (b', parent: 4, ticks: 987, cgroup: '0::/a' })
    fakeProcess(root, 21, { state: 'Z', exit: 3 << 8, cgroup: '0::/a' })
    fakeProcess(root, 22, { state: 'Z', exit: 9, cgroup: '0::/b' })
    mkdirSync(join(root, 'sys'))
    const [first, second, third] = procTable(root, 7).list().toSorted((a, b) => a.pid - b.pid)
    expect(first).toMatchObject({ pid: 20, parent: 4, startTicks: '987', zombie: false })
    expect(second).toMatchObject({ zombie: true, exit: { code: 3, signal: 0 } })
    expect(third).toMatchObject({ exit: { code: 0, signal: 9 } })
    expect([first?.cgroup === second?.cgroup, second?.cgroup === third?.cgroup]).toEqual([true, false])
    expect(procTable(root, 7).find(99)).toBeUndefined()
  })

  it('sees real processes begin and end, and reaches them', async () => {
    const table = procTable()
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    const pid = child.pid ?? 0
    expect(table.find(pid)).toMatchObject({ parent: process.pid, zombie: false })
    expect(table.find(process.pid)?.pid).toBe(table.self)
    const ended = new Promise((resolve) => { child.once('exit', (_, signal) => resolve(signal)) })
    expect(table.signal(pid, 'SIGTERM')).toBe('sent')
    expect(await ended).toBe('SIGTERM')
    expect(table.find(pid)).toBeUndefined()
    expect(table.signal(pid, 'SIGTERM')).toBe('gone')
  })
})

describe('watchCgroup', () => {
  const looks = (watch: ReturnType<typeof watchCgroup>, count: number) => { for (let i = 0; i < count; i++) watch.look() }

  it.each([
    ['version 2', { 'memory.events': 'low 0\noom_kill 1\n', 'cpu.stat': 'usage_usec 2500000\nthrottled_usec 500000\n' }],
    ['version 1', { 'memory/memory.oom_control': 'oom_kill_disable 0\noom_kill 1\n', 'cpuacct/cpuacct.usage': '2500000000\n', 'cpu/cpu.stat': 'nr_throttled 3\nthrottled_time 500000000\n' }],
  ])('reads %s, when the process has settled', (_, files) => {
    const proc = temporary()
    const folder = join(proc, '20/root/sys/fs/cgroup')
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    const watch = watchCgroup(20, proc)
    looks(watch, 4)
    expect(watch.seen()).toEqual({ oomKills: 0 })
    looks(watch, 1)
    expect(watch.seen()).toEqual({ oomKills: 1, cpuSeconds: 2.5, throttledSeconds: 0.5 })
    watch.close()
  })

  it('says nothing where nothing can be read', () => {
    const watch = watchCgroup(20, temporary())
    looks(watch, 60)
    expect(watch.seen()).toEqual({ oomKills: 0 })
    watch.close()
  })
})

describe('state', () => {
  it('is kept over restarts, one generation later, and begun anew when it is damaged', () => {
    const path = join(temporary(), 'deep/state.json')
    openState(path, 5).update({ started: { pid: 1, startTicks: '2', cgroup: '', epochMs: 7 } })
    expect(openState(path, 9).get()).toEqual({ generation: 2, firstEpochMs: 5, started: { pid: 1, startTicks: '2', cgroup: '', epochMs: 7 } })
    writeFileSync(path, '{"generation":')
    expect(openState(path, 9).get()).toEqual({ generation: 1, firstEpochMs: 9 })
  })
})
