import { strict as assert } from 'node:assert'
import { type Case, columns, contents, events, fails, passes, readIn, type Story, stage, startIn, versions } from '../story.ts'

const first = {
  'db/migrations/0001_orders.sql':
    "create table orders (id int generated always as identity primary key, total int not null, note text);\ninsert into orders (total, note) select n, 'paid' from generate_series(1, 100) n;\n",
}
const second = {
  'db/migrations/0002_remark.sql': 'alter table orders add column remark text;\n',
  'db/post_migrations/0003_drop_note.sql': 'alter table orders drop column note;\n',
}

export const releases: readonly Case[] = [
  {
    name: 'first-release',
    after: [],
    async run(story) {
      const { team } = story
      await team.release({ version: 'v1.0.0', sql: 'select id, note from orders limit 5' }, first)
      await passes(story, 'release/plan', readIn(team, 'production', 'v1.0.0'))
      await passes(story, 'release/staging', startIn(team, 'staging', 'v1.0.0'))
      await team.grantReader('staging')
      // nothing was there before, so that there is nothing to compare with: a person decides
      await fails(story, 'release/canary', readIn(team, 'staging', 'v1.0.0'), /baseline/)
      const ship = startIn(team, 'production', 'v1.0.0')
      await fails(story, 'release/ship', ship, /not-promoted/)
      assert.equal(await team.live('production'), undefined)
      assert.deepEqual(await team.query('production', "select 1 from pg_tables where schemaname = 'public'"), [])
      await team.shiplock('staging', 'v1.0.0', ['record', 'promoted', '--reason', 'the first release'])
      await passes(story, 'release/ship', ship)
      await team.grantReader('production')
      assert.equal(await team.live('production'), 'v1.0.0')
      assert.equal(await versions(story, 'production'), '1')
      assert.deepEqual(await team.query('production', 'select count(*)::int as count, sum(total)::int as sum from orders'), [
        { count: 100, sum: 5050 },
      ])
      assert.deepEqual(await events(story, 'production', 1), ['deployed v1.0.0'])
      assert.equal((await team.store.keys('shop/shop/backups/production/')).filter((key) => key.endsWith('.manifest.json')).length, 1)
    },
  },
  {
    name: 'second-release',
    after: ['first-release'],
    async run(story) {
      const { team } = story
      team.traffic.production.failures()
      await team.release({ version: 'v2.0.0', sql: 'select id, remark from orders limit 5' }, second)
      await passes(story, 'release/plan', readIn(team, 'production', 'v2.0.0'))
      await stage(story, 'v2.0.0')
      assert.equal(await columns(story, 'staging'), 'id total remark')
      assert.equal(await columns(story, 'production'), 'id total note', 'staging alone was touched')
      await passes(story, 'release/ship', startIn(team, 'production', 'v2.0.0'))
      assert.equal(await columns(story, 'production'), 'id total note remark', 'what the old code needs is still there')
      await passes(story, 'release/watch', readIn(team, 'production', 'v2.0.0'))
      assert.equal(await columns(story, 'production'), 'id total note remark', 'a watch runs nothing')
      await passes(story, 'release/post', startIn(team, 'production', 'v2.0.0'))
      await isReleased(story)
    },
  },
  {
    name: 'nights',
    after: ['second-release'],
    async run(story) {
      const { team } = story
      const before = await contents(story, 'production')
      const start = startIn(team, 'production', 'main', { event: 'schedule' })
      await passes(story, 'backup/backup', start)
      const daily = (await team.store.keys('shop/shop/backups/production/daily/')).filter((key) => key.endsWith('.manifest.json'))
      assert.equal(daily.length, 1, daily.join('\n'))
      const drill = await passes(story, 'restore-drill/drill', start)
      assert.match(drill.summary, /usable/)
      const back = await passes(story, 'restore-drill/way-back', start)
      assert.match(back.summary, /v1\.0\.0/)
      await passes(story, 'restore-drill/sources', readIn(team, 'production', 'main', { event: 'schedule' }))
      assert.equal(await contents(story, 'production'), before)
      assert.equal(await team.live('production'), 'v2.0.0')
    },
  },
]

async function isReleased(story: Story): Promise<void> {
  const { team } = story
  assert.equal(await team.live('production'), 'v2.0.0')
  assert.equal(await columns(story, 'production'), 'id total remark')
  assert.equal(await versions(story, 'production'), '1 2 3')
  const told = await events(story, 'production', 20)
  const at = (text: string) => told.findIndex((one) => one.startsWith(text))
  assert.ok(at('deployed v2.0.0') > at('migration 2') && at('canary v2.0.0') > at('deployed v2.0.0'), told.join('\n'))
  assert.equal(team.traffic.production.failures(), 0, 'users of production saw errors')
  const backups = await team.store.keys('shop/shop/backups/production/')
  assert.equal(backups.filter((key) => key.includes('-v2.0.0') && key.endsWith('.manifest.json')).length, 2, backups.join('\n'))
}
