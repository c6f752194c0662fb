// SPDX-License-Identifier: Apache-2.0
/** What of an Experiment or a Stack is still in its namespace, sorted into what stays (results) and what should be gone. Pure. */
import { LABELS } from '../../core/model/kinds.ts'
import { counted } from './say.ts'

/** The little of an object that says whose it is. */
export interface Owned {
  readonly kind: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** Of a Trial: the ConfigMap that holds its findings. */
  readonly findings?: string
}
export type Belongs = (object: Owned) => boolean
export interface Inventory {
  /** Names by kind, in the order in which kinds are told; also kinds of which nothing is left. */
  readonly left: Readonly<Record<string, readonly string[]>>
  readonly results: { readonly trials: number; readonly configMaps: number; readonly snapshots: number }
  /** Kinds that we may not list. */
  readonly unseen: readonly string[]
}

const PLURALS = {
  Stack: 'Stacks', 'Helm release': 'Helm releases', Pod: 'pods', Job: 'Jobs', Deployment: 'Deployments', StatefulSet: 'StatefulSets', Service: 'Services',
  PersistentVolumeClaim: 'PVCs', Secret: 'Secrets', ConfigMap: 'ConfigMaps of stacks',
} as const
const KINDS_OF_STACKS = Object.keys(PLURALS) as (keyof typeof PLURALS)[]

export function takeInventory(belongs: Belongs, objects: readonly Owned[], unseen: readonly string[]): Inventory {
  const mine = objects.filter(belongs)
  const ofKind = (kind: string) => mine.filter((o) => o.kind === kind && !isResult(o)).map((o) => o.name).sort()
  return {
    left: Object.fromEntries(KINDS_OF_STACKS.filter((kind) => !unseen.includes(kind)).map((kind) => [kind, [...new Set(ofKind(kind))]])), unseen,
    results: {
      trials: mine.filter((o) => o.kind === 'Trial').length, configMaps: mine.filter((o) => o.findings !== undefined).length,
      snapshots: mine.filter((o) => o.labels[LABELS.role] === 'snapshot').length,
    },
  }
}

export const leftovers = ({ left }: Inventory): string[] => Object.entries(left).flatMap(([kind, names]) => names.map((name) => `${kind} ${name}`))

/** What an Experiment made. Ours carries a label; what charts make carries Helm's marks, or at least the release's name. */
export function ofExperiment(experiment: string): Belongs {
  return (object) => object.labels[LABELS.experiment] === experiment || (!isOurs(object) && marksOf(object).some((mark) => isOfStack(experiment, mark)))
}

/** What a Stack of one's own made: its pods and Jobs, and what its releases brought. Trials on it stay. */
export function ofReleases(stack: string, releases: readonly string[]): Belongs {
  return (object) => {
    if (isOurs(object)) return object.kind === 'Stack' && object.name === stack
    return object.labels[LABELS.stack] === stack || marksOf(object).some((mark) => releases.some((r) => mark === r || mark.startsWith(`${r}-`)))
  }
}

const isOurs = ({ kind }: Owned): boolean => kind === 'Experiment' || kind === 'Trial' || kind === 'Stack'

function marksOf({ name, labels, annotations }: Owned): string[] {
  return [annotations['meta.helm.sh/release-name'], labels['app.kubernetes.io/instance'], labels['release'], name].filter((mark) => mark !== undefined)
}

/** `<experiment>-<run>-<hash>-s<replicate>`, or a name that begins so; another Experiment's name may begin like ours. */
function isOfStack(experiment: string, name: string): boolean {
  return name.startsWith(`${experiment}-`) && /^\d+-[0-9a-f]{8,}-s\d+(-|$)/.test(name.slice(experiment.length + 1))
}

/** ConfigMaps with findings of a Trial, and the snapshot that the run was planned from. */
function isResult({ kind, labels }: Owned): boolean {
  return kind === 'ConfigMap' && (labels[LABELS.role] === 'snapshot' || labels[LABELS.trial] !== undefined)
}

/** The proof, for people. */
export function inventoryLines(inventory: Inventory, { namespace, of = 'All stacks' }: { readonly namespace: string; readonly of?: string }): string[] {
  const { left, results: { trials, configMaps, snapshots }, unseen } = inventory
  const remaining = leftovers(inventory)
  const plural = (kind: string) => PLURALS[kind as keyof typeof PLURALS] ?? kind
  const head = of === 'All stacks' ? 'All stacks are' : `${of} is`
  return [
    remaining.length === 0 ? `${head} gone from namespace ${namespace}; nothing left but results:` : `STILL THERE in namespace ${namespace}: ${remaining.length} objects that should be gone:`,
    ...remaining.map((what) => `  ✘ ${what}`),
    `  stacks: ${Object.entries(left).map(([kind, names]) => `${names.length} ${plural(kind)}`).join(', ')}`,
    ...(trials === 0 ? [] : [`  results: ${counted(trials, 'Trial')}, ${counted(configMaps, 'ConfigMap')} with findings, ${counted(snapshots, 'snapshot')} of what was planned`]),
    ...(unseen.length === 0 ? [] : [`  not looked at, for lack of rights: ${unseen.map(plural).join(', ')}`]),
  ]
}
