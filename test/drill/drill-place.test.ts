import { expect, test } from 'vitest'
import type { Context, DatabaseInputs, ScratchOptions, TargetOptions } from '../../src/commands/command.ts'
import { openDrillPlace } from '../../src/commands/drill-place.ts'
import restoreDrill from '../../src/commands/restore-drill.ts'
import { parseConnection } from '../../src/connection.ts'
import type { ScratchCluster } from '../../src/drill/scratch.ts'
import { fakeContext } from '../fakes/context.ts'
import { givenTo } from '../fakes/given.ts'

const none = {
  'target-url': undefined,
  'database-ca': undefined,
  'allow-insecure-tls': false,
  'pg-bin-dir': undefined,
  'install-tools': false,
  'drill-packages': undefined,
  'drill-preload': undefined,
  'drill-before': undefined,
  'drill-after': undefined,
  'allow-unsafe-client': false,
}
const restored = {
  major: 15,
  encoding: 'UTF8',
  collate: 'C',
  ctype: 'C',
  ours: true,
  systemIdentifier: '42',
  database: undefined,
}

async function place(given: Partial<Parameters<typeof openDrillPlace>[0]>) {
  const opened: unknown[] = []
  const there = {} as ScratchCluster
  const { context } = fakeContext({
    makeScratchCluster: async (options: ScratchOptions) => {
      opened.push(options)
      return there
    },
    openTarget: async (target: DatabaseInputs, options: TargetOptions) => {
      opened.push(target.connection.host, target.tls.mode, options.source.systemIdentifier)
      return there
    },
  } as Partial<Context>)
  expect(await openDrillPlace({ ...none, ...given }, restored, context)).toBe(there)
  return opened
}

test('a drill makes a cluster of its own, with what the team adds to it', async () => {
  expect(
    await place({ 'drill-packages': ['postgresql-15-cron'], 'drill-preload': ['pg_cron'], 'drill-before': '/srv/before.sql' }),
  ).toEqual([expect.objectContaining({ packages: ['postgresql-15-cron'], preload: ['pg_cron'], before: '/srv/before.sql', ours: true })])
})

test('it goes to the database that target-url names, with what tells the source from it', async () => {
  expect(await place({ 'target-url': parseConnection('postgres://me@db.example/drill_x') })).toEqual(['db.example', 'verify-full', '42'])
})

test('a server of somebody’s own is not prepared by a drill, which is known before anything is fetched', async () => {
  const given = givenTo(restoreDrill, {
    store: 'file:///srv/backups',
    'target-url': parseConnection('postgres://me@db.example/drill_x'),
    'drill-before': '/srv/before.sql',
  })
  const refused = { code: 'invalid-input', message: expect.stringContaining('drill-before') }
  await expect(restoreDrill.run(given, fakeContext().context)).rejects.toMatchObject(refused)
})
