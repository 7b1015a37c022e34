import { namesIn } from '../../sql/names-in.ts'
import { readStatements } from '../down/judge-files.ts'
import type { LintFile } from '../lint-file.ts'
import { compareOrders, type NewOrder } from '../orders.ts'
import type { ReleaseRule } from '../rule.ts'
import { enumerate, objectName } from '../wording.ts'

const rule: ReleaseRule = {
  name: 'ban-order-dependent-schema',
  group: 'robustness',
  severity: 'error',
  problem: 'Test databases and new environments get another schema than production, or fail half-way.',
  remedy:
    'Give the file a number and a phase with which it runs behind all that it builds on, in every order; or use a name that nothing removes later.',
  because:
    'Production runs the pre files of a release, then its post files; a new database runs all by number (--phase all), and the tool itself runs one folder after the other.',
  yieldsTo: ['require-order-of-phases', 'ban-late-version'],
  examples: {
    bad: [
      {
        released: [{ phase: 'post', sql: 'alter table users drop column nickname' }],
        files: [{ sql: 'alter table users add column nickname varchar(40)' }],
      },
      {
        files: [
          { phase: 'post', sql: 'create table carts (id bigint primary key)', version: 101 },
          { sql: 'alter table carts add column note text', version: 102 },
        ],
      },
      {
        fails: true,
        released: [{ sql: 'alter table users rename column nickname to handle', version: 50 }],
        files: [{ sql: 'alter table users drop column nickname', version: 40 }],
      },
    ],
    good: [
      {
        files: [
          { sql: 'alter table users add column label text', version: 101 },
          { phase: 'post', sql: 'alter table users drop column nickname', version: 102 },
        ],
      },
      {
        released: [{ phase: 'post', sql: 'alter table users drop column nickname' }],
        files: [{ sql: 'alter table users add column handle varchar(40)' }],
      },
      {
        released: [
          { phase: 'post', sql: 'alter table users drop column nickname' },
          { sql: 'alter table users add column nickname varchar(40)' },
        ],
        files: [{ sql: 'alter table users add column handle varchar(40)' }],
      },
    ],
  },
  checkRelease({ replayed, files }) {
    if (replayed.some(({ up }) => up.problem !== undefined)) return []
    const ordered = replayed.map(({ migration, isNew, up }) => ({ migration, isNew, statements: readStatements(up) }))
    return compareOrders(ordered).map(({ order, objects }) => ({
      ...placeOf(objects, files),
      message: `${enumerate(objects.map(objectName))} would not be the same in a database that takes each release in turn and in ${newDatabase[order]}.`,
    }))
  },
}

export default rule

const newDatabase: Readonly<Record<NewOrder, string>> = {
  'by-number': 'a new one that runs all files by number (--phase all)',
  'by-folder': 'a new one that runs the pre folder and then the post folder',
}

/** The first statement of the new files that speaks of one of the objects. */
function placeOf(objects: readonly string[], files: readonly LintFile[]): { readonly path: string; readonly offset?: number } {
  const words = objects.map((object) => object.split(/[ .]/).at(-1) ?? '')
  for (const { migration, up } of files) {
    for (const [index, outer] of up.statements.entries()) {
      const names = namesIn([outer, ...(up.nested.get(index) ?? []).map(({ statement }) => statement)])
      if (words.some((word) => names.has(word))) return { path: migration.path, offset: up.text.fileOffset(outer.start) ?? 0 }
    }
  }
  return { path: files[0]?.migration.path ?? '' }
}
