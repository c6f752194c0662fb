// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyze } from '../../core/report/analyze.ts'
import { figureFiles } from '../../core/report/figure-files.ts'
import { sampleExperiment } from '../../core/report/testdata/experiment.ts'
import { saveFigures } from './figures-out.ts'

let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'assay-figures-')) })
afterAll(() => rm(folder, { recursive: true }))

const results = analyze(await sampleExperiment({ batches: [8, 32], rates: [8, 24], stacks: 1, requests: 30 }))

interface Picture { readonly width: number; readonly height: number; readonly bytes: Buffer }

/** Size and raw bytes of a PNG, whose filters and colours are left alone. */
function pictureOf(png: Buffer): Picture {
  expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a')
  const data: Buffer[] = []
  let ended = false
  for (let at = 8; at < png.length;) {
    const [length, kind] = [png.readUInt32BE(at), png.subarray(at + 4, at + 8).toString()]
    if (kind === 'IDAT') data.push(png.subarray(at + 8, at + 8 + length))
    ended = kind === 'IEND'
    at += 12 + length
  }
  expect(ended).toBe(true)
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20), bytes: inflateSync(Buffer.concat(data)) }
}

const sizeOf = (svg: string) => ['width', 'height'].map((side) => Number(new RegExp(`<svg[^>]*\\s${side}="([\\d.]+)"`).exec(svg)?.[1]))
const blank = ({ bytes }: Picture) => bytes.reduce((count, byte) => count + Number(byte === 0), 0) / bytes.length

describe('figures as files', () => {
  it('are SVG as the report has them', async () => {
    const paths = await saveFigures(results, { folder: join(folder, 'svg'), form: 'svg' })
    const files = figureFiles(results)
    expect(paths.map((path) => path.split('/').at(-1))).toEqual(files.map(({ name }) => `${name}.svg`))
    expect(await readFile(paths[0] ?? '', 'utf8')).toBe(files[0]?.svg)
  })

  it('are drawn as PNG of twice the size, shapes even where the font has no sign', async () => {
    // No font: letters are left off, and what is drawn is the same on every machine.
    const font = join(folder, 'none.ttf')
    await writeFile(font, 'no font at all')
    const paths = await saveFigures(results, { folder: join(folder, 'png'), form: 'png', font })
    const files = figureFiles(results)
    expect(paths).toHaveLength(files.length)
    for (const [i, path] of paths.entries()) {
      const picture = pictureOf(await readFile(path))
      const [width = 0, height = 0] = sizeOf(files[i]?.svg ?? '')
      expect(Math.abs(picture.width - 2 * width) + Math.abs(picture.height - 2 * height)).toBeLessThan(2)
      // Rows that repeat the one above are zeros: a picture of paper alone would be nothing else.
      expect(blank(picture)).toBeLessThan(0.999)
      expect(blank(picture)).toBeGreaterThan(0.3)
    }
  }, 60_000)

  it('are refused where the font cannot be read', async () => {
    await expect(saveFigures(results, { folder: join(folder, 'x'), form: 'png', font: join(folder, 'missing.ttf') })).rejects.toThrow('missing.ttf cannot be read')
  })
})
