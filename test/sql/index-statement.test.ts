import { describe, expect, test } from 'vitest'
import { readIndexStatement } from '../../src/sql/index-statement.ts'

describe('a CREATE INDEX', () => {
  test('is taken apart behind the name of its table, however that is written', async () => {
    const tails: [string, string][] = [
      ['create index i on t (a)', '(a)'],
      ['create index i on t * using hash (a)', 'using hash (a)'],
      ['create index i on only t (a)', '(a)'],
      ['create index i on only (t) (a)', '(a)'],
      ['create index concurrently on "Üser (x)"."using" USING gin (a)', 'USING gin (a)'],
      [String.raw`create index i on u&"d\0061t" (a)`, '(a)'],
      ['/* ( */ create index i -- (\non t /* using */ (a) -- so', '(a)'],
      ['create index "i (" on s.t (lower(a)) where b > 0;', '(lower(a)) where b > 0'],
    ]
    for (const [sql, tail] of tails) expect([sql, (await readIndexStatement(sql))?.tail]).toEqual([sql, tail])
  })

  test('shows its columns, unless one is an expression', async () => {
    expect(await readIndexStatement('create unique index if not exists "I" on s.t ("A", b desc) include (c) nulls not distinct')).toEqual({
      table: { schema: 's', name: 't' },
      name: 'I',
      unique: true,
      ifNotExists: true,
      tail: '("A", b desc) include (c) nulls not distinct',
      columns: ['A', 'b'],
      predicate: undefined,
      nullsDistinct: false,
    })
    expect(await readIndexStatement('create index on t (a, lower(b))')).toMatchObject({ name: undefined, columns: undefined })
  })

  test('shows the condition on its rows, and takes no word within brackets or text for one', async () => {
    const predicate = async (sql: string) => (await readIndexStatement(sql))?.predicate
    expect(await predicate("create index on t (a) where b = 'where c' and (d > 0)")).toBe("b = 'where c' and (d > 0)")
    expect(await predicate('create index on t ((f("where"))) with (fillfactor = 70) WHERE x;')).toBe('x')
    expect(await predicate('create index on t ("where")')).toBeUndefined()
  })

  test('is nothing else', async () => {
    for (const sql of ['select 1', 'drop index i', 'create index', '']) expect(await readIndexStatement(sql)).toBeUndefined()
  })
})
