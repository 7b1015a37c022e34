import { describe, expect, test } from 'vitest'
import { effectOf, standsAlone, waitsByDesign } from '../../src/sql/classify.ts'
import { parseStatements, type Statement } from '../../src/sql/parse.ts'

async function statement(sql: string): Promise<Statement> {
  const parsed = await parseStatements(sql)
  if ('problem' in parsed) throw new Error(parsed.problem.message)
  return parsed.statements[0] as Statement
}

describe('a statement that no transaction can hold', () => {
  test.each([
    'create index concurrently i on t (a)',
    'drop index concurrently i',
    'reindex table concurrently t',
    'reindex (verbose, concurrently true) index i',
    'alter table p detach partition q concurrently',
    'vacuum t',
    'vacuum (full false) t',
  ])('waits for others without anybody waiting behind it: %s', async (sql) => {
    expect([standsAlone(await statement(sql)) !== undefined, waitsByDesign(await statement(sql))]).toEqual([true, true])
  })

  test.each([
    'vacuum full t',
    'vacuum (full, analyze) t',
    'reindex schema s',
    'cluster',
    'create database d',
    'alter system set work_mem = 1',
  ])('may make others wait: %s', async (sql) => {
    expect([standsAlone(await statement(sql)) !== undefined, waitsByDesign(await statement(sql))]).toEqual([true, false])
  })

  test('is not one whose option is switched off', async () => {
    expect(standsAlone(await statement('reindex (concurrently off) table t'))).toBeUndefined()
    expect(standsAlone(await statement('reindex (concurrently 0) table t'))).toBeUndefined()
  })

  test.each([
    ['create index concurrently i on t (a)', { kind: 'index-created' }],
    ['drop index concurrently if exists "S".i', { kind: 'index-dropped', index: { schema: 'S', name: 'i' } }],
    ['drop index concurrently a, b', undefined],
    ['reindex index concurrently s.i', { kind: 'index-rebuilt', relation: { schema: 's', name: 'i' } }],
    ['reindex schema concurrently s', { kind: 'index-rebuilt', relation: undefined }],
    ['reindex database d', { kind: 'repeatable' }],
    [
      'alter table p detach partition s.q concurrently',
      { kind: 'partition-detached', table: { schema: undefined, name: 'p' }, partition: { schema: 's', name: 'q' } },
    ],
    ['vacuum', { kind: 'repeatable' }],
    ['cluster', { kind: 'repeatable' }],
    ['create database d', { kind: 'object-created', what: 'database', name: 'd' }],
    ['drop tablespace t', { kind: 'object-dropped', what: 'tablespace', name: 't' }],
    ['drop subscription s', { kind: 'object-dropped', what: 'subscription', name: 's' }],
    ['call p()', undefined],
  ])('has an effect that the catalog tells, or none: %s', async (sql, effect) => {
    expect(effectOf(await statement(sql))).toEqual(effect)
  })
})
