// SPDX-License-Identifier: Apache-2.0
/** What a gate says of its rules, in Chinese. */
import type { GATE } from '../en/gate.ts'
import type { Translation } from '../english.ts'

export const GATE_ZH: Translation<typeof GATE> = {
  'gate.sentence': '{what}：{found}',
  'gate.sentenceOf': '{what}（{of} 个处理中的 {count} 个）：{found}',
  'gate.not': '不满足 {rule}',
  'gate.worst': '{rule}；最差者',
  'gate.treatment': '{treatment}：{why}',
  'gate.others': '另有 {count} 个',
  'gate.found': '{what}{where}{more}',
  'gate.inStage': '（阶段 {stage}）',
  'gate.claimed': '，为工具自报的数值',
  'gate.weak': '{what}，但请求数不足以计算 {statistic}',
  'gate.lacks': '阶段 {stage} 没有 {response}',
  'gate.lacksBase': '{baseline} 没有该处理的 {response}{where}',
  'gate.noTrial': '没有可用的试验',
  'gate.noStage': '没有测得任何阶段',
  'gate.unmeasured': '{planned} 个处理中测量了 {measured} 个',
  'gate.noBaseline': '没有基线 {baseline}：{why}',
  'gate.notAtHand': '手头没有该基线：assay check --baseline {baseline}=FOLDER',
  'gate.units': '基线的单位是 {base}，此处的单位是 {own}',
  'gate.claimedBase': '基线为工具自报的数值，并非由请求记录算得：两者定义不同',
  'gate.claimedOwn': '此处为工具自报的数值，并非由请求记录算得：两者定义不同',
  'gate.few': '请求数不足以计算 {statistic}',
  'gate.onceOwn': '此处只部署过一次：一次部署无法将退化与其自身的偶然性区分开（design.replicates.stacks）',
  'gate.onceBase': '基线只部署过一次：一次部署无法将退化与其自身的偶然性区分开（design.replicates.stacks）',
  'gate.onceBoth': '两者都只部署过一次：一次部署无法将退化与其自身的偶然性区分开（design.replicates.stacks）',
  'gate.zero': '基线为 0，无法计算比例',
  'gate.worseUnknown': '退化 {share}，不确定度未知：{reason}',
  'gate.worse': '退化 {share} [{range}]',
  'gate.moreThan': '；两侧各需再部署超过 {count} 次',
  'gate.more': '；两侧各再部署 {count} 次即可判定',
}
