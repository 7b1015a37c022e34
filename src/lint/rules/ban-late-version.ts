import type { ReleaseRule } from '../rule.ts'
import { freeVersion, lateMigrations } from '../versions.ts'

const rule: ReleaseRule = {
  name: 'ban-late-version',
  group: 'robustness',
  severity: 'error',
  problem: 'The release stops before the file: its number is lower than one that has run, so no database would have both in one order.',
  remedy: 'Give the file the next free number, which is what happens to a branch that is merged later than it was begun.',
  because:
    'goose refuses a file below the newest version that ran ("missing migrations"); Shiplock refuses it too (out-of-order), since new databases would run it before and old ones after.',
  examples: {
    bad: [
      { released: [{ sql: 'select 1', version: 50 }], files: [{ sql: 'alter table users add column phone text', version: 40 }] },
      {
        released: [{ phase: 'post', sql: 'select 1', version: 50 }],
        files: [{ phase: 'post', sql: 'alter table users drop column nickname', version: 40 }],
      },
    ],
    good: [
      { released: [{ sql: 'select 1', version: 50 }], files: [{ sql: 'alter table users add column phone text', version: 60 }] },
      {
        released: [{ phase: 'post', sql: 'select 1', version: 50 }],
        files: [{ sql: 'alter table users add column phone text', version: 40 }],
      },
    ],
  },
  checkRelease({ replayed, files, layout }) {
    const migrations = replayed.map(({ migration }) => migration)
    const added = new Set(files.map(({ migration }) => migration))
    const free = freeVersion(migrations)
    return lateMigrations(migrations, (one) => added.has(one)).map(({ late, behind }) => ({
      path: late.path,
      message: `${late.path} is numbered below ${behind.id}, which is released already; the next free number is ${free}.`,
      ...(layout.toleratesHoles
        ? {}
        : { harm: `${layout.name}'s own "up" stops at the hole, and with it a service that migrates when it starts.` }),
    }))
  },
}

export default rule
