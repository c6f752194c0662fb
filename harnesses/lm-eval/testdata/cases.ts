// SPDX-License-Identifier: Apache-2.0
/** Results in the form in which the source of lm-eval 0.4.13 writes them; the scores are made up. */
import type { Conformance } from '../../testing/conformance-case.ts'

const old = JSON.stringify({ results: { arc_easy: { acc: 0.5, acc_stderr: 0.05 } }, versions: { arc_easy: 0 }, lm_eval_version: '0.3.0' })

export const conformance: Conformance = {
  adapter: 'lm-eval',
  absent: { 'partial failure': 'it retries, or ends without results', 'wrong model': 'it ends as without a server' },
  cases: [
    {
      kind: 'success', name: 'three tasks', files: 'three-tasks', stages: {}, secrets: ['sk-lmeval-0123456789abcdef'],
      scores: [
        { task: 'arc_easy', metric: 'acc', value: 0.27, stderr: 0.0446196043338474, n: 100, better: 'higher' }, { task: 'arc_easy', metric: 'acc_norm', value: 0.31 },
        { task: 'gsm8k', metric: 'exact_match (strict-match)', value: 0.02, n: 50 }, { task: 'gsm8k', metric: 'exact_match (flexible-extract)', value: 0.04 },
        { task: 'wikitext', metric: 'word_perplexity', value: 1893.5, n: 10, better: 'lower' },
      ],
    },
    { kind: 'server down', name: 'no file', files: { 'log.txt': 'x' }, error: /there is no result of lm-eval: found log.txt, expected/ },
    { kind: 'unknown version', name: '0.3', files: { 'results.json': old }, stages: {}, scores: [{ task: 'arc_easy', metric: 'acc', value: 0.5, stderr: 0.05, better: 'none' }], notes: [/lm-eval 0.3.0 is not known/] },
    { kind: 'other', name: 'no score', files: { 'results.json': '{"results":{},"n-samples":{}}' }, reasons: ['NoSuccessfulRequest'], stages: {}, notes: [/without any score/] },
  ],
}
