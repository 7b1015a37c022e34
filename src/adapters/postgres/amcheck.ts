import { join } from 'node:path'
import type { AmcheckResult } from '../../drill/scratch.ts'
import { runChild } from '../process.ts'
import type { Account } from '../workspace.ts'
import type { OpenClient } from './client.ts'
import { withoutValue } from './restore-messages.ts'
import { isExecutable, type Tools } from './tools.ts'

interface AmcheckOptions {
  readonly tools: Tools
  readonly account: Account | undefined
  /** A folder that the account can enter. */
  readonly folder: string
  /** With the `PG*` variables of a superuser of the scratch cluster. */
  readonly env: Readonly<Record<string, string>>
  readonly database: string
  readonly jobs: number
  readonly signal: AbortSignal
  connect(): Promise<OpenClient>
}

const keptLines = 6
/** With this exit status `pg_amcheck` has found something; any other but 0 means that it could not look. */
const foundProblems = 2

/** Lets `pg_amcheck` look at every table and index; makes its extension when the server has it. */
export async function runAmcheck(options: AmcheckOptions): Promise<AmcheckResult> {
  const { tools, env, account, folder, database, jobs, signal } = options
  const program = join(tools.binDir, 'pg_amcheck')
  if (!isExecutable(program)) return { missing: `pg_amcheck ${tools.major} is not installed` }
  if (!(await hasExtension(options))) return { missing: 'its extension is missing (postgresql-contrib)' }
  const args = [`--database=${database}`, '--install-missing', '--heapallindexed', '--parent-check', '--no-strict-names', `--jobs=${jobs}`]
  const run = await runChild(program, args, { env, user: account, cwd: folder, signal })
  signal.throwIfAborted()
  if (run.exitCode === 0) return { passed: true }
  if (run.exitCode === foundProblems) return { problem: firstLines(run.stdout) || firstLines(run.stderr) }
  return { missing: `pg_amcheck could not look at all of it: ${firstLines(run.stderr) || `exit status ${run.exitCode ?? run.signal}`}` }
}

async function hasExtension({ connect }: AmcheckOptions): Promise<boolean> {
  await using open = await connect()
  const { rowCount } = await open.client.query(`select from pg_catalog.pg_available_extensions where name operator(pg_catalog.=) 'amcheck'`)
  return rowCount === 1
}

/** Which object has which problem, without what stands in its rows. */
function firstLines(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^\s*(?:DETAIL|CONTEXT|HINT|QUERY|LINE \d+):/.test(line))
  return lines.slice(0, keptLines).map(withoutValue).join('\n')
}
