import { expect, test } from 'vitest'
import { type SchemaNote, schemaChanges } from '../../src/migration/schema-note.ts'

const note: SchemaNote = {
  serverMajor: 15,
  objects: {
    'public.users': { table: 'a', 'column id': 'b', 'index public.users_pkey': 'c' },
    'public.add1(integer)': { function: 'd' },
    'public.state': { enum: 'e' },
  },
}

test('names what was added, removed and changed, and a new object once', () => {
  const now: SchemaNote = {
    ...note,
    objects: {
      'public.users': { table: 'a', 'column id': 'x', 'column phone': 'f' },
      'public.orders': { table: 'a', 'column id': 'b' },
      'public.add1(integer)': { function: 'y' },
    },
  }
  expect(schemaChanges(note, now)).toEqual([
    'function public.add1(integer) was changed',
    'table public.orders was added',
    'enum public.state was removed',
    'table public.users: column id was changed',
    'table public.users: column phone was added',
    'table public.users: index public.users_pkey was removed',
  ])
  expect(schemaChanges(note, note)).toEqual([])
})

test('counts the partitions that a job makes and drops by their table, whatever level they are on', () => {
  const table = { table: 'a', 'column id': 'b' }
  const before: SchemaNote = {
    serverMajor: 15,
    objects: { 'public.ev': { 'partitioned-table': 'p' }, 'public.ev_1': table },
    partitions: { 'public.ev_1': 'public.ev' },
  }
  const now: SchemaNote = {
    serverMajor: 15,
    objects: {
      'public.ev': { 'partitioned-table': 'p' },
      'public.ev_2': { 'partitioned-table': 'a' },
      'public.ev_2_a': table,
      'public.log': table,
      'public.log_1': table,
    },
    partitions: { 'public.ev_2': 'public.ev', 'public.ev_2_a': 'public.ev_2', 'public.log_1': 'public.log' },
  }
  expect(schemaChanges(before, now)).toEqual([
    'partitioned table public.ev: a partition was removed, public.ev_1',
    'partitioned table public.ev: 2 partitions were added, public.ev_2 to public.ev_2_a',
    'table public.log was added',
    'table public.log_1 was added',
  ])
})

test('after a change of the major version only names are compared: the server says the same in other words', () => {
  const now = { serverMajor: 16, objects: { ...note.objects, 'public.state': { enum: 'other' }, 'public.new': { view: 'g' } } }
  expect(schemaChanges(note, now)).toEqual(['view public.new was added'])
})
