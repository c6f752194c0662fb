// SPDX-License-Identifier: Apache-2.0
/** Asks a server which model it serves, for those who do not want to name it. */
import { readFile } from 'node:fs/promises'
import { Agent, request } from 'undici'
import { z } from 'zod'
import { ENDPOINT_API_FACTS, type EndpointApi } from '../../core/model/endpoint-api.ts'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'

const Models = z.object({ data: z.array(z.object({ id: z.string() })) })
const TIMEOUT_MS = 10_000

export interface Asked {
  readonly url: string
  readonly api: EndpointApi
  readonly header: Readonly<Record<string, string>>
  readonly ca?: string
}

/** The only model that the server lists. */
export async function servedModel({ url, api, header, ca }: Asked, credential: string | undefined): Promise<string> {
  const { listsModels, title } = ENDPOINT_API_FACTS[api]
  if (!listsModels) throw new CliError(EXIT.usage, `${title} is not asked for its models: which one?`, 'name the model with --model')
  const address = `${url}/v1/models`
  const headers = { ...header, ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }) }
  const dispatcher = new Agent({ connect: { ca: ca === undefined ? undefined : await readFile(ca, 'utf8') } })
  try {
    const { statusCode, body } = await request(address, { headers, dispatcher, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS })
    const text = await body.text()
    const models = Models.safeParse(statusCode === 200 ? JSON.parse(text) : undefined)
    if (!models.success) throw new CliError(EXIT.usage, `${address}: expected a list of models, found HTTP ${statusCode}: ${text.slice(0, 120)}`, 'name the model with --model')
    return only(models.data.data.map((model) => model.id), address)
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError(EXIT.usage, `${address} cannot be asked for its models: ${(error as Error).message || String((error as { code?: unknown }).code)}`, 'is the server up? --model names the model without asking')
  } finally {
    await dispatcher.close()
  }
}

function only(models: readonly string[], address: string): string {
  const [model] = models
  if (model === undefined || models.length > 1) throw new CliError(EXIT.usage, `${address} lists ${models.length} models: ${models.join(', ')}`, 'choose one with --model')
  return model
}
