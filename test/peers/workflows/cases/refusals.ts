import { strict as assert } from 'node:assert'
import { type Case, columns, contents, events, fails, passes, readIn, skips, stage, startIn, versions } from '../story.ts'

const fourth = { 'db/migrations/0004_colour.sql': 'alter table orders add column colour text;\n' }
const fifth = {
  'db/migrations/0005_size.sql': 'alter table orders add column size int;\n',
  'db/post_migrations/0006_drop_remark.sql': 'alter table orders drop column remark;\n',
}

/** What stops a release before production is touched. */
export const refusals: readonly Case[] = [
  {
    name: 'lint-finding',
    after: ['second-release'],
    async run({ team, runner }) {
      const base = await team.repository.git('rev-parse', 'main')
      await team.repository.git('checkout', '--quiet', '-b', 'change', 'main')
      const head = await team.repository.commit({ 'db/migrations/0004_index.sql': 'create index orders_total_idx on orders (total);\n' })
      await team.repository.git('tag', 'change-1')
      team.github.fake.head = head
      const repo = { id: 1 }
      const payload = {
        repository: { full_name: 'acme/shop', default_branch: 'main' },
        pull_request: { number: 7, base: { sha: base, repo }, head: { sha: head, repo: { id: 2 } } },
      }
      // a fork: there is no secret, and its token may not write
      const ended = await runner.run('lint', 'migrations', { ref: 'change-1', event: 'pull_request', payload, secrets: {}, actor: 'bob' })
      assert.ok(!ended.succeeded, ended.log)
      assert.match(ended.summary, /require-concurrent-index/)
      assert.match(ended.log, /::error.*0004_index\.sql|0004_index\.sql/)
    },
  },
  {
    name: 'missing-config-key',
    after: ['second-release'],
    async run(story) {
      const { team } = story
      const before = await contents(story, 'production')
      await team.release(
        { version: 'v2.1.0', sql: 'select id, remark from orders limit 5' },
        { 'deploy/web.env.j2': 'DATABASE_URL={{ database_url }}\nPORT={{ port }}\nMAIL_FROM={{ mail_from }}\n' },
      )
      const plan = await fails(story, 'release/plan', readIn(team, 'production', 'v2.1.0'), /config-key-missing/)
      assert.match(plan.summary, /MAIL_FROM/)
      assert.equal(await contents(story, 'production'), before)
      assert.deepEqual([await team.live('staging'), await team.live('production')], ['v2.0.0', 'v2.0.0'])
      await team.repository.git('checkout', '--quiet', 'main')
      await team.repository.commit({ 'deploy/names.txt': 'DATABASE_URL\nPORT\nMAIL_FROM\n' })
    },
  },
  {
    name: 'unprotected',
    after: ['second-release'],
    async run(story) {
      const { team } = story
      const before = await contents(story, 'production')
      team.github.guard(false)
      await fails(story, 'release/plan', readIn(team, 'production', 'v2.0.0'), /not-protected/)
      team.github.guard(true)
      assert.equal(await contents(story, 'production'), before)
    },
  },
  {
    name: 'changed-plan',
    after: ['missing-config-key'],
    async run(story) {
      const { team } = story
      await team.release({ version: 'v2.9.0', sql: 'select id, remark from orders limit 5' }, fourth)
      await team.release({ version: 'v3.0.0', sql: 'select id, colour, size from orders limit 5' }, fifth)
      await passes(story, 'release/plan', readIn(team, 'production', 'v3.0.0'))
      await stage(story, 'v3.0.0')
      await team.shiplock('production', 'v2.9.0', ['migrate', '--phase', 'pre'])
      const before = await contents(story, 'production')
      const ship = await fails(story, 'release/ship', startIn(team, 'production', 'v3.0.0'), /plan-changed/)
      assert.match(ship.summary, /0004_colour/)
      assert.equal(await contents(story, 'production'), before)
      assert.equal(await versions(story, 'production'), '1 2 3 4', 'the hand that was quicker, and nothing else')
      assert.equal(await team.live('production'), 'v2.0.0')
      assert.equal(team.traffic.production.failures(), 0)
    },
  },
  {
    name: 'no-backup',
    after: ['changed-plan'],
    async run(story) {
      const { team } = story
      await passes(story, 'release/plan', readIn(team, 'production', 'v3.0.0'))
      const before = await contents(story, 'production')
      const there = await team.store.keys('shop/shop/backups/production/')
      team.store.refuseWrites(true)
      await fails(story, 'release/ship', startIn(team, 'production', 'v3.0.0'), /store-/)
      team.store.refuseWrites(false)
      assert.equal(await contents(story, 'production'), before)
      assert.deepEqual(await team.store.keys('shop/shop/backups/production/'), there)
      assert.equal(await team.live('production'), 'v2.0.0')
    },
  },
  {
    name: 'second-person',
    after: ['no-backup'],
    async run(story) {
      const { team } = story
      team.github.guard(false)
      const vars = { PROMOTE: 'by-hand' }
      // ann plans; production has no reviewers, and the release ends after the canary
      const plan = await passes(story, 'release/plan', readIn(team, 'production', 'v3.0.0', { vars, actor: 'ann' }))
      await skips(story, 'release/ship', startIn(team, 'production', 'v3.0.0', { vars }))
      const inputs = { digest: plan.output('plan', 'plan-digest-pre') }
      const before = await contents(story, 'production')
      const start = { event: 'workflow_dispatch', inputs } as const
      await fails(story, 'promote/ship', startIn(team, 'production', 'v3.0.0', { ...start, actor: 'ann' }), /no-second-person/)
      const wrong = { ...start, inputs: { digest: 'd'.repeat(64) }, actor: 'bob' } as const
      await fails(story, 'promote/ship', startIn(team, 'production', 'v3.0.0', wrong), /plan-changed|second-person-unknown/)
      assert.equal(await contents(story, 'production'), before)
      assert.equal(await team.live('production'), 'v2.0.0')
      await passes(story, 'promote/ship', startIn(team, 'production', 'v3.0.0', { ...start, actor: 'bob' }))
      assert.equal(await team.live('production'), 'v3.0.0')
      assert.equal(await versions(story, 'production'), '1 2 3 4 5')
      assert.deepEqual(await events(story, 'production', 1), ['deployed v3.0.0'])
      team.github.guard(true)
    },
  },
  {
    name: 'post-deploy-later',
    after: ['second-person'],
    async run(story) {
      const { team } = story
      await skips(story, 'release/post', startIn(team, 'production', 'v3.0.0', { vars: { POST_MIGRATIONS: 'later' } }))
      assert.equal(await columns(story, 'production'), 'id total remark colour size')
      await team.repository.git('checkout', '--quiet', 'main')
      await team.repository.commit({ 'db/post_migrations/0099_of_tomorrow.sql': 'alter table orders drop column total;\n' })
      const start = { event: 'schedule' } as const
      const found = await passes(story, 'post-deploy/find', readIn(team, 'production', 'main', start))
      assert.equal(found.output('live', 'ledger-commit'), await team.repository.git('rev-parse', 'v3.0.0'))
      await passes(story, 'post-deploy/post', startIn(team, 'production', 'main', start))
      assert.equal(await columns(story, 'production'), 'id total colour size', 'that of the live release, and not that of main')
      assert.equal(await versions(story, 'production'), '1 2 3 4 5 6')
      assert.equal(team.traffic.production.failures(), 0)
      await team.repository.git('checkout', '--quiet', 'main')
      await team.repository.git('rm', '--quiet', 'db/post_migrations/0099_of_tomorrow.sql')
      await team.repository.commit({})
    },
  },
]
