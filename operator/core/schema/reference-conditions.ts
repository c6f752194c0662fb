// SPDX-License-Identifier: Apache-2.0
/** The reference page of conditions and reasons. Its texts are typed by the vocabularies, so that a word without a text does not compile. */
import type { ConditionType } from '../model/conditions.ts'
import type { VerdictReason } from '../model/findings.ts'
import type { ProblemReason } from '../model/problem.ts'
import type { ATTEMPT_OUTCOMES } from '../model/trial.ts'
import { type HealthCase, HEALTH_CASES } from './health-cases.ts'
import { code, table } from './reference-table.ts'
import { page } from './reference.ts'

/** Reasons that other rooms name: of Helm, and of the probe of an endpoint. */
export interface OtherReasons {
  readonly helm: Readonly<Record<string, string>>
  readonly probe: Readonly<Record<string, string>>
}

const CONDITION_TEXTS = {
  Ready: 'Always there. True: it is well (an Experiment that succeeded, a Stack that serves, a Trial that was measured). Unknown: it is under way. False: it failed.',
  Reconciling: 'Present while something is under way.',
  Stalled: 'Present when nothing more will happen without somebody\'s doing.',
  Complete: 'Experiment, Trial: it was measured to its end. An Experiment whose gate failed is complete too.',
  Failed: 'It ended without what it was made for.',
  Suspended: 'Experiment: `spec.suspend` holds it; a running trial ends, stacks come down after `execution.idleTimeout`, deadlines pause.',
  Planned: 'Experiment: True when the plan is made and on record; False when the input was refused.',
  PreflightPassed: 'Experiment: whether the checks before anything is stood up found nothing that certainly fails; its message has the doubts. Not there with `preflight.mode: Off`.',
  StoodUp: 'Experiment, Stack: a stack has served.',
  Measured: 'Experiment: every trial has ended.',
  ResultsStored: 'Experiment, Trial: results lie in the ConfigMap and on the results server. Nothing is torn down before.',
  TornDown: 'Experiment: True when all stacks are gone, verified by inventory; False while some are held by `teardown.policy`.',
  GatePassed: 'Experiment: the verdict of the gate; Unknown when there was too little data.',
} as const satisfies Readonly<Record<ConditionType, string>>

const OUTCOME_TEXTS = {
  Delivered: 'Results are stored.', Evicted: 'The pod was evicted or preempted.', NodeLost: 'The node went away.', HarnessFailed: 'The tool ended with an error; its log is kept.',
  OutOfMemory: 'A container was killed for its memory.', TimedOut: 'It took longer than `trialTimeout`.', StackLost: 'The stack failed or went away under it.', NotDelivered: 'The pod ended without a delivery.',
  ImagePull: 'An image could not be pulled.', Invalid: 'It was measured and delivered, and the numbers cannot be trusted.',
} as const satisfies Readonly<Record<(typeof ATTEMPT_OUTCOMES)[number], string>>

const VERDICT_TEXTS = {
  NoSuccessfulRequest: 'No request succeeded.', ErrorRateHigh: 'More requests failed than is tolerated.', ClientSaturated: 'The load generator was the bottleneck.',
  OfferedRateNotReached: 'Fewer requests were sent than the schedule wanted.', ArrivalsOff: 'The arrival process was not the one that was asked for.', OutputLengthsOff: 'Answers were shorter or longer than asked for.',
  ServerRestarted: 'A serving container restarted during the trial.', StackDrifted: 'Images or arguments of the stack changed under way.', CachesCarriedOver: 'Prompts were found in the cache that should not have been there.',
  CacheResetFailed: 'A pod\'s caches could not be emptied.', Throttled: 'The load generator\'s CPU was throttled, or heat or a power brake held a GPU\'s clocks down.', GpuErrors: 'A GPU had ECC or XID errors while it was measured.',
  SharedGpu: 'One GPU is given to several pods by time-slicing or MPS.', TtftDisagrees: 'First tokens reached the client much later than the server sent them, or sooner.',
  ScrapeIncomplete: 'Metrics of the server have gaps.', RecordsTruncated: 'Not all records could be read.',
  HarnessFailed: 'The tool ended with an error after it had measured.', HarnessTimedOut: 'The tool was stopped at `trialTimeout`.', StoppedEarly: '`load.stop` ended the run.',
  ClaimsDisagree: 'What the tool says of itself differs from what its records say.', FewRequests: 'Too few requests for the percentiles that are asked for.',
} as const satisfies Readonly<Record<VerdictReason, string>>

const PROBLEM_TEXTS = {
  UnknownField: 'A field does not exist.', WrongType: 'A value has the wrong type.', InvalidValue: 'A value is not allowed.', UnknownPath: 'A factor\'s path leads nowhere; the nearest valid one is named.', BadPath: 'A path cannot be read.',
  MissingReference: 'A Scenario, WorkloadProfile or Harness does not exist.', NotExpressible: 'The harness cannot produce this load or send this data.', NotInCluster: 'Something works on the command line only, such as `chart.path`.',
  NameTooLong: 'A name that is built from this one would be too long.', InvalidName: 'A name has characters that Kubernetes refuses.', DuplicateName: 'Two things have the same name.', OverlappingPaths: 'Two factors set the same place.',
  TooManyTrials: 'The design has more trials than are allowed.', BadConstraint: 'A constraint cannot be evaluated.', BadConstant: 'A constant is neither used nor a path.', BadFactor: 'A factor cannot be used as it is.',
  BadFraction: 'There is no such fraction, or no design of so many factors or runs.', BadGenerator: 'A generator is no product of factors, or makes two factors the same.', BadEffect: 'Something is named as an effect and is none.',
  BadBlocks: 'The design cannot be split into these blocks.', AliasedEffects: 'The design confuses effects that must be estimable.',
  BadBudget: 'A budget of money lacks a price, or is in another currency.', BudgetTooSmall: 'Not even one complete replicate fits into the budget.',
  PreflightFailed: 'Something certainly cannot work as the cluster, the model or the load are (`preflight.mode: Enforce`); it is looked at again every minute.',
  EmptyDesign: 'Constraints leave nothing to measure.', BadSearch: 'A search or a halving cannot be carried out as it is written.', BadReplicates: 'Replication until an interval is narrow is not sound as it is written.', BadTemplate: 'A template cannot be rendered.', BadFile: 'A file cannot be read.', ChangeRefused: 'The change is not possible once the Experiment has started.',
} as const satisfies Readonly<Record<ProblemReason, string>>

const truth = ({ state, conditions, kstatus, argo }: HealthCase) => [state, Object.entries(conditions).map(([type, status]) => `${code(type)} ${status}`).join(', '), kstatus, argo]
const reasons = (texts: Readonly<Record<string, string>>) => table(['reason', 'meaning'], Object.entries(texts).map(([reason, text]) => [code(reason), text]))

export function conditionsPage(other: OtherReasons): string {
  return page('Conditions and reasons', [
    'Conditions follow kstatus, so that `kubectl wait`, Flux and Argo CD read them. A condition that is not listed on an object does not hold.\n',
    table(['condition', 'meaning'], Object.entries(CONDITION_TEXTS).map(([type, text]) => [code(type), text])),
    '## An Experiment, as others see it\n', table(['state', 'conditions', 'kstatus', 'Argo CD'], Object.values(HEALTH_CASES).map(truth)),
    'Wait for either end: `kubectl wait` with one condition hangs on the other.\n', '```sh\nassay watch quickstart      # ends with an exit code\nkubectl wait experiments.assay.dev/quickstart --for=condition=Complete --timeout=1h\n```\n',
    '## Why an Experiment is refused\n', 'Reasons of `Planned` False, before anything is stood up.\n', reasons(PROBLEM_TEXTS),
    '## How an attempt of a Trial ended\n', '`status.attempts[].outcome`.\n', reasons(OUTCOME_TEXTS),
    '## Why numbers are suspect or invalid\n', '`status.reasons` of a Trial, `verdict.reasons` of its findings.\n', reasons(VERDICT_TEXTS),
    '## Why a Stack does not come up\n', 'From Helm:\n', reasons(other.helm), 'From the probe of the endpoint:\n', reasons(other.probe),
  ])
}
