// SPDX-License-Identifier: Apache-2.0
/** The same picture in fewer bytes: a page carries dozens of figures, and what draws them repeats itself. It knows marks, not what they mean. */

type Attributes = ReadonlyMap<string, string>

/** Of what Plot writes; anything else stays as it is. */
export function compactSvg(svg: string): string {
  return hoisted(merged(svg)
    // Children of an image are not read out.
    .replaceAll(/(<g\b[^>]*?) aria-(?:label|hidden)="[^"]*"/g, '$1').replaceAll(/(<g\b[^>]*?) aria-(?:label|hidden)="[^"]*"/g, '$1')
    .replaceAll(/<path ([^>]*?)d="M([\d.]+),0A\2,\2,0,1,1,-\2,0A\2,\2,0,1,1,\2,0"([^>]*?)(?: ?\/>|>([^]*?)<\/path>)/g, circle)
    .replaceAll(' />', '/>').replaceAll(/<g>([^<]*<\/g>)/g, '<g>$1'))
}

/** A round symbol that is drawn as a path. */
function circle(...[, before = '', r = '', after = '', inner]: readonly (string | undefined)[]): string {
  return inner === undefined ? `<circle ${before}r="${r}"${after}/>` : `<circle ${before}r="${r}"${after}>${inner}</circle>`
}

/** Groups of lines or of dots without a tooltip become one path for each look. */
function merged(svg: string): string {
  return svg
    .replaceAll(/<g([^>]*)>((?:<line [^>]*\/>)+)<\/g>/g, (_, group: string, lines: string) => `<g${group}>${pathsOf(lines, lineOf)}</g>`)
    .replaceAll(/<g([^>]*)>((?:<circle fill="[^>]*\/>)+)<\/g>/g, (all, group: string, circles: string) =>
      `${group}${circles}`.includes('stroke=')
        ? all
        : `<g${group.replace('fill-opacity', 'stroke-opacity')}>${pathsOf(circles, dotOf)}</g>`,
    )
}

interface Stroke { readonly look: string; readonly d: string }

function pathsOf(elements: string, strokeOf: (attributes: Attributes) => Stroke): string {
  const strokes = [...elements.matchAll(/<\w+ ([^>]*)\/>/g)].map(([, text = '']) => strokeOf(attributesOf(text)))
  return [...Map.groupBy(strokes, (s) => s.look)].map(([look, own]) => `<path${look} d="${own.map((s) => s.d).join('')}"/>`).join('')
}

function attributesOf(text: string): Attributes {
  return new Map([...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]))
}

function lookOf(attributes: Attributes, without: readonly string[]): string {
  return [...attributes].filter(([name]) => !without.includes(name)).map(([name, value]) => ` ${name}="${value}"`).join('')
}

function lineOf(attributes: Attributes): Stroke {
  const [x1, y1, x2, y2] = ['x1', 'y1', 'x2', 'y2'].map((name) => attributes.get(name) ?? '0')
  const to = x1 === x2 ? `V${y2}` : y1 === y2 ? `H${x2}` : `L${x2},${y2}`
  return { look: lookOf(attributes, ['x1', 'y1', 'x2', 'y2']), d: `M${x1},${y1}${to}` }
}

/** A dot is a line of no length with round ends. */
function dotOf(attributes: Attributes): Stroke {
  const [x, y, r, fill] = ['cx', 'cy', 'r', 'fill'].map((name) => attributes.get(name) ?? '0')
  const rest = lookOf(attributes, ['cx', 'cy', 'r', 'fill'])
  return { look: `${rest} fill="none" stroke="${fill}" stroke-width="${2 * Number(r)}" stroke-linecap="round"`, d: `M${x},${y}h.01` }
}

/** What all children of a group say alike, the group says once. */
function hoisted(svg: string): string {
  return svg.replaceAll(/<g((?: [\w-]+="[^"]*")*)>((?:<(?:path|circle|text)\b[^]*?)?)<\/g>/g, (all, group: string, inner: string) => {
    if (inner.includes('<g')) return all
    const children = [...inner.matchAll(/<(?:path|circle|text)\b([^>]*)>/g)].map(([, text = '']) => attributesOf(text))
    const [first] = children
    if (first === undefined || children.length < 2) return all
    const shared = [...first].filter(
      ([name, value]) => INHERITED.has(name) && children.every((c) => c.get(name) === value) && !attributesOf(group).has(name),
    )
    if (shared.length === 0) return all
    const without = inner.replaceAll(/(<(?:path|circle|text)\b)([^>]*)>/g, (_tag, head: string, text: string) =>
      `${head}${shared.reduce((left, [name, value]) => left.replace(` ${name}="${value}"`, ''), text)}>`)
    return `<g${group}${shared.map(([name, value]) => ` ${name}="${value}"`).join('')}>${without}</g>`
  })
}

/** Attributes that children take from their group. */
const INHERITED: ReadonlySet<string> = new Set(['fill', 'stroke', 'stroke-width', 'stroke-opacity', 'fill-opacity', 'stroke-linecap'])
