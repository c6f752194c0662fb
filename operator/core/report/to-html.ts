// SPDX-License-Identifier: Apache-2.0
/**
 * The results as one HTML file that needs nothing else: it opens offline, reads without a script, in light and dark and on paper, and
 * is the same byte for byte when the same results are rendered again.
 */
import { boardHtml } from '../leaderboard/board-html.ts'
import { capacityTable } from './capacity-table.ts'
import { capacityFigure } from './figure-capacity.ts'
import { figureHtml, legendItem } from './figure-html.ts'
import { cdfFigures } from './figure-cdf.ts'
import { forestFigures, MOST_LINES } from './figure-forest.ts'
import { loadFigures } from './figure-load.ts'
import { serverFigures } from './figure-server.ts'
import { startupFigure } from './figure-startup.ts'
import { symbolIndex, type Figure } from './figure-style.ts'
import { tradeoffFigures } from './figure-tradeoff.ts'
import { SYMBOL_SIGNS } from './figures.ts'
import { html, type Html } from './html.ts'
import { adviceHtml, agreementHtml, effectsHtml } from './html-findings.ts'
import { script } from './html-script.ts'
import { htmlPage } from './html-page.ts'
import { gateTable, noteList, objectionTable, resultTableHtml, textTableHtml, trialTable } from './html-tables.ts'
import { joined, message, type Texts } from './messages.ts'
import { ENGLISH } from './messages/languages.ts'
import { modelsSection } from './models/models-html.ts'
import { noteLines } from './note-lines.ts'
import { operatingPoints } from './operating-points.ts'
import { headline, phaseText, tallyVerdicts } from './outcome.ts'
import { provenance, reproduction } from './provenance.ts'
import { resultTable, startupTable } from './result-table.ts'
import type { ExperimentResults } from './results.ts'
import { scoreTable } from './score-table.ts'

interface Section { readonly id: string; readonly title: string; readonly body: Html }

export function toHtml(results: ExperimentResults, texts: Texts = ENGLISH): string {
  const { say, textOf } = texts
  const sections = sectionsOf(results, texts)
  const { level, text } = headline(results)
  const run = results.run === undefined ? '' : say('page.run', { run: results.run })
  const subtitle = [results.namespace, run, textOf(phaseText(results))].filter(Boolean).join(' · ')
  return htmlPage({
    title: say('page.title', { name: results.name }), script: script(say('page.sort')),
    header: html`<h1>${results.name}</h1>
<p class="muted">${subtitle}</p>
<div class="banner ${level}" role="status">${textOf(text)}</div>
<nav aria-label="${say('page.sections')}">${sections.map((s) => html`<a href="#${s.id}">${s.title}</a>`)}</nav>`,
    main: html`${sections.map((s) => html`<section id="${s.id}">
<h2>${s.title}</h2>
${s.body}
</section>
`)}`,
  }, texts)
}

function sectionsOf(results: ExperimentResults, texts: Texts): Section[] {
  return [
    objections(results, texts),
    gate(results, texts),
    advice(results, texts),
    capacity(results, texts),
    table(results, texts),
    board(results, texts),
    quality(results, texts),
    modelsSection(results, texts, (figure) => figureHtml(figure, texts)),
    agreement(results, texts),
    tradeoff(results, texts),
    effects(results, texts),
    byLoad(results, texts),
    distributions(results, texts),
    server(results, texts),
    startup(results, texts),
    { id: 'trials', title: texts.say('section.trials'), body: trialTable(results, texts) },
    notes(results, texts),
    origin(results, texts),
  ].filter((s) => s !== null)
}

function objections(results: ExperimentResults, texts: Texts): Section | null {
  const lines = tallyVerdicts(results)
  return lines.length === 0 ? null : { id: 'doubts', title: texts.say('section.doubts'), body: objectionTable(lines, texts) }
}

function gate({ gate: outcome }: ExperimentResults, texts: Texts): Section | null {
  return outcome === undefined ? null : { id: 'gate', title: texts.say('section.gate'), body: gateTable(outcome, texts) }
}

function capacity(results: ExperimentResults, texts: Texts): Section | null {
  const found = capacityTable(results)
  const figure = capacityFigure(results, texts)
  const shown = figure === null ? '' : html`<ul class="legend">${figure.legend.map((label, i) => legendItem(label, SYMBOL_SIGNS[symbolIndex(i)] as string, i))}</ul>${figureHtml(figure, texts)}`
  return found.rows.length === 0 ? null : { id: 'capacity', title: texts.say('section.capacity'), body: html`${textTableHtml(found, texts)}${shown}` }
}

function advice(results: ExperimentResults, texts: Texts): Section | null {
  const body = adviceHtml(results, texts)
  return body === null ? null : { id: 'advice', title: texts.say('section.advice'), body }
}

function agreement(results: ExperimentResults, texts: Texts): Section | null {
  const body = agreementHtml(results, texts)
  return body === null ? null : { id: 'agreement', title: texts.say('section.agreement'), body }
}

function effects(results: ExperimentResults, texts: Texts): Section | null {
  const body = effectsHtml(results, {
    figure: (f) => figureHtml(f, texts),
    legend: (labels) =>
      html`<ul class="legend">
        ${labels.map((label, i) => legendItem(label, SYMBOL_SIGNS[symbolIndex(i)] as string, i))}
      </ul>`,
  }, texts)
  return body === null ? null : { id: 'effects', title: texts.say('section.effects'), body }
}

function table(results: ExperimentResults, texts: Texts): Section | null {
  const rows = resultTable(results)
  const notes = (results.designNotes ?? []).map((note) => html`<p class="notes">${texts.textOf(note)}</p>`)
  return rows.rows.length === 0 ? null : { id: 'results', title: texts.say('section.results'), body: html`${resultTableHtml(rows, texts)}${notes}` }
}

function board({ leaderboard }: ExperimentResults, texts: Texts): Section | null {
  const legend = (label: string, symbol: number, series: number) => legendItem(label, SYMBOL_SIGNS[symbol] as string, series)
  return leaderboard === undefined ? null : { id: 'leaderboard', title: texts.say('section.leaderboard'), body: boardHtml(leaderboard, { figure: (f) => figureHtml(f, texts), legendItem: legend }, texts) }
}

function notes(results: ExperimentResults, texts: Texts): Section | null {
  const lines = noteLines(results)
  return lines.length === 0 ? null : { id: 'notes', title: texts.say('section.notes'), body: noteList(lines, texts) }
}

function quality(results: ExperimentResults, texts: Texts): Section | null {
  const scores = scoreTable(results)
  return scores.rows.length === 0 ? null : { id: 'quality', title: texts.say('section.quality'), body: textTableHtml({ ...scores, note: message('score.note') }, texts) }
}

function tradeoff(results: ExperimentResults, texts: Texts): Section | null {
  const [first, ...others] = tradeoffFigures(results, texts)
  return first === undefined ? null : { id: 'tradeoff', title: texts.textOf(first.title), body: html`${legend(results, texts)}${figureHtml(first, texts, false)}${others.map((figure) => figureHtml(figure, texts))}` }
}

function byLoad(results: ExperimentResults, texts: Texts): Section | null {
  const { axis, configurations } = operatingPoints(results)
  if (configurations.length > MOST_LINES) return byConfiguration(results, texts)
  const words = { id: 'load', title: texts.say(`section.load.${axis.kind}`), note: texts.say('lead.load') }
  return figureSection(words, loadFigures(results, texts), { results, texts })
}

function byConfiguration(results: ExperimentResults, texts: Texts): Section | null {
  const { figures, loads, left } = forestFigures(results, texts)
  if (figures.length === 0) return null
  const items = loads.map((load, i) => legendItem(load, SYMBOL_SIGNS[symbolIndex(i)] as string, i))
  const lead = joined([message('lead.configurations'), ...(left > 0 ? [message('lead.configurationsLeft', { count: left })] : [])], 'list.sentence')
  return {
    id: 'load', title: texts.say('section.configurations'),
    body: html`<p class="muted lead">${texts.textOf(lead)}</p><ul class="legend">${items}</ul>
<div class="figures">${figures.map((f) => figureHtml(f, texts))}</div>`,
  }
}

function distributions(results: ExperimentResults, texts: Texts): Section | null {
  const words = { id: 'distributions', title: texts.say('section.distributions'), note: texts.say('lead.distributions') }
  return figureSection(words, cdfFigures(results, texts), { results, texts })
}

function server(results: ExperimentResults, texts: Texts): Section | null {
  const words = { id: 'server', title: texts.say('section.server'), note: texts.say('lead.server') }
  return figureSection(words, serverFigures(results, texts), { results, texts })
}

function startup(results: ExperimentResults, texts: Texts): Section | null {
  const rows = startupTable(results)
  const figure = startupFigure(results, texts)
  if (rows.rows.length === 0 && figure === null) return null
  const phases = (figure?.phases ?? []).map((phase, i) => legendItem(phase, '■', i))
  return {
    id: 'startup', title: texts.say('section.startup'),
    body: html`${rows.rows.length === 0 ? '' : resultTableHtml(rows, texts)}
${figure === null ? '' : html`<ul class="legend">${phases}</ul>${figureHtml(figure, texts)}`}`,
  }
}

function origin(results: ExperimentResults, texts: Texts): Section {
  const lines = provenance(results.trials, texts).map(({ what, values }) => html`<dt>${what}</dt>${values.map((v) => html`<dd>${v}</dd>`)}`)
  return {
    id: 'provenance', title: texts.say('section.provenance'),
    body: html`<dl>${lines}</dl>
<h3>${texts.say('section.again')}</h3>
<pre><code>${reproduction(results, texts).join('\n')}</code></pre>`,
  }
}

interface Context { readonly results: ExperimentResults; readonly texts: Texts }
interface Words { readonly id: string; readonly title: string; readonly note: string }

function figureSection({ id, title, note }: Words, figures: readonly Figure[], { results, texts }: Context): Section | null {
  if (figures.length === 0) return null
  return {
    id, title, body: html`<p class="muted lead">${note}</p>${legend(results, texts)}
<div class="figures">${figures.map((f) => figureHtml(f, texts))}</div>`,
  }
}

/** Names that a legend can hold; points tell theirs when they are pointed at. */
const MOST_IN_LEGEND = 24

/** One configuration needs no legend. */
function legend(results: ExperimentResults, { say }: Texts): Html {
  const { configurations } = operatingPoints(results)
  if (configurations.length < 2) return html``
  const items = configurations.slice(0, MOST_IN_LEGEND).map((c, i) => legendItem(c, SYMBOL_SIGNS[symbolIndex(i)] as string, i))
  const more = configurations.length - items.length
  return html`<ul class="legend">${items}${more > 0 ? html`<li>${say('page.more', { count: more })}</li>` : ''}</ul>`
}
