import { basename } from 'node:path/posix'
import { fileURLToPath } from 'node:url'
import type { Manifest } from './manifest.ts'

/** Where the store is, as the commands of other tools need it. */
export interface StorePlace {
  readonly url: string
  /** Of an S3 store that is not Amazon's. */
  readonly endpoint: string | undefined
}

type Restored = Pick<Manifest, 'object' | 'source' | 'dump'> & { readonly roles?: { readonly kept?: { readonly key: string } | undefined } }

/**
 * The commands that restore a backup without Shiplock, with PostgreSQL's own programs, into a new database beside the old one. The server is
 * the one that `PGHOST` and the like name.
 */
export function restoreByHand({ object, source, dump, roles }: Restored, place: StorePlace): string[] {
  const file = basename(object.key)
  const copy = `${source.database}_restored`
  const locale = [`--encoding=${source.encoding}`, `--lc-collate=${source.collate}`, `--lc-ctype=${source.ctype}`]
  const rolesFile = roles?.kept === undefined ? undefined : basename(roles.kept.key)
  return [
    fetch(object.key, place),
    `echo ${word(`${object.sha256}  ${file}`)} | sha256sum --check --strict`,
    ...(rolesFile === undefined || roles?.kept === undefined
      ? []
      : [
          fetch(roles.kept.key, place),
          `psql --dbname=postgres --file=${word(rolesFile)}  # on a new server: roles that exist are refused one by one`,
        ]),
    command('createdb', '--template=template0', ...locale, copy),
    `${command('pg_restore', '--exit-on-error', '--jobs=4', `--dbname=${copy}`, file)}  # ${majorOf(dump.clientVersion)} or newer`,
    command('psql', `--dbname=${copy}`, '--command=analyze'),
  ]
}

function fetch(key: string, { url, endpoint }: StorePlace): string {
  if (url.startsWith('file:')) return command('cp', `${fileURLToPath(url).replace(/\/$/, '')}/${key}`, '.')
  const from = `${url.replace(/\/$/, '')}/${key}`
  return command('aws', 's3', 'cp', ...(endpoint === undefined ? [] : [`--endpoint-url=${endpoint}`]), from, '.')
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
