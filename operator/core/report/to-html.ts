// SPDX-License-Identifier: Apache-2.0
/**
 * The results as one HTML file that needs nothing else: it opens offline, reads without a script, in light and dark and on paper, and
 * is the same byte for byte when the same results are rendered again.
 */
import { capacityTable } from './capacity-table.ts'
import { cdfFigures } from './figure-cdf.ts'
import { forestFigures, MOST_LINES } from './figure-forest.ts'
import { loadFigures } from './figure-load.ts'
import { serverFigures } from './figure-server.ts'
import { startupFigure } from './figure-startup.ts'
import { symbolIndex, type Figure } from './figure-style.ts'
import { tradeoffFigures } from './figure-tradeoff.ts'
import { SYMBOL_SIGNS } from './figures.ts'
import { html, raw, type Html } from './html.ts'
import { adviceHtml, agreementHtml, effectsHtml } from './html-findings.ts'
import { SCRIPT } from './html-script.ts'
import { STYLE } from './html-style.ts'
import { gateTable, noteList, objectionTable, resultTableHtml, textTableHtml, trialTable } from './html-tables.ts'
import { modelsSection } from './models/models-html.ts'
import { noteLines } from './note-lines.ts'
import { operatingPoints } from './operating-points.ts'
import { headline, tallyVerdicts } from './outcome.ts'
import { provenance, reproduction } from './provenance.ts'
import { resultTable, startupTable } from './result-table.ts'
import type { ExperimentResults } from './results.ts'
import { SCORE_NOTE, scoreTable } from './score-table.ts'

interface Section { readonly id: string; readonly title: string; readonly body: Html }

/** Every page fetches nothing: scripts and styles are only those within it. */
const POLICY = 'default-src \'none\'; style-src \'unsafe-inline\'; script-src \'unsafe-inline\'; img-src data:'

export function toHtml(results: ExperimentResults): string {
  const sections = [
    objections(results),
    gate(results),
    advice(results),
    capacity(results),
    table(results),
    quality(results),
    modelsSection(results, (figure) => drawn(figure, true)),
    agreement(results),
    tradeoff(results),
    effects(results),
    byLoad(results),
    distributions(results),
    server(results),
    startup(results),
    { id: 'trials', title: 'Trials', body: trialTable(results) },
    notes(results),
    origin(results),
  ].filter((s) => s !== null)
  const { level, text } = headline(results)
  const run = results.run === undefined ? '' : `run ${results.run}`
  const subtitle = [results.namespace, run, results.phase].filter(Boolean).join(' · ')
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${raw(POLICY)}">
<title>${results.name}: results</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<header>
<h1>${results.name}</h1>
<p class="muted">${subtitle}</p>
<div class="banner ${level}" role="status">${text}</div>
<nav aria-label="Sections">${sections.map((s) => html`<a href="#${s.id}">${s.title}</a>`)}</nav>
</header>
<main>
${sections.map((s) => html`<section id="${s.id}">
<h2>${s.title}</h2>
${s.body}
</section>
`)}</main>
<script>${raw(SCRIPT)}</script>
</body>
</html>
`.markup
}

function objections(results: ExperimentResults): Section | null {
  const lines = tallyVerdicts(results)
  return lines.length === 0 ? null : { id: 'doubts', title: 'Failures and doubts', body: objectionTable(lines) }
}

function gate({ gate: outcome }: ExperimentResults): Section | null {
  return outcome === undefined ? null : { id: 'gate', title: 'Gate', body: gateTable(outcome) }
}

function capacity(results: ExperimentResults): Section | null {
  const found = capacityTable(results)
  return found.rows.length === 0 ? null : { id: 'capacity', title: 'Capacity', body: textTableHtml(found, found.note, found.doubts) }
}

function advice(results: ExperimentResults): Section | null {
  const body = adviceHtml(results)
  return body === null ? null : { id: 'advice', title: 'What to take from it', body }
}

function agreement(results: ExperimentResults): Section | null {
  const body = agreementHtml(results)
  return body === null ? null : { id: 'agreement', title: 'Do the tools agree?', body }
}

function effects(results: ExperimentResults): Section | null {
  const body = effectsHtml(results, {
    figure: (f) => drawn(f, true),
    legend: (labels) =>
      html`<ul class="legend">
        ${labels.map((label, i) => legendItem(label, SYMBOL_SIGNS[symbolIndex(i)] as string, i))}
      </ul>`,
  })
  return body === null ? null : { id: 'effects', title: 'Effects', body }
}

function table(results: ExperimentResults): Section | null {
  const rows = resultTable(results)
  const notes = (results.designNotes ?? []).map((note) => html`<p class="notes">${note}</p>`)
  return rows.rows.length === 0 ? null : { id: 'results', title: 'Results', body: html`${resultTableHtml(rows)}${notes}` }
}

function notes(results: ExperimentResults): Section | null {
  const lines = noteLines(results)
  return lines.length === 0 ? null : { id: 'notes', title: 'Notes', body: noteList(lines) }
}

function quality(results: ExperimentResults): Section | null {
  const scores = scoreTable(results)
  return scores.rows.length === 0 ? null : { id: 'quality', title: 'Quality', body: textTableHtml(scores, SCORE_NOTE) }
}

function tradeoff(results: ExperimentResults): Section | null {
  const [first, ...others] = tradeoffFigures(results)
  return first === undefined ? null : { id: 'tradeoff', title: first.title, body: html`${legend(results)}${drawn(first, false)}${others.map((figure) => drawn(figure, true))}` }
}

function byLoad(results: ExperimentResults): Section | null {
  const { axis, configurations } = operatingPoints(results)
  if (configurations.length > MOST_LINES) return byConfiguration(results)
  const note = 'Lines: means with 95 % intervals. Faint dots: single trials.'
  const title = `Against ${axis.label.replace(/ \(.*/, '')}`
  return figureSection({ id: 'load', title, note }, loadFigures(results), results)
}

function byConfiguration(results: ExperimentResults): Section | null {
  const { figures, loads, left } = forestFigures(results)
  if (figures.length === 0) return null
  const items = loads.map((load, i) => legendItem(load, SYMBOL_SIGNS[symbolIndex(i)] as string, i))
  const more = left > 0 ? ` ${left} more are in the files beside this report.` : ''
  return {
    id: 'load', title: 'By configuration',
    body: html`<p class="muted lead">Means with 95 % intervals; colours are loads.${more}</p><ul class="legend">${items}</ul>
<div class="figures">${figures.map((f) => drawn(f, true))}</div>`,
  }
}

function distributions(results: ExperimentResults): Section | null {
  const note = 'The share of values at or below each latency, averaged over trials; percentiles from too small a sample are left off.'
  return figureSection({ id: 'distributions', title: 'Distributions', note }, cdfFigures(results), results)
}

function server(results: ExperimentResults): Section | null {
  const note = 'One trial of each configuration (of eight at most) at its highest load: medians of the latencies of requests sent about that time, and the metrics of the serving pods.'
  return figureSection({ id: 'server', title: 'Over time', note }, serverFigures(results), results)
}

function startup(results: ExperimentResults): Section | null {
  const rows = startupTable(results)
  const figure = startupFigure(results)
  if (rows.rows.length === 0 && figure === null) return null
  const phases = (figure?.phases ?? []).map((phase, i) => legendItem(phase, '■', i))
  return {
    id: 'startup', title: 'Start-up',
    body: html`${rows.rows.length === 0 ? '' : resultTableHtml(rows)}
${figure === null ? '' : html`<ul class="legend">${phases}</ul>${drawn(figure, true)}`}`,
  }
}

function origin(results: ExperimentResults): Section {
  const lines = provenance(results.trials).map(({ what, values }) => html`<dt>${what}</dt>${values.map((v) => html`<dd>${v}</dd>`)}`)
  return {
    id: 'provenance', title: 'Provenance',
    body: html`<dl>${lines}</dl>
<h3>Make it again</h3>
<pre><code>${reproduction(results).join('\n')}</code></pre>`,
  }
}

interface Words { readonly id: string; readonly title: string; readonly note: string }

function figureSection({ id, title, note }: Words, figures: readonly Figure[], results: ExperimentResults): Section | null {
  if (figures.length === 0) return null
  return {
    id, title, body: html`<p class="muted lead">${note}</p>${legend(results)}
<div class="figures">${figures.map((f) => drawn(f, true))}</div>`,
  }
}

function drawn({ title, note, svg, wide }: Figure, titled: boolean): Html {
  return html`<figure class="${wide ? 'wide' : 'small'}">
${titled ? html`<h3>${title}</h3>` : ''}
${raw(svg)}
${note === undefined ? '' : html`<figcaption>${note}</figcaption>`}
</figure>
`
}

/** Names that a legend can hold; points tell theirs when they are pointed at. */
const MOST_IN_LEGEND = 24

/** One configuration needs no legend. */
function legend(results: ExperimentResults): Html {
  const { configurations } = operatingPoints(results)
  if (configurations.length < 2) return html``
  const items = configurations.slice(0, MOST_IN_LEGEND).map((c, i) => legendItem(c, SYMBOL_SIGNS[symbolIndex(i)] as string, i))
  const more = configurations.length - items.length
  return html`<ul class="legend">${items}${more > 0 ? html`<li>and ${more} more</li>` : ''}</ul>`
}

function legendItem(label: string, sign: string, series: number): Html {
  return html`<li><span class="sign" style="color:var(--s${series % 8})" aria-hidden="true">${sign}</span>${label}</li>`
}
