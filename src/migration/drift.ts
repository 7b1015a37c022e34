import { ReleaseError } from '../errors.ts'
import { oneLine } from '../visible-text.ts'
import { type AttemptRow, appliedAttempts, type ContainedMigration, type History, knownVersions } from './history.ts'
import type { LedgerEntry } from './ledger.ts'
import { byVersion, isFileOf, isRepeatable, lineageOf, type Migration, type Phase, shownVersion } from './migration.ts'

/** Files and ledger, with what is known of how each version came there. */
export interface Sides {
  readonly migrations: readonly Migration[]
  readonly applied: ReadonlyMap<string, LedgerEntry>
  /** The attempt that applied each version. */
  readonly attempts: ReadonlyMap<string, AttemptRow>
  /** Each version as the releases that were deployed here contained it. */
  readonly contained: ReadonlyMap<string, readonly ContainedMigration[]>
}

export function sidesOf(migrations: readonly Migration[], entries: readonly LedgerEntry[], { rows, former }: History): Sides {
  const history = [...former, ...rows]
  const contained = new Map<string, ContainedMigration[]>()
  for (const row of history)
    for (const one of row.event === 'deployed' ? row.migrations : [])
      contained.set(one.version, [...(contained.get(one.version) ?? []), one])
  return {
    migrations,
    applied: new Map(entries.map((entry) => [entry.version, entry])),
    attempts: new Map(appliedAttempts(history).map((row) => [row.version, row])),
    contained,
  }
}

/** SHA-256 of the file that ran under a version; `undefined` when nothing kept it. */
export function checksumThatRan({ applied, attempts }: Sides, version: string): string | undefined {
  return applied.get(version)?.checksum ?? attempts.get(version)?.checksum
}

/** Throws `version-clash` when another file ran under a file's number, `checksum-mismatch` when the file itself changed. */
export function refuseEdits(sides: Sides): void {
  for (const migration of sides.migrations) {
    const { version, path } = migration
    const entry = sides.applied.get(version)
    if (entry === undefined) continue
    const recorded = checksumThatRan(sides, version)
    const renamed = entry.name !== undefined && migration.keptName !== undefined && entry.name !== migration.keptName
    const isSame = recorded === undefined ? undefined : isFileOf(migration, recorded)
    if (isSame && !renamed) continue
    const day = entry.appliedAt === undefined ? '' : ` on ${entry.appliedAt.toISOString().slice(0, 10)}`
    if (isSame || (renamed && isSame === undefined)) {
      throw new ReleaseError(
        'version-clash',
        `${path} was renamed after it ran${day}: the version table has it as "${oneLine(entry.name ?? '')}".`,
        {
          at: path,
          hint: "Give the file its name back: the team's tool goes by it, and would run the file again or stop at it.",
        },
      )
    }
    const other = renamed ? oneLine(entry.name ?? '') : nameThatRan(sides, migration)
    if (other !== undefined) {
      throw new ReleaseError('version-clash', `Version ${version} ran as ${other}${day}, and ${path} carries the same number.`, {
        at: path,
        hint: `Give ${path} a number of its own, newer than both, and keep ${other} as it is: two branches took the same number. "shiplock new --hotfix" takes one that no branch has.`,
      })
    }
    if (recorded === undefined) continue
    throw new ReleaseError('checksum-mismatch', `${path} was edited after it ran${day}.`, {
      at: path,
      hint: 'Restore the file from version control, and put the change into a new migration.',
    })
  }
}

/**
 * The other file that ran under a migration's number. Without an attempt of our own the deployed releases say it: they
 * held the number, and none held it under this name or with these contents.
 */
function nameThatRan({ attempts, contained }: Sides, { version, id, checksum }: Migration): string | undefined {
  const attempt = attempts.get(version)
  if (attempt !== undefined) return attempt.name === id || attempt.name === '' ? undefined : attempt.name
  const known = contained.get(version) ?? []
  if (known.some((one) => one.name === undefined || one.name === id || one.checksum === checksum)) return undefined
  return known.at(-1)?.name
}

export function refuseMoves({ migrations, applied }: Sides): void {
  const phases = new Map<string, (Phase | undefined)[]>()
  for (const entry of applied.values()) {
    const lineage = lineageOf(entry.version)
    phases.set(lineage, [...(phases.get(lineage) ?? []), entry.phase])
  }
  for (const { version, phase, path } of migrations) {
    const [ran, ...others] = phases.get(lineageOf(version)) ?? []
    if (ran === undefined || [ran, ...others].includes(phase)) continue
    const own = isRepeatable({ version }) ? 'name' : 'number'
    throw new ReleaseError(
      'phase-moved',
      `${path} stands in the ${phase} folder, but version ${shownVersion(version)} ran as a ${ran} migration.`,
      {
        hint: `Move the file back. If it is another migration, give it a ${own} of its own.`,
      },
    )
  }
}

/** Git is asked only about versions that the history does not know. */
export async function refuseUnknown(
  ahead: readonly LedgerEntry[],
  { rows, former }: History,
  gitVersions: () => Promise<ReadonlySet<string>>,
): Promise<void> {
  const known = new Set([...knownVersions([...former, ...rows])].map(lineageOf))
  let unknown = ahead.filter((entry) => !known.has(lineageOf(entry.version)))
  if (unknown.length === 0) return
  const inGit = await gitVersions()
  unknown = unknown.filter((entry) => !inGit.has(lineageOf(entry.version)))
  if (unknown.length === 0) return
  const list = unknown.map((entry) => shownVersion(entry.version)).join(', ')
  throw new ReleaseError(
    'unknown-version',
    `The ledger holds ${unknown.length === 1 ? 'a version' : 'versions'} of unknown origin: ${list}. No file, no history row and no git ref knows ${unknown.length === 1 ? 'it' : 'them'}.`,
    {
      hint: 'Check that this is the right database and the right branch (fetch the whole history: fetch-depth: 0). Somebody may have run migrations from elsewhere.',
    },
  )
}

/**
 * Where the table keeps the newest version alone, a file that came too late counts as run and never runs. It shows when
 * a release that was deployed had a newer one and not this one.
 */
export function refuseSkipped({ migrations, applied, attempts, contained }: Sides): void {
  const deployed = [...contained].map(([version, [one]]) => ({ version, phase: one?.phase }))
  for (const migration of migrations) {
    const { version, phase, path } = migration
    if (!applied.has(version) || attempts.has(version) || contained.has(version)) continue
    const newer = deployed.find((one) => one.phase === phase && applied.has(one.version) && byVersion(one, migration) > 0)
    if (newer === undefined) continue
    throw new ReleaseError('out-of-order', `${path} is older than version ${newer.version}, which has run, and has not run itself.`, {
      at: path,
      hint: 'Give it a newer number: the version table keeps the newest number alone, and an older file can never run.',
    })
  }
}

/** A hotfix took a number ahead of its turn on purpose: older files may still run after it. */
export function refuseHoles(pending: readonly Migration[], { migrations, applied }: Sides, phase: Phase): void {
  const newest = migrations
    .filter((migration) => migration.phase === phase && applied.has(migration.version) && !migration.hotfix && !isRepeatable(migration))
    .sort(byVersion)
    .at(-1)
  const late = newest === undefined ? undefined : pending.find((migration) => byVersion(migration, newest) < 0)
  if (late === undefined || newest === undefined) return
  throw new ReleaseError('out-of-order', `${late.path} is older than ${newest.id}, which has run.`, {
    at: late.path,
    hint: `Give it a newer number. When ${newest.id} is a hotfix, the mark "${newest.notSql === undefined ? '--' : '#'} shiplock: hotfix" at its top, ${newest.notSql === undefined ? 'made by "shiplock new --hotfix" before it ran' : 'there before it ran'}, lets older ones follow; migrations.out-of-order: allow lets any.`,
  })
}
