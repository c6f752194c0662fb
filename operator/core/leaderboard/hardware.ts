// SPDX-License-Identifier: Apache-2.0
/** What a row was measured on, in the short form of leaderboards: `1xNVIDIA-A10`, `8vCPU`. Where nobody told, it says nothing. */
import { getAt, parsePath } from '../design/path.ts'
import type { Findings } from '../model/findings.ts'
import type { Parts } from './configuration.ts'

export function hardwareOf(trials: readonly Findings[], parts: Parts): string {
  const found = new Set(trials.map((t) => hardwareOfTrial(t, parts)))
  return [...found].filter((text) => text !== '').sort().join(' and ')
}

function hardwareOfTrial({ gpus, provenance }: Findings, parts: Parts): string {
  const [node] = provenance.nodes
  if (gpus > 0) {
    const product = provenance.gpus[0]?.model ?? node?.gpu?.product ?? productOf(parts)
    return product === undefined ? '' : `${gpus}x${product.trim().replaceAll(/\s+/g, '-')}`
  }
  const cores = node?.cpu === undefined ? '' : `${Number(node.cpu.toPrecision(3))}vCPU`
  return [cores, node?.instance].filter(Boolean).join('-')
}

function productOf(parts: Parts): string | undefined {
  const parsed = parsePath('scenario.accelerator.product')
  const product = parsed.ok ? getAt(parts, parsed.segments) : undefined
  return typeof product === 'string' ? product : undefined
}
