// SPDX-License-Identifier: Apache-2.0
/** One scenario stood up in the cluster. Applied alone it is a standup; deleting it is the teardown. */
import { z } from 'zod'
import { conditions, count, exactlyOne, nameRef, ObjectName, openMap, refined, text, timestamp } from './common.ts'
import { NodeFact } from './node-fact.ts'
import { ScenarioSpec } from './scenario.ts'
import { EngineStartup, StartupPhase } from './startup.ts'

export const StackSpec = z.object({
  scenarioRef: nameRef('The Scenario to stand up.').optional(),
  scenario: ScenarioSpec.optional(),
  serviceAccountName: ObjectName.default('assay-runner').meta({ description: 'ServiceAccount that Helm acts as in this namespace.' }),
  treatment: openMap('Setup levels by factor name, for tables.').default({}),
  replicate: z.int().min(1).max(100).default(1).meta({ description: 'Which stand-up of the same scenario this is.' }),
  takesOver: z.object({
    stack: text('The Stack whose releases are upgraded in place, once nothing loads it any more; of the same Experiment, or of none.', 63),
    releases: text('What the names of its releases begin with: the name of the Stack that installed them.', 63),
  }).optional().meta({ description: 'Releases that are upgraded instead of new ones being installed. Where they cannot be had any more, they are installed.' }),
  reinstalls: z.int().min(0).max(10).default(1).meta({ description: 'How often a stack whose server died is installed again.' }),
}).refine(...refined(['scenario', 'scenarioRef'], 'spec'))
  .meta({ description: 'The scenario that is stood up.', 'x-kubernetes-validations': [exactlyOne(['scenario', 'scenarioRef'], 'spec'), { rule: 'self == oldSelf', message: 'a Stack does not change: delete it and create another', reason: 'FieldValueForbidden' }] })
export type StackSpec = z.infer<typeof StackSpec>

export const STACK_PHASES = ['Pending', 'Installing', 'Starting', 'Probing', 'Ready', 'Failed', 'HandedOver', 'TearingDown', 'Gone'] as const
export const ReleaseStatus = z.object({
  name: text('Name within the scenario.', 64), release: text('Name of the Helm release.', 64),
  state: text('State as Helm\'s storage has it.', 32), revision: count('Revision.').optional(),
  chart: text('Chart and version.', 512).optional(), chartDigest: text('SHA-256 of the chart archive.', 80).optional(), valuesDigest: text('SHA-256 of the rendered values.', 80).optional(),
  installedAt: timestamp('When Helm had applied it.').optional(),
})
export type ReleaseStatus = z.infer<typeof ReleaseStatus>
export const ScrapeTarget = z.object({
  url: text('Address.', 1024), kind: z.enum(['gpu', 'router']).meta({ description: 'Whose metrics they are.' }), node: text('Node that it speaks of.', 253).optional(),
}).meta({ description: 'A metrics endpoint beside those of the engine.' })
export const PodFact = z.object({
  pod: text('Pod.', 253), uid: text('UID.', 64).optional(), ip: text('Address.', 64).optional(), node: text('Node.', 253).optional(), serving: z.boolean().optional().meta({ description: 'Whether it is behind the endpoint.' }),
  restarts: count('Restarts of its containers.').optional(),
  containers: z.array(z.object({ name: text('Container.', 253), image: text('Image.', 512), imageID: text('Image digest.', 512).optional(), args: z.array(text('Word.', 8192)).max(256).optional().meta({ description: 'Command line as the pod has it.' }) })).max(16).optional().meta({ description: 'Its containers: image, digest and arguments.' }),
  gpuProduct: text('GPU product of the node.', 128).optional(),
  phases: z.array(StartupPhase).max(16).optional().meta({ description: 'Start-up, phase by phase.' }),
  imagePulled: z.boolean().optional().meta({ description: 'Whether an image was pulled, rather than found on the node.' }),
  imagePullSeconds: z.number().min(0).optional().meta({ description: 'How long the kubelet pulled images, in seconds, as it says; 0 where they were there.' }),
  servedBefore: z.boolean().optional().meta({ description: 'Whether this model was served on this node before, as far as the operator\'s process remembers.' }),
  engine: EngineStartup.optional(),
  logProblem: text('Why nothing could be read from the engine\'s log.', 512).optional(),
})
export type PodFact = z.infer<typeof PodFact>

export const StackStatus = z.object({
  observedGeneration: count('Generation of the spec that the status speaks of.').optional(),
  phase: z.enum(STACK_PHASES).optional().meta({ description: 'One word for tables.' }),
  startTime: timestamp('When the first release was begun.').optional(),
  readyTime: timestamp('When the smoke test had succeeded.').optional(),
  releases: z.array(ReleaseStatus).max(16).optional().meta({ description: 'Helm releases.', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] }),
  endpoint: z.object({
    url: text('Base address within the cluster, without /v1.', 1024),
    servedModel: text('Model name for requests.', 253),
    scrape: z.array(text('Address of one metrics endpoint.', 1024)).max(1000).optional().meta({ description: 'Metrics endpoints of the serving pods, by pod address.' }),
    targets: z.array(ScrapeTarget).max(1000).optional().meta({ description: 'Further metrics endpoints: exporters of the serving nodes, routers.' }),
  }).optional().meta({ description: 'Where trials send their requests.' }),
  claim: z.object({
    kind: z.enum(['Experiment', 'Trial']).meta({ description: 'Experiment: its trials take turns in the planned order; Trial: this one alone.' }), name: text('Name of the holder.', 253), uid: text('Its UID.', 64), since: timestamp('Since when.'),
  }).nullable().optional().meta({ description: 'Who holds the stack: trials run on it one after another.' }),
  restartedFor: text('Attempt for which the serving pods were restarted last (caches: Restart).', 128).optional(),
  pods: z.array(PodFact).max(200).optional().meta({ description: 'Live facts of the pods.' }),
  nodes: z.array(NodeFact).max(200).optional().meta({ description: 'Facts of the nodes that serve.' }),
  factsDigest: text('SHA-256 of images, arguments and templates; a change is drift.', 80).optional(),
  driftedTime: timestamp('When images, arguments or templates were first seen to have changed; trials since then are suspect.').optional(),
  startupSeconds: z.number().min(0).optional().meta({ description: 'From the first release to ready, in seconds.' }),
  gpus: count('Accelerators that the pods request.').optional(),
  reinstalls: count('How often it was installed again.').optional(),
  takenFrom: z.object({ name: text('Name.', 63), uid: text('UID.', 64) }).optional().meta({ description: 'The Stack that is asked for its releases: on record before they are taken.' }),
  handedOver: z.object({ name: text('Name.', 63), uid: text('UID.', 64), time: timestamp('When.') }).optional().meta({ description: 'The Stack that has the releases now and removes them; this one has none any more.' }),
  upgradedFrom: text('The Stack whose releases were upgraded to this one; not set where everything was installed. Start-up times of the two kinds are not compared.', 63).optional(),
  upgradeFailed: text('Why everything was installed although releases were to be upgraded.', 1024).optional(),
  inherited: z.array(text('kind/name.', 512)).max(1000).optional().meta({ description: 'What the releases had made before they were taken over; all of it must be gone at the end too.' }),
  inventory: z.array(text('kind/name.', 512)).max(500).optional().meta({ description: 'What the releases made; all of it must be gone at the end.' }),
  leftovers: z.array(text('kind/name.', 512)).max(100).optional().meta({ description: 'What is still there although it should be gone.' }),
  conditions: conditions.optional(),
}).meta({ description: 'How the stack is doing.' })
export type StackStatus = z.infer<typeof StackStatus>
