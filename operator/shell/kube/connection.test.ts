// SPDX-License-Identifier: Apache-2.0
import { afterEach, expect, it } from 'vitest'
import type { Access, Credentials } from './access.ts'
import { type Connection, createConnection } from './connection.ts'
import { fakeClock } from './testdata/fake-clock.ts'

const open: Connection[] = []
afterEach(async () => { await Promise.all(open.splice(0).map((connection) => connection.close())) })

function connected(credentials: () => Promise<Credentials>) {
  const clock = fakeClock()
  const access: Access = { server: 'https://api.example', namespace: 'default', credentials }
  const connection = createConnection({ access, clock, credentialsMs: 30_000 })
  open.push(connection)
  return { connection, clock }
}

it('uses one pool for all, until CA or certificate change', async () => {
  let ca = 'CA 1'
  const { connection, clock } = connected(async () => ({ headers: {}, tls: { ca, cert: Buffer.from('C'), key: undefined } }))
  const pools = new Set((await Promise.all([1, 2, 3].map(() => connection.current('calls')))).map(({ dispatcher }) => dispatcher))
  expect(pools.size).toBe(1)
  await clock.advance(60_000)
  pools.add((await connection.current('calls')).dispatcher)
  expect(pools.size).toBe(1)
  ca = 'CA 2'
  await clock.advance(60_000)
  pools.add((await connection.current('calls')).dispatcher)
  expect(pools.size).toBe(2)
})

it('reads a token again after a while, at once when it was not accepted, and not for each request', async () => {
  let reads = 0
  const { connection, clock } = connected(async () => ({ headers: { authorization: `Bearer ${++reads}` }, tls: {} }))
  const token = async () => (await connection.current('streams')).headers['authorization']
  expect([await token(), await token()]).toEqual(['Bearer 1', 'Bearer 1'])
  await clock.advance(30_000)
  expect(await token()).toBe('Bearer 2')
  connection.distrust()
  expect(await token()).toBe('Bearer 3')
})

it('asks again after credentials could not be read', async () => {
  let reads = 0
  const { connection } = connected(async () => {
    reads += 1
    if (reads === 1) throw new Error('the exec plugin failed')
    return { headers: {}, tls: {} }
  })
  await expect(connection.current('calls')).rejects.toThrow('the exec plugin failed')
  await expect(connection.current('calls')).resolves.toBeDefined()
})
