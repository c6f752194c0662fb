// SPDX-License-Identifier: Apache-2.0
/** Whether tools agree, in Chinese. */
import type { Translation } from '../english.ts'
import type { AGREEMENT } from '../en/agreement.ts'

export const AGREEMENT_ZH: Translation<typeof AGREEMENT> = {
  'agreement.lead':
    '在同一服务栈上逐次试验，将每个工具与其余工具的中位数比较：偏移及其 95 % 置信区间。一致：90 % 置信区间落在 ± 5 % 以内，或延迟相差不超过 1 ms、平均间隔相差不超过 0.1 ms。有差异：对全表经 Holm 校正后于 5 % 水平上显著。',
  'agreement.column': '{response} [{unit}]',
  'agreement.place': '{place}',
  'agreement.where': '（{place}）',
  'agreement.agrees': '一致',
  'agreement.undecided': '未定',
  'agreement.all': '全部 {count} 个工具的{response}{where}一致，相差在 {margin} 以内。',
  'agreement.some': '{tools} 的{response}{where}与其余工具一致。',
  'agreement.differs': '{tool} 的{response}{where}有差异：与其余工具的中位数相比为 {shift}（{p}）。其他不同之处：{causes}。',
  'agreement.open': '以现有试验次数，以下工具的{response}{where}尚无法判定：{tools}。',
  'agreement.missing': '{tools} 没有给出{response}{where}：其结果文件中没有所需的数据。',
  'agreement.claimed': '该值由工具按其自身定义给出，没有请求记录',
  'agreement.prompts': '其提示词平均 {own} 个 token，其余工具为 {others} 个',
  'agreement.answers': '其回答平均 {own} 个 token，其余工具为 {others} 个',
  'agreement.client': '其平均 TTFT 比服务端的高 {own} ms，其余工具高 {others} ms：源于工具自身的开销，或其计时起点',
  'agreement.server': '它运行时服务端自身的平均 TTFT 为 {own} ms，其余工具运行时为 {others} ms：它对服务端施加的负载不同',
  'agreement.concurrency': '它平均保持 {own} 个在途请求，其余工具为 {others} 个',
  'agreement.suspect': '其 {share} 的试验存疑（{reasons}）',
  'agreement.unknown': '记录中没有可查的差异',
}
