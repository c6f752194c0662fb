// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { analyze } from './analyze.ts'
import { ENGLISH } from './messages/languages.ts'
import { noteLines, whose } from './note-lines.ts'
import { sampleExperiment } from './testdata/experiment.ts'
import { toHtml } from './to-html.ts'
import { toMarkdown } from './to-markdown.ts'

const input = await sampleExperiment({ batches: [8], rates: [8], stacks: 3, requests: 20 })
const withNotes = (...notes: readonly (readonly string[])[]) => analyze({ ...input, trials: input.trials.map((t, i) => ({ ...t, notes: [...(notes[i] ?? [])] })) })
const [a, b, c] = input.trials.map((t) => t.trial.name)

describe('notes of trials', () => {
  it('are one line where only their numbers differ', () => {
    const results = withNotes(['p90 is 12.5 by the tool and 1e-7 by its records: why', 'only here'], ['p90 is 13 by the tool and 9.1 by its records: why'], ['p90 is 12.5 by the tool: another cause'])
    expect(noteLines(results)).toEqual([
      { text: 'p90 is 12.5 by the tool and 1e-7 by its records: why', trials: [a, b] }, { text: 'only here', trials: [a] }, { text: 'p90 is 12.5 by the tool: another cause', trials: [c] },
    ])
  })

  it('stand in reports, as text, and make no section where there are none', () => {
    const results = withNotes(['<b>x</b> is *y*'], ['<b>x</b> is *y*'])
    expect(toMarkdown(results)).toContain(`## Notes\n\n- \\<b\\>x\\</b\\> is \\*y\\* — ${a} and 1 more\n`)
    expect(toHtml(results)).toMatch(/<section id="notes">\n<h2>Notes<\/h2>\n<ul class="notes"><li>&lt;b&gt;x&lt;\/b&gt; is \*y\* — <span class="muted">/)
    expect([toMarkdown(withNotes()), toHtml(withNotes())].join('')).not.toContain('Notes')
  })

  it('say how many are left out', () => {
    const many = withNotes(Array.from({ length: 60 }, (_, i) => `note ${String.fromCodePoint(97 + (i % 26)).repeat(1 + Math.floor(i / 26))}`))
    expect(toMarkdown(many)).toContain('- and 30 more')
    expect(toHtml(many)).toContain('and 30 more')
  })
})

it.each([[[], ''], [['x'], 'x'], [['x', 'y', 'z'], 'x and 2 more']])('%j is "%s"', (trials, text) => expect(ENGLISH.textOf(whose(trials))).toBe(text))
