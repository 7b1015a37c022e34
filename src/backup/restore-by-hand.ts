import { basename } from 'node:path/posix'
import { fileURLToPath } from 'node:url'
import type { Manifest } from './manifest.ts'

/** Where the store is, as the commands of other tools need it. */
export interface StorePlace {
  readonly url: string
  /** Of an S3 store that is not Amazon's. */
  readonly endpoint: string | undefined
}

type Restored = Pick<Manifest, 'object' | 'source' | 'dump' | 'roles'>

/**
 * The commands that restore a backup without Shiplock, with PostgreSQL's own programs, into a new database beside the old one. The server is
 * the one that `PGHOST` and the like name.
 */
export function restoreByHand({ object, source, dump, roles }: Restored, place: StorePlace): string[] {
  const file = localName(object.key)
  const copy = `${source.database}_restored`
  const locale = [`--encoding=${source.encoding}`, `--lc-collate=${source.collate}`, `--lc-ctype=${source.ctype}`]
  return [
    fetch(object.key, place),
    `echo ${word(`${object.sha256}  ${file}`)} | sha256sum --check --strict`,
    ...('key' in roles ? restoreRoles(roles.key, place) : []),
    command('createdb', '--template=template0', ...locale, '--', copy) + otherProvider(source),
    `${command('pg_restore', '--exit-on-error', '--jobs=4', `--dbname=${target(copy)}`, file)}  # ${majorOf(dump.clientVersion)} or newer`,
    command('psql', `--dbname=${target(copy)}`, '--command=analyze'),
  ]
}

/** One line that hands a stored SQL file to psql as it comes; what breaks off before its COMMIT changes nothing. */
export function putBack(key: string, database: string, place: StorePlace): string {
  const psql = (file: string) => command('psql', '-X', '-v', 'ON_ERROR_STOP=1', `--dbname=${target(database)}`, `--file=${file}`)
  const { url, endpoint } = place
  if (url.startsWith('file:')) return psql(pathIn(url, key))
  return `${command('aws', 's3', 'cp', ...atEndpoint(endpoint), `${url.replace(/\/$/, '')}/${key}`, '-')} | ${psql('-')}`
}

function restoreRoles(key: string, place: StorePlace): string[] {
  return [
    fetch(key, place),
    `${command('psql', '--dbname=postgres', `--file=${localName(key)}`)}  # roles that are there already stay, with the attributes that they had then`,
  ]
}

function fetch(key: string, { url, endpoint }: StorePlace): string {
  if (url.startsWith('file:')) return command('cp', pathIn(url, key), './')
  const from = `${url.replace(/\/$/, '')}/${key}`
  return command('aws', 's3', 'cp', ...atEndpoint(endpoint), from, './')
}

function pathIn(url: string, key: string): string {
  return `${fileURLToPath(url).replace(/\/$/, '')}/${key}`
}

function atEndpoint(endpoint: string | undefined): string[] {
  return endpoint === undefined ? [] : [`--endpoint-url=${endpoint}`]
}

/** Never an option, whatever the name begins with. */
function localName(key: string): string {
  return `./${basename(key)}`
}

/** A name that libpq would take for a connection string is put into one. https://www.postgresql.org/docs/current/libpq-connect.html */
function target(database: string): string {
  if (!/=|^postgres(?:ql)?:\/\//.test(database)) return database
  return `dbname='${database.replaceAll(/[\\']/g, '\\$&')}'`
}

/** The name of its locale is not in the manifest. */
function otherProvider({ localeProvider }: Restored['source']): string {
  return localeProvider === 'libc' ? '' : `  # sorts by ${localeProvider}: add --locale-provider=${localeProvider} and its locale`
}

function majorOf(version: string): string {
  return `pg_restore ${Number.parseInt(version, 10)}`
}

function command(...words: readonly string[]): string {
  return words.map(word).join(' ')
}

/** A text as one word of a POSIX shell. */
function word(text: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
