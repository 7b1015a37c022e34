import { isRepeatable } from '../../migration/migration.ts'
import type { ReleaseRule } from '../rule.ts'
import { duplicateVersions, freeVersion } from '../versions.ts'

const rule: ReleaseRule = {
  name: 'ban-duplicate-version',
  group: 'robustness',
  severity: 'error',
  problem: 'One of the two would never run: the version table holds a version once.',
  remedy: 'Give the newer file the next free number; numbers are unique across the folders of both phases.',
  because: 'Two branches that were open at the same time often take the same next number, and git merges both files without a conflict.',
  examples: {
    bad: [
      { released: [{ sql: 'select 1', version: 50 }], files: [{ sql: 'alter table users add column phone text', version: 50 }] },
      {
        files: [
          { sql: 'alter table users add column phone text', version: 50 },
          { phase: 'post', sql: 'alter table users drop column nickname', version: 50 },
        ],
      },
    ],
    good: [{ released: [{ sql: 'select 1', version: 50 }], files: [{ sql: 'alter table users add column phone text', version: 51 }] }],
  },
  checkRelease({ replayed, files }) {
    const migrations = replayed.map(({ migration }) => migration)
    const added = new Set(files.map(({ migration }) => migration))
    const free = freeVersion(migrations)
    return duplicateVersions(migrations).flatMap((same) => {
      const [first, ...others] = [...same.filter((one) => !added.has(one)), ...same.filter((one) => added.has(one))]
      return others.map(({ path, version }) => ({
        path,
        message: isRepeatable({ version })
          ? `${first?.path} and ${path} are repeatable migrations of one name; one of them needs another.`
          : `${first?.path} and ${path} carry the same version, ${version}; the next free one is ${free}.`,
      }))
    })
  },
}

export default rule
