import { join } from 'node:path'
import type { RunningDump } from '../../backup/dump.ts'
import { messageOf, ReleaseError } from '../../errors.ts'
import { type RunningChild, runChild, startChild } from '../process.ts'
import { type Tools, toolEnvironment } from './tools.ts'

interface DumpOptions {
  readonly tools: Tools
  readonly snapshot: string
  readonly role: string | undefined
  readonly lockWaitTimeoutMs: number
  /** From `libpqEnvironment`: the only thing that says where to connect. */
  readonly env: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

const keptLines = 5

/** Starts `pg_dump` on an exported snapshot. It says nowhere on its command line where, or as whom, it connects. */
export async function startPgDump(options: DumpOptions): Promise<RunningDump & { readonly child: RunningChild }> {
  const { tools, env, signal } = options
  const compress = await compression(tools, env)
  const args = dumpArguments(options, compress)
  const child = startChild(join(tools.binDir, 'pg_dump'), args, { env, signal })
  const finished = awaitSuccess(child, signal)
  finished.catch(() => {}) // whoever awaits it sees the error
  return {
    archive: child.stdout,
    clientVersion: tools.version,
    arguments: args,
    compression: compress === '1' ? 'gzip:1' : compress,
    finished,
    child,
  }
}

export function dumpArguments(
  { tools, snapshot, role, lockWaitTimeoutMs }: Omit<DumpOptions, 'env' | 'signal'>,
  compress: string,
): string[] {
  return [
    '--format=custom',
    `--snapshot=${snapshot}`,
    '--no-password',
    `--lock-wait-timeout=${lockWaitTimeoutMs}`,
    `--compress=${compress}`,
    ...(role === undefined ? [] : [`--role=${role}`]),
    // the planner's statistics are made anew by ANALYZE, and need rights on the target
    ...(tools.major >= 18 ? ['--no-statistics'] : []),
  ]
}

/** The fastest that this client surely has: both SHA-256 and a full decode look for damage, so speed may decide. */
async function compression({ binDir, major }: Tools, env: Readonly<Record<string, string>>): Promise<string> {
  if (major < 16) return '1'
  const built = await runChild(join(binDir, 'pg_config'), ['--configure'], { env: toolEnvironment(env) }).catch(() => undefined)
  return built?.stdout.includes('--with-zstd') ? 'zstd:3' : 'gzip:1'
}

async function awaitSuccess(child: RunningChild, signal: AbortSignal): Promise<readonly string[]> {
  const { exitCode, signal: endedBy } = await child.ended.catch((cause: unknown) => {
    throw new ReleaseError('backup-failed', `pg_dump could not be started: ${messageOf(cause)}.`, {
      hint: 'Look whether pg-bin-dir names a folder whose programs this user may start.',
      cause,
    })
  })
  if (exitCode === 0)
    return child
      .stderr()
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
  if (signal.aborted)
    throw new ReleaseError('interrupted', 'The run was stopped; pg_dump was ended and nothing was stored.', {
      hint: 'Run the same command again; a second run is safe.',
    })
  const said = child.stderr().trim()
  const how = endedBy === undefined ? `with exit status ${exitCode}` : `by ${endedBy}`
  const killed = endedBy === undefined ? undefined : 'Somebody or the system ended it, perhaps for lack of memory. Run the backup again.'
  const hint = hints.find(([pattern]) => pattern.test(said))?.[1] ?? killed
  const lines = said.split('\n').slice(0, keptLines).join('\n')
  throw new ReleaseError(
    'backup-failed',
    `pg_dump was ended ${how}; nothing was stored.${lines === '' ? '' : `\n${lines}`}`,
    hint === undefined ? {} : { hint },
  )
}

/** What the frequent failures need. They are English unless LC_ALL says otherwise; then the text alone must do. */
const hints: readonly (readonly [RegExp, string])[] = [
  [
    /lock timeout|statement timeout|could not obtain lock/,
    'Somebody holds a lock on a table. Run it again when they are done, or wait longer with lock-wait-timeout.',
  ],
  [/row-level security/, 'Back up as a role that owns the tables or has BYPASSRLS: otherwise rows would be missing.'],
  [/permission denied/, 'Back up as a role that may read every object, such as the owner or a member of pg_read_all_data.'],
  [
    /conflict with recovery/,
    'The standby had to apply what its primary removed. Set hot_standby_feedback = on there, raise max_standby_streaming_delay, or dump the primary.',
  ],
  [/server version mismatch/, 'Name a newer pg_dump with pg-bin-dir, or set install-tools: true.'],
  [/terminating connection|server closed the connection|connection to server/, 'The connection broke. Run it again.'],
]
