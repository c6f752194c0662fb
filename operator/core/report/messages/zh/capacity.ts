// SPDX-License-Identifier: Apache-2.0
/** What the figure of capacities says, in Chinese. */
import type { CAPACITY } from '../en/capacity.ts'
import type { Translation } from '../english.ts'

export const CAPACITY_ZH: Translation<typeof CAPACITY> = {
  'capacity.figure.title': '各配置的容量',
  'capacity.figure.alt': '{count} 个配置在哪些{load}下达到或未达到目标，以及各自的容量。',
  'capacity.figure.note': '每个标记是在一次部署上试过的一个负载。横条为容量：各次部署之间的 95 % 置信区间；只有一次部署时，为从确定达标的最高负载到确定不达标的最低负载；条中的竖线为估计值。',
  'capacity.figure.noteMore': '共 {count} 个配置，此处为前 {shown} 个。',
  'capacity.figure.met': '达标',
  'capacity.figure.missed': '未达标',
  'capacity.figure.undecided': '其试验不足以判定',
  'capacity.figure.unmeasured': '没有可用的试验',
  'capacity.figure.only': '全部',
}
