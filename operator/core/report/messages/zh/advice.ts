// SPDX-License-Identifier: Apache-2.0
/** What recommendations say, in Chinese. */
import type { Translation } from '../english.ts'
import type { ADVICE } from '../en/advice.ts'

export const ADVICE_ZH: Translation<typeof ADVICE> = {
  'requirement.atMost': '{response} ≤ {bound}',
  'requirement.atLeast': '{response} ≥ {bound}',
  'requirement.inStage': '{requirement}（阶段 {stage}）',
  'advice.best': '在满足 {requirements} 的前提下，{point} 的{objective}：{value}，此时 {latencies}。',
  'advice.bestWithoutBound':
    '{point} 的{objective}：{value}。尚未设定延迟上限：请设置 spec.slo 或门禁，超出上限的工作点将被排除。',
  'advice.byEstimateOnly': '没有任何工作点的整个置信区间都满足约束；此工作点仅按估计值满足。',
  'advice.ahead': '与排名第二的配置 {other}（{value}）相比，它{gain}（{p}，经 Holm 校正）。',
  'advice.notAhead': '它与 {other}（{value}）的差异未得到证实（{difference}，{p}，经 Holm 校正）：请增加重复次数，或依据其他指标选择。',
  'advice.unknownAhead': '无法判断它是否优于 {other}（{value}）：{reason}。',
  'advice.range': '{loads}，{configuration} 与 {other} 相比，{gain}。',
  'advice.atLeast': '至少 {difference}',
  'advice.none': '实测的工作点均不满足 {requirements}：最接近的是 {point}，其 {latencies}。',
  'advice.weak': '针对 {requirements} 不给出建议：用于计算 {statistic} 的请求数过少（每次试验至少需要 {need} 个）。',
  'advice.unmeasured': '针对 {requirements} 不给出建议：未测得{responses}。',
  'advice.weakLeftOut': '在 {total} 个工作点中排除了 {count} 个，因为其百分位数所依据的请求数过少。',
  'advice.suspect': '请注意：这些数据所依据的 {total} 次试验中有 {count} 次存疑。',
  'advice.claimed': '部分数值由压测工具按其自身定义给出，没有请求记录可供核实。',
  'advice.noReplicates': '每种服务栈都只部署过一次，因此配置之间的差异均无法确认：请将 design.replicates.stacks 设为 2 或更大。',
  'advice.rankingNote': '各配置在约束范围内的最佳工作点：多次部署的均值 ± 95 % 置信区间的一半；结论经 Holm 校正。',
  'advice.knee': '“延迟—输出”前沿在 {point} 处出现拐点：{x}，此时 {y}；超过该点后，延迟的增长快于所换得的收益。',
  'objective.cost': '单位输出成本最低',
  'objective.perGpu': '单 GPU token 产出最高',
  'objective.throughput': 'token 吞吐量最高',
  'gain.cost': '成本低 {difference}',
  'gain.perGpu': '单 GPU token 产出高 {difference}',
  'gain.throughput': 'token 吞吐量高 {difference}',
  'loads.upTo': '负载不超过 {load} 时',
  'loads.from': '负载达到 {load} 及以上时',
  'loads.at': '负载为 {load} 时',
  'loads.between': '负载在 {from} 至 {to} 之间时',
  'load.rate': '{value} req/s',
  'load.concurrency': '{value} 个并发用户',
  'load.label': '{value}',
  'point.configurationAtLoad': '{configuration}（{load}）',
  'point.atLoad': '负载 {load}',
}
