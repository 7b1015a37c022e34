import { describe, expect, test } from 'vitest'
import { readContents } from '../../src/backup/contents.ts'
import { readManifest } from '../../src/backup/manifest.ts'
import type { Store } from '../../src/backup/store.ts'
import backup from '../../src/commands/backup.ts'
import type { Context } from '../../src/commands/command.ts'
import { ReleaseError } from '../../src/errors.ts'
import { contentsKey, decode, given, here, key, keys, manifestKey, rolesKey, stage, statuses } from '../fakes/backup-run.ts'
import { fakeSource, sourceContent } from '../fakes/source.ts'
import { type MemoryStore, memoryStore } from '../fakes/store.ts'

describe('a backup', () => {
  test('is dumped, read back and recorded, in this order, under the lock', async () => {
    const store = memoryStore()
    const { context, did, source, lines } = stage({ store })
    const outcome = await backup.run(given, context)
    const beside = [contentsKey, rolesKey].map((one) => `put ${one}, source closed`)

    expect(did).toEqual(['put probe', 'lock shop wait 600000', `put ${key}`, ...beside, `put ${manifestKey}, source closed`, 'unlock'])
    expect(keys(store)).toEqual([contentsKey, key, manifestKey, rolesKey])
    expect(source.lockWaitTimeoutMs).toBe(30_000)
    expect(outcome.verdict).toBe('pass')
    expect(statuses(outcome)).toEqual({
      'dump-exit': 'pass',
      landed: 'pass',
      sha256: 'pass',
      decoded: 'pass',
      'archive-rows': 'pass',
      roles: 'pass',
      'min-tables': 'pass',
      'min-size': 'not-checked',
      shrink: 'not-checked',
      retention: 'not-checked',
    })
    expect(outcome.reason).toBe('Backup read back: 22 B, 2 tables, 1,230 rows, in 0 ms.')
    expect(lines).toEqual([
      '7.6 MiB on the server; expected: a few seconds, a dump of 390.6 KiB to 7.6 MiB (a guess at 20 to 150 MB/s: there is no earlier backup)',
      'dumping shop, snapshot 2026-11-21 14:04:10 UTC',
      `dumped 22 B to ${key}`,
    ])
  })

  test.each([true, false])(
    'of a database that is stamped for another environment is refused (dry run: %s): it would be filed under a wrong name',
    async (dryRun) => {
      const store = memoryStore()
      const { context } = stage({ store, stamp: { ...here, id: 'x', environment: 'staging' } })
      await expect(backup.run({ ...given, 'dry-run': dryRun }, context)).rejects.toMatchObject({ code: 'wrong-database' })
      expect(keys(store)).toEqual([])
    },
  )

  test('has outputs that are ids, digests and numbers', async () => {
    const store = memoryStore()
    const { outputs = {} } = await backup.run(given, stage({ store }).context)
    const { manifest, manifestSha256 } = await readManifest(store, manifestKey)

    expect(outputs).toEqual({
      made: 'true',
      id: manifest.id,
      level: 'read-back',
      sha256: manifest.object.sha256,
      'size-bytes': 22,
      'manifest-sha256': manifestSha256,
    })
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(backup.outputs).sort())
    for (const value of Object.values(outputs)) expect(String(value)).toMatch(/^[A-Za-z0-9.:-]+$/)
  })

  test('has a manifest that says what it holds and how it was made', async () => {
    const store = memoryStore()
    await backup.run(given, stage({ store }).context)
    const { manifest } = await readManifest(store, manifestKey)

    expect(manifest).toMatchObject({
      level: 'read-back',
      project: 'shop',
      environment: 'production',
      release: 'v1.9',
      commit: '0123456789abcdef0123456789abcdef01234567',
      run: { id: '77', attempt: '1', host: 'runner-1' },
      source: { database: 'shop', serverVersion: '15.18', encoding: 'UTF8' },
      dump: { clientVersion: '15.18', exitCode: 0, snapshot: '00000003-0000001B-1', snapshotAt: '2026-11-21T14:04:10.250Z' },
      object: { key, sizeBytes: 22 },
      tables: [
        { name: 'public.orders', rows: 1200 },
        { name: 'public.users', rows: 30 },
      ],
      ledgerHeads: [{ table: 'public.goose_db_version', head: '3/3' }],
    })
  })

  test('never says that it is simply verified or OK', async () => {
    const outcomes = [
      await backup.run(given, stage().context),
      await backup.run({ ...given, level: 'landed' }, stage().context),
      await backup.run({ ...given, 'dry-run': true }, stage().context),
      await backup.run(given, stage({ decodeArchive: decode('broken') }).context),
    ]
    expect(JSON.stringify(outcomes)).not.toMatch(/\bverified\b|\bok\b/i)
  })

  test('does not wait for another run when it must not', async () => {
    const { context, did } = stage()
    await backup.run({ ...given, 'on-locked': 'fail' }, context)

    expect(did).toContain('lock shop fail 600000')
  })

  test('in a folder of a runner is said to be there only', async () => {
    const { reason } = await backup.run(given, stage({ inAction: true }).context)

    expect(reason).toMatch(/ It lies on this runner only\.$/)
  })

  test('is let go, with the lock, whatever happens', async () => {
    const { context, did, source } = stage({ source: fakeSource({ failure: new ReleaseError('backup-failed', 'exit 1') }) })
    await backup.run(given, context).catch(() => {})

    expect(source.disposed).toBe(true)
    expect(did.at(-1)).toBe('unlock')
  })
})

describe('beside the dump', () => {
  test('lies the list of what it holds, and the manifest counts it and names its hash', async () => {
    const store = memoryStore()
    await backup.run(given, stage({ store }).context)
    const { manifest } = await readManifest(store, manifestKey)

    expect(manifest.contents.key).toBe(contentsKey)
    expect((await readContents(store, manifest.contents)).objects).toEqual(sourceContent.catalog)
    expect(manifest).toMatchObject({
      catalog: { table: 2 },
      fingerprint: { mode: 'auto', limitMs: 5000, settings: { TimeZone: 'UTC' } },
      tables: [{ name: 'public.orders', method: 'row-text-1', fingerprint: '-42' }, {}],
      sequences: [{ name: 'public.orders_id_seq', lastValue: '1200' }],
      largeObjects: { count: 0 },
      clock: { database: '2026-11-21T14:04:10.250Z', runner: '2026-11-21T14:04:10.270Z', skewMs: 20 },
      dump: { compression: 'gzip:1', archiveVersion: '32.97.110', warnings: [] },
      object: { encryption: 'none' },
    })
  })

  test('lie the roles, and a dump without them is a backup that says so', async () => {
    const store = memoryStore()
    await backup.run(given, stage({ store }).context)
    expect((await readManifest(store, manifestKey)).manifest.roles).toMatchObject({ key: rolesKey, count: 1 })

    const without = memoryStore()
    const source = fakeSource({ roles: { notKept: 'pg_dumpall is not installed' } })
    const { verdict, checks } = await backup.run(given, stage({ store: without, source }).context)
    expect(verdict).toBe('pass')
    expect(checks).toContainEqual({ id: 'roles', status: 'not-checked', message: 'not kept: pg_dumpall is not installed' })
    expect((await readManifest(without, manifestKey)).manifest.roles).toEqual({ notKept: 'pg_dumpall is not installed' })

    const unwanted = memoryStore()
    await backup.run({ ...given, 'include-roles': false }, stage({ store: unwanted }).context)
    expect(keys(unwanted)).not.toContain(rolesKey)
  })

  test('what pg_dump said although it ended with 0 is in the log and in the manifest', async () => {
    const store = memoryStore()
    const said = ['pg_dump: warning: there are circular foreign-key constraints on this table:', '::error::not a command']
    const { context, lines } = stage({ store, source: fakeSource({ said, warnings: ['another pg_dump reads this database'] }) })
    await backup.run(given, context)

    expect((await readManifest(store, manifestKey)).manifest.dump.warnings).toEqual(said)
    expect(lines).toEqual(
      expect.arrayContaining([
        'warning: another pg_dump reads this database',
        'warning: pg_dump ended with 0, and said:',
        ...said.map((line) => `foreign: ${line}`),
      ]),
    )
  })

  test('a table that nobody counted has no number of rows, and is not taken for an empty one', async () => {
    const store = memoryStore()
    const source = fakeSource({ content: { tables: [{ name: 'public.large' }] } })
    await backup.run({ ...given, level: 'landed' }, stage({ store, source }).context)

    expect((await readManifest(store, manifestKey)).manifest.tables).toEqual([{ name: 'public.large' }])
  })
})

describe('a standby', () => {
  const facts = { inRecovery: true, lagMs: 60_000 }

  test('is accepted, with its lag in the manifest, where a limit says whether it is too much', async () => {
    const store = memoryStore()
    let asked: unknown
    const { context } = stage({ store, source: fakeSource({ facts }) })
    const opening = {
      ...context,
      openMigrationDatabase: (...args: Parameters<Context['openMigrationDatabase']>) => {
        asked = args[1]
        return context.openMigrationDatabase(...args)
      },
    }
    const { checks } = await backup.run(given, opening)

    expect(asked).toMatchObject({ acceptStandby: true })
    expect(checks).toContainEqual(expect.objectContaining({ id: 'standby-lag', status: 'not-checked' }))
    expect((await readManifest(store, manifestKey)).manifest.source).toMatchObject(facts)
  })

  test.each([true, false])('that is too far behind is not dumped (dry run: %s)', async (dryRun) => {
    const store = memoryStore()
    const late = backup.run(
      { ...given, 'max-standby-lag': 1000, 'dry-run': dryRun },
      stage({ store, source: fakeSource({ facts }) }).context,
    )

    await expect(late).rejects.toMatchObject({ code: 'backup-failed', message: expect.stringContaining('1 min behind') })
    expect(keys(store)).toEqual([])
  })
})

describe('at level landed', () => {
  test('nothing is read back, and nothing claims that it was', async () => {
    const store = memoryStore()
    const never = async () => Promise.reject(new Error('nothing may be decoded'))
    const outcome = await backup.run({ ...given, level: 'landed' }, stage({ store, decodeArchive: never }).context)

    expect(outcome.reason).toMatch(/^The dump landed: .* Its bytes were not read back\.$/)
    expect(outcome.outputs?.level).toBe('landed')
    expect(statuses(outcome)).toEqual({
      'dump-exit': 'pass',
      landed: 'pass',
      sha256: 'not-checked',
      decoded: 'not-checked',
      'archive-rows': 'not-checked',
      roles: 'pass',
      'min-tables': 'pass',
      'min-size': 'not-checked',
      shrink: 'not-checked',
      retention: 'not-checked',
    })
    expect((await readManifest(store, manifestKey)).manifest.level).toBe('landed')
  })
})

describe('nothing appears in the store', () => {
  const empty = async (run: ReturnType<typeof stage>, store: MemoryStore) => {
    const error = await Promise.resolve(backup.run(given, run.context)).catch((thrown: unknown) => thrown)
    expect(keys(store)).toEqual([])
    return error
  }

  test('when pg_dump fails after its last byte', async () => {
    const store = memoryStore()
    const run = stage({ store, source: fakeSource({ failure: new ReleaseError('backup-failed', 'pg_dump was ended by SIGKILL') }) })

    expect(await empty(run, store)).toMatchObject({ code: 'backup-failed', message: 'pg_dump was ended by SIGKILL' })
  })

  test('when the rows cannot be counted', async () => {
    const store = memoryStore()
    const run = stage({ store, source: fakeSource({ countFailure: new ReleaseError('insufficient-rights', 'no') }) })

    expect(await empty(run, store)).toMatchObject({ code: 'insufficient-rights' })
  })

  test('when the run is stopped', async () => {
    const store = memoryStore()
    const abort = new AbortController()
    const source = fakeSource()
    const run = stage({ store, signal: abort.signal, source: { ...source, readContent: () => new Promise(() => {}) } })
    setTimeout(() => abort.abort(), 20)

    expect(await empty(run, store)).toMatchObject({ code: 'interrupted' })
  })

  test('of a dry run, which takes no lock and says what it would write', async () => {
    const store = memoryStore()
    const { context, did, source } = stage({ store })
    const outcome = await backup.run({ ...given, 'dry-run': true }, context)

    expect([keys(store), did, source.disposed]).toEqual([[], [], true])
    expect(outcome).toMatchObject({
      verdict: 'pass',
      reason: `shop (7.6 MiB on the server) would be dumped to ${key}; nothing was written.`,
    })
    expect([outcome.checks, outcome.outputs]).toEqual([undefined, undefined]) // nothing was made, so nothing was shown
  })

  test('when the store does not give back what is written', async () => {
    const store = memoryStore()
    const { context, did } = stage({ store: { ...store, get: async (name) => (await memoryWith(name)).get(name) } })

    await expect(backup.run(given, context)).rejects.toMatchObject({ code: 'invalid-store' })
    expect([keys(store), did.includes(`put ${key}`)]).toEqual([[], false])
  })
})

describe('a stored object that is not what was dumped', () => {
  test('with a changed byte is a fault, and gets no manifest', async () => {
    const store = memoryStore()
    const outcome = await backup.run(given, stage({ store: damaging(store, (bytes) => bytes.fill(1, 3, 4)) }).context)

    expect(outcome).toMatchObject({ verdict: 'fail', error: { code: 'backup-damaged' } })
    expect(statuses(outcome)).toMatchObject({ landed: 'pass', sha256: 'fail' })
    expect(keys(store)).toEqual([key])
  })

  test('with a missing end is a fault that is found without reading it', async () => {
    const store = memoryStore()
    const outcome = await backup.run(given, stage({ store: damaging(store, (bytes) => bytes.subarray(0, 10)) }).context)

    expect(outcome).toMatchObject({ verdict: 'fail', error: { code: 'backup-failed' } })
    expect(statuses(outcome)).toMatchObject({ landed: 'fail', sha256: 'not-checked', decoded: 'not-checked' })
    expect(keys(store)).toEqual([key])
  })

  test('that cannot be decoded is a fault', async () => {
    const store = memoryStore()
    const outcome = await backup.run(given, stage({ store, decodeArchive: decode('unexpected end of file') }).context)

    expect(outcome).toMatchObject({
      verdict: 'fail',
      error: { code: 'backup-damaged', message: expect.stringContaining('unexpected end of file') },
    })
    expect(keys(store)).toEqual([key])
  })

  test('that is whole but lacks rows is a fault of the dump, and gets no manifest', async () => {
    const store = memoryStore()
    const outcome = await backup.run(given, stage({ store, decodeArchive: decode('', new Map([['"public"."orders"', 1200]])) }).context)

    expect(outcome).toMatchObject({
      verdict: 'fail',
      reason: 'The dump does not hold the rows of its snapshot; no manifest was written, so this is no backup.',
      error: { code: 'backup-failed', message: expect.stringContaining('public.users has 0 of 30 rows') },
    })
    expect(keys(store)).toEqual([key])
  })

  test('that cannot be looked at proves nothing: it is kept as landed, and the verdict is inconclusive', async () => {
    const store = memoryStore()
    const missing = async () => Promise.reject(new ReleaseError('tool-not-found', 'There is no pg_restore.'))
    const outcome = await backup.run(given, stage({ store, decodeArchive: missing }).context)

    expect(outcome).toMatchObject({ verdict: 'inconclusive', outputs: { level: 'landed' } })
    expect(outcome.reason).toMatch(/^The dump landed \(.*\), but could not be read back: There is no pg_restore\.$/)
    expect(statuses(outcome)).toEqual({
      'dump-exit': 'pass',
      landed: 'pass',
      sha256: 'not-checked',
      decoded: 'not-checked',
      'archive-rows': 'not-checked',
      roles: 'pass',
      'min-tables': 'pass',
      'min-size': 'not-checked',
      shrink: 'not-checked',
      retention: 'not-checked',
    })
    expect((await readManifest(store, manifestKey)).manifest.level).toBe('landed')
  })
})

describe('a name that is taken', () => {
  test.each([key, manifestKey, contentsKey, rolesKey])('is refused before anything is dumped: %s', async (taken) => {
    const store = memoryStore()
    store.objects.set(taken, Buffer.from('an older one'))
    const { context, lines } = stage({ store })

    await expect(backup.run(given, context)).rejects.toMatchObject({ code: 'backup-exists' })
    expect([keys(store), String(store.objects.get(taken))]).toEqual([[taken], 'an older one'])
    expect(lines.filter((line) => line.startsWith('dump'))).toEqual([])
  })
})

test('a manifest that cannot be written is told with what was done', async () => {
  const store = memoryStore()
  const full: Store = {
    ...store,
    put: async (name, source, signal) => {
      if (name === manifestKey) throw new ReleaseError('backup-failed', 'The store is full.')
      return store.put(name, source, signal)
    },
  }
  const outcome = await backup.run(given, stage({ store: full }).context)

  expect(outcome).toMatchObject({ verdict: 'fail', error: { message: 'The store is full.' } })
  expect(outcome.reason).toContain('its manifest was not written and read back, so it is not to be counted on')
  expect(statuses(outcome)).toMatchObject({ sha256: 'pass' })
})

async function memoryWith(name: string): Promise<Store> {
  const other = memoryStore()
  other.objects.set(name, Buffer.from('something else'))
  return other
}

/** Damages dumps, and nothing else, once they are stored. */
function damaging(store: MemoryStore, damage: (bytes: Buffer) => Buffer): Store {
  return {
    ...store,
    put: async (name, source, signal) => {
      const put = await store.put(name, source, signal)
      if (name.endsWith('.dump')) store.objects.set(name, damage(store.objects.get(name) as Buffer))
      return put
    },
  }
}
