import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { describeRun } from '../../src/adapters/context.ts'
import { originRepository } from '../../src/adapters/git.ts'
import { keepResult } from '../../src/backup/record.ts'
import { memoryStore } from '../fakes/store.ts'
import { makeRepository } from '../repository.ts'

test('a record says who ran it on GitHub, who ran it again, and for what event', async () => {
  await using repository = await makeRepository({ 'a.sql': '' })
  const { PATH } = process.env
  const started = { GITHUB_ACTOR: 'mona', GITHUB_ACTOR_ID: '20', GITHUB_TRIGGERING_ACTOR: 'hubot', GITHUB_EVENT_NAME: 'workflow_dispatch' }
  const run = await describeRun({ PATH, GITHUB_RUN_ID: '77', GITHUB_RUN_ATTEMPT: '2', ...started }, repository.dir)
  const store = memoryStore()
  const entry = { tool: 'shiplock/1', command: 'plan', verdict: 'pass' as const, reason: '', checks: [] }
  await keepResult(entry, { store, name: 'plan', project: 'shop', environment: 'staging', run, at: new Date('2026-11-21T14:10:00Z') })
  const [key = ''] = store.objects.keys()
  expect(key).toBe(`shop/records/${run.commit}/staging/20261121T141000Z-plan-77.2.json`)
  expect(JSON.parse(await text(await store.get(key)))).toEqual({
    ...entry,
    run: { id: '77', attempt: '2', actor: 'mona', actorId: '20', triggeringActor: 'hubot', event: 'workflow_dispatch' },
  })
  expect((await describeRun({ PATH, GITHUB_ACTOR: 'mona' }, repository.dir)).by).toBeUndefined()
})

test.each([
  ['https://github.com/acme/shop.git', 'acme/shop'],
  ['git@github.com:acme/shop', 'acme/shop'],
  ['ssh://git@github.example.org:22/acme/my.shop.git/', 'acme/my.shop'],
  ['/srv', undefined],
])('the remote %s is of %s', async (url, expected) => {
  await using repository = await makeRepository({ 'a.sql': '' })
  await repository.git('remote', 'add', 'origin', url)
  expect(await originRepository(repository.dir, { PATH: process.env.PATH })).toBe(expected)
})
