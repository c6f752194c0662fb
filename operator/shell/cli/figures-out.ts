// SPDX-License-Identifier: Apache-2.0
/** Figures of a report as files of their own: SVG, or PNG drawn from it with a font of this machine. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Texts } from '../../core/report/messages.ts'
import { ENGLISH } from '../../core/report/messages/languages.ts'
import type { ExperimentResults } from '../../core/report/results.ts'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'

export const FIGURE_FORMS = ['svg', 'png'] as const
export type FigureForm = (typeof FIGURE_FORMS)[number]

export interface FigureTarget { readonly folder: string; readonly form: FigureForm; readonly font?: string | undefined; readonly texts?: Texts }

/** Paths of the files, in the order of the report. */
export async function saveFigures(results: ExperimentResults, { folder, form, font, texts = ENGLISH }: FigureTarget): Promise<string[]> {
  const { figureFiles } = await import('../../core/report/figure-files.ts')
  const files = figureFiles(results, texts)
  const draw = form === 'png' ? await painter(font, texts.tag) : (svg: string) => svg
  await mkdir(folder, { recursive: true })
  const paths = files.map(({ name }) => join(folder, `${name}.${form}`))
  for (const [i, { svg }] of files.entries()) await writeFile(paths[i] as string, draw(svg))
  return paths
}

/** Twice the size, so that it is sharp on a slide. */
const ZOOM = 2

async function painter(font: string | undefined, tag: string): Promise<(svg: string) => Uint8Array> {
  const fonts =
    font === undefined
      ? await systemFonts(tag)
      : [
          await readFile(font).catch((error: Error) => {
            throw new CliError(EXIT.usage, `${font} cannot be read: ${error.message}`)
          }),
        ]
  if (fonts.length === 0)
    throw new CliError(
      EXIT.usage,
      'no font was found on this machine to draw the text of figures with',
      '--font FILE.ttf, or --figures svg, which needs none',
    )
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm')
  await initWasm(await readFile(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')))
  return (svg) => {
    const image = new Resvg(svg, { fitTo: { mode: 'zoom', value: ZOOM }, font: { fontBuffers: fonts } })
    const rendered = image.render()
    const png = rendered.asPng()
    rendered.free()
    image.free()
    return png
  }
}

const FOLDERS = [
  '/usr/share/fonts',
  '/usr/local/share/fonts',
  join(homedir(), '.fonts'),
  join(homedir(), '.local/share/fonts'),
  '/System/Library/Fonts',
  '/Library/Fonts',
  'C:\\Windows\\Fonts',
]
/** Plain sans-serif ones, those with most signs first. */
const KNOWN = [
  'DejaVuSans.ttf',
  'DejaVuSans-Bold.ttf',
  'NotoSans-Regular.ttf',
  'NotoSans-Bold.ttf',
  'LiberationSans-Regular.ttf',
  'LiberationSans-Bold.ttf',
  'Arial.ttf',
  'arial.ttf',
  'Helvetica.ttc',
  'segoeui.ttf',
]

/** Beside a plain one, for letters that it lacks. */
const OF_LANGUAGE: Readonly<Record<string, readonly string[]>> = {
  'zh-Hans': ['NotoSansCJK-Regular.ttc', 'NotoSansCJKsc-Regular.otf', 'NotoSansSC-Regular.otf', 'SourceHanSansSC-Regular.otf', 'PingFang.ttc', 'msyh.ttc', 'wqy-microhei.ttc'],
}

async function systemFonts(tag: string): Promise<Buffer[]> {
  const found = (
    await Promise.all(
      FOLDERS.map((folder) =>
        readdir(folder, { recursive: true }).then(
          (names) => names.map((name) => join(folder, name)),
          (): string[] => [],
        ),
      ),
    )
  ).flat()
  const named = (name: string) => found.find((path) => path.endsWith(name))
  const first = (names: readonly string[], most: number) => names.flatMap((name) => named(name) ?? []).slice(0, most)
  const paths = [...first(KNOWN, 2), ...first(OF_LANGUAGE[tag] ?? [], 1)]
  return Promise.all(
    (paths.length > 0 ? paths : found.filter((path) => /\.(ttf|otf)$/i.test(path)).slice(0, 1)).map((path) => readFile(path)),
  )
}
