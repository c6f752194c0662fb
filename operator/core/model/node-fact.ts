// SPDX-License-Identifier: Apache-2.0
/** The hardware under a stack: nodes by their labels, GPUs by their exporter. It is data. */
import { z } from 'zod'

const label = (description: string) => z.string().max(128).optional().meta({ description })
/** The accelerators of a node, as its labels tell. */
export const NodeGpu = z.object({
  product: label('Product.'), driver: label('Version of the driver.'), cuda: label('Newest CUDA that the driver supports.'), family: label('Architecture.'),
  count: label('GPUs of the node.'), memoryMiB: label('Memory of one, in MiB.'), compute: label('Compute capability.'), machine: label('Machine.'),
  mig: label('How it is partitioned by MIG: strategy, and profiles where there are several.'),
  sharing: label('How one GPU is shared by several pods: none, time-slicing or mps.'), replicas: label('Pods that may share one GPU.'),
  topology: label('Fabric (NVLink) domain and clique.'),
}).meta({ description: 'The accelerators of a node, by the labels of GPU feature discovery.' })
export type NodeGpu = z.infer<typeof NodeGpu>

export const NodeFact = z.object({
  node: z.string().max(253).meta({ description: 'Node.' }),
  gpu: NodeGpu.optional(),
  cpu: z.number().min(0).optional().meta({ description: 'Cores that pods may have.' }),
  otherCpu: z.number().min(0).optional().meta({ description: 'Cores that pods of others request on it, as far as the operator sees their namespaces.' }),
  kernel: label('Kernel.'), os: label('Operating system.'), instance: label('Instance type.'),
}).meta({ description: 'A node that serves.' })
export type NodeFact = z.infer<typeof NodeFact>

/** One GPU as its exporter described it during the trial. */
export const GpuSeen = z.object({
  uuid: z.string().meta({ description: 'UUID.' }), node: z.string().optional().meta({ description: 'Node or host.' }), model: z.string().optional().meta({ description: 'Model.' }), driver: z.string().optional().meta({ description: 'Version of the driver.' }),
  mig: z.string().optional().meta({ description: 'MIG profile.' }),
  clockMHz: z.tuple([z.number(), z.number()]).optional().meta({ description: 'Least and greatest SM clock while it was measured, in MHz.' }),
  throttle: z.array(z.string()).optional().meta({ description: 'Reasons for lower clocks that were seen while it was measured.' }),
}).meta({ description: 'A GPU of the stack.' })
export type GpuSeen = z.infer<typeof GpuSeen>
