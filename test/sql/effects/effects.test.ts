import { describe, expect, test } from 'vitest'
import { effectsOn, replayed, workOn } from './replayed.ts'

const nothing = { rewrites: [], scans: [], builds: [] }
const scanned = { rewrites: [], scans: ['t'], builds: [] }

describe('a scan is spared by what is proved', () => {
  const given = 'create table t (a int, b int);'

  test('SET NOT NULL looks at the rows unless a valid check says that there is no null', async () => {
    expect(await workOn(given, 'alter table t alter a set not null')).toEqual(scanned)
    expect(
      await workOn(`${given} alter table t add constraint c check (a is not null) not valid`, 'alter table t alter a set not null'),
    ).toEqual(scanned)
    expect(await workOn(`${given} alter table t add check (a is not null and b > 0)`, 'alter table t alter a set not null')).toEqual(
      nothing,
    )
  })

  test('a check that lets nulls through proves nothing', async () => {
    expect(await workOn(`${given} alter table t add check (a > 0)`, 'alter table t alter a set not null')).toEqual(scanned)
    expect(await workOn(`${given} alter table t add check (a is not null or b > 0)`, 'alter table t alter a set not null')).toEqual(scanned)
  })

  test('dropping the check in the same statement takes the proof away, since drops come first', async () => {
    const proved = `${given} alter table t add constraint c check (a is not null)`
    expect(await workOn(proved, 'alter table t alter a set not null, drop constraint c')).toEqual(scanned)
    expect(await workOn(proved, 'alter table t alter a set not null; alter table t drop constraint c')).toEqual(nothing)
  })

  test('a rewrite is one pass over the rows, whatever else is checked', async () => {
    expect(await workOn(given, 'alter table t alter a type bigint, alter b set not null, add check (b > 0)')).toEqual({
      rewrites: ['t'],
      scans: [],
      builds: [],
    })
  })
})

describe('PostgreSQL 18', () => {
  test('a NOT NULL constraint that is not valid is looked at when it is validated', async () => {
    const given = 'create table t (a int);'
    expect(await workOn(given, 'alter table t add constraint n not null a not valid', 18)).toEqual(nothing)
    expect(await workOn(`${given} alter table t add constraint n not null a not valid`, 'alter table t validate constraint n', 18)).toEqual(
      scanned,
    )
    expect(await workOn(given, 'alter table t add constraint n not null a', 18)).toEqual(scanned)
  })

  test('a virtual column is written nowhere, a stored one into every row', async () => {
    const given = 'create table t (a int);'
    expect(await workOn(given, 'alter table t add column b int generated always as (a + 1) virtual', 18)).toEqual(nothing)
    expect(await workOn(given, 'alter table t add column b int generated always as (a + 1) stored', 18)).toMatchObject({ rewrites: ['t'] })
  })

  test('a new key locks inheritance children, which older servers leave alone', async () => {
    const given = 'create table t (a int); create table child () inherits (t);'
    const locked = async (major: number) => {
      const [effects] = await effectsOn(await replayed(given), 'alter table t add unique (a)', major)
      return effects?.locks.map(({ relation }) => relation.name)
    }
    expect(await locked(17)).toEqual(['t'])
    expect(await locked(18)).toEqual(['t', 'child'])
  })
})

describe('what the model does not hold', () => {
  test('is rewritten when its type changes, and scanned when it is checked', async () => {
    expect(await workOn('', 'alter table t alter a type text')).toEqual({ rewrites: ['t'], scans: [], builds: [] })
    expect(await workOn('', 'alter table t alter a set not null')).toEqual(scanned)
    expect(await workOn('', 'create index on t (a)')).toEqual({ rewrites: [], scans: ['t'], builds: ['+t'] })
  })

  test('a function that nobody knows may give another value for each row', async () => {
    expect(await workOn('create table t (a int)', 'alter table t add column b int default somewhere.dice()')).toMatchObject({
      rewrites: ['t'],
    })
  })

  test('without a time zone that is known, a timestamp is computed anew', async () => {
    const given = 'create table t (a timestamp);'
    expect(await workOn(given, 'alter table t alter a type timestamptz')).toMatchObject({ rewrites: ['t'] })
    expect(await workOn(given, "set timezone = 'UTC'; alter table t alter a type timestamptz")).toEqual(nothing)
  })
})

test('a lock says whether the statement names its relation, or reaches it', async () => {
  const schema = await replayed('create table p (id int primary key); create table c (p int references p);')
  const [effects] = await effectsOn(schema, 'drop table c')
  const locks = effects?.locks.map(({ relation, mode, named }) => [relation.name, mode, named])
  expect(locks).toEqual([
    ['c', 'AccessExclusive', true],
    ['p', 'AccessExclusive', false],
  ])
})

test('indexes of a column are made again when its type changes, the others written anew', async () => {
  const given = 'create table t (id int primary key, a int); create index t_a on t (a);'
  expect(await workOn(given, 'alter table t alter a type bigint')).toEqual({ rewrites: ['t', 't_pkey'], scans: [], builds: ['t_a'] })
})
