import { basename, dirname } from 'node:path/posix'
import { foldersOf } from '../released-files.ts'
import type { ReleaseRule } from '../rule.ts'

const rule: ReleaseRule = {
  name: 'require-migration-name',
  group: 'robustness',
  severity: 'warning',
  problem: 'The file is passed over without a word, and the release goes out without its change.',
  remedy:
    'Give the name the ending .sql and put the file straight into the folder, or move it elsewhere; among migrations in Ruby, make it one of them.',
  because: 'Only files that end with .sql are read, and no subfolders; a number at the beginning says that the file was meant to run.',
  examples: {
    bad: [
      { files: [{ sql: 'select 1' }], changes: [{ kind: 'added', path: 'db/0102_add_phone.sgl' }] },
      { files: [{ sql: 'select 1' }], changes: [{ kind: 'added', path: 'db/0102_add_phone.sql.txt' }] },
      { files: [{ sql: 'select 1' }], changes: [{ kind: 'added', path: 'db/users/0102_add_phone.sql' }] },
    ],
    good: [
      { files: [{ sql: 'select 1' }], changes: [{ kind: 'added', path: 'db/0101_example.sql' }] },
      { files: [{ sql: 'select 1' }], changes: [{ kind: 'added', path: 'db/0101_example.down.sql' }] },
      { files: [{ sql: 'select 1' }], changes: [{ kind: 'added', path: 'db/README.md' }] },
      { files: [{ sql: 'select 1' }], changes: [{ kind: 'added', path: 'docs/0102_decision.md' }] },
    ],
  },
  checkRelease({ replayed, review }) {
    const migrations = replayed.map(({ migration }) => migration)
    const folders = foldersOf(migrations)
    const isRuby = migrations.some(({ notSql }) => notSql === 'Ruby')
    return (review?.changes ?? []).flatMap(({ kind, path }) => {
      if (kind !== 'added' || !/^\d+[_-]/.test(basename(path))) return []
      const isSql = path.toLowerCase().endsWith('.sql')
      if (isRuby) {
        return isSql && isIn(path, folders)
          ? [
              {
                path,
                message: `${path} stands among migrations in Ruby, of which only the files that end with .rb are run: it would never run.`,
              },
            ]
          : []
      }
      if (folders.has(dirname(path))) {
        return isSql || path.endsWith('.go')
          ? []
          : [{ path, message: `${path} has a number and does not end with .sql: it would never run.` }]
      }
      const above = folderAbove(path, folders)
      if (!isSql || above === undefined) return []
      return [{ path, message: `${path} stands in a subfolder of ${above}, which is not read: it would never run.` }]
    })
  },
}

function isIn(path: string, folders: ReadonlyMap<string, unknown>): boolean {
  return folders.has(dirname(path)) || folderAbove(path, folders) !== undefined
}

function folderAbove(path: string, folders: ReadonlyMap<string, unknown>): string | undefined {
  return [...folders.keys()].find((folder) => folder !== '.' && path.startsWith(`${folder}/`))
}

export default rule
