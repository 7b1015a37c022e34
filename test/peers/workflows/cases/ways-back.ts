import { strict as assert } from 'node:assert'
import type { Start } from '../runner.ts'
import { type Case, columns, contents, events, fails, passes, type Story, skips, startIn, versions } from '../story.ts'

function back({ team }: Story, inputs: Readonly<Record<string, string>>): Start {
  const given = { environment: 'production', reason: 'v5 is slow', migration: '', confirm: '', ...inputs }
  return startIn(team, 'production', 'v5.0.0', { event: 'workflow_dispatch', inputs: given })
}

const down = { to: 'v4.0.0', shape: 'down-one', migration: '0010_weight' }

/** The three ways back, after a release that was too slow. */
export const waysBack: readonly Case[] = [
  {
    name: 'code-only',
    after: ['slow-version'],
    async run(story) {
      const { team } = story
      const target = await team.repository.git('rev-parse', 'v4.0.0')
      await passes(story, 'rollback/rollback', back(story, { to: 'v4.0.0', shape: 'auto' }))
      assert.equal(await team.live('production'), 'v4.0.0')
      assert.equal(await columns(story, 'production'), 'id total colour size weight', 'the schema is as it was')
      assert.deepEqual(await events(story, 'production', 2), ['rollback v5.0.0', 'deployed v4.0.0'])
      const [issue] = team.github.fake.issues
      assert.match(issue?.title ?? '', /v4\.0\.0/)
      assert.match(issue?.body ?? '', new RegExp(target.slice(0, 7)))
      await passes(story, 'rollback/watch', back(story, { to: 'v4.0.0', shape: 'auto' }))
    },
  },
  {
    name: 'post-deploy-after-rollback',
    after: ['code-only'],
    async run(story) {
      const { team } = story
      const before = await contents(story, 'production')
      const start = { event: 'schedule' } as const
      const found = await passes(story, 'post-deploy/find', startIn(team, 'production', 'main', start))
      assert.equal(found.output('live', 'ledger-release'), 'v4.0.0')
      assert.equal(found.output('live', 'ledger-held-back'), '0')
      await skips(story, 'post-deploy/post', startIn(team, 'production', 'main', start))
      // and not from the release that was taken back either, when somebody starts its last job by hand
      await fails(story, 'release/post', startIn(team, 'production', 'v5.0.0'), /post-not-allowed|wrong-release/)
      assert.equal(await columns(story, 'production'), 'id total colour size weight', 'nothing was dropped')
      assert.equal(await contents(story, 'production'), before)
    },
  },
  {
    name: 'down-one',
    after: ['post-deploy-after-rollback'],
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
      const [copy, ...others] = (await team.store.keys('shop/shop/rescue/production/')).filter((key) => !key.endsWith('.json'))
      assert.ok(copy !== undefined && others.length === 0, 'one rescue copy')
      assert.match(await team.store.text(copy), /weight/)
      assert.equal(team.traffic.production.failures(), 0, 'users of production saw errors')
    },
  },
  {
    name: 'hotfix',
    after: ['down-one'],
    async run(story) {
      const { team } = story
      const before = await contents(story, 'production')
      const issues = team.github.fake.issues.length
      const start = back(story, { to: 'v1.0.0', shape: 'hotfix' })
      const ended = await fails(story, 'rollback/rollback', start, /0003_drop_note/)
      assert.equal(ended.output('decide', 'rollback-shape'), 'hotfix')
      assert.equal(await contents(story, 'production'), before)
      assert.equal(await team.live('production'), 'v4.0.0')
      assert.equal(team.github.fake.issues.length, issues + 1)
      assert.match(team.github.fake.issues[0]?.body ?? '', /0003_drop_note/)
    },
  },
]
