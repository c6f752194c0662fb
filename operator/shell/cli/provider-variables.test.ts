// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { addressOf, credentialEnv, type Env } from './provider-variables.ts'

const GOOGLE = { GCLOUD_PROJECT_ID: 'p', GCLOUD_REGION: 'us-east1', VERTEXAI_ENDPOINT_ID: '7', GCLOUD_ACCESS_TOKEN: 'ya29' }
const AWS = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 's3cret', AWS_SESSION_TOKEN: 't', AWS_REGION_NAME: 'eu-north-1' }

describe('addressOf', () => {
  it.each<[Parameters<typeof addressOf>[0], Env, object]>([
    [{ url: 'http://a' }, { OPENAI_API_BASE: 'http://b' }, { url: 'http://a' }],
    [{}, { OPENAI_API_BASE: 'http://b/v1' }, { url: 'http://b/v1' }],
    [{}, {}, { missing: ['OPENAI_API_BASE'] }],
    [{ api: 'anthropic' }, {}, { url: 'https://api.anthropic.com' }],
    [{ api: 'huggingface' }, { HUGGINGFACE_API_BASE: 'http://h' }, { url: 'http://h' }],
    [{ api: 'vertex' }, GOOGLE, { url: 'https://us-east1-aiplatform.googleapis.com/v1/projects/p/locations/us-east1/publishers/google' }],
    [{ api: 'vertex' }, { ...GOOGLE, GCLOUD_REGION: 'global' }, { url: 'https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google' }],
    [{ api: 'vertex-anthropic' }, { GCLOUD_PROJECT_ID: 'p' }, { missing: ['GCLOUD_REGION'] }],
    [{ api: 'vertex-predict' }, GOOGLE, { url: 'https://us-east1-aiplatform.googleapis.com/v1/projects/p/locations/us-east1/endpoints/7' }],
    [{ api: 'sagemaker' }, AWS, { url: 'https://runtime.sagemaker.eu-north-1.amazonaws.com' }],
    [{ api: 'tgi' }, {}, { missing: [] }],
  ])('%o with %o', (asked, env, expected) => expect(addressOf(asked, env)).toEqual(expected))
})

describe('credentialEnv', () => {
  it.each<[Parameters<typeof credentialEnv>[0], Env, object | undefined]>([
    [{ url: 'http://a' }, { ASSAY_CREDENTIAL: 'x', OPENAI_API_KEY: 'y' }, { ASSAY_CREDENTIAL: 'x' }],
    [{ api: 'vertex' }, { ...GOOGLE, ASSAY_CREDENTIAL_COMMAND: 'print-token' }, { ASSAY_CREDENTIAL_COMMAND: 'print-token' }],
    [{}, { OPENAI_API_KEY: 'y' }, { ASSAY_CREDENTIAL: 'y' }],
    [{ url: 'http://a', api: 'openai' }, { OPENAI_API_KEY: 'y' }, { ASSAY_CREDENTIAL: 'y' }],
    // nobody said that this server is the key's
    [{ url: 'http://a' }, { OPENAI_API_KEY: 'y' }, undefined],
    [{ api: 'anthropic' }, { OPENAI_API_KEY: 'y' }, undefined],
    [{ api: 'together' }, { TOGETHERAI_API_KEY: 'y' }, { ASSAY_CREDENTIAL: 'y' }],
    [{ api: 'sagemaker' }, AWS, { ASSAY_CREDENTIAL: '{"Version":1,"AccessKeyId":"AKID","SecretAccessKey":"s3cret","SessionToken":"t","Region":"eu-north-1"}' }],
    [{ api: 'sagemaker' }, { AWS_ACCESS_KEY_ID: 'AKID' }, undefined],
    [{ api: 'ollama' }, {}, undefined],
  ])('%o with %o', (asked, env, expected) => expect(credentialEnv(asked, env)).toEqual(expected))
})
