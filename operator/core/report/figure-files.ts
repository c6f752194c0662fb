// SPDX-License-Identifier: Apache-2.0
/** Every figure of the report by itself: an SVG that needs no page, with its title, its colours and its legend. */
import { capacityFigure } from './figure-capacity.ts'
import { cdfFigures } from './figure-cdf.ts'
import { forestFigures, MOST_LINES } from './figure-forest.ts'
import { loadFigures } from './figure-load.ts'
import { serverFigures } from './figure-server.ts'
import { startupFigure } from './figure-startup.ts'
import { type Figure, symbolIndex } from './figure-style.ts'
import { tradeoffFigures } from './figure-tradeoff.ts'
import { SYMBOL_SIGNS } from './figures.ts'
import { effectFigures } from './effects/figure-effects.ts'
import stringWidth from 'string-width'
import { html, raw } from './html.ts'
import { LIGHT } from './html-style.ts'
import { message, type Part, type Texts } from './messages.ts'
import { ENGLISH } from './messages/languages.ts'
import { modelFiguresOf } from './models/figure-models.ts'
import { operatingPoints } from './operating-points.ts'
import type { ExperimentResults } from './results.ts'

export interface FigureFile { readonly name: string; readonly svg: string }
interface Entry { readonly section: string; readonly title: Part; readonly figure: Figure; readonly legend: readonly string[] }

/** Names are English in every language, so that scripts find them. */
export function figureFiles(results: ExperimentResults, texts: Texts = ENGLISH): FigureFile[] {
  const used = new Map<string, number>()
  return entriesOf(results, texts).map((entry) => {
    const base = slug(`${entry.section} ${ENGLISH.textOf(entry.title)}`)
    const count = (used.get(base) ?? 0) + 1
    used.set(base, count)
    return { name: count === 1 ? base : `${base}-${count}`, svg: standalone(entry, texts) }
  })
}

function entriesOf(results: ExperimentResults, texts: Texts): Entry[] {
  const { configurations } = operatingPoints(results)
  const legend = configurations.length > 1 ? configurations : []
  const of = (section: string, figures: readonly Figure[], own = legend) =>
    figures.map((figure) => ({ section, title: figure.title, figure, legend: own }))
  const forest = configurations.length > MOST_LINES ? forestFigures(results, texts) : null
  const startup = startupFigure(results, texts)
  const capacity = capacityFigure(results, texts)
  return [
    ...(capacity === null ? [] : of('capacity', [capacity], [...capacity.legend])),
    ...of('tradeoff', tradeoffFigures(results, texts)),
    ...effectFigures(results, texts).flatMap(({ title, figures }) =>
      figures.map((figure) => ({ section: 'effects', title: message('figure.ofResponse', { response: title, figure: figure.title }), figure, legend: figure.series ?? [] })),
    ),
    ...of('models', modelFiguresOf(results, texts), []),
    ...(forest === null ? of('load', loadFigures(results, texts)) : of('load', forest.figures, [...forest.loads])),
    ...of('distribution', cdfFigures(results, texts)),
    ...of('server', serverFigures(results, texts)),
    ...(startup === null ? [] : of('startup', [startup], [...startup.phases])),
  ]
}

function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '').slice(0, 80)
}

const MARGIN = 12
const TITLE = 24
const LINE = 18
/** An average glyph of the font at this size; legends only have to fit. */
const GLYPH = 7.4
const MOST_ITEMS = 24

function standalone({ title: titled, figure: { svg }, legend }: Entry, texts: Texts): string {
  const title = texts.textOf(titled)
  const [, width = 0, height = 0] = (/viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? []).map(Number)
  const items = placed(legend, width)
  const lines = items.length === 0 ? 0 : Math.max(...items.map((i) => i.line)) + 1
  const [w, h] = [width + 2 * MARGIN, height + TITLE + lines * LINE + 2 * MARGIN]
  const inner = svg.replace('<svg ', `<svg x="${MARGIN}" y="${MARGIN + TITLE}" `).replace('font-size="10"', 'font-size="12"')
  const drawn = html`<svg
    xmlns="http://www.w3.org/2000/svg"
    width="${w}"
    height="${h}"
    viewBox="0 0 ${w} ${h}"
    font-family="system-ui, sans-serif"
    font-size="12"
    color="${LIGHT.ink}"
    fill="${LIGHT.ink}"
  >
    <title>${title}</title>
    <rect width="100%" height="100%" fill="${LIGHT.paper}" />
    <text x="${MARGIN}" y="${MARGIN + 12}" font-size="14" font-weight="600">${title}</text>
    ${raw(inner)}
    ${items.map(({ label, x, line, sign, colour }) => html`<text x="${MARGIN + x}" y="${MARGIN + TITLE + height + (line + 0.7) * LINE}"><tspan fill="${colour}">${sign}</tspan> ${label}</text>`)}
  </svg> `.markup
  return drawn
    .replaceAll(/var\(--(\w+)\)/g, (whole, name: string) => (Object.hasOwn(LIGHT, name) ? LIGHT[name as keyof typeof LIGHT] : whole))
    .replaceAll('currentColor', LIGHT.ink)
}

interface Placed { readonly label: string; readonly x: number; readonly line: number; readonly sign: string; readonly colour: string }

function placed(legend: readonly string[], width: number): Placed[] {
  let [x, line] = [0, 0]
  return legend.slice(0, MOST_ITEMS).map((label, i) => {
    const length = 24 + GLYPH * stringWidth(label)
    if (x > 0 && x + length > width) [x, line] = [0, line + 1]
    const item = { label, x, line, sign: SYMBOL_SIGNS[symbolIndex(i)] as string, colour: `var(--s${i % 8})` }
    x += length
    return item
  })
}
