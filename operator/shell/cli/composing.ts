// SPDX-License-Identifier: Apache-2.0
/** Composes what choices ask for in the light of the cluster: what its namespace has, and the best method that it allows. */
import type { Plan } from '../../core/plan/plan.ts'
import { namedObjects } from '../../core/plan/named-objects.ts'
import type { Choices } from './choices.ts'
import { bestMethod, listNodes } from './choose-method.ts'
import { CliError } from './cli-error.ts'
import { type Cluster, type ClusterOptions, withCluster } from './cluster.ts'
import { type Composed, composeExperiment, planComposed } from './compose.ts'
import { EXIT } from './exit-codes.ts'
import { namespaceLibrary, NO_NAMESPACE } from './namespace-library.ts'
import { overlay, resolveReferences } from './run-library.ts'
import { say } from './say.ts'

interface Composing { readonly choices: Choices; readonly name?: string }

/** `cluster` is undefined only for dry runs. */
export async function composeFor(cluster: Cluster | undefined, { choices, name }: Composing): Promise<Composed> {
  const wanted = choices.method === 'auto' ? { ...choices, method: undefined } : choices
  const open = wanted.scenario === undefined && wanted.method === undefined && wanted.experiments === undefined
  return composeExperiment({
    choices: wanted, name, fallback: open ? await announcedMethod(cluster) : 'simulator',
    inNamespace: cluster === undefined ? NO_NAMESPACE : await namespaceLibrary(cluster),
  })
}

async function announcedMethod(cluster: Cluster | undefined): Promise<string> {
  const { method, why } = bestMethod(cluster === undefined ? undefined : await listNodes(cluster))
  say(`method ${method}: ${why}`)
  return method
}

/** The plan with what the namespace has already in place of the library's. */
export async function planIn(cluster: Cluster | undefined, composed: Composed): Promise<Plan> {
  if (cluster === undefined) return planComposed(composed)
  const resolutions = await resolveReferences(cluster, namedObjects(composed.experiment.spec), { ...composed.input, force: false })
  return planComposed(composed, overlay(composed.input.library, resolutions))
}

/** A dry run looks at the cluster where there is one, and does without where there is none. */
export async function withOptionalCluster<T>(options: ClusterOptions, work: (cluster: Cluster | undefined) => Promise<T>): Promise<T> {
  try {
    return await withCluster(options, work)
  } catch (error) {
    if (!(error instanceof CliError) || error.exitCode !== EXIT.clusterUnreachable) throw error
    say(`no cluster to look at (${error.message})`)
    return work(undefined)
  }
}
