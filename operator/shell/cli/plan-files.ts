// SPDX-License-Identifier: Apache-2.0
/** Writes what a plan would create: Stacks, Trials and the values of their releases, as files that kubectl and helm take. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { API_VERSION, LABELS } from '../../core/model/kinds.ts'
import { type Plan, stackSpecOf, trialSpecOf } from '../../core/plan/plan.ts'
import { reportPlan } from '../../core/plan/plan-report.ts'
import { renderScenario } from '../../core/plan/render.ts'

const yaml = (value: unknown) => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })

/** Files written, for the last line of the command. */
export async function writePlan(plan: Plan, folder: string, namespace = 'default'): Promise<number> {
  const labels = { [LABELS.experiment]: plan.name, [LABELS.run]: String(plan.run) }
  await Promise.all(['stacks', 'trials', 'values'].map((name) => mkdir(join(folder, name), { recursive: true })))
  await writeFile(join(folder, 'plan.yaml'), yaml(reportPlan(plan)))
  let written = 1
  for (const stack of plan.stacks) {
    const spec = stackSpecOf(plan, stack.index)
    await writeFile(join(folder, 'stacks', `${stack.name}.yaml`), yaml({ apiVersion: API_VERSION, kind: 'Stack', metadata: { name: stack.name, namespace, labels }, spec }))
    written += 1 + (await writeValues({ plan, index: stack.index, folder, namespace }))
  }
  for (const trial of plan.trials) {
    const spec = trialSpecOf(plan, trial.index)
    await writeFile(join(folder, 'trials', `${trial.name}.yaml`), yaml({ apiVersion: API_VERSION, kind: 'Trial', metadata: { name: trial.name, namespace, labels: { ...labels, [LABELS.stack]: spec.stackRef.name } }, spec }))
    written += 1
  }
  return written
}

interface ValuesOf { readonly plan: Plan; readonly index: number; readonly folder: string; readonly namespace: string }

async function writeValues({ plan, index, folder, namespace }: ValuesOf): Promise<number> {
  const stack = plan.stacks[index]
  const rendered = stack === undefined ? undefined : renderScenario(plan.resolved.scenario(stack.treatment), { stackName: stack.name, namespace })
  const releases = rendered?.ok === true ? rendered.value.releases : []
  for (const release of releases) await writeFile(join(folder, 'values', `${release.release}.yaml`), yaml(release.values))
  return releases.length
}
