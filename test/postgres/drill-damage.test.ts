import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/adapters/clock.ts'
import type { Log } from '../../src/commands/command.ts'
import { exitCodeOf } from '../../src/result.ts'
import { type DrillOptions, runDrill } from '../drill/run-drill.ts'
import { makeBackup, storeHolding } from '../drill/stored-backup.ts'
import { memoryStore } from '../fakes/store.ts'
import { dumpOf, type TestDump } from './dump.ts'
import { startServer, type TestServer } from './server.ts'

const smoke = { 'a.sql': '-- expect: rows > 0\nselect from orders limit 1' }
const key = 'daily/shop.dump'

let server: TestServer
let dump: TestDump
let bytes: Buffer
let root: string
beforeAll(async () => {
  server = await startServer()
  dump = await dumpOf(
    server,
    `create extension pg_trgm; create table orders (id int primary key, note text);
     insert into orders select i, md5(i::text) || md5((i * 7)::text) from generate_series(1, 20000) i;
     create index on orders using gin (note gin_trgm_ops)`,
  )
  bytes = await readFile(dump.path)
})
afterAll(async () => {
  await dump[Symbol.asyncDispose]()
  await server.stop()
})
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'damage-'))
  await chmod(root, 0o711) // the server's account passes through
})
afterEach(() => rm(root, { recursive: true, force: true }))

type More = Partial<Omit<DrillOptions, 'store'>>

/** A dump without a manifest, so that nothing but the restore itself can find the damage. */
function drillForeign(archive: Buffer, more: More = {}) {
  const store = memoryStore()
  store.objects.set(key, archive)
  return concluded({ smoke, ...more, store, inputs: { key, ...more.inputs } })
}

/** A backup whose manifest names these bytes, whatever has become of them before. */
async function drillBackup(archive: Buffer, more: More = {}, database = dump.database) {
  const backup = await makeBackup(server, database, { at: new Date() })
  return concluded({ ...more, store: await storeHolding({ ...backup, archive }) })
}

async function concluded(options: Omit<DrillOptions, 'root'> & { root?: string }) {
  const { outcome, checks } = await runDrill({ root, ...options, context: { clock: systemClock, ...options.context } })
  const { verdict, error, reason, outputs } = outcome
  return {
    verdict,
    exitCode: error?.exitCode ?? exitCodeOf(verdict),
    code: error?.code,
    reason,
    message: error?.message,
    level: outputs?.level,
    checks,
  }
}

/** Text in the table of contents, which is not compressed, for another of the same length. */
function replaced(archive: Buffer, old: string, other: string): Buffer {
  expect(other.length).toBe(old.length)
  return Buffer.from(archive.toString('latin1').replaceAll(old, other), 'latin1')
}

/** Does something once a phase of the drill has ended. */
function after(phase: string, work: () => void): Log {
  return { info: (text) => void (text.startsWith(`${phase}: `) && work()), warn: () => {}, foreign: () => {}, live: () => {} }
}

describe('a dump that is damaged fails the drill', () => {
  test.each([0.5, 0.9, 0.999])('cut off in its data, at %d of its length', async (share) => {
    const found = await drillForeign(bytes.subarray(0, Math.floor(bytes.length * share)))
    expect(found).toMatchObject({
      verdict: 'fail',
      exitCode: 1,
      code: 'restore-failed',
      level: undefined,
      checks: { restored: 'fail', smoke: 'not-checked' },
    })
    expect(found.reason).toBe(`${key}: The backup could not be restored: data did not load.`)
    expect(found.message).toMatch(/pg_restore: error: could not read from input file: end of file|could not find block/)
  })

  test('cut off before its data', async () => {
    expect(await drillForeign(bytes.subarray(0, 2000))).toMatchObject({
      exitCode: 1,
      code: 'backup-damaged',
      reason: `${key}: ${key} is not whole: its table of contents is cut off.`,
      checks: { restored: 'fail' },
    })
  })

  test('cut off in the store, where the manifest knows its length', async () => {
    const backup = await makeBackup(server, dump.database)
    const { id, object } = backup.manifest
    const store = await storeHolding(backup)
    store.objects.set(object.key, backup.archive.subarray(0, -1))
    expect(await concluded({ store })).toMatchObject({
      exitCode: 1,
      code: 'backup-damaged',
      reason: `${id}: ${object.key} is not what was backed up: it has ${object.sizeBytes - 1} bytes, where the manifest says ${object.sizeBytes}. It was not opened.`,
    })
  })

  test('with one flipped bit in the compressed rows', async () => {
    for (const share of [0.4, 0.6, 0.8]) {
      const flipped = Buffer.from(bytes)
      const at = Math.floor(bytes.length * share)
      flipped[at] = (flipped[at] as number) ^ 16
      expect(await drillForeign(flipped), `bit at ${at}`).toMatchObject({
        verdict: 'fail',
        exitCode: 1,
        code: 'restore-failed',
        checks: { restored: 'fail' },
      })
    }
  })

  test('of no bytes at all', async () => {
    expect(await drillForeign(Buffer.alloc(0))).toMatchObject({ exitCode: 1, code: 'backup-damaged', reason: `${key}: ${key} is empty.` })
  })

  test('of an empty database, which restores without an error', async () => {
    await using empty = await dumpOf(server, '')
    const archive = await readFile(empty.path)
    const asked = { 'a.sql': 'select 1' }
    for (const found of [await drillForeign(archive, { smoke: asked }), await drillBackup(archive, { smoke: asked }, empty.database)]) {
      expect(found).toMatchObject({
        verdict: 'fail',
        exitCode: 1,
        level: 'restored',
        checks: { restored: 'pass', 'min-tables': 'fail', smoke: 'pass' },
      })
      expect(found.reason).toContain('it holds 0 tables, fewer than 1.')
    }
  })
})

describe('what this machine cannot do says nothing of the dump', () => {
  test('a version of the archive that no program here reads', async () => {
    const future = Buffer.from(bytes)
    future[6] = 99
    const expected = {
      exitCode: 2,
      code: 'tool-not-found',
      checks: { restored: 'not-checked' },
      reason: expect.stringContaining('has the archive version 1.99; 1.12 to 1.16 can be restored.'),
    }
    expect(await drillForeign(future)).toMatchObject(expected)
    expect(await drillBackup(future)).toMatchObject(expected)
  })

  test('a dump by a newer major version than the programs that are installed', async () => {
    const newer = replaced(bytes, dump.clientVersion, `9${dump.clientVersion.slice(1)}`)
    expect(await drillForeign(newer)).toMatchObject({
      exitCode: 2,
      code: 'tool-not-found',
      checks: { restored: 'not-checked' },
      reason: expect.stringMatching(/needs PostgreSQL's initdb, postgres, pg_restore of version 9\d or newer; only .* found\.$/),
    })
  })

  test('an extension that is not installed, before any row is loaded', async () => {
    expect(await drillForeign(replaced(bytes, 'pg_trgm', 'pg_trgx'))).toMatchObject({
      verdict: 'inconclusive',
      exitCode: 3,
      code: 'scratch-failed',
      checks: { restored: 'not-checked' },
      reason: `${key}: The backup needs extensions that the scratch cluster does not have: pg_trgx.`,
    })
  })

  test.each(['pre-data', 'data', 'post-data', 'analyze', 'compare'])('a scratch server that somebody killed after %s', async (phase) => {
    const killServer = () => {
      for (const name of readdirSync(root)) {
        const file = join(root, name, 'data', 'postmaster.pid')
        if (existsSync(file)) process.kill(Number.parseInt(readFileSync(file, 'utf8'), 10), 'SIGKILL')
      }
    }
    const found = await drillForeign(bytes, { context: { log: after(phase, killServer) } })
    expect(found).toMatchObject({ verdict: 'inconclusive', exitCode: 3, code: 'scratch-failed' })
    expect(await readdir(root)).toEqual([])
  })

  test.runIf(process.getuid?.() === 0)('a disk that runs full', async () => {
    await using big = await dumpOf(
      server,
      `create table orders as select g as id, repeat('x', 2000) as note from generate_series(1, 40000) g`,
    )
    const small = join(root, 'small')
    await mkdir(small)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=90m,mode=711', 'tmpfs', small])
    try {
      const found = await drillForeign(await readFile(big.path), { root: small })
      expect(found).toMatchObject({ verdict: 'inconclusive', exitCode: 3, checks: { restored: 'not-checked' } })
      expect(found.message).toMatch(/could not (?:extend|write)|No space left on device|server closed the connection/)
      expect(await readdir(small)).toEqual([])
    } finally {
      execFileSync('umount', [small])
    }
  })
})
