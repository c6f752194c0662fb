// SPDX-License-Identifier: Apache-2.0
/** What the DCGM exporter calls the things that we read of a GPU, and what its clock-event bits mean. It reads nothing. */

interface Field {
  readonly kind: 'gauge' | 'counter'
  /** Newest first; the first that is exposed is taken. */
  readonly names: readonly string[]
  /** Turns DCGM's unit into ours. */
  readonly scale: number
}

export const GPU_FIELDS = {
  utilization: { kind: 'gauge', names: ['DCGM_FI_DEV_GPU_UTIL'], scale: 0.01 },
  power: { kind: 'gauge', names: ['DCGM_FI_DEV_POWER_USAGE', 'DCGM_FI_DEV_POWER_USAGE_INSTANT'], scale: 1 },
  // MiB → GiB
  memory: { kind: 'gauge', names: ['DCGM_FI_DEV_FB_USED'], scale: 1 / 1024 },
  clock: { kind: 'gauge', names: ['DCGM_FI_DEV_SM_CLOCK'], scale: 1 },
  temperature: { kind: 'gauge', names: ['DCGM_FI_DEV_GPU_TEMP'], scale: 1 },
  // mJ since boot → J
  energy: { kind: 'counter', names: ['DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION'], scale: 1e-3 },
  reasons: { kind: 'gauge', names: ['DCGM_FI_DEV_CLOCKS_EVENT_REASONS', 'DCGM_FI_DEV_CLOCK_THROTTLE_REASONS'], scale: 1 },
  thermalViolation: { kind: 'counter', names: ['DCGM_FI_DEV_THERMAL_VIOLATION'], scale: 1 },
  reliabilityViolation: { kind: 'counter', names: ['DCGM_FI_DEV_RELIABILITY_VIOLATION'], scale: 1 },
  boardViolation: { kind: 'counter', names: ['DCGM_FI_DEV_BOARD_LIMIT_VIOLATION'], scale: 1 },
  xid: { kind: 'gauge', names: ['DCGM_FI_DEV_XID_ERRORS'], scale: 1 },
  xidCount: { kind: 'counter', names: ['DCGM_EXP_XID_ERRORS_COUNT'], scale: 1 },
  eccUncorrected: { kind: 'counter', names: ['DCGM_FI_DEV_ECC_DBE_VOL_TOTAL', 'DCGM_FI_DEV_ECC_DBE_AGG_TOTAL'], scale: 1 },
  eccCorrected: { kind: 'counter', names: ['DCGM_FI_DEV_ECC_SBE_VOL_TOTAL', 'DCGM_FI_DEV_ECC_SBE_AGG_TOTAL'], scale: 1 },
  remappedRows: { kind: 'counter', names: ['DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS'], scale: 1 },
  remapFailed: { kind: 'gauge', names: ['DCGM_FI_DEV_ROW_REMAP_FAILURE'], scale: 1 },
} as const satisfies Readonly<Record<string, Field>>
export type GpuField = keyof typeof GPU_FIELDS
export const GPU_FIELD_NAMES = Object.keys(GPU_FIELDS) as GpuField[]

export const GPU_SERIES: readonly string[] = GPU_FIELD_NAMES.flatMap((field) => GPU_FIELDS[field].names)
/** Labels that are kept: which GPU, whose, and its fingerprint. */
export const GPU_LABELS: readonly string[] = [
  'UUID', 'gpu', 'GPU_I_ID', 'GPU_I_PROFILE', 'modelName', 'Hostname', 'DCGM_FI_DRIVER_VERSION', 'pod', 'exported_pod', 'namespace', 'exported_namespace', 'err_code',
]

/** Bits of the clock-event mask, as NVML defines them; idle and application clocks are settings, no trouble. */
export const CLOCK_EVENTS = [
  { bit: 0x4, name: 'power cap', slows: false },
  { bit: 0x8, name: 'hardware slowdown', slows: true },
  { bit: 0x10, name: 'sync boost', slows: false },
  { bit: 0x20, name: 'software thermal slowdown', slows: true },
  { bit: 0x40, name: 'hardware thermal slowdown', slows: true },
  { bit: 0x80, name: 'power brake', slows: true },
] as const
