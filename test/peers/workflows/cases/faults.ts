import { strict as assert } from 'node:assert'
import { type Case, columns, events, fails, passes, readIn, stage, startIn, until, versions } from '../story.ts'

const fourth = {
  'db/migrations/0007_trail.sql': "create table trail (what text);\ninsert into trail values ('seven');\n",
  'db/migrations/0008_small.sql': 'alter table orders add constraint small check (total < 1000);\n',
  'db/migrations/0009_slow.sql':
    "insert into trail values ('nine');\nselect pg_sleep(case current_database() when 'production' then 3 else 0 end);\ninsert into trail values ('nine again');\n",
}

/** What goes wrong while production is changed, and after. */
export const faults: readonly Case[] = [
  {
    name: 'failing-migration',
    after: ['post-deploy-later'],
    async run(story) {
      const { team } = story
      await team.release({ version: 'v4.0.0', sql: 'select id, colour from orders limit 5' }, fourth)
      await passes(story, 'release/plan', readIn(team, 'production', 'v4.0.0'))
      await stage(story, 'v4.0.0')
      await team.query('production', 'insert into orders (total) values (5000)')
      const ship = await fails(story, 'release/ship', startIn(team, 'production', 'v4.0.0'), /0008_small/)
      assert.match(ship.summary, /23514|violated/)
      assert.equal(await versions(story, 'production'), '1 2 3 4 5 6 7', 'the one before has run, the one behind has not')
      assert.deepEqual(await team.query('production', 'select what from trail'), [{ what: 'seven' }])
      assert.equal(await team.live('production'), 'v3.0.0')
      assert.equal(team.traffic.production.failures(), 0)
    },
  },
  {
    name: 'killed-runner',
    after: ['failing-migration'],
    async run(story) {
      const { team, runner } = story
      await team.query('production', 'delete from orders where total = 5000') // the team mends what was in the way
      const start = startIn(team, 'production', 'v4.0.0')
      const begun = await runner.begin('release', 'ship', start)
      await until('0009 is under way', async () => {
        const sleeping =
          "select 1 from pg_stat_activity where state = 'active' and query like '%pg_sleep(case%' and pid <> pg_backend_pid()"
        return (await team.query('production', sleeping)).length > 0
      })
      await begun.kill()
      const killed = await begun.ended
      assert.ok(!killed.succeeded)
      assert.equal(await team.live('production'), 'v3.0.0')
      const again = await passes(story, 'release/ship', { ...start, again: killed.run })
      assert.doesNotMatch(again.log, /0007_trail.*applied/)
      assert.equal(await versions(story, 'production'), '1 2 3 4 5 6 7 8 9')
      const trail = await team.query<{ what: string }>('production', 'select what from trail order by what')
      assert.deepEqual(
        trail.map(({ what }) => what),
        ['nine', 'nine again', 'seven'],
        'each has run once',
      )
      assert.equal(await team.live('production'), 'v4.0.0')
      assert.deepEqual(await events(story, 'production', 1), ['deployed v4.0.0'])
      assert.equal(team.traffic.production.failures(), 0)
    },
  },
  {
    name: 'slow-version',
    after: ['killed-runner'],
    async run(story) {
      const { team } = story
      await team.release(
        { version: 'v5.0.0', sql: 'select id, colour, weight from orders limit 5', delayMs: 200 },
        {
          'db/migrations/0010_weight.sql': 'alter table orders add column weight int;\n',
          'db/migrations/0010_weight.down.sql': 'alter table orders drop column weight;\n',
          'db/post_migrations/0011_drop_size.sql': 'alter table orders drop column size;\n',
        },
      )
      await passes(story, 'release/plan', readIn(team, 'production', 'v5.0.0'))
      await stage(story, 'v5.0.0')
      await passes(story, 'release/ship', startIn(team, 'production', 'v5.0.0'))
      await fails(story, 'release/watch', readIn(team, 'production', 'v5.0.0'), /Abort/)
      assert.deepEqual(await events(story, 'production', 2), ['deployed v5.0.0', 'canary v5.0.0 abort'])
      // GitHub does not start it after a watch that failed; somebody does
      await fails(story, 'release/post', startIn(team, 'production', 'v5.0.0'), /post-not-allowed/)
      assert.equal(await columns(story, 'production'), 'id total colour size weight')
      assert.equal(await team.live('production'), 'v5.0.0')
    },
  },
  {
    name: 'panics',
    after: ['hotfix'],
    async run(story) {
      const { team } = story
      await team.release({ version: 'v6.0.0', sql: 'select id, colour from orders limit 5', panics: true })
      await passes(story, 'release/staging', startIn(team, 'staging', 'v6.0.0'))
      await fails(story, 'release/canary', readIn(team, 'staging', 'v6.0.0'), /panic/)
      assert.deepEqual(await events(story, 'staging', 1), ['canary v6.0.0 abort'])
      assert.equal(await team.live('production'), 'v4.0.0')
    },
  },
]
