// SPDX-License-Identifier: Apache-2.0
/** A process that runs for leader and says so on standard output; the test of the Lease starts several and ends them in different ways. */
import { createClient, findAccess } from '../../../operator/shell/kube/client.ts'
import { createElector } from '../../../operator/shell/kube/lease.ts'
import { createResourceApi } from '../../../operator/shell/kube/resource-api.ts'

const [file, namespace = '', identity = ''] = process.argv.slice(2)
const say = (what: string) => void process.stdout.write(`${what}\n`)
const client = createClient({ access: await findAccess({ file }) })
const elector = createElector({
  api: createResourceApi(client), namespace, name: 'leader', identity,
  timings: { leaseMs: 3000, renewDeadlineMs: 2000, retryMs: 300 },
  onElected: () => say('elected'),
  onLost: (why) => {
    say(`lost: ${why}`)
    process.exit(1)
  },
})
process.once('SIGTERM', () => {
  void elector.stop().then(() => client.close())
})
elector.start()
say('started')
