// SPDX-License-Identifier: Apache-2.0
/** Reasons of verdicts in Chinese, each with the word that conditions and files have. */
import type { ReasonTexts } from '../en/reasons.ts'

export const REASONS_ZH: ReasonTexts = {
  'reason.NoSuccessfulRequest': '没有成功的请求 (NoSuccessfulRequest)',
  'reason.ErrorRateHigh': '错误率过高 (ErrorRateHigh)',
  'reason.ClientSaturated': '压测客户端饱和 (ClientSaturated)',
  'reason.OfferedRateNotReached': '未达到计划的请求速率 (OfferedRateNotReached)',
  'reason.ArrivalsOff': '到达过程不符 (ArrivalsOff)',
  'reason.OutputLengthsOff': '输出长度不符 (OutputLengthsOff)',
  'reason.ServerRestarted': '服务容器发生重启 (ServerRestarted)',
  'reason.StackDrifted': '服务栈中途变化 (StackDrifted)',
  'reason.CachesCarriedOver': '缓存被延续 (CachesCarriedOver)',
  'reason.CacheResetFailed': '缓存清空失败 (CacheResetFailed)',
  'reason.Throttled': '被限频 (Throttled)',
  'reason.GpuErrors': 'GPU 错误 (GpuErrors)',
  'reason.SharedGpu': 'GPU 被共享 (SharedGpu)',
  'reason.TtftDisagrees': '客户端与服务端的 TTFT 不一致 (TtftDisagrees)',
  'reason.ScrapeIncomplete': '指标采集不完整 (ScrapeIncomplete)',
  'reason.RecordsTruncated': '请求记录不完整 (RecordsTruncated)',
  'reason.HarnessFailed': '压测工具出错 (HarnessFailed)',
  'reason.HarnessTimedOut': '压测工具超时 (HarnessTimedOut)',
  'reason.StoppedEarly': '提前停止 (StoppedEarly)',
  'reason.ClaimsDisagree': '工具自报与请求记录不一致 (ClaimsDisagree)',
  'reason.FewRequests': '请求数过少 (FewRequests)',
  'reason.AnswersCrossed': '回答错位 (AnswersCrossed)',
  'reason.Overloaded': '过载 (Overloaded)',
}
