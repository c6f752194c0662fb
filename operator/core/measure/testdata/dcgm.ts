// SPDX-License-Identifier: Apache-2.0
/** Answers of a DCGM exporter for tests, in the form that it writes them. */
import type { Scrape } from '../scrape.ts'
import { ORIGIN } from './trial.ts'

export interface GpuAt {
  readonly uuid: string
  readonly pod?: string
  readonly fields: Readonly<Record<string, number>>
  readonly labels?: Readonly<Record<string, string>>
}

export function dcgmText(gpus: readonly GpuAt[]): string {
  return gpus.flatMap(({ uuid, pod, fields, labels = {} }, gpu) => {
    const all = {
      gpu: String(gpu), UUID: uuid, pci_bus_id: `00000000:${gpu}1:00.0`, device: `nvidia${gpu}`, modelName: 'NVIDIA H100 80GB HBM3', Hostname: 'n1', DCGM_FI_DRIVER_VERSION: '550.90.07',
      ...(pod === undefined ? {} : { container: 'vllm', namespace: 'bench', pod }), ...labels,
    }
    const text = Object.entries(all).map(([k, v]) => `${k}="${v}"`).join(',')
    return Object.entries(fields).map(([name, value]) => `DCGM_FI_DEV_${name}{${text}} ${value}`)
  }).join('\n')
}

/** One look a second. */
export function dcgmScrapes(seconds: number, gpusAt: (t: number) => readonly GpuAt[]): Scrape[] {
  return Array.from({ length: seconds + 1 }, (_, t) => ({ pod: '10.0.0.9:9400', kind: 'gpu' as const, node: 'n1', atMs: t * 1000, epochMs: ORIGIN + t * 1000, text: dcgmText(gpusAt(t)) }))
}
