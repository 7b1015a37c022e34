import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { surveyLocks } from '../../../src/adapters/postgres/lock-survey.ts'
import { type LockMode, lockModes, modeInSql, type ReachLock, type RelationLock } from '../../../src/sql/locks.ts'
import { startServer, type TestServer, uniqueName } from '../../postgres/server.ts'

let server: TestServer
let client: pg.Client
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  client = new pg.Client(await server.createDatabase(uniqueName('survey')))
  await client.connect()
  return () => client.end()
})

const lock = (name: string, mode: LockMode, reach: readonly ReachLock[] = [], schema?: string): RelationLock => ({
  schema,
  name,
  mode,
  reach,
})
const reach = (to: ReachLock['to'], mode: LockMode = 'AccessExclusive'): ReachLock => ({ to, mode })

async function targets(...locks: readonly RelationLock[]): Promise<Record<string, LockMode>> {
  return Object.fromEntries((await surveyLocks(client, locks)).map((target) => [target.name, target.mode]))
}

describe('names', () => {
  test('are found along the search path, in the first schema that has them', async () => {
    await client.query(`create schema one; create schema two; create schema three;
      create table two.orders (); create table three.orders (); create table three.items (); set search_path = one, two, three`)
    expect(await targets(lock('orders', 'Share'), lock('items', 'Share'))).toEqual({
      '"two"."orders"': 'Share',
      '"three"."items"': 'Share',
    })
    expect(await targets(lock('orders', 'Share', [], 'three'))).toEqual({ '"three"."orders"': 'Share' })
  })

  test('are taken as they are, with capitals, quotes, dots and backslashes', async () => {
    for (const name of ['Orders', 'say "hi"', "it's", 'a.b', 'back\\slash', 'größe 𝄞', '$1']) {
      await client.query(`create table ${pg.escapeIdentifier(name)} (id integer); create schema ${pg.escapeIdentifier(name)}`)
      await client.query(`create table ${pg.escapeIdentifier(name)}.t (id integer)`)
      expect(await targets(lock(name, 'Share'))).toEqual({ [`"public".${pg.escapeIdentifier(name)}`]: 'Share' })
      expect(await targets(lock('t', 'Share', [], name))).toEqual({ [`${pg.escapeIdentifier(name)}."t"`]: 'Share' })
    }
    expect(await targets(lock('orders', 'Share'))).toEqual({})
  })

  test('that do not exist, or not yet, are left out', async () => {
    await client.query('create table here (id integer)')
    expect(await targets(lock('here', 'Share'), lock('gone', 'Share'), lock('here', 'Share', [], 'gone'))).toEqual({
      '"public"."here"': 'Share',
    })
    expect(await surveyLocks(client, [])).toEqual([])
  })

  test("of temporary tables and of the server's own catalogs are left out", async () => {
    await client.query(
      'create table orders (id integer); create temporary table orders (id integer); create temporary table mine (id integer)',
    )
    expect(await targets(lock('orders', 'Share'), lock('mine', 'Share'), lock('pg_class', 'AccessShare'))).toEqual({})
    expect(await targets(lock('tables', 'AccessShare', [reach('underlying', 'AccessShare')], 'information_schema'))).toEqual({})
  })

  test('in a schema that the role may not use are found, and not to be locked by name', async () => {
    await client.query(`create schema hidden; create table hidden.t (id integer); create role outsider;
      grant all on hidden.t to outsider; set role outsider`)
    expect(await surveyLocks(client, [lock('t', 'Share', [], 'hidden')])).toMatchObject([{ name: '"hidden"."t"', lockable: false }])
    await client.query('reset role; grant usage on schema hidden to outsider; set role outsider')
    expect(await surveyLocks(client, [lock('t', 'Share', [], 'hidden')])).toMatchObject([{ lockable: true }])
  })
})

describe('what is reached', () => {
  test('goes down through partitions of partitions, and their indexes', async () => {
    await client.query(
      `create table a (id integer, at integer) partition by range (id);
      create table b partition of a for values from (0) to (10) partition by range (id);
      create table c partition of b for values from (0) to (5) partition by range (id);
      create table d partition of c for values from (0) to (2);
      create index a_at on a (at)`,
    )
    expect(await targets(lock('a', 'ShareUpdateExclusive', [reach('partitions', 'Share'), reach('indexes', 'AccessShare')]))).toEqual({
      '"public"."a"': 'ShareUpdateExclusive',
      '"public"."b"': 'Share',
      '"public"."c"': 'Share',
      '"public"."d"': 'Share',
      '"public"."a_at"': 'AccessShare',
      '"public"."b_at_idx"': 'AccessShare',
      '"public"."c_at_idx"': 'AccessShare',
      '"public"."d_at_idx"': 'AccessShare',
    })
  })

  test('leaves inheritance children alone where only partitions are meant', async () => {
    await client.query('create table parent (id integer); create table child () inherits (parent)')
    expect(await targets(lock('parent', 'Share', [reach('partitions')]))).toEqual({ '"public"."parent"': 'Share' })
    expect(await targets(lock('parent', 'Share', [reach('children')]))).toEqual({
      '"public"."parent"': 'Share',
      '"public"."child"': 'AccessExclusive',
    })
  })

  test('ends, even where foreign keys go round in a circle', async () => {
    await client.query(
      `create table a (id integer primary key, b integer); create table b (id integer primary key, a integer references a);
      alter table a add foreign key (b) references b`,
    )
    expect(await targets(lock('a', 'AccessExclusive', [reach('referencing-chain'), reach('dependents')]))).toEqual({
      '"public"."a"': 'AccessExclusive',
      '"public"."b"': 'AccessExclusive',
      '"public"."a_pkey"': 'AccessExclusive',
    })
  })

  test('is narrowed to one constraint, column or index', async () => {
    await client.query(`create table one (id integer primary key); create table two (id integer primary key);
      create table t (id integer, a integer constraint a_one references one, b integer constraint b_two references two);
      create index t_a on t (a); create index t_b on t (b)`)
    const only = (kind: 'column' | 'constraint' | 'index', name: string) => ({ only: { kind, name } })
    const named = { '"public"."t"': 'Share' }
    expect(await targets(lock('t', 'Share', [{ ...reach('referenced'), ...only('constraint', 'a_one') }]))).toEqual({
      ...named,
      '"public"."one"': 'AccessExclusive',
    })
    expect(await targets(lock('t', 'Share', [{ ...reach('referenced'), ...only('column', 'b') }]))).toEqual({
      ...named,
      '"public"."two"': 'AccessExclusive',
    })
    expect(await targets(lock('t', 'Share', [{ ...reach('indexes'), ...only('index', 't_b') }]))).toEqual({
      ...named,
      '"public"."t_b"': 'AccessExclusive',
    })
    expect(await targets(lock('t', 'Share', [{ ...reach('parts'), ...only('column', 'a') }]))).toEqual({
      '"public"."t"': 'AccessExclusive',
      '"public"."one"': 'AccessExclusive',
      '"public"."t_a"': 'AccessExclusive',
    })
  })

  test('takes along the partitions of the table to which the one foreign key refers', async () => {
    await client.query(`create table p (id integer primary key) partition by range (id); create table p_1 partition of p for values from (0) to (9);
      create table t (id integer constraint t_p references p)`)
    const only = { kind: 'constraint', name: 't_p' } as const
    expect(await targets(lock('t', 'Share', [{ ...reach('referenced'), only }]))).toEqual({
      '"public"."t"': 'Share',
      '"public"."p"': 'AccessExclusive',
      '"public"."p_1"': 'AccessExclusive',
    })
  })

  test('is what goes with a table, and what depends on it besides only where that goes too', async () => {
    await client.query(`create table customers (id serial primary key); create table orders (customer_id integer references customers);
      create view report as select * from customers; create view summary as select count(*) from report`)
    const table = { '"public"."customers"': 'AccessExclusive' }
    const parts = { '"public"."customers_pkey"': 'AccessExclusive', '"public"."customers_id_seq"': 'AccessExclusive' }
    const others = {
      '"public"."orders"': 'AccessExclusive',
      '"public"."report"': 'AccessExclusive',
      '"public"."summary"': 'AccessExclusive',
    }
    expect(await targets(lock('customers', 'AccessExclusive', [reach('parts')]))).toEqual({ ...table, ...parts })
    expect(await targets(lock('customers', 'AccessExclusive', [reach('dependents')]))).toEqual({ ...table, ...parts, ...others })
  })

  test('adds up to one lock a relation, as strong as all asked for together', async () => {
    await client.query('create table t (id integer)')
    expect(await targets(lock('t', 'Share'), lock('t', 'AccessShare', [], 'public'))).toEqual({ '"public"."t"': 'Share' })
    expect(await targets(lock('t', 'Share'), lock('t', 'ShareUpdateExclusive', [], 'public'))).toEqual({
      '"public"."t"': 'ShareRowExclusive',
    })
  })
})

test('a search path full of look-alikes changes nothing', async () => {
  await client.query(`create table orders (id serial primary key, parent integer references orders, note text);
    create view report as select * from orders; create table part (id integer) partition by range (id);
    create table part_rest partition of part default; create index on part (id)`)
  const locks = [
    lock(
      'orders',
      'AccessExclusive',
      [reach('dependents'), reach('referenced'), reach('referencing-chain'), reach('sequences'), reach('indexes')],
      'public',
    ),
    lock('part', 'Share', [reach('children'), reach('default'), reach('parent'), reach('table')]),
    lock('report', 'AccessShare', [reach('underlying'), reach('source')]),
    { ...lock('orders', 'Share', [{ ...reach('parts'), only: { kind: 'column', name: 'note' } }], 'public') },
  ] as const
  const honest = await surveyLocks(client, locks)
  expect(honest.map(({ name, lockable }) => [name, lockable])).toEqual([
    ['"public"."orders"', true],
    ['"public"."orders_id_seq"', false],
    ['"public"."orders_pkey"', false],
    ['"public"."part"', true],
    ['"public"."part_rest"', true],
    ['"public"."report"', false],
  ])
  await client.query(hostile)
  await client.query('set search_path = evil, pg_catalog, public')
  expect(await surveyLocks(client, locks)).toEqual(honest)
})

/** Types, functions and operators that stand before the server's own and say something else. */
const hostile = `
  create schema evil;
  create domain evil.text as varchar(1); create domain evil.name as varchar(1); create domain evil.int4 as varchar;
  create domain evil.oid as varchar; create domain evil.json as varchar; create domain evil.regclass as varchar; create domain evil."char" as varchar;
  ${[
    ['oid', 'oid'],
    ['name', 'name'],
    ['name', 'text'],
    ['text', 'text'],
    ['int4', 'int4'],
    ['int2', 'int2'],
    ['int2', 'int4'],
    ['"char"', '"char"'],
  ]
    .flatMap(([left = '', right = '']) => [
      `create function evil.never(pg_catalog.${left}, pg_catalog.${right}) returns bool language sql as 'select false'`,
      ...['=', '<>', '<=', '>=', '/'].map(
        (operator) =>
          `create operator evil.${operator} (leftarg = pg_catalog.${left}, rightarg = pg_catalog.${right}, function = evil.never)`,
      ),
    ])
    .join(';')};
  create function evil.current_schemas(bool) returns name[] language sql as 'select null::name[]';
  create function evil.current_setting(pg_catalog.text) returns pg_catalog.text language sql as $$ select '0'::pg_catalog.text $$;
  create function evil.unnest(name[]) returns setof name language sql as 'select null::name';
  create function evil.has_table_privilege(pg_catalog.oid, pg_catalog.text) returns bool language sql as 'select false';
  create function evil.has_schema_privilege(pg_catalog.oid, pg_catalog.text) returns bool language sql as 'select false';
  create function evil.concat_ws(pg_catalog.text, variadic pg_catalog.text[]) returns pg_catalog.text language sql as $$ select 'select'::pg_catalog.text $$;
  create aggregate evil.max(pg_catalog.int4) (sfunc = int4larger, stype = pg_catalog.int4, initcond = '7');
  create aggregate evil.array_agg(pg_catalog.int4) (sfunc = array_append, stype = pg_catalog.int4[], initcond = '{7}');
  create table evil.pg_class (oid pg_catalog.oid); create table evil.pg_inherits (inhrelid pg_catalog.oid); create table evil.pg_depend (objid pg_catalog.oid)`

describe('a relation may be locked by name', () => {
  test('when it is a table, ordinary or partitioned', async () => {
    await client.query(`create table t (id serial primary key); create table p (id integer) partition by range (id);
      create view v as select 1 as one; create materialized view m as select 1 as one`)
    const names = ['t', 'p', 'v', 'm', 't_pkey', 't_id_seq']
    const found = await surveyLocks(
      client,
      names.map((name) => lock(name, 'AccessShare')),
    )
    expect(found.filter(({ lockable }) => lockable).map(({ name }) => name)).toEqual(['"public"."p"', '"public"."t"'])
  })

  test('exactly when LOCK TABLE lets the role do so, in each mode and with each right', async () => {
    const role = uniqueName('guest')
    const rights = [
      'select',
      'insert',
      'update',
      'delete',
      'truncate',
      'references',
      'trigger',
      ...(server.major >= 17 ? ['maintain'] : []),
      'nothing',
    ]
    await client.query(`create role ${role}; create table owned (id integer); alter table owned owner to ${role}`)
    for (const right of rights) {
      await client.query(`create table "t_${right}" (id integer)`)
      if (right !== 'nothing') await client.query(`grant ${right} on "t_${right}" to ${role}`)
    }
    await client.query(`set role ${role}`)
    for (const mode of lockModes) {
      const names = ['owned', ...rights.map((right) => `t_${right}`)]
      const found = await surveyLocks(
        client,
        names.map((name) => lock(name, mode)),
      )
      const allowed: string[] = []
      for (const { name } of found) {
        await client.query('begin')
        const taken = await client.query(`lock table only ${name} in ${modeInSql(mode)} mode`).catch(() => undefined)
        if (taken !== undefined) allowed.push(name)
        await client.query('rollback')
      }
      expect(found.filter(({ lockable }) => lockable).map(({ name }) => name)).toEqual(allowed)
      expect(allowed).toContain('"public"."owned"')
    }
  })
})

test('leaves the session as it was', async () => {
  await client.query('create table t (id integer); set jit = on')
  await surveyLocks(client, [lock('t', 'Share', [reach('dependents')])])
  expect((await client.query('show jit')).rows).toEqual([{ jit: 'on' }])
  expect(
    (await client.query('select count(*)::int as n from pg_locks where pid = pg_backend_pid() and relation = $1::regclass', ['t'])).rows,
  ).toEqual([{ n: 0 }])
})
