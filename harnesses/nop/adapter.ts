// SPDX-License-Identifier: Apache-2.0
/** A trial without load: no records, and a failure where the stack's start-up, its only result, could not be measured. */
import type { AdapterResult } from '../../operator/core/model/record.ts'
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import type { TrialJob } from '../../operator/core/model/trial-job.ts'

/** The operator read the pods' stamps and the engines' logs when the stack was ready; here it is only decided whether that is a result. */
export function adaptNop(_files: ResultFiles, job: Pick<TrialJob, 'stack' | 'spec'>): Promise<AdapterResult> {
  const problem = problemOf(job.stack)
  if (problem !== undefined) return Promise.reject(Object.assign(new Error(problem.message), { hint: problem.hint }))
  return Promise.resolve({ records: [], stages: [], claims: [], tool: { name: 'nop', version: job.spec.harness.version }, notes: notesOf(job.stack) })
}

interface Problem { readonly message: string; readonly hint: string }

function problemOf({ name, engine, deployed, startup }: TrialJob['stack']): Problem | undefined {
  const pods = startup?.pods ?? []
  if (!deployed || pods.length === 0) {
    return { message: `the start-up times of stack ${name} are missing: expected pods with phases in the stack's facts, found none`, hint: 'nop measures stacks that were stood up by Assay; an endpoint by URL has no start-up' }
  }
  if (pods.every((pod) => pod.phases.length === 0 && pod.engine === undefined)) {
    return { message: `no pod of stack ${name} has a start-up phase: the stamps of its pods are missing`, hint: 'see kubectl describe stack' }
  }
  if (engine !== 'vllm' || pods.some((pod) => pod.engine !== undefined)) return undefined
  const why = pods.flatMap((pod) => (pod.logProblem === undefined ? [] : [`${pod.pod}: ${pod.logProblem}`]))
  return {
    message: `vLLM's own start-up could not be measured: ${why.slice(0, 3).join('; ') || 'no log of a serving pod was read'}`,
    hint: 'the operator reads the log of every serving pod when the stack is ready: it needs get on pods/log, and vLLM its log level INFO',
  }
}

function notesOf({ engine, startup }: TrialJob['stack']): string[] {
  const pods = startup?.pods ?? []
  if (engine !== 'vllm') return [`only vLLM's log is read: of ${engine} there are the phases that Kubernetes stamps, in whole seconds`]
  const silent = pods.filter((pod) => pod.engine === undefined && pod.logProblem !== undefined)
  const warm = pods.filter((pod) => pod.servedBefore === true).length
  return [
    ...silent.map((pod) => `${pod.pod}: ${pod.logProblem}`),
    ...pods.flatMap(({ pod, imagePulled, engine: own }) => {
      const image = imagePulled === undefined ? 'image: not known whether it was pulled' : imagePulled ? 'image pulled' : 'image on the node'
      return own === undefined ? [] : [`${pod}: ${image}; weights ${own.weights ?? 'of unknown origin'}`]
    }),
    ...(warm > 0 ? [`${warm} of ${pods.length} pods started on a node that had served this model before: its page cache may have held the weights`] : []),
  ]
}
