import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findTools } from '../src/adapters/postgres/tools.ts'
import { buildGoRivals, installNpmRivals, type Rival } from './rivals.ts'

/** A change of the schema, before a tool has given it its form. */
export interface Change {
  readonly name: string
  readonly sql: string
}

/** A program that applies migrations. */
export interface Executor {
  readonly name: string
  readonly version: string
  /** Its migration files, by path. */
  files(changes: readonly Change[]): Readonly<Record<string, string>>
  /** How it is started where its files are. */
  command(url: string): Command
  /** Where it keeps what it has applied, and which rows say so; `undefined` when it keeps nothing. */
  readonly ledger?: { readonly table: string; readonly rows: string }
}

export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface Executors {
  readonly shiplock: Executor
  readonly psql: Executor
  readonly dbmate: Executor
  /** All but Shiplock. */
  readonly rivals: readonly Executor[]
}

export function versionsOf({ shiplock, rivals }: Executors): Record<string, string> {
  return Object.fromEntries([shiplock, ...rivals].map(({ name, version }) => [name, version]))
}

/** Shiplock and its rivals, installed. Throws when one cannot be had. */
export async function installExecutors(serverMajor: number): Promise<Executors> {
  const npm = await installNpmRivals()
  const go = await buildGoRivals()
  const client = await findTools({ major: serverMajor, set: 'client', binDir: undefined, install: false, env: process.env, say: () => {} })
  const named = { psql: psql({ program: join(client.binDir, 'psql'), version: client.version }), dbmate: dbmate(npm.dbmate) }
  return {
    shiplock: shiplock(),
    ...named,
    rivals: [named.psql, named.dbmate, nodePgMigrate(npm.nodePgMigrate), goose(go.goose), golangMigrate(go.golangMigrate)],
  }
}

export function shiplock(...options: readonly string[]): Executor {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  const cli = resolve('dist/cli.js')
  return {
    name: 'Shiplock',
    version,
    files: (changes) => numbered(changes, (number, { name, sql }) => [`db/migrations/${number}_${name}.sql`, `${sql};\n`]),
    command: (url) => ({
      program: process.execPath,
      args: [cli, 'migrate', '--phase', 'pre', '--project', 'bench', '--json', ...options],
      env: { DATABASE_URL: url },
    }),
    ledger: { table: 'shiplock.ledger', rows: 'true' },
  }
}

/** What a person types: the statements alone, without a record. */
function psql({ program, version }: Rival): Executor {
  return {
    name: 'psql',
    version,
    files: (changes) => ({ 'changes.sql': changes.map(({ sql }) => `${sql};\n`).join('') }),
    command: (url) => ({ program, args: ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', '--file=changes.sql', `--dbname=${url}`] }),
  }
}

function dbmate({ program, version }: Rival): Executor {
  return {
    name: 'dbmate',
    version,
    files: (changes) =>
      numbered(changes, (number, { name, sql }) => [`dbmate/${number}_${name}.sql`, `-- migrate:up\n${sql};\n\n-- migrate:down\n`]),
    command: (url) => ({
      program,
      args: ['--migrations-dir=dbmate', '--no-dump-schema', 'migrate'],
      env: { DATABASE_URL: `${url}?sslmode=disable` },
    }),
    ledger: { table: 'schema_migrations', rows: 'true' },
  }
}

function nodePgMigrate({ program, version }: Rival): Executor {
  return {
    name: 'node-pg-migrate',
    version,
    files: (changes) =>
      numbered(changes, (number, { name, sql }) => [`pgm/${1_700_000_000_000 + Number(number)}_${name}.sql`, `-- Up Migration\n${sql};\n`]),
    command: (url) => ({
      program: process.execPath,
      args: [program, 'up', '--migrations-dir=pgm', '--verbose=false'],
      env: { DATABASE_URL: url },
    }),
    ledger: { table: 'pgmigrations', rows: 'true' },
  }
}

function goose({ program, version }: Rival): Executor {
  return {
    name: 'goose',
    version,
    files: (changes) => numbered(changes, (number, { name, sql }) => [`goose/${number}_${name}.sql`, `-- +goose Up\n${sql};\n`]),
    command: (url) => ({
      program,
      args: ['-env=none', '-dir=goose', 'up'],
      env: { GOOSE_DRIVER: 'postgres', GOOSE_DBSTRING: `${url}?sslmode=disable` },
    }),
    ledger: { table: 'goose_db_version', rows: 'version_id > 0' },
  }
}

function golangMigrate({ program, version }: Rival): Executor {
  return {
    name: 'golang-migrate',
    version,
    files: (changes) => numbered(changes, (number, { name, sql }) => [`gm/${number}_${name}.up.sql`, `${sql};\n`]),
    command: (url) => ({ program, args: ['-path=gm', `-database=${url}?sslmode=disable`, 'up'] }),
    ledger: { table: 'schema_migrations', rows: 'not dirty' },
  }
}

function numbered(
  changes: readonly Change[],
  file: (number: string, change: Change) => [path: string, text: string],
): Record<string, string> {
  return Object.fromEntries(changes.map((change, index) => file(String(index + 1).padStart(4, '0'), change)))
}
