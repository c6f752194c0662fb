// SPDX-License-Identifier: Apache-2.0
/** What comparisons of two Experiments say, in Chinese. */
import type { Translation } from '../english.ts'
import type { COMPARE } from '../en/compare.ts'

export const COMPARE_ZH: Translation<typeof COMPARE> = {
  'compare.summary': '共 {total} 项：变差 {worse} 项，变好 {better} 项，相同 {same} 项，未定 {insufficient} 项。',
  'compare.family': '对数据充足的 {family} 项作 Holm 校正：其中出现一个错误的“变好”或“变差”的概率不超过 {alpha}。',
  'compare.medians': '各次部署的中位数及其 95 % 置信区间；偏移为 NEW 相对于 BASE。',
  'compare.marginGiven': '“相同”是指：确定落在给定的容差 ± {margin} 以内。',
  'compare.marginFloor': '“相同”是指：确定落在 A/A 噪声基底以内，即同一处理的重复之间因偶然而产生的差异：{margins}。',
  'compare.marginUnknown': '{names} 的重复次数过少，无法得知噪声大小：不会判为相同；请给出 --margin，或增加重复次数。',
  'compare.identical': '两侧是完全相同的试验：这是在与自身比较。',
  'compare.flat': '{name} 在两侧的每次重复中均为 {value}（{count} 行，未列出）。',
  'compare.method': '{method}：{because}。',
  'compare.undecided': '未定 {count} 项：{reason}{more}。',
  'compare.more': '；两侧各再部署 {count} 次，有八成的把握得出结论',
  'compare.weak': '{name}：有试验的请求数不足以计算该百分位数（需要 {need} 个）；仅作展示，不作判定依据。',
  'compare.suspect': '请注意其中含有存疑的试验：存疑最多的一行，BASE 有 {base} 次，NEW 有 {candidate} 次。',
  'compare.claimed': '{names} 所比较的是工具按其自身定义给出、没有请求记录的数值：只有同一工具与其自身比较才有意义。',
  'compare.alone': '仅 {side} 中有：{treatments}。',
  'compare.apart': '{factor} 在 BASE 中为 {base}，在 NEW 中为 {candidate}：这正是所比较的内容。',
  'compare.oneTreatment': '其唯一的处理',
  'compare.title': '{fresh} 与 {base} 的比较',
  'compare.moreDiffers': '另有 {count} 项：{command}',
  'compare.left': '已排除：{name}，原因：{reason}。',
  'compare.times': 'BASE 的测量时间为 {baseFrom} 至 {baseTo}，NEW 为 {newFrom} 至 {newTo}：期间发生的其他变化也包含在偏移之内。',
  'compare.overall': '各处理的几何平均，不作判定：{ratios}。',
  'compare.nothingDiffers': '记录中没有其他不同之处。',
  'compare.differs': '其他不同之处（{count}）：',
}
