// SPDX-License-Identifier: Apache-2.0
/** The verbs of the Trial controller: each does one thing, records it, and decides nothing. */
import { isTrue } from '../../core/model/conditions.ts'
import type { Stack, Trial } from '../../core/model/kinds.ts'
import { summarize } from '../../core/measure/summarize.ts'
import { attemptLabels, configMapOf, jobOf, trialOwner } from '../../core/reconcile/trial-objects.ts'
import { begunStatus, endedStatus, failedStatus, type StatusPatch, storedStatus, waitingStatus } from '../../core/reconcile/trial-status.ts'
import { amendByExit, amendVerdict, isServersFault, serverHistory, withHarnessDigest } from '../../core/reconcile/server-verdict.ts'
import type { PodTrouble } from '../../core/reconcile/trial-observed.ts'
import { isAlreadyExists } from '../kube/api-error.ts'
import { STACKS, TRIALS } from '../kube/assay-resources.ts'
import { type ConfigMap, CONFIG_MAPS, JOBS } from '../kube/builtin-resources.ts'
import { resetCaches } from './caches.ts'
import { attemptInput } from './attempt-input.ts'
import { resultsConfigMap } from './results-config-map.ts'
import { bothEnds, serverLogs } from './pod-logs.ts'
import { attemptObjects, attemptRef, holderOf } from './trial-observe.ts'
import { type AttemptRef, FIELD_MANAGER, type World } from './world.ts'

const MOST_SERVER_LOGS = 16

export async function patchTrialStatus(world: World, trial: Trial, status: StatusPatch): Promise<Trial> {
  const { namespace, name, resourceVersion } = trial.metadata
  const patched = await world.api.patchMerge(TRIALS, { namespace, name }, { metadata: { resourceVersion }, status }, { subresource: 'status', fieldManager: FIELD_MANAGER })
  world.trials.learn(patched)
  return patched
}

export async function showWaiting(world: World, trial: Trial, wait: Parameters<typeof waitingStatus>[2]): Promise<void> {
  const status = waitingStatus(trial, world.now(), wait)
  if (status !== undefined) await patchTrialStatus(world, trial, status)
}

/** Takes the stack, for all trials of an Experiment at once. The resource version makes it exclusive even for two leaders. */
export async function claimStack(world: World, trial: Trial, stack: Stack): Promise<void> {
  const claim = { ...holderOf(trial, stack), since: new Date(world.now()).toISOString() }
  const { namespace, name, resourceVersion } = stack.metadata
  const patched = await world.api.patchMerge(STACKS, { namespace, name }, { metadata: { resourceVersion }, status: { claim } }, { subresource: 'status', fieldManager: FIELD_MANAGER })
  world.stacks.learn(patched)
}

export async function beginAttempt(world: World, trial: Trial, number: number): Promise<void> {
  const job = `${trial.metadata.name}-a${number}`
  world.deliveries.fresh(attemptRef(trial, number))
  const begun = await patchTrialStatus(world, trial, begunStatus(trial, world.now(), { number, job }))
  world.story.normal(begun, 'AttemptBegun', `attempt ${number} runs as Job ${job}`)
}

/** Makes the ConfigMap and the Job of the attempt that is on record. Both have fixed names, so a repetition is harmless. */
export async function createAttempt(world: World, trial: Trial, attempt: { number: number; stack: Stack }): Promise<void> {
  const cacheTrouble = trial.spec.caches === 'Reset' ? await resetCaches(world, attempt.stack) : undefined
  const input = attemptInput(world, trial, { ...attempt, cacheTrouble })
  await world.api.apply(CONFIG_MAPS, configMapOf(input) as unknown as ConfigMap, { fieldManager: FIELD_MANAGER, force: true })
  try {
    world.jobs.learn(await world.api.create(JOBS, jobOf(input), { fieldManager: FIELD_MANAGER }))
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
}

/** Stores what was delivered: log, ConfigMap, then the status; the Job goes before it, so that nothing is left when it is done. */
export async function storeResults(world: World, trial: Trial, number: number): Promise<void> {
  const ref = attemptRef(trial, number)
  const delivered = await world.deliveries.fetch(ref)
  const { receipt, reports } = delivered
  const history = historyOf(world, trial)
  if (isServersFault(delivered.findings, history) && number <= trial.spec.retries) {
    const trouble = { outcome: 'StackLost', class: 'transient', message: 'the server went away while it was measured' } as const
    await endAttempt(world, trial, { number, trouble, retry: true })
    return
  }
  const { state, imageID } = harnessContainer(world, trial, number) ?? {}
  const findings = withHarnessDigest(amendByExit(amendVerdict(delivered.findings, history), state?.terminated), imageID)
  await keepLogs(world, trial, number)
  const configMap = resultsConfigMap({ name: trial.metadata.name, receipt, findings, reports })
  const metadata = { name: trial.metadata.name, namespace: ref.namespace, labels: attemptLabels(trial, number), ownerReferences: [trialOwner(trial)] }
  await world.api.apply(CONFIG_MAPS, { metadata, data: configMap }, { fieldManager: FIELD_MANAGER, force: true })
  await deleteJob(world, ref)
  const stored = storedStatus(trial, world.now(), { receipt, findings, summary: summarize(findings), configMap: trial.metadata.name })
  const done = await patchTrialStatus(world, trial, stored)
  const { result, reasons } = findings.verdict
  const note = `attempt ${number} is ${result}${reasons.length === 0 ? '' : `: ${reasons.map((r) => r.reason).join(', ')}`}; results in ConfigMap ${trial.metadata.name}`
  if (result === 'valid') world.story.normal(done, 'ResultsStored', note)
  else world.story.warning(done, 'ResultsStored', note)
}

function harnessContainer(world: World, trial: Trial, number: number) {
  return attemptObjects(world, trial, number).pod?.status?.containerStatuses?.find((c) => c.name === 'harness')
}

function historyOf(world: World, trial: Trial) {
  const { status } = world.stacks.store.get(`${trial.metadata.namespace ?? ''}/${trial.spec.stackRef.name}`) ?? {}
  return serverHistory(status, isTrue(status?.conditions, 'Ready'), trial.status?.attempts?.at(-1) ?? {})
}

/** An attempt ended without results: its log is kept, then its Job goes. */
export async function endAttempt(world: World, trial: Trial, end: { number: number; trouble: PodTrouble; retry: boolean }): Promise<void> {
  const ref = attemptRef(trial, end.number)
  const log = await keepLogs(world, trial, end.number)
  await deleteJob(world, ref)
  const ended = await patchTrialStatus(world, trial, endedStatus(trial, world.now(), { ...end, log: log.slice(-2000) }))
  world.story.warning(ended, end.trouble.outcome, `attempt ${end.number}: ${end.trouble.message}${end.retry ? '; it is repeated' : ''}`)
}

export async function failTrial(world: World, trial: Trial, why: { reason: string; message: string }): Promise<void> {
  const failed = await patchTrialStatus(world, trial, failedStatus(trial, world.now(), why))
  world.story.warning(failed, why.reason, why.message)
}

async function deleteJob(world: World, ref: AttemptRef): Promise<void> {
  await world.api.delete(JOBS, { namespace: ref.namespace, name: `${ref.trial}-a${ref.attempt}` }, { propagation: 'Background' })
}

/** The logs of harness and servers, before anything is deleted. Returns the harness's. What the servers say is worth having, and no reason to fail. */
async function keepLogs(world: World, trial: Trial, number: number): Promise<string> {
  const ref = attemptRef(trial, number)
  const log = await harnessLog(world, trial, number)
  if (log !== '') await world.deliveries.putLog(ref, 'harness', log)
  const stack = world.stacks.store.get(`${trial.metadata.namespace ?? ''}/${trial.spec.stackRef.name}`)
  const serving = (stack?.status?.pods ?? []).filter((p) => p.serving === true).slice(0, MOST_SERVER_LOGS)
  for (const { pod: name } of serving) {
    const pod = world.pods.store.get(`${trial.metadata.namespace ?? ''}/${name}`)
    const logs = pod === undefined ? new Map<string, string>() : await serverLogs(world, pod)
    for (const [file, text] of logs) await world.deliveries.putLog(ref, file, text).catch(() => undefined)
  }
  return log
}

/** The harness's log, as far as there is one; a pod that is gone has none. */
async function harnessLog(world: World, trial: Trial, number: number): Promise<string> {
  const { pod } = attemptObjects(world, trial, number)
  return pod === undefined ? '' : bothEnds(world, pod, 'harness')
}
