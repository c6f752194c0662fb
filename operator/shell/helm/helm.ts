// SPDX-License-Identifier: Apache-2.0
/** Helm 4 by its command line, as a ServiceAccount of the tenant: template, install, list, uninstall. It waits for no workload and decides nothing. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa, type Options } from 'execa'
import { stringify } from 'yaml'
import { helmError } from './helm-error.ts'

export interface HelmTarget {
  readonly namespace: string
  /** ServiceAccount of that namespace that Helm acts as. */
  readonly serviceAccount: string
}

export interface HelmRelease extends HelmTarget {
  readonly release: string
  /** A folder or an archive. */
  readonly chart: string
  readonly values: Readonly<Record<string, unknown>>
  readonly serverSideApply: boolean
}

/** One release as Helm's storage has it. */
export interface StoredRelease {
  readonly name: string
  readonly namespace: string
  readonly revision: string
  readonly updated: string
  readonly status: string
  readonly chart: string
}

export interface Helm {
  /** The manifests that an install, or an upgrade, would apply, hooks included. */
  readonly template: (release: HelmRelease, options?: { readonly signal?: AbortSignal; readonly upgrade?: boolean }) => Promise<string>
  /** Replaces a release by another one of the same name, with none of its values; what it does not hold any more is removed. */
  readonly upgrade: (release: HelmRelease, signal?: AbortSignal) => Promise<void>
  readonly install: (release: HelmRelease, signal?: AbortSignal) => Promise<void>
  /** All releases of the namespace whose names begin so, whatever their state. */
  readonly list: (target: HelmTarget, prefix: string) => Promise<readonly StoredRelease[]>
  /** Removes the release and waits until its objects are gone. */
  readonly uninstall: (target: HelmTarget & { readonly release: string }, signal?: AbortSignal) => Promise<void>
  readonly pull: (args: readonly string[], into: string) => Promise<void>
}

export interface HelmOptions {
  readonly binary?: string
  /** For the command line and tests; in a cluster Helm finds the pod's account. */
  readonly kubeconfig?: string
  /** A writable folder for Helm's cache and values files. */
  readonly scratch?: string
}

/** A helm that is told to stop marks its release as failed; only one that hangs is killed. */
const FORCE_KILL_MS = 20_000
const TIMEOUT_MS = 600_000

export function createHelm(options: HelmOptions = {}): Helm {
  const run = (args: readonly string[], signal?: AbortSignal) => runHelm(options, args, signal)
  return {
    template: (release, { signal, upgrade = false } = {}) => withValues(options, release, (file) =>
      run(['template', release.release, release.chart, '--namespace', release.namespace, '--values', file, '--include-crds', ...(upgrade ? ['--is-upgrade'] : [])], signal)),
    install: (release, signal) => apply(options, release, { verb: ['install'], description: 'installed by Assay', signal }),
    upgrade: (release, signal) => apply(options, release, { verb: ['upgrade', '--reset-values'], description: 'upgraded by Assay', signal }),
    list: async (target, prefix) => {
      const text = await run(['list', ...acting(target), '--filter', `^${prefix}`, '--deployed', '--failed', '--pending', '--superseded', '--uninstalled', '--uninstalling', '--output', 'json'])
      return text.trim() === '' ? [] : JSON.parse(text) as StoredRelease[]
    },
    uninstall: async ({ release, ...target }, signal) => {
      await run(['uninstall', release, ...acting(target), '--wait', '--cascade', 'foreground', '--ignore-not-found', '--timeout', '5m'], signal)
    },
    pull: async (args, into) => { await run(['pull', ...args, '--destination', into]) },
  }
}

async function apply(options: HelmOptions, release: HelmRelease, { verb, description, signal }: { verb: readonly string[]; description: string; signal: AbortSignal | undefined }): Promise<void> {
  await withValues(options, release, (file) => runHelm(options, [
    ...verb, release.release, release.chart, ...acting(release), '--values', file, '--wait=hookOnly', '--timeout', '5m',
    `--server-side=${String(release.serverSideApply)}`, '--description', description,
  ], signal))
}

function acting({ namespace, serviceAccount }: HelmTarget): string[] {
  return ['--namespace', namespace, '--kube-as-user', `system:serviceaccount:${namespace}:${serviceAccount}`]
}

/** Values go by a file that only we can read, never by --set. */
async function withValues<T>(options: HelmOptions, release: HelmRelease, use: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(options.scratch ?? tmpdir(), 'helm-values-'))
  try {
    const file = join(folder, 'values.yaml')
    await writeFile(file, stringify(release.values), { mode: 0o600 })
    return await use(file)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function runHelm(options: HelmOptions, args: readonly string[], signal: AbortSignal | undefined): Promise<string> {
  const home = join(options.scratch ?? tmpdir(), 'helm')
  const settings: Options = {
    env: {
      HELM_CACHE_HOME: join(home, 'cache'), HELM_CONFIG_HOME: join(home, 'config'), HELM_DATA_HOME: join(home, 'data'),
      ...(options.kubeconfig !== undefined && { KUBECONFIG: options.kubeconfig }),
    },
    cancelSignal: signal, forceKillAfterDelay: FORCE_KILL_MS, timeout: TIMEOUT_MS, stdin: 'ignore', reject: false, maxBuffer: 32 << 20,
  }
  const result = await execa(options.binary ?? 'helm', [...args], settings)
  if (result.failed) throw helmError(args[0] ?? '', { stderr: String(result.stderr ?? ''), timedOut: result.timedOut, canceled: result.isCanceled, message: result.shortMessage ?? '' })
  return String(result.stdout)
}
