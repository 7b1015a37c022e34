import { expect, test } from 'vitest'
import { applyRetention } from '../../src/backup/apply-retention.ts'
import { manifestKeyOf } from '../../src/backup/key.ts'
import { type Manifest, readManifest } from '../../src/backup/manifest.ts'
import { recordDrill } from '../../src/drill/record.ts'
import { putBackup } from '../fakes/backup.ts'
import { type MemoryStore, memoryStore } from '../fakes/store.ts'

const signal = AbortSignal.any([])
const day = (number: number) => new Date(Date.UTC(2026, 9, 1 + number, 3))

async function drilled(store: MemoryStore, manifest: Manifest, at: Date, verdict: string): Promise<void> {
  const { key } = manifest.object
  const outcome = { verdict, reason: verdict, level: 'restored', finishedAt: at.toISOString(), backup: { key } }
  await recordDrill(store, key, { run: { id: '7', attempt: '1' }, at }, outcome, signal)
}

/** Three weeks of backups, of which the newest is kept; a drill of each of these days passed or failed. */
async function retained(drills: Readonly<Record<number, string>>) {
  const store = memoryStore()
  const all = Array.from({ length: 21 }, (_, number) => putBackup(store, { at: day(number), class: 'daily' }))
  for (const [number, verdict] of Object.entries(drills))
    await drilled(store, all[Number(number)] as Manifest, day(Number(number) + 1), verdict)
  const made = await readManifest(store, manifestKeyOf(all[20]?.object.key ?? ''))
  const policy = { keepLast: 1, keepDays: undefined }
  const { keptBecause } = await applyRetention({ store, made, proved: true, policy, mode: 'apply', now: day(20), signal })
  const kept = all.flatMap(({ object }, number) => (store.objects.has(object.key) ? [number] : []))
  return { kept, reasons: keptBecause.map(({ why }) => why) }
}

test('a failed drill that cancels one that passed stays with its backup: without it the older one would count again', async () => {
  const { kept, reasons } = await retained({ 3: 'pass', 9: 'fail', 11: 'fail', 12: 'inconclusive' })

  expect(kept).toEqual([3, 11, 20])
  expect(reasons).toContain('the newest that a drill failed for, which cancels an older one that passed')
})

test.each([
  ['after which another passed', { 3: 'pass', 9: 'fail', 12: 'pass' }, [3, 12, 20]],
  ['before which none passed', { 9: 'fail', 12: 'inconclusive' }, [20]],
])('a failed drill %s keeps nothing', async (_, drills, kept) => {
  expect((await retained(drills)).kept).toEqual(kept)
})
