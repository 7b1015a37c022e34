import type { ForeignKey, Table } from '../sql/schema/schema.ts'
import type { LintFile } from './lint-file.ts'
import type { ReleaseScope } from './scope.ts'

export interface NewForeignKey {
  readonly table: Table
  readonly key: ForeignKey
  readonly file: LintFile
  /** Where its statement begins in the file. */
  readonly offset: number
}

/** Foreign keys that the release adds and keeps. */
export function newForeignKeys({ files, after }: ReleaseScope): NewForeignKey[] {
  const byOrder = new Map(files.map((file) => [file.order, file]))
  return [...after.relations.values()].flatMap((table) => {
    // a partition has the keys of its parent
    if (table.kind !== 'table' || table.partitionOf !== undefined) return []
    return [...table.constraints.values()].flatMap((key) => {
      const file = byOrder.get(key.origin.file)
      if (key.kind !== 'foreign' || file === undefined) return []
      const start = file.up.statements[key.origin.statement]?.start ?? 0
      return [{ table, key, file, offset: file.up.text.fileOffset(start) ?? 0 }]
    })
  })
}
