import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Project, type Running, resultOf, shiplock, startCli } from '../program.ts'
import type { Ended } from '../warm-program.ts'
import { startProxy } from './proxy.ts'
import { makeRelease, removeProjects } from './release.ts'
import { awkwardPassword, startServer, type TestServer } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await removeProjects()
  await server?.stop()
})

const signals = [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const

/** Megabytes that hardly compress in the table that is dumped first, and one more table. */
async function bigRelease() {
  const release = await makeRelease(server, {})
  await release.query(
    `create table a_first as select row as i, string_agg(md5(random()::text), '') as body from generate_series(1, 20000) row, generate_series(1, 20) group by row;
     create table z_last as select 1`,
  )
  return release
}

describe.each(signals)('a run that %s stops', (signal, exitCode) => {
  test('half-way through a dump ends pg_dump, stores nothing and says so', async () => {
    const { project, env } = await bigRelease()
    await using proxy = await startProxy(server.port)
    const held = proxy.arm({ on: /^COPY public\.z_last /, at: 'request', what: 'hold' })
    const running = startCli(['backup', '--json'], { cwd: project.dir, env: { DATABASE_URL: proxy.url(env.DATABASE_URL) } })
    await held.happened
    await expect.poll(() => storedBytes(project)).toBeGreaterThan(1_000_000)
    const dumps = await childrenOf(running, 'pg_dump')
    running.child.kill(signal)
    const ended = await running.ended

    expect(commandOf(ended)).toMatchObject({
      verdict: 'inconclusive',
      error: { code: 'interrupted', message: expect.stringContaining('nothing of it was stored') },
    })
    expect([ended.exitCode, dumps.length, await alive(dumps)]).toEqual([exitCode, 1, []])
    expect(await stored(project)).toEqual([])
  })

  test('while it reads a dump back leaves it without a manifest, and says so', async () => {
    const { project, env } = await bigRelease()
    const running = startCli(['backup', '--json'], { cwd: project.dir, env })
    const decoder = await frozen(running)
    const environment = await readFile(`/proc/${decoder}/environ`, 'utf8')
    running.child.kill(signal)
    const ended = await running.ended
    const [dump, ...others] = await stored(project)

    expect(commandOf(ended)).toMatchObject({ verdict: 'inconclusive', error: { code: 'interrupted' } })
    expect(commandOf(ended)?.error?.message).toMatch(
      /stopped while the dump was read back; \S+\.dump in \S+ has no manifest, so it is no backup\.$/,
    )
    expect([ended.exitCode, await alive([decoder])]).toEqual([exitCode, []])
    for (const secret of [awkwardPassword, encodeURIComponent(awkwardPassword)]) expect(environment).not.toContain(secret)
    expect([dump, others]).toEqual([expect.stringMatching(/\.dump$/), []])
    expect((await shiplock(['verify-backup'], { cwd: project.dir })).result.commands[0]?.error?.code).toBe('backup-not-found')
  })

  test('while it looks at a stored backup changes nothing of it', async () => {
    const { project, env } = await bigRelease()
    expect((await shiplock(['backup'], { cwd: project.dir, env })).exitCode).toBe(0)
    const before = await stored(project)
    const running = startCli(['verify-backup', '--json'], { cwd: project.dir })
    const decoder = await frozen(running)
    running.child.kill(signal)
    const ended = await running.ended

    expect(commandOf(ended)).toMatchObject({ verdict: 'inconclusive', error: { code: 'interrupted' } })
    expect([ended.exitCode, await alive([decoder]), await stored(project)]).toEqual([exitCode, [], before])
    expect((await shiplock(['verify-backup'], { cwd: project.dir })).exitCode).toBe(0)
  })
})

function commandOf(ended: Ended) {
  return resultOf(ended).commands[0]
}

/** Stops the decoder where it is, so that it neither ends by itself nor obeys at once. */
async function frozen(running: Running): Promise<number> {
  for (;;) {
    const [pid] = await childrenOf(running, 'pg_restore\0--section')
    if (pid !== undefined) {
      process.kill(pid, 'SIGSTOP')
      return pid
    }
    if (running.child.exitCode !== null) throw new Error('it ended before it decoded anything')
    await sleep(1)
  }
}

/** Process ids of what the program started itself, by how their command lines begin after the folder. */
async function childrenOf({ child: { pid } }: Running, program: string): Promise<number[]> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')).split(' ').filter(Boolean)
  const lines = await Promise.all(
    children.map(async (one) => [Number(one), await readFile(`/proc/${one}/cmdline`, 'utf8').catch(() => '')] as const),
  )
  return lines.filter(([, line]) => line.includes(`/${program}`)).map(([one]) => one)
}

async function alive(pids: readonly number[]): Promise<number[]> {
  const found = await readdir('/proc')
  return pids.filter((pid) => found.includes(String(pid)))
}

/** Files of the embedded store, half-written ones too. */
async function stored(project: Project): Promise<string[]> {
  const entries = await readdir(join(project.dir, '.shiplock'), { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile() && entry.name !== '.gitignore').map((entry) => join(entry.parentPath, entry.name))
}

async function storedBytes(project: Project): Promise<number> {
  const sizes = await Promise.all((await stored(project)).map(async (path) => (await stat(path).catch(() => undefined))?.size ?? 0))
  return sizes.reduce((sum, size) => sum + size, 0)
}
