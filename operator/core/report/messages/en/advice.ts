// SPDX-License-Identifier: Apache-2.0
/** What recommendations say, in English. It knows no numbers: they come formatted, with their units. */

export const ADVICE = {
  'requirement.atMost': '{response} ≤ {bound}',
  'requirement.atLeast': '{response} ≥ {bound}',
  'requirement.inStage': '{requirement} in stage {stage}',
  'advice.best': 'For {requirements}, {point} gives {objective}: {value}, at {latencies}.',
  'advice.bestWithoutBound':
    '{point} gives {objective}: {value}. No bound on latency was asked for: set spec.slo or a gate, and points beyond it are left out.',
  'advice.byEstimateOnly': 'No point meets the bounds with its whole interval; this one does by its estimate.',
  'advice.ahead': 'It {gain} the next best configuration, {other} ({value}; {p} after Holm).',
  'advice.notAhead': 'It is not told apart from {other} ({value}; {difference}, {p} after Holm): replicate, or choose by something else.',
  'advice.unknownAhead': 'Whether it is better than {other} ({value}) is not known: {reason}.',
  'advice.range': '{configuration} {gain} {other} {loads}.',
  'advice.atLeast': 'at least {difference}',
  'advice.none': 'Nothing that was measured meets {requirements}: closest is {point}, with {latencies}.',
  'advice.weak':
    'Nothing is recommended for {requirements}: too few requests were measured for {statistic} ({need} are needed in each trial).',
  'advice.unmeasured': 'Nothing is recommended for {requirements}: {responses} was not measured.',
  'advice.weakLeftOut': '{count} of {total} operating points were left out, since too few requests were measured for their percentiles.',
  'advice.suspect': 'Take care: {count} suspect among the {total} trials behind these numbers.',
  'advice.claimed': 'Some of these numbers are what tools claim, by their own definitions: no records show them.',
  'advice.noReplicates':
    'No stack was stood up twice, so that no difference between configurations is certain: set design.replicates.stacks to 2 or more.',
  'advice.rankingNote':
    'The best operating point of each configuration within the bounds: means over stand-ups ± half of the 95 % interval; verdicts after Holm.',
  'advice.knee': 'The front of latency against output bends at {point}: {x} at {y}; beyond it latency grows faster than what it buys.',
  'objective.cost': 'the cheapest output',
  'objective.perGpu': 'the most tokens per GPU',
  'objective.throughput': 'the most tokens',
  'gain.cost': 'is {difference} cheaper than',
  'gain.perGpu': 'gives {difference} more tokens per GPU than',
  'gain.throughput': 'gives {difference} more tokens than',
  'loads.upTo': 'up to {load}',
  'loads.from': 'from {load} on',
  'loads.at': 'at {load}',
  'loads.between': 'from {from} to {to}',
  'load.rate': '{value} req/s',
  'load.concurrency': '{value} users',
  'load.label': '{value}',
  'point.configurationAtLoad': '{configuration} with {load}',
  'point.atLoad': 'a load of {load}',
} as const
