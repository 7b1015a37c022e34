import { ReleaseError } from '../errors.ts'
import { MappedText } from '../sql/mapped-text.ts'
import { plural } from '../units.ts'
import { checksumThatRan, refuseEdits, refuseMoves, sidesOf } from './drift.ts'
import { appliedAttempts, type ByHand, type History, lastDeployed } from './history.ts'
import type { Layout } from './layout.ts'
import type { LedgerEntry } from './ledger.ts'
import { byVersion, isRepeatable, lineageOf, type Migration, shownVersion } from './migration.ts'
import { readTyped } from './migration-path.ts'
import type { Mark } from './script.ts'

/** What somebody wants to be written by hand. */
export interface AskedMark {
  readonly action: ByHand['action']
  /** An id or a version, as it was typed. */
  readonly typed: string
  /** What a migration that began and did not end counts as from now on. */
  readonly settleAs?: Mark['as'] | undefined
  readonly outOfOrder: 'refuse' | 'allow'
}

/** What that is decided from. */
export interface MarkEvidence {
  readonly layout: Layout
  readonly migrations: readonly Migration[]
  /** With what the tool marks as begun. */
  readonly entries: readonly LedgerEntry[]
  readonly history: History
  /** Statements that are noted of a file outside a transaction, by version. */
  readonly steps: ReadonlyMap<string, number>
}

/** What is to be written, or why nothing is. */
export type Marking = PlannedMark | { readonly nothing: string }

export interface PlannedMark {
  readonly migration: Migration
  readonly mark: Mark
  readonly wasApplied: boolean
  readonly notes: readonly string[]
}

/** Throws for what would leave books that are wrong, or that a later run stops at. */
export function planMark(asked: AskedMark, evidence: MarkEvidence): Marking {
  if (asked.action === 'clear-dirty') return clearDirty(asked, evidence)
  return asked.action === 'mark-applied' ? markApplied(asked, evidence) : markReverted(asked, evidence)
}

function markApplied({ typed, outOfOrder }: AskedMark, evidence: MarkEvidence): Marking {
  const { entries, history, layout, steps } = evidence
  const migration = fileOf(typed, evidence)
  const { id, version } = migration
  if (entries.some((entry) => entry.version === version)) {
    const sides = sidesOf([migration], entries, history)
    refuseEdits(sides)
    refuseMoves(sides)
    if (!steps.has(version)) return { nothing: `${id} is in the version table already; nothing was changed.` }
    return { migration, mark: { as: 'applied', row: 'none' }, wasApplied: true, notes: stepsNote(migration, evidence) }
  }
  const [older] = pendingOf(evidence)
    .filter((one) => one.phase === migration.phase && isBefore(one, migration))
    .sort(byVersion)
  if (older !== undefined && layout.keepsNewest) {
    throw new ReleaseError('out-of-order', `${older.path} is older than ${id} and has not run.`, {
      at: older.path,
      hint: `The version table keeps the newest number alone: ${older.id} would count as run too. Run it first, or mark it first: shiplock ledger mark-applied --migration ${older.id} --reason "…"`,
    })
  }
  if (older !== undefined && outOfOrder === 'refuse' && !migration.hotfix) {
    throw new ReleaseError('out-of-order', `${older.path} is older than ${id} and has not run: "migrate" would stop at it afterwards.`, {
      at: older.path,
      hint: `Run it first, or mark it first: shiplock ledger mark-applied --migration ${older.id} --reason "…". migrations.out-of-order: allow lets older files follow.`,
    })
  }
  return {
    migration,
    mark: { as: 'applied', row: 'own' },
    wasApplied: false,
    notes: [...stepsNote(migration, evidence), ...postNote(migration, history), ...(older === undefined ? [] : holeNote(older, layout))],
  }
}

function markReverted({ typed }: AskedMark, evidence: MarkEvidence): Marking {
  const { entries, layout, steps } = evidence
  const named = versionOf(typed, evidence)
  const entry = entries.find(({ version }) => lineageOf(version) === named.version)
  const noted = [...steps.keys()].find((version) => lineageOf(version) === named.version)
  const migration = asItRan({ ...named, version: noted ?? named.version }, entry, evidence)
  if (entry === undefined) {
    if (!steps.has(migration.version)) return { nothing: `${migration.id} is in no version table; nothing was changed.` }
    return { migration, mark: { as: 'reverted', row: 'none' }, wasApplied: false, notes: stepsNote(migration, evidence) }
  }
  if (entry.covered) {
    throw new ReleaseError('not-newest', `${migration.id} has no row of its own in the version table: a baseline stands for it.`, {
      hint: 'Nothing takes one version out of a baseline. Put what is missing into a new migration.',
    })
  }
  const newer = entries
    .filter((one) => asItRan({ version: one.version, word: one.version }, one, evidence).phase === migration.phase && isBefore(entry, one))
    .sort(byVersion)
  const [newest] = newer.slice(-1)
  if (newest !== undefined && layout.keepsNewest) {
    const last = asItRan({ version: newest.version, word: newest.version }, newest, evidence).id
    throw new ReleaseError('not-newest', `${migration.id} is not the newest in the version table: ${last} is.`, {
      hint: `The version table keeps the newest number alone, so that no older one can be taken out. Take back ${last} first: shiplock ledger mark-reverted --migration ${last} --reason "…"`,
    })
  }
  const [next] = newer
  const inOrder = newer.find(({ version }) => evidence.migrations.some((one) => one.version === version && !one.hotfix))
  const stays =
    inOrder === undefined
      ? []
      : [
          `Version ${inOrder.version} is newer and stays applied: "migrate" stops at ${migration.id} as out of order until that is taken back too, or allowed.`,
        ]
  const hole = next === undefined ? [] : holeNote(migration, layout)
  return {
    migration,
    mark: { as: 'reverted', row: 'own' },
    wasApplied: true,
    notes: [...stepsNote(migration, evidence), ...stays, ...hole],
  }
}

/** Throws `invalid-input` where the layout's tool notes nothing, or for another migration than the one that it notes. */
function clearDirty({ typed, settleAs }: AskedMark, evidence: MarkEvidence): Marking {
  const { entries, layout } = evidence
  if (layout.ledger.dirty === undefined) {
    throw new ReleaseError('invalid-input', `${layout.name} notes in its version table no migration that began and did not end.`, {
      hint: 'There is nothing to clear. "shiplock ledger mark-applied" and "shiplock ledger mark-reverted" mend what is wrong there.',
    })
  }
  if (settleAs === undefined) throw new Error('clear-dirty without settle-as')
  const dirty = entries.filter((entry) => entry.dirty)
  const [first] = dirty
  if (first === undefined) return { nothing: 'The version table says of no migration that it began and did not end; nothing was changed.' }
  const { version } = readTyped(typed)
  const own = dirty.find((entry) => lineageOf(entry.version) === version)
  // golang-migrate writes the number before, once a way back has begun
  const before =
    own === undefined && layout.keepsNewest ? dirty.find((entry) => followerOf(entry, evidence)?.version === version) : undefined
  const entry = own ?? before
  if (entry === undefined) throw notDirty(typed, first, evidence)
  const wasApplied = before !== undefined
  const migration = settleAs === 'applied' || wasApplied ? fileOf(typed, evidence) : asItRan(versionOf(typed, evidence), entry, evidence)
  const notes = [...stepsNote(migration, evidence), ...(before === undefined ? [] : [wayBackNote(migration, before)])]
  return { migration, mark: { as: settleAs, row: 'begun' }, wasApplied, notes }
}

/** The table would say the same of the older one's way there: whoever meant that has named the wrong one. */
function wayBackNote({ id }: Migration, { version }: LedgerEntry): string {
  const older =
    version === '-1' ? '' : `, which version ${shownVersion(version)} stands for too; where that one did not end, name it instead`
  return `The mark is taken for a way back of ${id} that did not end${older}.`
}

function notDirty(typed: string, dirty: LedgerEntry, evidence: MarkEvidence): ReleaseError {
  const follower = evidence.layout.keepsNewest ? followerOf(dirty, evidence) : undefined
  const file = evidence.migrations.find(({ version }) => version === dirty.version)
  const names = [
    ...(dirty.version === '-1' ? [] : [`--migration ${file?.id ?? shownVersion(dirty.version)}, if it is that one`]),
    ...(follower === undefined ? [] : [`--migration ${follower.id}, if its way back did not end`]),
  ]
  return new ReleaseError(
    'invalid-input',
    `The version table says that version ${shownVersion(dirty.version)} is dirty, and not ${JSON.stringify(typed)}.`,
    {
      hint: `Name ${names.join('; ')}.`,
    },
  )
}

/** The next file of the same table. */
function followerOf(entry: LedgerEntry, { migrations }: MarkEvidence): Migration | undefined {
  return migrations.filter((one) => one.phase === entry.phase && byVersion(one, entry) > 0).sort(byVersion)[0]
}

/** Throws `unknown-migration` unless this checkout holds it. */
function fileOf(typed: string, evidence: MarkEvidence): Migration {
  const { word, version, isVersion } = readTyped(typed)
  const migration = evidence.migrations.find((one) => lineageOf(one.version) === version)
  if (migration !== undefined && (isVersion || migration.id === word)) return migration
  const [next] = pendingOf(evidence).sort(byVersion)
  const other = migration === undefined ? '' : `: version ${version} is ${migration.id}`
  throw new ReleaseError('unknown-migration', `${JSON.stringify(typed)} is no migration of this checkout${other}.`, {
    hint: `Its file says what is recorded, so run this where the file is${next === undefined ? '' : `; the oldest that is pending here is --migration ${next.id}`}.`,
  })
}

function pendingOf({ migrations, entries }: MarkEvidence): Migration[] {
  const applied = new Set(entries.map(({ version }) => version))
  return migrations.filter(({ version }) => !applied.has(version))
}

/** Whether one comes before the other by its number; what is repeatable has none, and no turn among others. */
function isBefore(one: { version: string }, other: { version: string }): boolean {
  return !isRepeatable(one) && !isRepeatable(other) && byVersion(one, other) < 0
}

interface Named {
  readonly version: string
  readonly word: string
}

/** Throws `unknown-migration` for what no table, no file and no row of the history knows. */
function versionOf(typed: string, evidence: MarkEvidence): Named {
  const { word, version, isVersion } = readTyped(typed)
  const known = version === undefined ? undefined : nameOf(version, evidence)
  const isThere = evidence.entries.some((entry) => lineageOf(entry.version) === version)
  if (version !== undefined && (isThere || known !== undefined) && (isVersion || known === undefined || known === word))
    return { version, word }
  const other = isVersion ? undefined : known
  const why = other === undefined ? 'no version table and no file here has it' : `version ${shownVersion(version ?? '')} is ${other}`
  throw new ReleaseError('unknown-migration', `${JSON.stringify(typed)} is no migration that is known here: ${why}.`, {
    hint: `${other === undefined ? '' : `Name --migration ${other}, if it is that one. `}An id begins with its number, as 0007_add_phone does; the number alone will do. "shiplock plan" lists what ran without a file here.`,
  })
}

/** The name that it ran under, else that of its file. */
function nameOf(version: string, { migrations, history: { rows, former } }: MarkEvidence): string | undefined {
  const all = [...former, ...rows]
  const attempt = appliedAttempts(all).findLast((row) => lineageOf(row.version) === version)
  const contained = all
    .flatMap((row) => (row.event === 'deployed' ? row.migrations : []))
    .findLast((one) => lineageOf(one.version) === version)
  return attempt?.name || contained?.name || migrations.find((one) => lineageOf(one.version) === version)?.id
}

/** A migration as the table and the history have it; its file may be another one now, or gone. */
function asItRan(named: Named, entry: LedgerEntry | undefined, evidence: MarkEvidence): Migration {
  const { migrations, entries, history } = evidence
  const sides = sidesOf(migrations, entries, history)
  const version = entry?.version ?? named.version
  const file = migrations.find((one) => lineageOf(one.version) === lineageOf(version))
  const known = sides.contained.get(version)?.at(-1)
  const nothing = MappedText.generated('')
  return {
    ...(file ?? { path: named.word, file: '', up: nothing, down: undefined, transactional: true, hotfix: false, major: false }),
    version,
    id: nameOf(lineageOf(version), evidence) ?? named.word,
    phase: entry?.phase ?? sides.attempts.get(version)?.phase ?? known?.phase ?? file?.phase ?? 'pre',
    checksum: checksumThatRan(sides, version) ?? known?.checksum ?? file?.checksum ?? '',
  }
}

function stepsNote({ id, version }: Migration, { steps }: MarkEvidence): readonly string[] {
  const count = steps.get(version)
  return count === undefined ? [] : [`${plural(count, 'statement')} of ${id} had been noted by earlier runs; that is settled with it.`]
}

/** What the tool itself does when a file is pending that is older than one that counts as applied. */
function holeNote({ id }: Migration, { name, toleratesHoles, allowingHoles }: Layout): readonly string[] {
  if (toleratesHoles) return []
  const allowed = allowingHoles === undefined ? '' : `; ${allowingHoles} goes on`
  return [`${name}'s own command stops at ${id} until it is applied, and with it a service that migrates at boot${allowed}.`]
}

/** What it removes may still be needed by the code that is live. */
function postNote({ id, phase, version }: Migration, { rows }: History): readonly string[] {
  const deployed = lastDeployed(rows)
  if (phase === 'pre' || deployed?.migrations.some((one) => one.version === version)) return []
  const live =
    deployed === undefined
      ? 'no release is recorded as deployed'
      : `${deployed.release}, which is recorded as deployed, does not contain it`
  return [`${id} is a post migration, and ${live}: the code that is live may need what it removed.`]
}
