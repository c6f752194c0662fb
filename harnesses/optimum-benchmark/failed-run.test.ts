// SPDX-License-Identifier: Apache-2.0
/** What is left of a traceback in a verdict: what was raised, and where. */
import { describe, expect, it } from 'vitest'
import { failedRun } from './failed-run.ts'

const chained = `Traceback (most recent call last):
  File "/opt/venv/lib/python3.13/site-packages/hydra/utils.py", line 10, in get_class
    return x
KeyError: 'a'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/assay/config/run.py", line 102, in measure
    report = Benchmark.launch(whole)
             ~~~~~~~~~~~~~~~~^^^^^^^
  File "/opt/venv/lib/python3.13/site-packages/optimum_benchmark/backends/pytorch/backend.py", line 7, in load
    raise RuntimeError('no\\n  such model')
RuntimeError: no
  such model
`

describe('failedRun', () => {
  it.each([
    ['the last of a chain, its lines, the innermost places first', chained, 'load_model', 'RuntimeError: no such model; in load (optimum_benchmark/backends/pytorch/backend.py:7) ← measure (/assay/config/run.py:102) ← get_class (hydra/utils.py:10)'],
    ['a phase that the tool was in', '  File "a.py", line 1, in warmup_text_generation\n    x\nValueError: y\n', 'first_generate', 'ValueError: y; in warmup_text_generation (a.py:1)'],
    ['the latency of generations', '  File "a.py", line 1, in run_per_token_text_generation_latency_tracking\nValueError: y', 'generate', 'ValueError: y; in run_per_token_text_generation_latency_tracking (a.py:1)'],
    ['no frame', 'RuntimeError: the process that measured ended with SIGKILL and wrote nothing\n', 'load_model', 'RuntimeError: the process that measured ended with SIGKILL and wrote nothing'],
    ['nothing', '', 'load_model', ''],
  ])('%s', (_, traceback, stage, message) => {
    const { window, record } = failedRun(traceback)
    expect([window.name, window.counted, record.stage, record.error]).toEqual([stage, { total: 1, ok: 0, failed: 1, cancelled: 0 }, stage, { class: 'client', message }])
  })

  it('keeps the end of a long one in its note, and a message short', () => {
    const { note, record } = failedRun(`${'  File "a.py", line 1, in f\n'.repeat(500)}ValueError: ${'y'.repeat(900)}`)
    expect(note).toMatch(/^load_model failed: … .*y$/s)
    expect([note.length < 2100, record.error?.message.length]).toEqual([true, 512])
  })
})
