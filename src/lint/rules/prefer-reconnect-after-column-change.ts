import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { findTable } from '../../sql/schema/schema.ts'
import { relationName } from '../held-locks.ts'
import type { ReleaseRule } from '../rule.ts'

const rule: ReleaseRule = {
  name: 'prefer-reconnect-after-column-change',
  group: 'compatibility',
  severity: 'advice',
  optIn: true,
  problem:
    'A connection of the running application that has prepared SELECT * from the table fails with "cached plan must not change result type" until it is opened anew.',
  remedy: 'Name the columns in prepared queries, or have the application open its connections anew after the release.',
  because:
    'A prepared statement promises the columns of its result; after a column was added, removed or retyped the server plans it again and refuses a result that is another one.',
  examples: {
    bad: [
      'alter table users add column points int',
      'alter table users drop column nickname',
      'alter table users alter column score type numeric',
    ],
    good: ['create table carts (id bigint); alter table carts add column note text', 'alter table users alter column age set default 0'],
  },
  checkRelease({ files, before }) {
    const changed = files.flatMap((file) =>
      file.up.statements.flatMap(({ node, start }) => {
        const alter = 'AlterTableStmt' in node ? node.AlterTableStmt : undefined
        const table = alter === undefined || !changesColumns(alter.cmds) ? undefined : findTable(before, nameOf(alter.relation))
        return table === undefined
          ? []
          : [{ name: relationName(table), path: file.migration.path, offset: file.up.text.fileOffset(start) ?? 0 }]
      }),
    )
    const [first] = changed
    if (first === undefined) return []
    const names = [...new Set(changed.map(({ name }) => name))].join(', ')
    return [
      {
        path: first.path,
        offset: first.offset,
        message: `The columns of ${names} change: connections with a prepared SELECT * of it fail.`,
      },
    ]
  },
}

export default rule

function changesColumns(cmds: Parameters<typeof nodesOf>[0]): boolean {
  const kinds = ['AT_AddColumn', 'AT_DropColumn', 'AT_AlterColumnType']
  return nodesOf(cmds, 'AlterTableCmd').some(({ subtype = '' }) => kinds.includes(subtype))
}
