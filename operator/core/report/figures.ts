// SPDX-License-Identifier: Apache-2.0
/** Plot and a document without a browser → SVG that is the same byte for byte each time. It is the only file that knows the library. */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { compactSvg } from './compact-svg.ts'

export { areaY, dot, line, ruleX, ruleY, barX, tickX, axisY, gridX, gridY, cell, rect, text } from '@observablehq/plot'

/** Colours are variables of the page's style, so that one figure serves light, dark and print. */
export const SERIES_COLOURS = Array.from({ length: 8 }, (_, i) => `var(--s${i})`)
export const SYMBOLS = ['circle', 'square', 'triangle', 'diamond', 'plus', 'star', 'wye', 'asterisk'] as const
/** What a legend shows for each symbol. */
export const SYMBOL_SIGNS = ['●', '■', '▲', '◆', '✚', '★', '⅄', '✱'] as const

export interface FigureOptions extends Plot.PlotOptions {
  /** What a reader who does not see the figure is told. */
  readonly alt: string
}

const { document } = parseHTML('<html><body></body></html>')

export function drawFigure({ alt, ...options }: FigureOptions): string {
  // A fixed class name: by default Plot draws one at random.
  const svg = Plot.plot({ ...options, document, className: 'plot', ariaLabel: alt })
  svg.setAttribute('role', 'img')
  return tidy(svg.outerHTML)
}

/** The page has one style for all figures, and a tenth of a pixel is enough. */
function tidy(svg: string): string {
  return compactSvg(svg.replace(/<style>[^]*?<\/style>/, '').replaceAll(/<[a-z][^>]*>/gi, (tag) =>
    tag.replaceAll(/-?\d+\.\d{2,}(?:e-\d+)?/g, (n) => String(Math.round(Number(n) * 10) / 10 || 0))))
}
