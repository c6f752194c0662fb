// SPDX-License-Identifier: Apache-2.0
/** Memory of accelerators by product, as their makers state it, for scenarios that do not say it and clusters that cannot be looked at. */

/** In units of 10⁹ bytes (a little less than what the driver shows). Longer names first: H100 NVL before H100. */
const CATALOGUE: readonly (readonly [product: RegExp, gigabytes: number])[] = [
  [/GB300|B300/, 288], [/GB200/, 186], [/B200/, 180], [/B100/, 192],
  [/GH200.*144/, 144], [/GH200/, 96], [/H200/, 141], [/H100.*NVL/, 94], [/H100.*64G/, 64], [/H800|H100/, 80], [/H20\b/, 96],
  [/A100.*40G|A100-PCIE-40/, 40], [/A100|A800/, 80], [/A40\b/, 48], [/A30\b/, 24], [/A16\b/, 16], [/A10G?\b/, 24], [/A2\b/, 16],
  [/L40S?\b/, 48], [/L4\b/, 24], [/V100.*16G/, 16], [/V100/, 32], [/T4\b/, 16], [/RTX-PRO-6000/, 96], [/RTX-6000-ADA|RTX-A6000/i, 48], [/RTX-5090/, 32], [/RTX-[34]090/, 24],
  [/MI355X|MI350X/, 288], [/MI325X/, 256], [/MI300X/, 192], [/MI300A/, 128], [/MI250X?/, 128], [/MI210/, 64], [/Gaudi-?3|HL-325/i, 128], [/Gaudi-?2|HL-225/i, 96],
]

/** Bytes; undefined for products that are not in the catalogue. A slice of a MIG-capable GPU says its own: `…-MIG-1g.10gb`. */
export function memoryOfProduct(product: string): number | undefined {
  const slice = /MIG-\d+g\.(\d+)gb/i.exec(product)?.[1]
  if (slice !== undefined) return Number(slice) * 1e9
  const found = CATALOGUE.find(([name]) => name.test(product.replaceAll('_', '-').replaceAll(' ', '-')))
  return found === undefined ? undefined : found[1] * 1e9
}
