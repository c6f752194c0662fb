// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { environmentSecrets } from './environment-secrets.ts'

const AWS = JSON.stringify({ Version: 1, AccessKeyId: 'AKIDEXAMPLEEXAMPLE', SecretAccessKey: 'wJalrXUtnFEMI/K7MDENG', Region: 'eu-north-1' })

describe('environmentSecrets', () => {
  it.each<[Readonly<Record<string, string>>, string[]]>([
    [{ ASSAY_CREDENTIAL: 'one', ASSAY_SECRET_PROMETHEUS: 'two', ASSAY_SECRET_0: '', ASSAY_TRIAL: '/x', HOME: '/tmp', ASSAY_CREDENTIAL_FILE: '/y' }, ['one', 'two']],
    [{ ASSAY_CREDENTIAL: AWS }, [AWS, 'AKIDEXAMPLEEXAMPLE', 'wJalrXUtnFEMI/K7MDENG']],
    [{ ASSAY_CREDENTIAL: '{no json' }, ['{no json']],
  ])('of %o', (env, expected) => expect(environmentSecrets(env)).toEqual(expected))
})
