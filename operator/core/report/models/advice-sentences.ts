// SPDX-License-Identifier: Apache-2.0
/** Which model to deploy for which need, in words: one or two side by side, how much load, and after how long to give up. */
import { responseTitle } from '../primary.ts'
import { type LoadAdvice, loadOf } from './loads.ts'
import { listed, message, type Message, type Part } from '../messages.ts'
import type { ModelStudy } from './model-study.ts'
import type { NeedAnswer } from './needs.ts'
import { qualitySentence } from './quality-sentences.ts'
import type { SideBySide } from './side-by-side.ts'
import type { Study } from './study.ts'
import { boundsText, pOf, shiftOf, valueOf, where } from './words.ts'

export function adviceSentences({ study, needs, sideBySide, loads }: ModelStudy): Message[] {
  if (study.groups.every((g) => g.model === null)) return needSentences(study, needs)
  return [...needSentences(study, needs), ...sideSentences(sideBySide), ...loads.map((l) => loadSentence(l, study))]
}

function needSentences(study: Study, { answers, unmeasured, none }: ModelStudy['needs']): Message[] {
  const requirements = boundsText(study)
  if (none === 'missed') return [message('models.choose.missed', { requirements })]
  if (none === 'unknown') return [message('models.choose.unknownBounds', { requirements })]
  return [
    ...answers.map((a) => needSentence(a, requirements)),
    ...(unmeasured.length === 0 || answers.length === 0 ? [] : [message('models.choose.unmeasured', { needs: listed(unmeasured.map((n) => message(`models.need.${n}`))) })]),
  ]
}

function needSentence(answer: NeedAnswer, requirements: Part): Message {
  const { need, response, best, byEstimate, openLoop } = answer
  return message('models.choose', {
    need: message(`models.need.${need}`), bounds: requirements === '' ? '' : message('models.choose.within', { requirements }), model: best.place.group.label,
    where: where(best.place.condition), response: responseTitle(response), value: valueOf(best.cell), estimate: byEstimate ? message('models.choose.byEstimate') : '',
    next: nextText(answer), load: openLoop ? message('models.choose.openLoop') : '',
  })
}

function nextText({ next, verdict }: NeedAnswer): Part {
  if (next === null || verdict === null) return ''
  const common = { model: next.place.group.label, where: where(next.place.condition), value: valueOf(next.cell) }
  const [shift, p] = [shiftOf(verdict, next.cell.unit), pOf(verdict)]
  if (verdict.verdict === 'better' && p !== null) return message('models.choose.ahead', { ...common, shift, p })
  if (p === null && verdict.difference.shift.kind === 'none') return message('models.choose.unknown', common)
  return p === null ? message('models.choose.unknown', common) : message('models.choose.open', { ...common, shift, p: message('models.choose.p', { p }) })
}

const WHY_NOT = { 'no scores': 'models.side.noScores', 'one size': 'models.side.oneSize', 'no common task': 'models.side.noTask' } as const

function sideSentences(side: ModelStudy['sideBySide']): Message[] {
  if (typeof side === 'string') return [message(WHY_NOT[side])]
  const { small, large, response, condition, latency, cells } = side
  const p = pOf(latency)
  const facts = message('models.side.facts', {
    small: small.label, large: large.label, where: where(condition), response: responseTitle(response), smallValue: valueOf(cells[0]), largeValue: valueOf(cells[1]),
    shift: shiftOf(latency, cells[0].unit), p: p === null ? '' : message('models.choose.p', { p }),
  })
  return [facts, ...side.quality.map((q) => qualitySentence(q, { base: small.label, other: large.label })), conclusion(side)]
}

function conclusion({ answer, small: { label: small }, large: { label: large }, gpus }: SideBySide): Message {
  switch (answer) {
    case 'both':
      return message('models.side.both', { small, large, gpus: gpus[0] + gpus[1] === 0 ? message('models.side.noGpus') : message('models.side.gpus', { small: gpus[0], large: gpus[1] }) })
    case 'large':
    case 'small':
      return message(`models.side.${answer}`, { small, large })
    case 'open':
      return message('models.side.open', { small })
    case 'mixed':
      return message('models.side.mixed')
  }
}

/** Of so many good answers one is later than that percentile. */
const SHARE = { p99: '1 %', p99p9: '0.1 %' } as const

function loadSentence({ group, place, by, isHighest, timeout }: LoadAdvice, study: Study): Message {
  const { rate } = place.condition.offered
  const value = loadOf(place.condition) ?? 0
  const common = {
    model: group.label, load: rate === undefined ? message('models.load.concurrency', { value }) : message('models.load.rate', { value }),
    highest: isHighest ? message('models.load.highest') : '',
    timeout: timeout === null ? message('models.load.noTimeout') : message('models.load.timeout', {
      seconds: Number((timeout.ms / 1000).toPrecision(3)), response: responseTitle(timeout.cell), value: valueOf(timeout.cell), share: SHARE[timeout.percentile],
    }),
  }
  return by === 'bounds' ? message('models.load.bounds', { ...common, requirements: boundsText(study) }) : message('models.load.power', common)
}
