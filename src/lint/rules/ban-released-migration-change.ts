import { type ReleasedChange, releasedChanges } from '../released-files.ts'
import type { ReleaseProblem, ReleaseRule } from '../rule.ts'
import { freeVersion } from '../versions.ts'

const rule: ReleaseRule = {
  name: 'ban-released-migration-change',
  group: 'robustness',
  severity: 'error',
  problem: 'Databases that have run the file keep the old schema, new ones get another, and the next release stops at the checksum.',
  remedy: 'Restore the file from version control, and put the change into a new migration.',
  because:
    'A version runs once; Shiplock keeps a SHA-256 over the raw bytes of each file, as Flyway, sqlx and Prisma keep theirs, so that a comment or a space counts too.',
  examples: {
    bad: [
      { files: [{ sql: 'select 1' }], changes: [{ kind: 'modified', path: 'db/0002_example.sql' }] },
      { files: [{ sql: 'select 1' }], changes: [{ kind: 'removed', path: 'db/0003_carts.sql' }] },
      { files: [{ sql: 'select 1' }], changes: [{ kind: 'renamed', from: 'db/0001_example.sql', path: 'db/0002_example.sql' }] },
    ],
    good: [
      { files: [{ sql: 'select 1' }], changes: [{ kind: 'added', path: 'db/0101_example.sql' }] },
      { files: [{ sql: 'select 1' }], changes: [{ kind: 'modified', path: 'db/0002_example.down.sql' }] },
      { files: [{ sql: 'select 1' }], changes: [{ kind: 'renamed', from: 'sql/0002_example.sql', path: 'db/0002_example.sql' }] },
    ],
  },
  checkRelease({ replayed, review }) {
    const migrations = replayed.map(({ migration }) => migration)
    return releasedChanges(review?.changes ?? [], migrations).map((change): ReleaseProblem => {
      const message = messageOf(change, () => freeVersion(migrations))
      // a database that has run it goes on without the file; a new one does not get what it made
      return { path: change.path, message, ...(change.kind === 'removed' ? { severity: 'warning' } : {}) }
    })
  },
}

export default rule

function messageOf({ kind, path, from }: ReleasedChange, free: () => string): string {
  switch (kind) {
    case 'edited':
      return `${path} is released, and was edited; put what is to change into a new migration, such as number ${free()}.`
    case 'removed':
      return `${path} is released, and was removed: a new database no longer gets what it makes.`
    case 'renamed':
      return `${from} is released, and is called ${path} now: databases that ran it take that for another migration of the same version.`
    case 'renumbered':
      return `${from} is released, and was renumbered to ${path}: every database would run it once more.`
    case 'moved':
      return `${from} is released, and was moved to ${path}: it ran in the other phase.`
  }
}
