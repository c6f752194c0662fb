// SPDX-License-Identifier: Apache-2.0
/** What of an Experiment is still in its namespace, sorted into what stays (results) and what should be gone. Pure. */
import { LABELS } from '../../core/model/kinds.ts'

/** The little of an object that says whose it is. */
export interface Owned {
  readonly kind: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** Of a Trial: the ConfigMap that holds its findings. */
  readonly findings?: string
}
export interface Inventory {
  /** By kind, in the order in which kinds are told; also those of which there is none. */
  readonly gone: Readonly<Record<string, readonly string[]>>
  readonly results: { readonly trials: number; readonly configMaps: number; readonly snapshots: number }
  /** Kinds that we may not list. */
  readonly unseen: readonly string[]
}

export const STACK_KINDS = ['Stack', 'Helm release', 'Pod', 'Job', 'Deployment', 'StatefulSet', 'Service', 'PersistentVolumeClaim', 'Secret', 'ConfigMap'] as const

export function takeInventory(experiment: string, objects: readonly Owned[], unseen: readonly string[]): Inventory {
  const mine = objects.filter((o) => belongsTo(experiment, o))
  const ofKind = (kind: string) => mine.filter((o) => o.kind === kind && !isResult(o)).map((o) => o.name).sort()
  const kinds = STACK_KINDS.filter((kind) => !unseen.includes(kind))
  return {
    gone: Object.fromEntries(kinds.map((kind) => [kind, ofKind(kind)])), unseen,
    results: {
      trials: mine.filter((o) => o.kind === 'Trial').length,
      configMaps: mine.filter((o) => o.findings !== undefined).length,
      snapshots: mine.filter((o) => o.labels[LABELS.role] === 'snapshot').length,
    },
  }
}

export const leftovers = ({ gone }: Inventory): string[] => Object.entries(gone).flatMap(([kind, names]) => names.map((name) => `${kind} ${name}`))

/** Ours carry a label; what charts make carries Helm's marks, or at least the release's name. */
function belongsTo(experiment: string, { kind, name, labels, annotations }: Owned): boolean {
  if (labels[LABELS.experiment] === experiment) return true
  if (kind === 'Experiment' || kind === 'Trial' || kind === 'Stack') return false
  const marks = [annotations['meta.helm.sh/release-name'], labels['app.kubernetes.io/instance'], labels['release'], name]
  return marks.some((mark) => mark !== undefined && isOfStack(experiment, mark))
}

/** `<experiment>-<run>-<hash>-s<replicate>`, or a name that begins so; another Experiment's name may begin like ours. */
function isOfStack(experiment: string, name: string): boolean {
  return name.startsWith(`${experiment}-`) && /^\d+-[0-9a-f]{8,}-s\d+(-|$)/.test(name.slice(experiment.length + 1))
}

/** ConfigMaps with findings of a Trial, and the snapshot that the run was planned from. */
function isResult({ kind, labels }: Owned): boolean {
  return kind === 'ConfigMap' && (labels[LABELS.role] === 'snapshot' || labels[LABELS.trial] !== undefined)
}

const PLURAL: Readonly<Record<string, string>> = {
  Stack: 'Stacks', 'Helm release': 'Helm releases', Pod: 'pods', Job: 'Jobs', Deployment: 'Deployments', StatefulSet: 'StatefulSets', Service: 'Services',
  PersistentVolumeClaim: 'PVCs', Secret: 'Secrets', ConfigMap: 'ConfigMaps of stacks',
}

/** The proof, for people. */
export function inventoryLines(inventory: Inventory, namespace: string): string[] {
  const { gone, results, unseen } = inventory
  const left = leftovers(inventory)
  const counts = Object.entries(gone).map(([kind, names]) => `${names.length} ${PLURAL[kind] ?? kind}`).join(', ')
  const kept = `${results.trials} Trials, ${results.configMaps} ConfigMaps with their findings, ${results.snapshots} ${results.snapshots === 1 ? 'snapshot' : 'snapshots'} of what was planned`
  return [
    left.length === 0 ? `All stacks are gone from namespace ${namespace}; nothing left but results:` : `STILL THERE in namespace ${namespace}: ${left.length} objects that should be gone:`,
    ...left.map((what) => `  ✘ ${what}`), `  stacks: ${counts}`, `  results: ${kept}`,
    ...(unseen.length === 0 ? [] : [`  not looked at, for lack of rights: ${unseen.map((kind) => PLURAL[kind] ?? kind).join(', ')}`]),
  ]
}
