import type { Check } from '../canary/check.ts'
import type { MetricsSource, SourcesWanted } from '../canary/sources.ts'
import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import type { Context, DatabaseInputs } from './command.ts'

type Kind = 'prometheus' | 'loki'

const parts = ['url', 'token', 'user', 'password', 'headers', 'tenant', 'ca'] as const

export const sourceInputNames = [
  ...parts.map((part) => `prometheus-${part}` as const),
  ...parts.map((part) => `loki-${part}` as const),
  'allow-warnings',
] as const

type Given = Pick<InputValues, (typeof sourceInputNames)[number]>

/** The sources that the checks ask. Throws `invalid-input` for one that was not given. */
export async function sourcesFor(
  checks: readonly Check[],
  inputs: Given,
  database: DatabaseInputs | undefined,
  context: Context,
): Promise<SourcesWanted<DatabaseInputs>> {
  const asks = (source: Kind | 'sql') => checks.find((check) => check[source] !== undefined)?.id
  const [prometheus, loki] = [await metricsSource('prometheus', inputs, context), await metricsSource('loki', inputs, context)]
  const missing = [
    prometheus === undefined ? [asks('prometheus'), 'prometheus-url'] : [],
    loki === undefined ? [asks('loki'), 'loki-url'] : [],
    database === undefined ? [asks('sql'), 'database-url'] : [],
  ].filter(([id]) => id !== undefined)
  if (missing.length > 0) {
    throw new ReleaseError('invalid-input', missing.map(([id, name]) => `The check ${id} needs ${name}.`).join(' '), {
      hint: 'Give it as input, flag or in shiplock.yml; database-url as DATABASE_URL.',
    })
  }
  return { prometheus, loki, database, allowWarnings: inputs['allow-warnings'] }
}

async function metricsSource(kind: Kind, inputs: Given, context: Context): Promise<MetricsSource | undefined> {
  const url = inputs[`${kind}-url`]
  if (url === undefined) return undefined
  const [token, user, password] = [inputs[`${kind}-token`], inputs[`${kind}-user`], inputs[`${kind}-password`]]
  if ((user === undefined) !== (password === undefined) || (token !== undefined && user !== undefined)) {
    throw new ReleaseError('invalid-input', `Sign in to ${kind} with ${kind}-token, or with ${kind}-user and ${kind}-password.`, {
      hint: 'Grafana Cloud takes the number of the instance as user, and an access policy token as password.',
    })
  }
  const tenant = inputs[`${kind}-tenant`]
  return {
    url: url.replace(/\/+$/, ''),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(user === undefined ? {} : { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }),
      ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
      ...inputs[`${kind}-headers`],
    },
    ca: await context.readAuthority(inputs[`${kind}-ca`]),
  }
}
