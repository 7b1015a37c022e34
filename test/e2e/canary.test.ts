import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fakePrometheus } from '../canary/fake-prometheus.ts'
import { makeRelease, removeProjects } from '../postgres/release.ts'
import { startServer, type TestServer } from '../postgres/server.ts'
import { makeProject, resultOf, runStep, startCli, startStep } from '../program.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  await removeProjects()
})

const check = { id: 'p95', kind: 'latency', prometheus: 'p95', requests: 'requests', window: '2s' }
/** A watch of ten seconds that began a minute ago, and is judged at once. */
const passed = { since: '1m', duration: '10s', warmup: '0s', settle: '0s' }
const now = () => Date.now() / 1000
const calm = () => 100
const slower = (seconds: number) => (seconds > now() - 60 ? 500 : 100)
const silent = (seconds: number) => (seconds > now() - 60 ? undefined : 100)

const config = (url: string) => `canary: ${JSON.stringify({ 'prometheus-url': url, checks: [check] })}\n`
const flags = (given: Readonly<Record<string, string>>) => Object.entries(given).flatMap(([name, value]) => [`--${name}`, value])

/** A release that is live, with one post migration to go. */
async function live(url: string) {
  const release = await makeRelease(server, {
    'db/migrations/1_users.sql': 'create table users (id int, name text);',
    'db/post_migrations/2_drop_name.sql': 'alter table users drop column name;',
    'shiplock.yml': config(url),
  })
  expect((await release.run('migrate', '--phase', 'pre')).exitCode).toBe(0)
  expect((await release.run('record', 'deployed', '--release', 'v2')).exitCode).toBe(0)
  return release
}

describe('a release with a real history', () => {
  test.each([
    ['abort', slower, 1],
    ['hold', silent, 3],
  ] as const)(
    'that a canary ends in %s for is barred from its post phase, until a person decides it',
    async (verdict, answer, exitCode) => {
      await using prometheus = await fakePrometheus(answer)
      const { run } = await live(prometheus.url)
      const watched = await run('canary', ...flags(passed))
      expect([watched.exitCode, watched.result.verdict]).toEqual([exitCode, verdict])
      expect(watched.result.commands[0]).toMatchObject({
        deciding: 'p95',
        record: { noted: true, postBarred: true, live: { release: 'v2' } },
        watched: [
          { windows: expect.arrayContaining([expect.objectContaining({ sample: expect.objectContaining({ state: expect.anything() }) })]) },
        ],
      })
      const refused = await run('migrate', '--phase', 'post')
      expect([refused.exitCode, refused.result.commands[0]?.error?.code]).toEqual([1, 'post-not-allowed'])
      expect((await run('record', 'promoted', '--reason', 'the peak was a backup')).exitCode).toBe(0)
      expect((await run('migrate', '--phase', 'post')).exitCode).toBe(0)
    },
  )

  test('that a canary holds is not opened by a watch on windows from before its deploy', async () => {
    await using prometheus = await fakePrometheus(calm)
    await using nothing = await fakePrometheus(silent)
    const { run } = await live(nothing.url)
    expect((await run('canary', ...flags(passed))).result.verdict).toBe('hold')
    const earlier = flags({ ...passed, since: '1h', 'prometheus-url': prometheus.url })
    const watched = await run('canary', ...earlier)
    expect([watched.exitCode, watched.result.verdict]).toEqual([3, 'hold'])
    expect(watched.result.commands[0]?.reason).toMatch(
      /^The first window begins on .* before v2 was recorded as deployed on .*: it shows the code of before\.$/,
    )
    expect((await run('migrate', '--phase', 'post')).result.commands[0]?.error?.code).toBe('post-not-allowed')
  })

  test('that a canary promotes gets its post phase in the same start', async () => {
    await using prometheus = await fakePrometheus(calm)
    const { env, project } = await live(prometheus.url)
    const step = await runStep(
      { command: 'canary\nmigrate', phase: 'post', project: 'shop', environment: 'default', ...passed },
      { cwd: project.dir, env },
    )
    expect(step.result?.commands.map(({ command, verdict }) => [command, verdict])).toEqual([
      ['canary', 'promote'],
      ['migrate', 'pass'],
    ])
    expect([step.ended.exitCode, step.outputs.get('canary-verdict'), step.outputs.get('canary-windows')]).toEqual([0, 'promote', '5'])
  })

  test('and on-hold: warn goes on after a hold, and the history bars the post phase all the same', async () => {
    await using prometheus = await fakePrometheus(silent)
    const { env, project } = await live(prometheus.url)
    const inputs = { command: 'canary\nmigrate', phase: 'post', project: 'shop', environment: 'default', 'on-hold': 'warn', ...passed }
    const step = await runStep(inputs, { cwd: project.dir, env })
    expect(step.result?.commands.map(({ verdict, error }) => [verdict, error?.code])).toEqual([
      ['hold', undefined],
      ['fail', 'post-not-allowed'],
    ])
    expect(step.ended.exitCode).toBe(1)
  })

  test('that an abort ends leaves the later commands of the start unrun', async () => {
    await using prometheus = await fakePrometheus(slower)
    const { env, project } = await live(prometheus.url)
    const inputs = { command: 'canary\nmigrate', phase: 'post', project: 'shop', environment: 'default', 'on-hold': 'warn', ...passed }
    const step = await runStep(inputs, { cwd: project.dir, env })
    expect(step.result?.commands.map(({ verdict }) => verdict)).toEqual(['abort', 'not-run'])
    expect(step.outputs.get('canary-deciding')).toBe('p95')
  })
})

describe('the real program', () => {
  /** Long enough to be stopped in the middle. */
  const going = { duration: '10m', warmup: '0s', settle: '0s' }

  test('stopped by SIGTERM in the middle of a watch writes a hold, and ends with 143', async () => {
    await using prometheus = await fakePrometheus(calm)
    await using project = await makeProject({ 'shiplock.yml': config(prometheus.url) })
    const running = startCli(['canary', '--json', '--store', `file://${join(project.dir, 'store')}`, ...flags(going)], { cwd: project.dir })
    await running.printed('2/300')
    running.child.kill('SIGTERM')
    const ended = await running.ended
    expect([ended.exitCode, ended.signal]).toEqual([143, null])
    const result = resultOf(ended)
    expect(result).toMatchObject({ verdict: 'hold', exitCode: 143, commands: [{ verdict: 'hold', stopped: true, complete: false }] })
    expect(result.commands[0]?.reason).toMatch(/^The watch was stopped by a signal\. p95: The watch is not over: \d of 300 windows\.$/)
  })

  test('as an action takes its checks from an input, and a cancelled step is a hold with a summary', async () => {
    await using prometheus = await fakePrometheus(calm)
    await using project = await makeProject()
    const inputs = {
      command: 'canary',
      'canary-checks': JSON.stringify([check]),
      'prometheus-url': prometheus.url,
      environment: 'staging',
      ...going,
    }
    const { running, finish } = await startStep(inputs, { cwd: project.dir })
    await running.printed('2/300')
    running.child.kill('SIGINT')
    const step = await finish()
    expect([step.ended.exitCode, step.outputs.get('verdict'), step.result?.verdict]).toEqual([130, 'hold', 'hold'])
    expect(step.summary).toContain('### ? Hold: canary staging')
    expect(step.summary).toContain('The watch was stopped by a signal.')
  })

  test('keeps the record of a watch in the store, with all samples', async () => {
    await using prometheus = await fakePrometheus(calm)
    await using project = await makeProject({ 'shiplock.yml': config(prometheus.url) })
    const ended = await startCli(
      ['canary', '--json', '--project', 'shop', '--store', `file://${join(project.dir, 'store')}`, ...flags(passed)],
      {
        cwd: project.dir,
      },
    ).ended
    expect(ended.exitCode).toBe(0)
    const kept = (await readdir(join(project.dir, 'store'), { recursive: true })).filter((path) =>
      /records\/.*-canary-.*\.json$/.test(path),
    )
    expect(kept).toHaveLength(1)
    const record = JSON.parse(await readFile(join(project.dir, 'store', kept[0] as string), 'utf8')) as {
      watched: { windows: unknown[] }[]
    }
    expect(record).toMatchObject({ command: 'canary', verdict: 'promote' })
    expect(record.watched[0]?.windows).toHaveLength(5)
  })

  test('looks at the checks before a deploy, and changes nothing', async () => {
    await using prometheus = await fakePrometheus(silent)
    await using project = await makeProject({ 'shiplock.yml': config(prometheus.url) })
    const ended = await startCli(['canary', '--check-only', '--json', '--duration', '10s'], { cwd: project.dir }).ended
    expect(resultOf(ended).commands[0]).toMatchObject({ checkOnly: true, examined: [{ id: 'p95' }] })
  })
})
