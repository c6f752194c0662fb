// SPDX-License-Identifier: Apache-2.0
/** What ran, exactly enough to run it again: images by digest with their command lines, charts by digest with their values. */
import { z } from 'zod'

const text = (description: string) => z.string().meta({ description })

export const ImageSeen = z.object({
  name: text('Container.'), image: text('Image.'), digest: text('Digest that ran.').optional(),
  args: z.array(z.string()).optional().meta({ description: 'Its command line, secrets masked.' }),
})
export type ImageSeen = z.infer<typeof ImageSeen>
/** Before the name of a harness among the images: all others are the stack's. */
export const HARNESS_IMAGE = 'harness/'

export const ChartSeen = z.object({
  release: text('Name of the release within the scenario.'), chart: text('Chart and version.'), digest: text('SHA-256 of the chart archive.').optional(),
  valuesDigest: text('SHA-256 of the rendered values.').optional(),
})
export type ChartSeen = z.infer<typeof ChartSeen>
