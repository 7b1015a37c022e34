import { strict as assert } from 'node:assert'
import type { Start } from '../runner.ts'
import { type Case, columns, contents, events, fails, passes, readIn, type Story, skips, startIn, until, versions } from '../story.ts'

function back({ team }: Story, inputs: Readonly<Record<string, string>>, start = startIn): Start {
  const given = { environment: 'production', reason: 'v5 is slow', migration: '', confirm: '', ...inputs }
  return start(team, 'production', 'v5.0.0', { event: 'workflow_dispatch', inputs: given })
}

const down = { to: 'v4.0.0', shape: 'down-one', migration: '0010_weight' }

/** The three ways back, after a release that was too slow. */
export const waysBack: readonly Case[] = [
  {
    name: 'down-one',
    after: ['slow-version'],
    async run(story) {
      const { team } = story
      await team.query('production', 'update orders set weight = id where id <= 3')
      const before = await contents(story, 'production')
      const asked = await fails(story, 'rollback/rollback', back(story, down), /confirmation-required/)
      assert.match(asked.summary, /take back 0010_weight on production, losing 3/)
      assert.equal(await contents(story, 'production'), before)
      const confirm = 'take back 0010_weight on production, losing 3'
      await passes(story, 'rollback/rollback', back(story, { ...down, confirm }))
      assert.equal(await columns(story, 'production'), 'id total colour size')
      assert.equal(await versions(story, 'production'), '1 2 3 4 5 6 7 8 9')
      assert.equal(await team.live('production'), 'v4.0.0')
      assert.deepEqual(await events(story, 'production', 1), ['deployed v4.0.0'])
      const [copy, ...others] = (await team.store.keys('shop/shop/rescues/production/')).filter((key) => key.endsWith('.sql'))
      assert.ok(copy !== undefined && others.length === 0, 'one rescue copy')
      assert.match(await team.store.text(copy), /weight/)
    },
  },
  {
    name: 'code-only',
    after: ['down-one'],
    async run(story) {
      const { team } = story
      // the same release once more: what was taken back runs again
      await passes(story, 'release/plan', readIn(team, 'production', 'v5.0.0'))
      await passes(story, 'release/ship', startIn(team, 'production', 'v5.0.0'))
      assert.equal(await versions(story, 'production'), '1 2 3 4 5 6 7 8 9 10')
      assert.equal(await team.live('production'), 'v5.0.0')
      team.traffic.production.failures() // those of the moments without the column
      await until('v5.0.0 is live for as long as a baseline reaches back', async () => {
        const old = "select 1 from shiplock.history where event = 'deployed' having max(started_at) < now() - interval '13 s'"
        return (await team.query('production', old)).length > 0
      })
      const target = await team.repository.git('rev-parse', 'v4.0.0')
      await passes(story, 'rollback/rollback', back(story, { to: 'v4.0.0', shape: 'auto' }))
      assert.equal(await team.live('production'), 'v4.0.0')
      assert.equal(await columns(story, 'production'), 'id total colour size weight', 'the schema is as it was')
      assert.equal(team.traffic.production.failures(), 0, 'users of production saw errors')
      assert.deepEqual(await events(story, 'production', 2), ['rollback v5.0.0', 'deployed v4.0.0'])
      const [issue] = team.github.fake.issues
      assert.match(issue?.title ?? '', /v4\.0\.0/)
      assert.match(issue?.body ?? '', new RegExp(target.slice(0, 7)))
      await passes(story, 'rollback/watch', back(story, { to: 'v4.0.0', shape: 'auto' }, readIn))
    },
  },
  {
    name: 'post-deploy-after-rollback',
    after: ['code-only'],
    async run(story) {
      const { team } = story
      const before = await contents(story, 'production')
      const start = { event: 'schedule' } as const
      const found = await passes(story, 'post-deploy/find', readIn(team, 'production', 'main', start))
      assert.equal(found.output('live', 'ledger-release'), 'v4.0.0')
      assert.equal(found.output('live', 'ledger-held-back'), '0')
      await skips(story, 'post-deploy/post', startIn(team, 'production', 'main', start))
      assert.equal(await contents(story, 'production'), before)
      // and somebody starts the last job of the release that was taken back by hand
      await passes(story, 'release/post', startIn(team, 'production', 'v5.0.0'))
      assert.equal(await columns(story, 'production'), 'id total colour size weight', 'nothing was dropped')
    },
  },
  {
    name: 'hotfix',
    after: ['post-deploy-after-rollback'],
    async run(story) {
      const { team } = story
      const before = await contents(story, 'production')
      const issues = team.github.fake.issues.length
      const stopped = await fails(story, 'rollback/rollback', back(story, { to: 'v1.0.0', shape: 'auto' }), /0003_drop_note/)
      assert.equal(stopped.output('decide', 'rollback-shape'), 'hotfix')
      assert.equal(team.github.fake.issues.length, issues, 'an issue is for whoever has decided')
      const start = back(story, { to: 'v1.0.0', shape: 'hotfix' })
      const told = await passes(story, 'rollback/rollback', start)
      assert.match(told.summary, /0003_drop_note/)
      assert.equal(told.output('decide', 'rollback-issue'), String(team.github.fake.issues[0]?.number))
      await skips(story, 'rollback/watch', start)
      assert.equal(await contents(story, 'production'), before)
      assert.equal(await team.live('production'), 'v4.0.0')
      assert.equal(team.github.fake.issues.length, issues + 1)
      assert.match(team.github.fake.issues[0]?.body ?? '', /0003_drop_note/)
    },
  },
]
