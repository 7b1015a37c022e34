import { defineRule } from '../rule.ts'

export default defineRule({
  name: 'ban-drop-database',
  group: 'compatibility',
  severity: 'error',
  problem: 'Everybody who uses the database loses it, with every row in it.',
  remedy: 'Drop a database by hand, after a backup, and never in a migration.',
  because:
    'DROP DATABASE removes the files at once and cannot be rolled back; it fails while anybody is connected, unless FORCE ends their sessions.',
  examples: {
    bad: [
      { files: [{ transaction: false, sql: 'drop database if exists shop' }] },
      { files: [{ transaction: false, phase: 'post', sql: 'drop database if exists shop with (force)' }] },
    ],
    good: ['drop table if exists pg_temp.shop'],
  },
  on: 'DropdbStmt',
  check: ({ dbname = '' }) => ({ message: `Dropping the database ${dbname} takes everything from everybody who uses it.` }),
})
