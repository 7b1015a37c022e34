import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Result } from '../../src/result.ts'
import { removeProjects } from './release.ts'
import { goose, gooseTables, makeSubscribedRelease, oursIn, printedSql, type ReplicationServers, startReplication } from './subscription.ts'

let servers: ReplicationServers
beforeAll(async () => {
  servers = await startReplication()
})
afterAll(async () => {
  await servers[Symbol.asyncDispose]()
  await removeProjects()
})

const all = { publication: 'for all tables' }
const first = (result: Result) => result.commands[0]
const plain = {
  'db/migrations/1_name.sql': 'create index items_name on items (name);',
  'db/post_migrations/2_name.sql': 'drop index items_name;',
}

describe('where a publication covers all tables', () => {
  test('a run is refused before anything is made, and the subscriber goes on', async () => {
    const { run, query, replicates } = await makeSubscribedRelease(servers, plain, all)
    for (const command of [
      ['migrate', '--phase', 'pre'],
      ['migrate', '--phase', 'all', '--dry-run'],
    ]) {
      const refused = await run(...command)
      expect(refused.exitCode).toBe(2)
      expect(first(refused.result)?.error).toMatchObject({
        code: 'publication-covers-state',
        message: expect.stringContaining('publication changes covers 4 tables'),
      })
    }
    expect(await query(oursIn)).toEqual([])
    expect(await replicates()).toBe(true)
  })

  test('a plan says so, and shows what makes the tables on a subscriber', async () => {
    const { run } = await makeSubscribedRelease(servers, plain, all)
    const plan = first((await run('plan')).result)
    expect(plan).toMatchObject({
      verdict: 'pass',
      notes: [expect.stringContaining('migrate would refuse: The publication changes covers 4 tables')],
      subscriberSql: ['create schema if not exists "shiplock"', ...Array(4).fill(expect.stringContaining('create table if not exists'))],
    })
  })

  test('a run that was refused goes on after its SQL ran on the subscriber, and replication with it', async () => {
    const { run, query, onSubscriber, replicates, refresh } = await makeSubscribedRelease(servers, plain, all)
    const { hint } = first((await run('migrate', '--phase', 'pre')).result)?.error ?? {}
    await onSubscriber(printedSql(hint))
    expect(first((await run('migrate', '--phase', 'pre', '--publish-state')).result)).toMatchObject({ applied: [{ id: '1_name' }] })
    expect(await replicates()).toBe(true)
    expect((await run('record', 'deployed', '--publish-state')).exitCode).toBe(0)
    expect(first((await run('migrate', '--phase', 'post', '--publish-state')).result)).toMatchObject({ applied: [{ id: '2_name' }] })
    expect(await replicates()).toBe(true)
    expect(first((await run('plan', '--publish-state')).result)).toMatchObject({ notes: [], subscriberSql: [] })
    await refresh()
    expect(await replicates()).toBe(true)
    expect(await query("select count(*)::int as rows from shiplock.history where event <> 'schema'")).toEqual([{ rows: 3 }])
  })

  test('publish-state without the tables on the subscriber is what stops it, and making them lets it go on', async () => {
    const { run, onSubscriber, replicates } = await makeSubscribedRelease(servers, plain, all)
    const { hint } = first((await run('migrate', '--phase', 'pre')).result)?.error ?? {}
    expect((await run('migrate', '--phase', 'pre', '--publish-state')).exitCode).toBe(0)
    expect(await replicates(1500)).toBe(false)
    await onSubscriber(printedSql(hint))
    expect(await replicates()).toBe(true)
  })

  test("a plan names the release's own tables and columns, which the subscriber needs first", async () => {
    const { run, project, onSubscriber, replicates } = await makeSubscribedRelease(
      servers,
      {
        ...plain,
        'db/migrations/3_new.sql':
          'create table fresh (id int primary key); insert into fresh values (1); alter table items add note text;',
      },
      all,
    )
    const planned = first((await run('plan', '--publish-state')).result)
    expect(planned).toMatchObject({
      notes: [expect.stringMatching(/^changes publishes new tables too, .* subscribes \(copy_\w+\): .*: table fresh, column items\.note$/)],
    })
    await onSubscriber(
      `${printedSql(first((await run('migrate', '--phase', 'pre')).result)?.error?.hint)}; create table fresh (id int primary key); alter table items add note text`,
    )
    expect((await run('migrate', '--phase', 'pre', '--publish-state')).exitCode).toBe(0)
    expect(await replicates()).toBe(true)
    await project.write({ 'db/migrations/4_more.sql': 'create table fresher (id int primary key); insert into fresher values (1);' })
    expect((await run('migrate', '--phase', 'pre', '--publish-state')).exitCode).toBe(0)
    expect(await replicates(1500)).toBe(false)
  })

  test('tables that were there before the publication are asked about too', async () => {
    const { run, query } = await makeSubscribedRelease(servers, plain, { publication: 'for table items' })
    expect((await run('migrate', '--phase', 'pre')).exitCode).toBe(0)
    await query('create publication more for table shiplock.step')
    const refused = first((await run('record', 'deployed')).result)
    expect(refused?.error).toMatchObject({
      code: 'publication-covers-state',
      message: expect.stringContaining('publication more covers 1 table'),
    })
    expect(first((await run('record', 'deployed', '--dry-run')).result)?.error?.code).toBe('publication-covers-state')
    expect(first((await run('ledger', 'adopt', '--reason', 'moved')).result)?.error?.code).toBe('publication-covers-state')
    expect((await run('record', 'deployed', '--publish-state')).exitCode).toBe(0)
  })
})

describe('a publication that sends nothing of ours', () => {
  test.each(['for table items', "for all tables with (publish = 'truncate')"])('%s hinders nobody', async (publication) => {
    const { run, query } = await makeSubscribedRelease(servers, plain, { publication })
    expect((await run('migrate', '--phase', 'pre')).exitCode).toBe(0)
    expect(await query("select count(*)::int as n from shiplock.history where event <> 'schema'")).toEqual([{ n: 1 }])
  })
})

describe('a publication of a schema', () => {
  test('covers the tables that are made in it, where there is such a thing: PostgreSQL 15 and newer', async () => {
    if (servers.publisher.major < 15)
      return expect(servers.publisher.query('create publication p for tables in schema public')).rejects.toThrow()
    const schema = await makeSubscribedRelease(servers, plain, { publication: 'for tables in schema public' })
    expect((await schema.run('migrate', '--phase', 'pre')).exitCode).toBe(0)
    expect(await schema.replicates()).toBe(true)
    await schema.query('alter publication changes add tables in schema shiplock')
    expect(first((await schema.run('record', 'deployed')).result)?.error?.code).toBe('publication-covers-state')
  })

  test("covers goose's table when a run would make it, and no longer when the team has", async () => {
    const { run, query, replicates } = await makeSubscribedRelease(
      servers,
      { 'db/migrations/1_name.sql': goose('create index items_name on items (name);') },
      { publication: servers.publisher.major >= 15 ? 'for tables in schema public' : 'for all tables' },
    )
    expect(first((await run('migrate', '--phase', 'pre')).result)?.error).toMatchObject({
      message: expect.stringContaining('public.goose_db_version'),
      hint: expect.stringContaining('create table if not exists "public"."goose_db_version"'),
    })
    expect(await query("select to_regclass('goose_db_version') as goose")).toEqual([{ goose: null }])
    expect(await replicates()).toBe(true)
    await query(gooseTables)
    expect(JSON.stringify((await run('plan')).result)).not.toContain('create table if not exists "public"')
  })
})
