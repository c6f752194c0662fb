// SPDX-License-Identifier: Apache-2.0
/** The two things that are rendered: a scenario for Helm, a harness for the trial's pod. */
export { type HarnessContext, harnessContextOf, type RenderedHarness, renderHarness } from './render-harness.ts'
export { type RenderedRelease, type RenderedScenario, renderScenario } from './render-scenario.ts'
