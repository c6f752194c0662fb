// SPDX-License-Identifier: Apache-2.0
/** A hub within the cluster, for trying downloads where none can be reached: `serve-hub.ts [FOLDER] [PORT]`; HUB_TOKEN asks for that token. */
import { createServer } from 'node:http'
import { answerHub } from './hub.ts'

const [models = '/models', port = '8080'] = process.argv.slice(2)
const token = process.env['HUB_TOKEN']

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://hub')
  const { status, headers, body } = answerHub({ models, ...(token !== undefined && { token }) }, decodeURIComponent(pathname), request.headers.authorization)
  process.stdout.write(`${request.method} ${pathname} ${status}\n`)
  response.writeHead(status, { ...headers, 'content-length': body.length }).end(request.method === 'HEAD' ? undefined : body)
})
server.listen(Number(port))
process.on('SIGTERM', () => server.close())
