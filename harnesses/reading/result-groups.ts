// SPDX-License-Identifier: Apache-2.0
/** Which files belong to which stage: a tool that is started once a stage leaves a folder or a file `stage-<index>` of each, and `warmup`. */

export type StagePlace = number | 'warmup' | undefined

export interface ResultGroup {
  /** Index among the workload's stages; undefined for files that name none. */
  readonly stage: StagePlace
  readonly names: readonly string[]
}

const STAGE = /(?:^|\/)stage-([0-9]+)(?=[./]|$)/
const WARMUP = /(?:^|\/)warmup(?=[./]|$)/

/** Warm-up first, then stages in order, then files of no stage. */
export function resultGroups(names: readonly string[]): ResultGroup[] {
  const groups = Map.groupBy(names, stageOf)
  return [...groups].map(([stage, own]) => ({ stage, names: own })).sort((a, b) => placeRank(a.stage) - placeRank(b.stage))
}

export function stageOf(name: string): StagePlace {
  const index = STAGE.exec(name)?.[1]
  if (index !== undefined) return Number(index)
  return WARMUP.test(name) ? 'warmup' : undefined
}

/** Warm-up first, files of no stage last. */
export function placeRank(stage: StagePlace): number {
  return stage === 'warmup' ? -1 : (stage ?? Number.MAX_SAFE_INTEGER)
}
