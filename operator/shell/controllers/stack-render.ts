// SPDX-License-Identifier: Apache-2.0
/** The scenario of a Stack, resolved and rendered; bad input becomes a reason and a message. */
import { formatProblem, type Problem } from '../../core/model/problem.ts'
import type { Stack } from '../../core/model/kinds.ts'
import type { EndpointSpec, ScenarioSpec } from '../../core/model/scenario.ts'
import { parseScenario } from '../../core/plan/resolve.ts'
import { renderScenario, type RenderedRelease } from '../../core/plan/render.ts'
import type { StackWorld } from './stack-world.ts'

export type RenderedStack =
  | { readonly ok: true; readonly spec: ScenarioSpec; readonly releases: readonly RenderedRelease[]; readonly endpoint: EndpointSpec | undefined }
  | { readonly ok: false; readonly reason: string; readonly message: string }
