import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dumpArguments, startPgDump } from '../../../src/adapters/postgres/pg-dump.ts'

const given = { snapshot: '00000003-0000001B-1', role: undefined, lockWaitTimeoutMs: 30_000 }
const env = { PATH: process.env.PATH ?? '' }
let binDir: string

beforeEach(async () => {
  binDir = await mkdtemp(join(tmpdir(), 'shiplock-bin-'))
})
afterEach(() => rm(binDir, { recursive: true }))

const tools = (major: number) => ({ binDir, version: `${major}.1`, major })

/** Programs that do what a test needs of them. */
async function install(programs: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, script] of Object.entries(programs)) await writeFile(join(binDir, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}

function start(major = 15, signal = new AbortController().signal) {
  return startPgDump({ ...given, tools: tools(major), env, signal })
}

describe('the arguments of pg_dump', () => {
  test('name the snapshot and the limits, and nobody and nowhere', () => {
    expect(dumpArguments({ ...given, tools: tools(15) }, '1')).toEqual([
      '--format=custom',
      '--snapshot=00000003-0000001B-1',
      '--no-password',
      '--lock-wait-timeout=30000',
      '--compress=1',
    ])
  })

  test('leave the statistics out where a client would dump them', () => {
    expect(dumpArguments({ ...given, tools: tools(17) }, 'zstd:3')).not.toContain('--no-statistics')
    expect(dumpArguments({ ...given, tools: tools(18) }, 'zstd:3')).toContain('--no-statistics')
  })

  test('assume the role', () => {
    expect(dumpArguments({ ...given, role: 'owner', tools: tools(15) }, '1')).toContain('--role=owner')
  })

  test('never let rows go missing', () => {
    const all = dumpArguments({ ...given, role: 'owner', tools: tools(18) }, 'zstd:3').join(' ')

    expect(all).not.toMatch(/row-security|schema|exclude|no-unlogged|table=|-n |-t /)
  })

  test.each([
    [15, 'echo --with-zstd', '1'],
    [16, "echo \"'--with-lz4' '--with-zstd'\"", 'zstd:3'],
    [16, 'echo "\'--with-lz4\'"', 'gzip:1'],
    [17, 'exit 1', 'gzip:1'],
  ])('choose the fastest compression that a client of version %i surely has', async (major, pgConfig, compress) => {
    await install({ pg_dump: 'echo "$@"', pg_config: pgConfig })

    expect(await text((await start(major)).archive)).toContain(` --compress=${compress}`)
  })

  test('choose gzip where nothing tells how the client was built', async () => {
    await install({ pg_dump: 'echo "$@"' })

    expect(await text((await start(17)).archive)).toContain(' --compress=gzip:1')
  })
})

describe('a dump is finished', () => {
  test('when the program ended with 0, and not before', async () => {
    await install({ pg_dump: 'printf PGDMP' })
    const dump = await start()

    expect(await text(dump.archive)).toBe('PGDMP')
    await expect(dump.finished).resolves.toEqual([])
    expect(dump.clientVersion).toBe('15.1')
  })

  const failures: [string, string, object][] = [
    [
      'exit 1 and a lock',
      'echo "pg_dump: error: query failed: ERROR:  canceling statement due to lock timeout" >&2; exit 1',
      { hint: expect.stringContaining('lock-wait-timeout') },
    ],
    [
      'exit 1 and row security',
      'echo "pg_dump: error: ERROR:  query would be affected by row-level security policy for table \\"t\\"" >&2; exit 1',
      { hint: expect.stringContaining('BYPASSRLS') },
    ],
    [
      'exit 1 and a missing right',
      'echo "pg_dump: error: ERROR:  permission denied for table t" >&2; exit 1',
      { hint: expect.stringContaining('pg_read_all_data') },
    ],
    ['exit 3 and nothing said', 'exit 3', { message: 'pg_dump was ended with exit status 3; nothing was stored.', hint: undefined }],
    ['a signal', 'kill -9 $$', { message: 'pg_dump was ended by SIGKILL; nothing was stored.' }],
  ]
  test.each(failures)('never after %s', async (_name, script, error) => {
    await install({ pg_dump: `printf PGDMP; ${script}` })
    const dump = await start()
    await text(dump.archive)

    await expect(dump.finished).rejects.toMatchObject({ code: 'backup-failed', ...error })
  })

  test('never when it could not be started', async () => {
    await expect((await start()).finished).rejects.toMatchObject({
      code: 'backup-failed',
      message: expect.stringContaining('could not be started'),
    })
  })

  test('never after the run was stopped', async () => {
    await install({ pg_dump: 'exec sleep 30' })
    const abort = new AbortController()
    const dump = await start(15, abort.signal)
    setTimeout(() => abort.abort(), 50)

    await expect(dump.finished).rejects.toMatchObject({ code: 'interrupted' })
  })

  test('tells only the first lines of what it said', async () => {
    await install({ pg_dump: 'for i in 1 2 3 4 5 6 7 8 9; do echo "line $i" >&2; done; exit 1' })
    const error = await (await start()).finished.catch((thrown: Error) => thrown)

    expect((error as Error).message).toMatchInlineSnapshot(`
      "pg_dump was ended with exit status 1; nothing was stored.
      line 1
      line 2
      line 3
      line 4
      line 5"
    `)
  })
})
