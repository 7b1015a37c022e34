import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findTools, toolEnvironment } from '../../src/adapters/postgres/tools.ts'
import { runChild } from '../../src/adapters/process.ts'
import { awkwardPassword, binDir, type TestServer, uniqueName } from './server.ts'

/** An archive in a folder of its own, as only its owner can read it. */
export interface TestDump extends AsyncDisposable {
  readonly path: string
  readonly database: string
  readonly sizeBytes: number
  readonly sha256: string
  /** As `pg_dump` prints it. */
  readonly clientVersion: string
}

/** Makes a database with this SQL and dumps it with the real `pg_dump`. */
export async function dumpOf(server: TestServer, sql: string, args: readonly string[] = []): Promise<TestDump> {
  const database = uniqueName('source')
  await server.createDatabase(database)
  if (sql !== '') await server.query(sql, database)
  return dumpDatabase(server, database, args)
}

/** Dumps what is there. */
export async function dumpDatabase(server: TestServer, database: string, args: readonly string[] = []): Promise<TestDump> {
  const tools = await findTools({
    major: server.major,
    set: 'client',
    binDir,
    install: false,
    env: process.env,
    say: () => {},
  })
  const folder = await mkdtemp(join(tmpdir(), 'dump-'))
  const path = join(folder, 'archive')
  const env = {
    ...toolEnvironment(process.env),
    PGHOST: '127.0.0.1',
    PGPORT: String(server.port),
    PGUSER: 'postgres',
    PGPASSWORD: awkwardPassword,
  }
  const dumped = await runChild(join(tools.binDir, 'pg_dump'), ['--format=custom', `--file=${path}`, `--dbname=${database}`, ...args], {
    env,
  })
  if (dumped.exitCode !== 0) throw new Error(dumped.stderr)
  const bytes = await readFile(path)
  return {
    path,
    database,
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    clientVersion: tools.version,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
