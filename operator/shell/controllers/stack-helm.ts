// SPDX-License-Identifier: Apache-2.0
/** The verbs of the Stack controller that reach Helm and the tenant's namespace: look up, install, uninstall. */
import { createHash } from 'node:crypto'
import { stringify } from 'yaml'
import type { Stack } from '../../core/model/kinds.ts'
import { releaseName } from '../../core/design/identity.ts'
import { releasesOf } from '../../core/reconcile/hand-over.ts'
import { installingStack } from '../../core/reconcile/stack-status.ts'
import { fetchChart } from '../helm/chart-source.ts'
import type { HelmRelease, StoredRelease } from '../helm/helm.ts'
import { HelmError } from '../helm/helm-error.ts'
import { inventoryOf, type ManifestObject, parseManifests, strangers } from '../helm/manifest.ts'
import { showRemoving, patchStackStatus } from './stack-act.ts'
import type { StoredState } from './stack-memory.ts'
import { releaseNames } from './stack-observe.ts'
import type { RenderedStack } from './stack-render.ts'
import { PENDING_MARGIN_MS, type StackWorld } from './stack-world.ts'

const target = (stack: Stack) => ({ namespace: stack.metadata.namespace ?? '', serviceAccount: stack.spec.serviceAccountName })
const memoryOf = (world: StackWorld, stack: Stack) => world.memories.of(stack.metadata.uid ?? '')

/** Reads Helm's storage: the truth after a restart of ours. */
export async function lookUpReleases(world: StackWorld, stack: Stack): Promise<void> {
  const prefix = `${releasesOf(stack)}-`
  const stored = await world.helm.list(target(stack), prefix)
  memoryOf(world, stack).releases = new Map(stored.map((r) => [r.name.slice(prefix.length), stateOf(world, r)]))
}

function stateOf(world: StackWorld, { status, updated, revision }: StoredRelease): StoredState {
  if (status === 'deployed') return { kind: 'deployed', sinceMs: world.now(), revision: Number(revision) }
  if (status === 'uninstalled') return { kind: 'absent' }
  const fresh = status.startsWith('pending') && world.now() - Math.max(world.leadingSince(), Date.parse(updated) || 0) < PENDING_MARGIN_MS
  return { kind: fresh ? 'busy' : 'interrupted' }
}

/** Installs one release, or upgrades it: chart fetched and checked, manifests rendered and checked, intent on record, then Helm. */
export async function installRelease(world: StackWorld, stack: Stack, at: { rendered: Extract<RenderedStack, { ok: true }>; index: number; upgrade: boolean }): Promise<void> {
  const planned = at.rendered.releases[at.index]
  if (planned === undefined) return
  const memory = memoryOf(world, stack)
  const { verb, story, run, revision } = stepOf(world, at.upgrade, memory.releases?.get(planned.name))
  const stop = new AbortController()
  memory.stop = stop
  memory.leftovers = undefined
  try {
    const chart = await fetchChart(world.charts, target(stack).namespace, planned)
    const values = await mergedValues(world, stack, planned)
    const release: HelmRelease = { ...target(stack), release: planned.release, chart: chart.path, values, serverSideApply: planned.serverSideApply }
    const objects = parseManifests(await world.helm.template(release, { signal: stop.signal, upgrade: at.upgrade }))
    await refuseStrangers(world, stack, objects)
    const status = { name: planned.name, release: planned.release, state: verb, revision, chart: `${chart.label}${planned.version === undefined ? '' : ` ${planned.version}`}`, chartDigest: chart.digest, valuesDigest: sha256(stringify(values)), installedAt: new Date(world.now()).toISOString() }
    const recorded = await patchStackStatus(world, stack, installingStack(stack, world.now(), { status, inventory: inventoryOf(objects), ...(at.upgrade && { upgradedFrom: stack.status?.takenFrom?.name }) }))
    world.story.normal(recorded, story, `release ${planned.release} of chart ${chart.label}, ${objects.length} objects`)
    await run(release, stop.signal)
    memory.releases?.set(planned.name, { kind: 'deployed', sinceMs: world.now(), revision })
  } catch (error) {
    await afterFailure(world, stack, { name: planned.name, error })
  } finally {
    memory.stop = undefined
  }
}

/** An upgrade is the next revision of what is there. */
function stepOf({ helm }: StackWorld, upgrade: boolean, before: StoredState | undefined) {
  if (!upgrade) return { verb: 'installing', story: 'Installing', run: helm.install, revision: 1 }
  return { verb: 'upgrading', story: 'Upgrading', run: helm.upgrade, revision: (before?.kind === 'deployed' ? before.revision : 0) + 1 }
}

/** What cannot get better is remembered as failed; for the rest the storage is read again and the queue backs off. */
async function afterFailure(world: StackWorld, stack: Stack, at: { name: string; error: unknown }): Promise<void> {
  const memory = memoryOf(world, stack)
  const { error } = at
  if (!(error instanceof HelmError)) {
    memory.releases = undefined
    throw error
  }
  if (error.transient) {
    memory.releases = undefined
    throw error
  }
  memory.releases?.set(at.name, { kind: 'failed', message: `${error.code}: ${error.message}` })
}

/** Inline values win over ConfigMaps, later ConfigMaps over earlier ones. */
async function mergedValues(world: StackWorld, stack: Stack, planned: { values: Readonly<Record<string, unknown>>; valuesFrom: readonly { configMap: string; key: string }[] }): Promise<Record<string, unknown>> {
  let merged: Record<string, unknown> = {}
  for (const { configMap, key } of planned.valuesFrom) merged = overlay(merged, await world.valuesOf(target(stack).namespace, configMap, key))
  return overlay(merged, planned.values)
}

function overlay(base: Readonly<Record<string, unknown>>, over: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(over)) merged[key] = isMap(value) && isMap(merged[key]) ? overlay(merged[key], value) : value
  return merged
}

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

async function refuseStrangers(world: StackWorld, stack: Stack, objects: readonly ManifestObject[]): Promise<void> {
  const { mapping } = world.tenant(target(stack).namespace, target(stack).serviceAccount)
  const clusterWide = new Set<ManifestObject>()
  for (const object of objects) if ((await mapping(object.apiVersion, object.kind))?.namespaced === false) clusterWide.add(object)
  const found = strangers(objects, target(stack).namespace, (o) => clusterWide.has(o))
  if (found.length > 0) throw new HelmError('ChartInvalid', `a release may hold objects of its own namespace only; this chart makes ${found.slice(0, 5).join(', ')}`, false)
}

/** All releases, last first; Helm waits until their objects are gone. */
export async function uninstallReleases(world: StackWorld, stack: Stack, rendered: RenderedStack): Promise<void> {
  const memory = memoryOf(world, stack)
  const shown = stack.metadata.deletionTimestamp === undefined ? stack : await showRemoving(world, stack)
  for (const name of releaseNames(shown, rendered).toReversed()) {
    const state = memory.releases?.get(name)
    if (state === undefined || state.kind === 'absent') continue
    await world.helm.uninstall({ ...target(stack), release: releaseName(releasesOf(stack), name) })
    memory.releases?.set(name, { kind: 'absent' })
  }
  memory.leftovers = undefined
  memory.remains = undefined
  memory.probe = { kind: 'none' }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
