import { ReleaseError } from '../errors.ts'
import { checksumThatRan, sidesOf } from '../migration/drift.ts'
import type { History } from '../migration/history.ts'
import { appliedAttempts } from '../migration/history.ts'
import type { LedgerEntry } from '../migration/ledger.ts'
import { byVersion, isFileOf, isRepeatable, lineageOf, type Migration, type Phase, shownVersion } from '../migration/migration.ts'

/** A version that ran and that the target does not contain. */
export interface RanSince {
  readonly version: string
  readonly phase: Phase
  /** As far as the history knows it. */
  readonly name: string | undefined
  /** SHA-256 of the file that ran; `undefined` when nothing kept it. */
  readonly checksum: string | undefined
  /** Commits whose files may hold the text, the likeliest first. */
  readonly commits: readonly string[]
}

export interface RunState {
  /** In the order of their numbers. */
  readonly since: readonly RanSince[]
  /** Files of the target whose number something else ran under. */
  readonly displaced: readonly { readonly migration: Migration; readonly ran: string }[]
  /** How many files of the target ran while nothing kept their checksum. */
  readonly unchecked: number
  readonly notes: readonly string[]
}

/** What the version tables and the history say beside the target's files. Throws `target-not-run` when a pre migration of the target has not run. */
export function ranSince(target: readonly Migration[], entries: readonly LedgerEntry[], history: History, name: string): RunState {
  const sides = sidesOf(target, entries, history)
  const byNumber = new Map(target.map((migration) => [migration.version, migration]))
  const byChecksum = new Map(target.map((migration) => [migration.checksum, migration]))
  const contained = new Set<Migration>()
  const displaced: { migration: Migration; ran: string }[] = []
  const since: RanSince[] = []
  const notes: string[] = []
  let unchecked = 0
  for (const entry of [...entries].sort(byVersion)) {
    const ran = checksumThatRan(sides, entry.version)
    const same = byNumber.get(entry.version)
    if (same !== undefined && (ran === undefined || isFileOf(same, ran))) {
      if (ran === undefined) unchecked++
      contained.add(same)
      continue
    }
    const renumbered = ran === undefined ? undefined : byChecksum.get(ran)
    if (renumbered !== undefined) {
      notes.push(`${renumbered.path} of ${name} ran here as version ${shownVersion(entry.version)}.`)
      contained.add(renumbered)
      continue
    }
    const attempt = sides.attempts.get(entry.version)
    const known = sides.contained.get(entry.version)?.at(-1)
    if (same !== undefined) displaced.push({ migration: same, ran: attempt?.name || known?.name || 'another file' })
    since.push({
      version: entry.version,
      phase: entry.phase ?? attempt?.phase ?? known?.phase ?? 'pre',
      name: attempt?.name || known?.name,
      checksum: ran,
      commits: commitsOf(entry.version, history),
    })
  }
  const applied = new Set(entries.map(({ version }) => lineageOf(version)))
  // another text of a repeatable one ran over the target's
  const replaced = target.filter((one) => isRepeatable(one) && applied.has(lineageOf(one.version)))
  const settled = new Set([...contained, ...replaced, ...displaced.map(({ migration }) => migration)])
  const missing = target.filter((migration) => !settled.has(migration))
  refuseMissing(missing, name)
  for (const attempt of appliedAttempts(history.rows)) {
    if (applied.has(lineageOf(attempt.version))) continue
    notes.push(
      `Version ${shownVersion(attempt.version)} (${attempt.name}) ran here and is in no version table any more: somebody took it back.`,
    )
  }
  return { since, displaced, unchecked, notes: [...new Set(notes)] }
}

/** Post migrations of the target may still be held back; without its pre migrations its code has never run here. */
function refuseMissing(missing: readonly Migration[], name: string): void {
  const [first, ...others] = missing.filter(({ phase }) => phase === 'pre')
  if (first === undefined) return
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  throw new ReleaseError(
    'target-newer',
    `${name} contains ${first.path}${more}, which has not run on this database: ${name} is newer than what is there.`,
    {
      at: first.path,
      hint: 'A rollback goes to a release that was live here. To go forward, run "shiplock migrate --phase pre" from the checkout of the release.',
    },
  )
}

function commitsOf(version: string, { rows, former }: History): readonly string[] {
  const all = [...former, ...rows].filter((row) =>
    row.event === 'migration' ? row.version === version : row.event === 'deployed' && row.migrations.some((one) => one.version === version),
  )
  return [...new Set(all.reverse().flatMap(({ commit }) => commit ?? []))]
}
