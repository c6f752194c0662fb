// SPDX-License-Identifier: Apache-2.0
/** Brings one Experiment into a namespace: what it refers to, what its stacks act as, then itself. Whatever is wrong is said before anything is applied. */
import { EXIT } from './exit-codes.ts'
import type { Prices } from '../../core/model/budget.ts'
import { namedObjects } from '../../core/plan/named-objects.ts'
import type { LoadedObject } from '../library.ts'
import { isForbidden } from '../kube/api-error.ts'
import { EXPERIMENTS } from '../kube/assay-resources.ts'
import { NAMESPACES, SERVICE_ACCOUNTS } from '../kube/builtin-resources.ts'
import { CliError, invalidInput } from './cli-error.ts'
import type { Cluster } from './cluster.ts'
import { type Applied, applyExperiment, decideApply } from './run-apply.ts'
import { checkPlan, type RunInput, withPrices } from './run-input.ts'
import { applyLibrary, overlay, resolveReferences } from './run-library.ts'
import { counted, say } from './say.ts'

interface BringIn { readonly input: RunInput; readonly force: boolean; readonly prices?: Prices | undefined }

/** In the cluster's namespace, which the caller has chosen. */
export async function bringIn(cluster: Cluster, unpriced: LoadedObject, { input, force, prices }: BringIn): Promise<Applied> {
  const { api, namespace } = cluster
  const there = await api.find(EXPERIMENTS, { namespace, name: unpriced.name })
  const resolutions = await resolveReferences(cluster, namedObjects(unpriced.spec), { ...input, force })
  const library = overlay(input.library, resolutions)
  const object = prices === undefined ? unpriced : withPrices(unpriced, prices, library)
  const checked = checkPlan(object, { library, among: input.objects, run: (there?.status?.run ?? 0) + 1 })
  if (!checked.ok) throw invalidInput(checked.problems)
  const { experiment: spec, stacks, trials, treatments, warnings } = checked.value
  await requireRunner(cluster, spec.serviceAccountName)
  for (const line of await applyLibrary(cluster, resolutions, force)) say(line)
  for (const warning of warnings) say(`note: ${warning}`)
  const applied = await applyExperiment(cluster, object, { there, decision: decideApply(there, spec), force })
  say(`${applied.what}: ${counted(treatments.length, 'treatment')}, ${counted(stacks.length, 'stand-up')}, ${counted(trials.length, 'trial')} in namespace ${namespace}`)
  return applied
}

/** Helm acts as this account for the stacks; without it, or without the namespace, every stack would fail. */
export async function requireRunner({ api, namespace }: Cluster, serviceAccount: string): Promise<void> {
  const hint = `the chart gives it to its tenants: helm upgrade assay charts/assay -n assay-system --reuse-values --set 'tenants={${namespace}}' (name all tenants; the namespace must exist)`
  try {
    if ((await api.find(SERVICE_ACCOUNTS, { namespace, name: serviceAccount })) !== undefined) return
    if ((await api.find(NAMESPACES, { name: namespace })) === undefined) throw new CliError(EXIT.usage, `there is no namespace ${namespace}`, `kubectl create namespace ${namespace}; then ${hint}`)
  } catch (error) {
    // Who may not look leaves it to the operator, whose condition says the same.
    if (isForbidden(error)) return
    throw error
  }
  throw new CliError(EXIT.invalidExperiment, `namespace ${namespace} has no ServiceAccount ${serviceAccount}, which Helm acts as for the stacks`, hint)
}
