import { byVersion } from '../../migration/migration.ts'
import type { ReleaseRule } from '../rule.ts'

const rule: ReleaseRule = {
  name: 'ban-post-hole',
  group: 'robustness',
  severity: 'error',
  problem: 'While the post migration is held back the version table has a hole, and the tool refuses to go on.',
  remedy: 'Give the post migration a number above every pre migration of the release, or a version table of its own.',
  because:
    'Both phases write one version table here, and a tool such as goose or golang-migrate takes a lower version that has not run for a mistake.',
  examples: {
    bad: [
      {
        layout: { sharesTable: true, toleratesHoles: false },
        files: [
          { phase: 'post', sql: 'alter table users drop column nickname', version: 50 },
          { sql: 'alter table users add column phone text', version: 51 },
        ],
      },
    ],
    good: [
      {
        layout: { sharesTable: true, toleratesHoles: false },
        files: [
          { sql: 'alter table users add column phone text', version: 50 },
          { phase: 'post', sql: 'alter table users drop column nickname', version: 51 },
        ],
      },
      {
        layout: { sharesTable: false, toleratesHoles: false },
        files: [
          { phase: 'post', sql: 'alter table users drop column nickname', version: 50 },
          { sql: 'alter table users add column phone text', version: 51 },
        ],
      },
      {
        files: [
          { phase: 'post', sql: 'alter table users drop column nickname', version: 50 },
          { sql: 'alter table users add column phone text', version: 51 },
        ],
      },
    ],
  },
  checkRelease({ replayed, files, layout }) {
    if (layout.toleratesHoles || !layout.sharesTable) return []
    const newest = replayed
      .map(({ migration }) => migration)
      .filter(({ phase }) => phase === 'pre')
      .sort(byVersion)
      .at(-1)
    if (newest === undefined) return []
    return files
      .filter(({ migration }) => migration.phase === 'post' && byVersion(migration, newest) < 0)
      .map(({ migration }) => ({
        path: migration.path,
        message: `${migration.path} is held back while ${newest.id}, a pre migration with a higher number, runs: ${layout.name} does not bear the hole.`,
      }))
  },
}

export default rule
