import { resolve } from 'node:path'
import { type Connection, describeConnection, isLocal, parseConnection, settingOption, type TlsPolicy } from '../connection.ts'
import { ReleaseError } from '../errors.ts'
import type { TeamProgram } from './layout.ts'
import type { Phase } from './migration.ts'

interface Surroundings {
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly phase: Phase | 'all'
  readonly connection: Connection
  readonly tls: TlsPolicy
  /** What our own connection found under the policy `prefer`. */
  readonly encrypted: boolean
  /** Path of the PEM file of authorities, when one was named. */
  readonly authority: string | undefined
  readonly role: string | undefined
  readonly serverMajor: number
  readonly applicationName: string
  readonly stallBudgetMs: number
}

/** The whole environment of the team's own command. */
export interface TeamEnvironment {
  readonly variables: Readonly<Record<string, string>>
  /** What was added or changed, as it may be shown: the connection string is not. */
  readonly added: Readonly<Record<string, string>>
  /** Names that were left out. */
  readonly withheld: readonly string[]
}

export const skipVariable = 'SKIP_POST_DEPLOYMENT_MIGRATIONS'

/**
 * The environment of the start, less what is not the command's: our inputs, the runner's tokens, the secrets of store
 * and metrics, and the runner's command files, through which a migration could set the outputs of this step, a verdict
 * included, or the PATH of the next one.
 */
export function teamEnvironment(surroundings: Surroundings): TeamEnvironment {
  const { variables, phase, applicationName } = surroundings
  const given = definedOf(variables)
  const isTaken = (name: string) => isWithheld(name) || (name === skipVariable && phase !== 'pre')
  const url = variables.DATABASE_URL ? {} : { DATABASE_URL: connectionUrl(surroundings) }
  const added = {
    ...(phase === 'pre' ? { [skipVariable]: 'true' } : {}),
    PGOPTIONS: sessionOptions(surroundings),
    PGAPPNAME: applicationName,
  }
  return {
    variables: { ...Object.fromEntries(given.filter(([name]) => !isTaken(name))), ...added, ...url },
    added: { ...added, ...(url.DATABASE_URL === undefined ? {} : { DATABASE_URL: `(to ${describeConnection(surroundings.connection)})` }) },
    withheld: given
      .map(([name]) => name)
      .filter(isTaken)
      .sort(),
  }
}

/** The environment of a command that works on no phase: the same, with nothing added. */
export function plainEnvironment(variables: Surroundings['variables']): Readonly<Record<string, string>> {
  return Object.fromEntries(definedOf(variables).filter(([name]) => !isWithheld(name)))
}

/**
 * Throws `wrong-database` when the command would follow the environment's DATABASE_URL to another database than the
 * one that this run has locked. Resolves to false when the string is of a kind that cannot be compared.
 */
export function refuseOtherTarget(url: string | undefined, connection: Connection): boolean {
  if (!url) return true
  const target = tryParse(url)
  if (target === undefined) return false
  if (addressOf(target) === addressOf(connection)) return true
  throw new ReleaseError(
    'wrong-database',
    `DATABASE_URL in the environment goes to ${describeConnection(target)}, and this run works on ${describeConnection(connection)}: the command would migrate another database.`,
    { hint: 'Unset DATABASE_URL in this step, and the command gets the connection of this run; or make both the same.' },
  )
}

/** What of the guard a connection string of the team's own takes away; libpq reads the variables only where it does not say. */
export function guardLostBy(url: string | undefined): readonly string[] {
  if (!url || !URL.canParse(url)) return []
  const { searchParams } = new URL(url)
  return [
    ...(searchParams.has('options') ? ['options in DATABASE_URL take the place of PGOPTIONS: the command gets no lock_timeout'] : []),
    ...(searchParams.has('application_name')
      ? ['application_name in DATABASE_URL takes the place of PGAPPNAME: nobody watches what the command waits for']
      : []),
  ]
}

/** Throws `invalid-input` where the environment tells the program to go to one version: it would take back every newer one. */
export function refuseTargetVersion({ targetVariable }: TeamProgram, variables: Surroundings['variables']): void {
  const target = variables[targetVariable]?.trim() ?? ''
  if (!/^\d+(?:_.*\.rb|(?:_\d+)*)$/.test(target)) return
  throw new ReleaseError(
    'invalid-input',
    `${targetVariable} is ${target} in the environment: the program would go to that version, and take back whatever is newer.`,
    { hint: `Unset ${targetVariable} in this step, or give what it is meant for another name.` },
  )
}

function definedOf(variables: Surroundings['variables']): (readonly [string, string])[] {
  return Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
}

const withheldPrefixes = ['INPUT_', 'ACTIONS_', 'AWS_', 'LOKI_', 'PROMETHEUS_']
const withheldNames = [
  'GITHUB_OUTPUT',
  'GITHUB_ENV',
  'GITHUB_PATH',
  'GITHUB_STATE',
  'GITHUB_STEP_SUMMARY',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
  'S3_SESSION_TOKEN',
]

function isWithheld(name: string): boolean {
  return withheldNames.includes(name) || withheldPrefixes.some((prefix) => name.startsWith(prefix))
}

/** The last of two options with the same name counts, so the team's own stay and ours go before them. */
function sessionOptions({ variables, connection, role, serverMajor, stallBudgetMs }: Surroundings): string {
  const ours: (readonly [string, string])[] = [
    ...(variables.DATABASE_URL ? [] : connection.settings), // in the string itself they would take the place of PGOPTIONS
    ...(role === undefined ? [] : [['role', role] as const]),
    ['lock_timeout', `${Math.max(1, stallBudgetMs)}ms`], // 0 would mean for ever
  ]
  // PostgreSQL 13 does not know it, and would refuse the connection
  if (serverMajor >= 14) ours.push(['client_connection_check_interval', '1s'])
  return [variables.PGOPTIONS?.trim() ?? '', ...ours.map(settingOption)].filter(Boolean).join(' ')
}

/** In the form that every driver reads, with the decided protection in so many words. */
function connectionUrl({ connection, tls, encrypted, authority }: Surroundings): string {
  const { host, port, user, password, database, sslcert, sslkey } = connection
  const mode = { off: 'disable', prefer: encrypted ? 'require' : 'disable' }[tls.mode as string] ?? tls.mode
  const isSocket = host.startsWith('/')
  const parameters: readonly (readonly [string, string | undefined])[] = [
    ['host', isSocket ? host : undefined],
    ['port', isSocket ? String(port) : undefined],
    ['sslmode', mode],
    ['sslrootcert', mode.startsWith('verify') ? pathOf(authority) : undefined],
    ['sslcert', pathOf(sslcert)],
    ['sslkey', pathOf(sslkey)],
  ]
  const query = parameters.flatMap(([name, value]) => (value === undefined ? [] : `${name}=${encodeURIComponent(value)}`))
  const account = encodeURIComponent(user) + (password === undefined ? '' : `:${encodeURIComponent(password)}`)
  const place = isSocket ? '' : `${host.includes(':') ? `[${host}]` : host}:${port}`
  return `postgres://${account}@${place}/${encodeURIComponent(database)}?${query.join('&')}`
}

function pathOf(file: string | undefined): string | undefined {
  return file === undefined || file === 'system' ? file : resolve(file)
}

function tryParse(url: string): Connection | undefined {
  try {
    return parseConnection(url)
  } catch {
    return undefined
  }
}

/** Every name of this machine is one place. */
function addressOf(connection: Connection): string {
  return `${isLocal(connection) ? 'localhost' : connection.host}\0${connection.port}\0${connection.database}`
}
