// SPDX-License-Identifier: Apache-2.0
/** What is said of stacks that came up by an upgrade in place, in Chinese. */
import type { UPGRADE } from '../en/upgrade.ts'
import type { Translation } from '../english.ts'

export const UPGRADE_ZH: Translation<typeof UPGRADE> = {
  'upgrade.bar': '{stack}（升级）',
  'upgrade.origin': '原地升级',
  'upgrade.from': '{stack}，由 {before} 升级而来',
  'upgrade.note': '{all} 次部署中有 {upgraded} 次是在同一重复内由前一个服务栈原地升级而来。其 Pod 都是新的；保留下来的东西（存储卷及其上的缓存、调度位置）则是共用的，因此同一重复内的各次部署可能比不同重复之间更相似。方差分析把重复作为区组，已将其扣除；置信区间比较的是互不共用任何东西的各个重复。升级后的启动时间单独列出（startup_upgraded）；门禁和比较所用的启动时间只取全新安装的部署。',
}
