import { describe, expect, test } from 'vitest'
import { compareRows, fillRows } from '../../src/backup/archive-rows.ts'
import { tableKey } from '../../src/backup/table-key.ts'

const held = (rows: Readonly<Record<string, number>>) => new Map(Object.entries(rows).map(([name, count]) => [tableKey(name), count]))

describe('the rows of an archive', () => {
  test('are compared table by table, and tables that nobody counted are let be', () => {
    const tables = [
      { name: 'public.a', rows: 2 },
      { name: 'public.b', rows: 0 },
    ]
    expect(compareRows(tables, held({ 'public.a': 2, 'topology.layer': 9 }))).toEqual({ id: 'archive-rows', status: 'pass', value: 2 })
  })

  test('are missing where a table has no data in the archive', () => {
    expect(compareRows([{ name: 'public.a', rows: 1 }], held({}))).toEqual({
      id: 'archive-rows',
      status: 'fail',
      value: 0,
      limit: 1,
      message: 'the archive does not hold the rows that were counted: public.a has 0 of 1 row',
    })
  })

  test('are not made good by another table that has more', () => {
    const tables = [
      { name: 'public.a', rows: 1 },
      { name: 'public.b', rows: 1 },
    ]
    expect(compareRows(tables, held({ 'public.b': 2 })).status).toBe('fail')
  })

  test('stand for those that the server did not count, and only for those', () => {
    const tables = [
      { name: 'public.a', rows: 1 },
      { name: 'public.b' },
      { name: 'public.c' },
      { name: 'public.d', notDumped: 'unlogged on a standby' },
    ]
    const found = held({ 'public.a': 1, 'public.b': 7 })

    expect(compareRows(tables, found)).toEqual({ id: 'archive-rows', status: 'pass', value: 8 })
    expect(fillRows(tables, found)).toEqual([
      { name: 'public.a', rows: 1 },
      { name: 'public.b', rows: 7, counted: 'archive' },
      { name: 'public.c', rows: 0, counted: 'archive' },
      { name: 'public.d', notDumped: 'unlogged on a standby' },
    ])
    expect(fillRows([{ name: 'public.a', rows: 3 }], found)).toEqual([{ name: 'public.a', rows: 3 }])
  })

  test('that are wrong in many tables are told of three', () => {
    const tables = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name: `public.${name}`, rows: 1000 }))
    expect(compareRows(tables, held({ 'public.b': 10 })).message).toBe(
      'the archive does not hold the rows that were counted: public.a has 0 of 1,000 rows, public.b has 10 of 1,000 rows, public.c has 0 of 1,000 rows, and 2 other tables differ',
    )
  })
})

describe('one table', () => {
  test.each([
    ['public.user', 'public."user"'],
    ['public.größe', 'public."größe"'],
    ['"My App"."or""der"', '"My App"."or""der"'],
    ['public."a\nb"', 'public."a b"'],
    ['public."a.b"', '"public"."a.b"'],
  ])('is known by every spelling of its name: %j and %j', (one, other) => {
    expect(tableKey(one)).toBe(tableKey(other))
  })

  test.each([
    ['public."User"', 'public."user"'],
    ['"a.b".c', 'a."b.c"'],
    ['public.a', 'other.a'],
  ])('is not another: %s and %s', (one, other) => {
    expect(tableKey(one)).not.toBe(tableKey(other))
  })
})
