// SPDX-License-Identifier: Apache-2.0
/** How a stack started: phases by Kubernetes and by the engine's own log. It is data; reconcile/ and measure/ fill it. */
import { z } from 'zod'

const seconds = (description: string) => z.number().min(0).meta({ description })
export const StartupPhase = z.object({
  name: z.string().max(32).meta({ description: 'Phase: schedule, pull, load (container started → ready); of an engine process, download, weights, model, profiling, compile, graphs, kvCache, engine, api, sleep, wake.' }),
  seconds: seconds('How long it took, in seconds.'),
  resolution: seconds('Seconds to which it is known: 1 where Kubernetes stamps whole seconds.').optional(),
})
export type StartupPhase = z.infer<typeof StartupPhase>

/** What an engine's own log says of how it started. */
export const EngineStartup = z.object({
  engine: z.string().max(32).meta({ description: 'Whose log it is.' }),
  version: z.string().max(64).optional().meta({ description: 'Version, as the log says.' }),
  phases: z.array(StartupPhase).max(24).meta({ description: 'Phases in the order in which they begin; model holds weights; engine holds compile, graphs and kvCache; kvCache holds profiling.' }),
  weights: z.enum(['downloaded', 'local']).optional().meta({ description: 'Whether the engine fetched the weights or found them on a disk.' }),
  weightsGiB: seconds('Size of the checkpoint, in GiB.').optional(),
  filesystem: z.string().max(64).optional().meta({ description: 'File system of the checkpoint.' }),
  modelGiB: seconds('Memory that the model takes, in GiB: the largest worker.').optional(),
  graphsGiB: seconds('Memory that captured graphs take, in GiB: the largest worker.').optional(),
  kvCacheGiB: seconds('Memory for the KV cache, in GiB: the smallest worker.').optional(),
  kvCacheTokens: seconds('Tokens that the KV cache holds.').optional(),
  maxConcurrency: seconds('Requests of full length that the KV cache holds.').optional(),
  workers: z.int().min(0).optional().meta({ description: 'Processes that loaded weights.' }),
}).meta({ description: 'Start-up by the engine\'s own log.' })
export type EngineStartup = z.infer<typeof EngineStartup>

export const Startup = z.object({
  pods: z.array(z.object({
    pod: z.string().meta({ description: 'Pod.' }), node: z.string().optional().meta({ description: 'Node.' }),
    phases: z.array(StartupPhase).meta({ description: 'Phases, first to last, by the stamps of Kubernetes.' }),
    imagePulled: z.boolean().optional().meta({ description: 'Whether an image was pulled, rather than found on the node.' }),
    imagePullSeconds: seconds('How long the kubelet pulled images, in seconds, as it says; 0 where they were there.').optional(),
    servedBefore: z.boolean().optional().meta({ description: 'Whether this model was served on this node before, as far as the operator\'s process remembers: the page cache of the node may then hold its weights.' }),
    engine: EngineStartup.optional(),
    logProblem: z.string().max(512).optional().meta({ description: 'Why nothing could be read from the engine\'s log.' }),
  })).meta({ description: 'Serving pods.' }),
  upgradedFrom: z.string().optional().meta({ description: 'The stack whose releases were upgraded in place; not set where everything was installed.' }),
  totalSeconds: z.number().optional().meta({ description: 'From the first release to ready, in seconds.' }),
}).meta({ description: 'Start-up phases of the stack.' })
export type Startup = z.infer<typeof Startup>
