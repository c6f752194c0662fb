// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reportPlan } from '../../core/plan/plan-report.ts'
import { planFiles } from './plan.ts'
import { planLines } from './plan-view.ts'

const EXPERIMENTS = join(import.meta.dirname, '..', '..', '..', 'experiments')

/** What a plan says of its design, and its treatments by their labels: hashes would change with the library. */
async function designText(file: string, options: { readonly wide: boolean; readonly markdown: boolean }): Promise<string> {
  const [planned] = await planFiles({ file: [join(EXPERIMENTS, file)], library: [], run: 1 })
  if (planned === undefined) throw new Error(`no plan in ${file}`)
  const report = reportPlan(planned.plan)
  const lines = planLines(report, options)
  const about = lines.slice(0, lines.findIndex((line) => /^(## )?Treatments /.test(line)))
  const treatments = report.treatments.map((t) => `  ${t.label}${t.repeats === undefined ? '' : ` ×${t.repeats.join('+')}`}`)
  return `${[...about, ...treatments].join('\n')}\n`
}

describe('what a plan says of its design', () => {
  it.each(['fractional-factorial', 'response-surface', 'space-filling', 'vllm-flags-screening-h100'])('%s', async (name) => {
    await expect(await designText(`${name}.yaml`, { wide: false, markdown: false })).toMatchFileSnapshot(`testdata/design-${name}.golden.txt`)
  })

  it('is a list in Markdown, and whole where all is asked for', async () => {
    const markdown = await designText('fractional-factorial.yaml', { wide: false, markdown: true })
    expect(markdown).toContain('\n- aliases (up to two-factor interactions):\n  - tp:batch = rate:input\n')
    const wide = await designText('vllm-flags-screening-h100.yaml', { wide: true, markdown: false })
    expect(wide).toMatch(/\n {4}batch [-+] 0\.333 budget:eager [-+] 0\.333 budget:cache /)
  })
})
