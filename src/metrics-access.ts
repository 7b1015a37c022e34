import type { InputName } from './inputs.ts'

const sources = ['prometheus', 'loki'] as const
const parts = ['url', 'token', 'user', 'password', 'headers', 'tenant'] as const

/** How to reach the sources of a watch, as the environment may say it: `PROMETHEUS_TOKEN`, `LOKI_URL` and their like. */
export const metricsVariables: readonly (readonly [input: InputName, variable: string])[] = sources.flatMap((source) =>
  parts.map((part) => [`${source}-${part}`, `${source}_${part}`.toUpperCase()] as const),
)

/** The texts that a value of such an input must not leave in a log: of headers, each value by itself. */
export function metricsSecrets(input: string, value: string): readonly string[] {
  if (!/-(?:token|password|headers)$/.test(input)) return []
  if (!input.endsWith('-headers')) return [value]
  return value.split('\n').flatMap((line) => {
    const header = line.slice(line.indexOf(':') + 1).trim()
    return [header, header.replace(/^(?:Basic|Bearer)\s+/i, '')]
  })
}
