import { strict as assert } from 'node:assert'
import { makeRunner, type Runner, type Start } from './workflows/runner.ts'
import { type Environment, makeTeam, type Team } from './workflows/team.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)

const store = { STORE_KEY_ID: 'key-of-the-store', STORE_SECRET: 'secret-of-the-store' }

/** How a job of an environment is started: with the secrets of that environment alone. */
function startOf(team: Team, environment: Environment, ref: string, more: Partial<Start> = {}): Start {
  const secrets = { ...store, DATABASE_URL: team.url(environment) }
  return { ref, secrets, ...more }
}

async function passes(runner: Runner, workflow: string, job: string, start: Start) {
  const ended = await runner.run(workflow, job, start)
  assert.ok(ended.succeeded, `${workflow}/${job} failed:\n${ended.log}`)
  return ended
}

const v1 = {
  'db/migrations/0001_orders.sql':
    "create table orders (id int generated always as identity primary key, total int not null, note text);\ninsert into orders (total, note) select n, 'paid' from generate_series(1, 100) n;\n",
}
const v2 = {
  'db/migrations/0002_remark.sql': 'alter table orders add column remark text;\n',
  'db/post_migrations/0003_drop_note.sql': 'alter table orders drop column note;\n',
}

/** The whole of release.yml, with both approvals given. */
async function release(runner: Runner, team: Team, ref: string) {
  await passes(runner, 'release', 'plan', startOf(team, 'production', ref))
  await passes(runner, 'release', 'staging', startOf(team, 'staging', ref))
  await passes(runner, 'release', 'canary', startOf(team, 'staging', ref))
  await passes(runner, 'release', 'ship', startOf(team, 'production', ref))
}

const cases: Record<string, (team: Team, runner: Runner) => Promise<void>> = {
  'a first release, and a second one, from the tag to the post migrations': async (team, runner) => {
    await team.release({ version: 'v1.0.0', sql: 'select id, note from orders limit 5' }, v1)
    await passes(runner, 'release', 'staging', startOf(team, 'staging', 'v1.0.0'))
    await passes(runner, 'release', 'plan', startOf(team, 'production', 'v1.0.0'))
    await passes(runner, 'release', 'ship', startOf(team, 'production', 'v1.0.0'))
    await team.release({ version: 'v2.0.0', sql: 'select id, remark from orders limit 5' }, v2)
    await release(runner, team, 'v2.0.0')
    assert.equal(await team.live('production'), 'v2.0.0')
  },
}

async function main(): Promise<number> {
  let failed = 0
  await using team = await makeTeam()
  await using runner = await makeRunner(team, say)
  for (const [name, check] of Object.entries(cases)) {
    const from = performance.now()
    try {
      await check(team, runner)
      process.stdout.write(`ok    ${name} (${Math.round(performance.now() - from)} ms)\n`)
    } catch (error) {
      failed++
      process.stdout.write(`FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
  return failed
}

process.exitCode = (await main()) === 0 ? 0 : 1
