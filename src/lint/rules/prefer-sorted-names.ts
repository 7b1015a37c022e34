import { basename } from 'node:path/posix'
import { byVersion, isRepeatable } from '../../migration/migration.ts'
import type { ReleaseRule } from '../rule.ts'

const rule: ReleaseRule = {
  name: 'prefer-sorted-names',
  group: 'robustness',
  severity: 'advice',
  optIn: true,
  problem: 'Whatever reads the folder by name, such as a shell loop or a seed script, runs the files in another order than the release.',
  remedy: 'Write the number with as many digits as the others have.',
  because:
    'By text 10_b.sql comes before 2_a.sql; Shiplock, goose and golang-migrate compare numbers; dbmate, ls and psql in a loop compare text.',
  examples: {
    bad: [
      {
        files: [
          { sql: 'select 1', version: 99_999 },
          { sql: 'select 1', version: 100_000 },
        ],
      },
    ],
    good: [
      {
        files: [
          { sql: 'select 1', version: 101 },
          { sql: 'select 1', version: 1010 },
        ],
      },
    ],
  },
  checkRelease({ replayed, files }) {
    return files.flatMap(({ migration }) => {
      const name = basename(migration.path)
      const trap = replayed.find(
        ({ migration: other }) =>
          other.phase === migration.phase && !isRepeatable(migration) && byVersion(other, migration) < 0 && basename(other.path) > name,
      )
      if (trap === undefined) return []
      return [{ path: migration.path, message: `By name ${name} comes before ${basename(trap.migration.path)}, by number behind it.` }]
    })
  },
}

export default rule
