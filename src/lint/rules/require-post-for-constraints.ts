import type { AlterDomainStmt, AlterTableCmd, AlterTableStmt, IndexStmt } from '@pgsql/types'
import { nameOfWords, wordsOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { tableById } from '../../sql/schema/schema.ts'
import { alteredOldTable } from '../compatibility/altered-table.ts'
import { lateNotNull, uniqueFiles, validatedFiles } from '../compatibility/late-constraint.ts'
import { movedToPost, partAlter } from '../compatibility/moved.ts'
import { type NewLimit, newLimit, uniqueLimit } from '../compatibility/new-constraint.ts'
import { findType, oldTable } from '../compatibility/old-objects.ts'
import { schemaWhenDone } from '../compatibility/what-follows.ts'
import { defineRule, type Problem, type RemedyFile } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'

export default defineRule({
  name: 'require-post-for-constraints',
  group: 'compatibility',
  severity: 'warning',
  phase: 'pre',
  problem: 'The code that still runs does not know the constraint: what it writes may be refused.',
  remedy: 'Ship code that keeps the constraint first, and add it in a post migration of that release.',
  because:
    'A constraint counts for every write from the moment it is added, also when it is NOT VALID: that only leaves out the rows which are there.',
  examples: {
    bad: [
      'alter table users alter column nickname set not null',
      'alter table users add constraint users_age_check check (age >= 0)',
      'alter table users add constraint users_age_check check (age >= 0) not valid',
      'alter table users add constraint users_nickname_key unique (nickname)',
      'alter table orders add constraint orders_product_id_fkey foreign key (product_id) references products (id) not valid',
      'alter table orders add constraint orders_apart exclude using btree (placed_at with =)',
      { files: [{ transaction: false, sql: 'create unique index concurrently users_nickname_key on users (nickname)' }] },
      {
        given: 'create unique index orders_open_key on orders (user_id) where placed_at is null',
        files: [{ sql: 'drop index orders_open_key; create unique index on orders (user_id, product_id)' }],
      },
      'alter domain email_address add constraint short check (length(value) < 100)',
      {
        given: "alter table users add constraint kinds check (name in ('a', 'b')) not valid",
        files: [
          { sql: "alter table users drop constraint kinds; alter table users add constraint kinds check (name in ('a', 'c')) not valid" },
        ],
      },
    ],
    good: [
      { files: [{ phase: 'post', sql: 'alter table users alter column nickname set not null' }] },
      'alter table users alter column email set not null',
      {
        given: 'alter table users add constraint age_known check (age is not null) not valid',
        files: [{ sql: 'alter table users validate constraint age_known; alter table users alter column age set not null' }],
      },
      'alter table users add column rank int; alter table users add constraint rank_check check (rank > 0)',
      "alter table users add column kind text default 'a'; alter table users add constraint kind_check check (kind in ('a', 'b'))",
      'alter table users add column boss bigint; alter table users add foreign key (boss) references users (id) not valid',
      'alter table users add column code text; create unique index users_code_key on users (code)',
      'create table carts (id bigint); alter table carts add primary key (id)',
      {
        given: "alter table users add constraint kinds check (name in ('a', 'b')) not valid",
        files: [
          {
            sql: "alter table users drop constraint kinds; alter table users add constraint kinds check (name in ('a', 'b', 'c')) not valid",
          },
        ],
      },
      {
        given: 'alter table users add constraint ages check (age <= 120)',
        files: [{ sql: 'alter table users drop constraint ages, add constraint ages check (age <= 150)' }],
      },
      'alter table users add constraint users_email_unique unique using index users_email_key',
      'create unique index users_email_name_key on users (email, name)',
      {
        given: 'create unique index orders_open_key on orders (user_id) where placed_at is null',
        files: [
          {
            sql: 'drop index orders_open_key; create unique index orders_open_product_key on orders (user_id, product_id) where placed_at is null',
          },
        ],
      },
      {
        given: 'alter table users add constraint users_nickname_key unique (nickname)',
        files: [
          {
            sql: 'alter table users rename column nickname to handle; alter table users drop constraint users_nickname_key, add unique (handle)',
          },
        ],
      },
      'alter table users add column phone text; create unique index on users (nickname) where phone is not null and age > 3',
      'alter table orders drop constraint orders_user_id_fkey, add foreign key (user_id) references users (id) on delete cascade not valid',
    ],
  },
  on: ['AlterTableStmt', 'IndexStmt', 'AlterDomainStmt'],
  check(statement, scope) {
    if ('cmds' in statement) return inTable(statement, scope)
    if ('indexParams' in statement) return inIndex(statement, scope)
    return 'subtype' in statement ? inDomain(statement as AlterDomainStmt, scope) : undefined
  },
})

function inTable(alter: AlterTableStmt, scope: StatementScope): Problem[] {
  const altered = alteredOldTable(scope, alter)
  if (altered === undefined) return []
  const name = tableName(altered.name)
  return altered.commands.flatMap((command, index) => {
    const limit = newLimit(scope, altered.table, command)
    if (limit === undefined) return []
    const constraint = limit.kind === 'not null' ? 'NOT NULL' : 'The new constraint'
    return {
      message: `${constraint} on ${name} forbids ${limit.forbids}, which the code that still runs may write.`,
      harm: `Writes of the old code to ${name} that break it fail until the deploy is done.`,
      severity: limit.severity,
      instead: files(alter, scope, command, index, limit),
    }
  })
}

function files(alter: AlterTableStmt, scope: StatementScope, command: AlterTableCmd, index: number, limit: NewLimit): RemedyFile[] {
  const altered = alteredOldTable(scope, alter)
  const parting = partAlter(scope, alter, (_, at) => at === index)
  const [add = scope.sql] = parting.moved
  const before = 'The code of this release keeps the constraint; rows that break it are put right first.'
  const kept: RemedyFile[] = (parting.kept ?? []).map((sql) => ({
    phase: 'pre',
    transactional: scope.file.migration.transactional,
    sql: `${sql};`,
  }))
  if (altered === undefined) return []
  const constraint = command.def !== undefined && 'Constraint' in command.def ? command.def.Constraint : undefined
  if (command.subtype === 'AT_SetNotNull') return [...kept, ...lateNotNull(altered.name, command.name ?? '', before, scope)]
  const made = nameOfNew(scope, altered.table?.id, constraint?.conname, index)
  if (constraint?.skip_validation !== true && (limit.kind === 'check' || limit.kind === 'foreign') && altered.table?.form !== 'partitioned')
    return [...kept, ...validatedFiles(altered.name, add, made, before)]
  if (
    (limit.kind === 'unique' || limit.kind === 'primary') &&
    made !== undefined &&
    constraint?.indexname === undefined &&
    altered.table?.form !== 'partitioned'
  )
    return [...kept, ...uniqueFiles(altered.name, limit.columns, made, limit.kind === 'primary' ? 'primary key' : 'unique', before)]
  return movedToPost(scope, parting, before)
}

/** The name that the server will choose, when the text has none. */
function nameOfNew(scope: StatementScope, id: number | undefined, given: string | undefined, index: number): string | undefined {
  if (given !== undefined || id === undefined) return given
  const known = new Set(tableById(scope.schema, id)?.constraints.keys())
  const added = [...(tableById(schemaWhenDone(scope), id)?.constraints.keys() ?? [])].filter((one) => !known.has(one))
  return index === 0 || added.length === 1 ? added[0] : undefined
}

function inIndex(index: IndexStmt, scope: StatementScope): Problem | undefined {
  const old = index.unique === true ? oldTable(scope, index.relation) : undefined
  if (old === undefined) return undefined
  const keys = nodesOf(index.indexParams, 'IndexElem').flatMap(({ name }) => name ?? [])
  const isPlain = keys.length === (index.indexParams ?? []).length
  const limit = isPlain ? uniqueLimit(scope, old.table, keys, index.whereClause) : undefined
  if (isPlain && limit === undefined) return undefined
  const what = limit?.forbids ?? 'a second row with the same values'
  return {
    message: `The unique index on ${tableName(old.name)} forbids ${what}, which the code that still runs may write.`,
    harm: `Writes of the old code to ${tableName(old.name)} that break it fail until the deploy is done.`,
    instead: movedToPost(scope, undefined, 'The code of this release writes no such row; those that are there are put right first.'),
  }
}

function inDomain({ subtype, typeName }: AlterDomainStmt, scope: StatementScope): Problem | undefined {
  const name = nameOfWords(wordsOf(typeName))
  if ((subtype !== 'C' && subtype !== 'O') || scope.isNew(findType(scope.schema, name))) return undefined
  return {
    message: `The domain ${tableName(name)} will refuse values that the code that still runs may write.`,
    instead: movedToPost(scope, undefined, 'The code of this release keeps the constraint; rows that break it are put right first.'),
  }
}
