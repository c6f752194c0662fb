// SPDX-License-Identifier: Apache-2.0
/** Turns engine parameters into factors on the declared model, by the declared laws. Arithmetic only. */
import type { Effect, SimulatorConfig } from './config.ts'

type Parameters = SimulatorConfig['parameters']
type Target = Effect['on'][number]

/** The configuration with all effects multiplied in; a law whose parameter is absent or not applicable counts as 1. */
export function applyEffects(config: SimulatorConfig): SimulatorConfig {
  const factor = (target: Target) => config.effects
    .filter((effect) => effect.on.includes(target) && holds(effect.where, config.parameters))
    .reduce((product, effect) => product * factorOf(effect, config.parameters), 1)
  return {
    ...config,
    prefill: {
      ...config.prefill,
      baseMs: config.prefill.baseMs * factor('prefill.baseMs'),
      perTokenMs: config.prefill.perTokenMs * factor('prefill.perTokenMs'),
    },
    decode: {
      ...config.decode,
      baseMs: config.decode.baseMs * factor('decode.baseMs'),
      perSequenceMs: config.decode.perSequenceMs * factor('decode.perSequenceMs'),
    },
    cache: { ...config.cache, blocks: wholeBlocks(config, factor('cache.blocks')) },
  }
}

function factorOf(effect: Effect, parameters: Parameters): number {
  const value = parameters[effect.parameter]
  if (value === undefined) return 1
  if (effect.factors) return effect.factors[String(value)] ?? 1
  const number = Number(value)
  if (!Number.isFinite(number)) return 1
  const factor = effect.power === undefined
    ? 1 + (effect.slope ?? 0) * (number - effect.reference)
    : (number / effect.reference) ** effect.power
  if (!(factor > 0) || !Number.isFinite(factor)) {
    throw new RangeError(`effects: ${effect.parameter}=${String(value)} gives the factor ${factor} on ${effect.on.join(', ')}; expected a positive number`)
  }
  return factor
}

function holds(where: Effect['where'], parameters: Parameters): boolean {
  return Object.entries(where).every(([name, value]) => String(parameters[name]) === String(value))
}

/** Effects may shrink the cache, but one sequence of full length always fits, or nothing could ever run. */
function wholeBlocks(config: SimulatorConfig, factor: number): number {
  const least = Math.ceil(config.model.maxLength / config.cache.blockTokens)
  return Math.max(least, Math.round(config.cache.blocks * factor))
}
