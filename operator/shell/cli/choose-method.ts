// SPDX-License-Identifier: Apache-2.0
/** The best way of serving that the cluster allows, with the reason, which is always said aloud. */
import { quantityValue } from '../../core/model/common.ts'
import { isForbidden } from '../kube/api-error.ts'
import { type Node, NODES } from '../kube/builtin-resources.ts'
import type { Cluster } from './cluster.ts'

export interface MethodChoice { readonly method: 'standalone' | 'simulator'; readonly why: string }

const GPU = 'nvidia.com/gpu'

/** A GPU that the bundled scenario can use, else the simulator. */
export function bestMethod(nodes: readonly Node[] | undefined): MethodChoice {
  if (nodes === undefined) return { method: 'simulator', why: 'the nodes cannot be looked at, so nothing is known of GPUs' }
  const gpus = nodes.reduce((sum, node) => sum + (node.spec?.unschedulable === true ? 0 : amountOf(node, GPU)), 0)
  if (gpus === 0) return { method: 'simulator', why: `no node has a GPU (${GPU}), so the SIMULATOR stands in for the server: its numbers say nothing about a real one` }
  return { method: 'standalone', why: `${gpus} GPUs can be allocated (${GPU})` }
}

export const amountOf = ({ status }: Node, resource: string): number => quantityValue(String(status?.allocatable?.[resource] ?? 0)) || 0

/** Undefined where we may not look. */
export async function listNodes({ api }: Pick<Cluster, 'api'>): Promise<Node[] | undefined> {
  try {
    return await api.list(NODES)
  } catch (error) {
    if (isForbidden(error)) return undefined
    throw error
  }
}
