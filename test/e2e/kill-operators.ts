// SPDX-License-Identifier: Apache-2.0
/** Kills all operators as the kernel would, at once. */
import { execa } from 'execa'
import { list } from './look.ts'
import { kubectl } from '../integration/cluster.ts'

interface OperatorPod { readonly metadata: { readonly labels?: Readonly<Record<string, string>> }; readonly spec?: { readonly nodeName?: string }; readonly status?: { readonly containerStatuses?: readonly { readonly containerID?: string }[] } }

/** By container, so that nothing else of the node is hit; new pods spare us the back-off of restarts. */
export async function killOperators(): Promise<void> {
  const pods = (await list<OperatorPod>('assay-system', 'pods')).filter((p) => p.metadata.labels?.['app.kubernetes.io/component'] === 'controller')
  const containers = pods.flatMap((p) => (p.status?.containerStatuses ?? []).flatMap((c) => (c.containerID === undefined ? [] : [{ node: p.spec?.nodeName ?? '', id: c.containerID.replace(/^\w+:\/\//, '') }])))
  await Promise.all(containers.map(({ node, id }) => execa('docker', ['exec', node, 'ctr', '--namespace', 'k8s.io', 'task', 'kill', '--signal', 'SIGKILL', id], { reject: false })))
  await kubectl(['-n', 'assay-system', 'delete', 'pods', '-l', 'app.kubernetes.io/component=controller', '--force', '--grace-period=0'])
}
