import { strict as assert } from 'node:assert'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ended, Runner, Start } from './runner.ts'
import { storeKeys } from './store.ts'
import type { Environment, Team } from './team.ts'

/** What a case works with: the team as the cases before it have left it. */
export interface Story {
  readonly team: Team
  readonly runner: Runner
}

/** A way through the workflows. */
export interface Case {
  readonly name: string
  /** Names of the cases that it goes on from. */
  readonly after: readonly string[]
  run(story: Story): Promise<void>
}

/** How a job of an environment is started: with the secrets of that environment alone, and the token of every job. */
export function startIn(team: Team, environment: Environment, ref: string, more: Partial<Start> = {}): Start {
  return { ref, secrets: { ...storeKeys, DATABASE_URL: team.url(environment), GITHUB_TOKEN: 'token-of-the-job' }, ...more }
}

/** The same in an environment whose secrets may only read. */
export function readIn(team: Team, environment: Environment, ref: string, more: Partial<Start> = {}): Start {
  const start = startIn(team, environment, ref, more)
  return { ...start, secrets: { ...start.secrets, DATABASE_URL: team.readerUrl(environment) } }
}

type Job = `${string}/${string}`

async function runJob({ runner }: Story, job: Job, start: Start): Promise<Ended> {
  const [workflow = '', name = ''] = job.split('/')
  return runner.run(workflow, name, start)
}

export async function passes(story: Story, job: Job, start: Start): Promise<Ended> {
  const ended = await runJob(story, job, start)
  assert.ok(ended.succeeded && !ended.skipped, `${job} on ${start.ref} ${ended.skipped ? 'was skipped' : 'failed'}:\n${ended.log}`)
  return ended
}

/** It must fail, and its summary must say why. */
export async function fails(story: Story, job: Job, start: Start, why: RegExp): Promise<Ended> {
  const ended = await runJob(story, job, start)
  assert.ok(!ended.succeeded, `${job} on ${start.ref} passed:\n${ended.log}`)
  assert.match(ended.summary, why, `${job} on ${start.ref} does not say it:\n${ended.log}`)
  return ended
}

/** Its condition must keep it from starting. */
export async function skips(story: Story, job: Job, start: Start): Promise<void> {
  const ended = await runJob(story, job, start)
  assert.ok(ended.succeeded && ended.skipped, `${job} on ${start.ref} was started:\n${ended.log}`)
}

/** A release in staging, watched there. */
export async function stage(story: Story, ref: string): Promise<void> {
  const staged = await passes(story, 'release/staging', startIn(story.team, 'staging', ref))
  assert.match(staged.output('record', 'record-at'), /^\d{4}-/, staged.log)
  await passes(story, 'release/canary', readIn(story.team, 'staging', ref))
}

/** Versions that have run, in order of their numbers. */
export async function versions({ team }: Story, environment: Environment): Promise<string> {
  const rows = await team.query<{ version: string }>(environment, 'select version from shiplock.ledger order by version::int')
  return rows.map(({ version }) => version).join(' ')
}

/** What the history says happened, such as `deployed v1.0.0`, the newest last. */
export async function events({ team }: Story, environment: Environment, count: number): Promise<readonly string[]> {
  const rows = await team.query<{ text: string }>(
    environment,
    `select concat_ws(' ', event, coalesce(version, release), state, detail ->> 'verdict') as text from shiplock.history order by id desc limit ${count}`,
  )
  return rows.map(({ text }) => text).reverse()
}

export async function columns({ team }: Story, environment: Environment): Promise<string> {
  const rows = await team.query<{ name: string }>(
    environment,
    "select column_name as name from information_schema.columns where table_name = 'orders' and table_schema = 'public' order by ordinal_position",
  )
  return rows.map(({ name }) => name).join(' ')
}

/** Everything that a run could have changed in a database. */
export async function contents(story: Story, environment: Environment): Promise<string> {
  const [rows] = await story.team.query(environment, 'select md5(string_agg(o::text, chr(10) order by id)) as rows from orders o')
  const [history] = await story.team.query(environment, 'select count(*) as history from shiplock.history')
  return JSON.stringify([await versions(story, environment), await columns(story, environment), rows, history])
}

/** Looks again until it is so. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries++) {
    assert.ok(tries < 600, `it never came to this: ${what}`)
    await sleep(50)
  }
}
