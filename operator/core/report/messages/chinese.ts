// SPDX-License-Identifier: Apache-2.0
/**
 * The Chinese catalogue (simplified). One term for each concept, and what the field says in English stays English:
 *
 * | | | | |
 * |---|---|---|---|
 * | trial 试验 | treatment 处理 | factor 因子 | level 水平 |
 * | stand-up 部署 | stack 服务栈 | replicate 重复 | block 区组 |
 * | stage 阶段 | load 负载 | request 请求 | operating point 工作点 |
 * | latency 延迟 | throughput 吞吐量 | goodput 有效吞吐量 | token（不译） |
 * | TTFT 首 token 延迟 | ITL token 间延迟 | TPOT 每输出 token 时间 | E2E 端到端延迟 |
 * | interval 置信区间 | shift 偏移 | margin 容差 | percentile 百分位数 |
 * | valid 有效 | suspect 存疑 | invalid 无效 | insufficient 数据不足 |
 * | gate 门禁 | rule 规则 | baseline 基线 | verdict 结论 |
 * | leaderboard 排行榜 | quality 质量 | back end 后端 | combination 组合 |
 * | run 运行 | series 序列 | drift 漂移 | environment 环境 |
 * | harness 压测工具 | tool 工具 | prompt 提示词 | answer 回答 |
 * | RAM 内存 | GPU memory 显存 | prefill 预填充 | decode 解码 |
 * | capacity 容量 | probe 探测 | claim 工具自报 | record 请求记录 |
 *
 * Numbers, units, names of fields, objects, statistics and commands stay as they are. A blank stands between Chinese and Latin letters.
 */
import type { Catalogue, Translation } from './english.ts'
import { ADVICE_ZH } from './zh/advice.ts'
import { AGREEMENT_ZH } from './zh/agreement.ts'
import { BOARD_ZH } from './zh/board.ts'
import { CAPACITY_ZH } from './zh/capacity.ts'
import { COMPARE_ZH } from './zh/compare.ts'
import { EFFECTS_ZH } from './zh/effects.ts'
import { FIGURES_ZH } from './zh/figures.ts'
import { GATE_ZH } from './zh/gate.ts'
import { LISTS_ZH } from './zh/lists.ts'
import { METRIC_TEXTS_ZH } from './zh/metrics.ts'
import { MODELS_ZH } from './zh/models.ts'
import { PAGE_ZH } from './zh/page.ts'
import { REASONS_ZH } from './zh/reasons.ts'
import { RESPONSES_ZH } from './zh/responses.ts'
import { STORED_ZH } from './zh/stored.ts'
import { TABLES_ZH } from './zh/tables.ts'
import { TREND_ZH } from './zh/trend.ts'
import { UPGRADE_ZH } from './zh/upgrade.ts'

export const ZH: Translation<Catalogue> = {
  ...LISTS_ZH, ...METRIC_TEXTS_ZH, ...RESPONSES_ZH, ...REASONS_ZH, ...PAGE_ZH, ...TABLES_ZH, ...GATE_ZH, ...STORED_ZH, ...ADVICE_ZH, ...EFFECTS_ZH, ...FIGURES_ZH, ...AGREEMENT_ZH,
  ...COMPARE_ZH, ...CAPACITY_ZH, ...MODELS_ZH, ...BOARD_ZH, ...UPGRADE_ZH, ...TREND_ZH,
}
