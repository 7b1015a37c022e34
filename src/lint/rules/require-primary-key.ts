import type { ReleaseRule } from '../rule.ts'
import { tableName } from '../wording.ts'

const rule: ReleaseRule = {
  name: 'require-primary-key',
  group: 'style',
  severity: 'advice',
  optIn: true,
  problem: 'A row that stands twice in the table cannot be told from its double, by nobody and by no tool.',
  remedy: 'Give the table a primary key.',
  because: 'Logical replication, rescue copies and most tools that move rows in portions go by the primary key.',
  examples: {
    bad: ['create table visits (user_id bigint, at timestamptz)'],
    good: [
      'create table visits (id bigint primary key)',
      'create table visits (user_id bigint, at timestamptz); alter table visits add primary key (user_id, at)',
      'create temporary table visits (user_id bigint)',
      "create table events_2027 partition of events for values from ('2027-01-01') to ('2028-01-01')",
    ],
  },
  checkRelease({ files, after }) {
    const byOrder = new Map(files.map((file) => [file.order, file]))
    return [...after.relations.values()].flatMap((table) => {
      const file = byOrder.get(table.origin.file)
      if (file === undefined || table.kind !== 'table' || table.persistence === 'temporary' || table.form === 'foreign') return []
      if (table.partitionOf !== undefined || table.parents.size > 0 || !table.complete) return []
      if ([...table.constraints.values()].some(({ kind }) => kind === 'primary')) return []
      const { migration, up } = file
      const offset = up.text.fileOffset(up.statements[table.origin.statement]?.start ?? 0) ?? 0
      const name = tableName({ schema: table.schema === 'public' ? undefined : table.schema, name: table.name })
      return [{ path: migration.path, offset, message: `${name} has no primary key.` }]
    })
  },
}

export default rule
