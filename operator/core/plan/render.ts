// SPDX-License-Identifier: Apache-2.0
/** The two things that are rendered: a scenario for Helm, a harness for the trial's pod. */
export { renderHarness } from './render-harness.ts'
export { type RenderedRelease, renderScenario } from './render-scenario.ts'
