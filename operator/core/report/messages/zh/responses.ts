// SPDX-License-Identifier: Apache-2.0
/** How a metric, its statistic, its unit and its value are put together in Chinese, and what columns of tables are called. */
import type { RESPONSES } from '../en/responses.ts'
import type { Translation } from '../english.ts'

export const RESPONSES_ZH: Translation<typeof RESPONSES> = {
  'of.response': '{name} {statistic}',
  'of.value': '{response} 为 {value}',
  'of.metric': '{metric}，{statistic}',
  'of.unit': '{metric}（{unit}）',
  'of.column': '{title}，{unit}',
  'column.ttft.p50': 'TTFT p50',
  'column.ttft.p99': 'TTFT p99',
  'column.tpot.p50': 'TPOT p50',
  'column.e2e.p99': 'E2E p99',
  'column.request_throughput.value': '请求吞吐量',
  'column.output_throughput.value': '输出吞吐量',
  'column.goodput.value': '有效吞吐量',
  'column.attainment.value': 'SLO 达成率',
  'column.error_rate.value': '错误率',
  'column.batch_latency.p50': '批次延迟 p50',
  'column.engine_start.mean': '引擎启动',
  'column.engine_compile.mean': '编译',
  'column.startup_total.value': '启动总时间',
  'column.startup_schedule.value': '调度',
  'column.startup_pull.value': '拉取镜像',
  'column.startup_load.value': '加载',
  'column.startup_weights.value': '权重',
  'column.startup_compile.value': '编译',
  'column.startup_graphs.value': '计算图捕获',
  'column.startup_kv_cache.value': 'KV 缓存',
  'column.startup_engine.value': '引擎',
}
