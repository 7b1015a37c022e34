import { describe, expect, test } from 'vitest'
import { describeEstimate, estimateBackup, refuseTooLarge } from '../../src/backup/estimate.ts'
import type { Manifest } from '../../src/backup/manifest.ts'
import { ReleaseError } from '../../src/errors.ts'
import { putBackup } from '../fakes/backup.ts'
import { memoryStore } from '../fakes/store.ts'

const gib = 1024 ** 3
const minute = 60_000

/** An earlier backup of a database of so many bytes. */
function earlier(databaseBytes: number, dumpBytes: number, tookMs: number): Manifest {
  const manifest = putBackup(memoryStore())
  return {
    ...manifest,
    source: { ...manifest.source, sizeBytes: databaseBytes },
    object: { ...manifest.object, sizeBytes: dumpBytes },
    finishedAt: new Date(Date.parse(manifest.startedAt) + tookMs).toISOString(),
  }
}

function refusal(act: () => void): ReleaseError {
  try {
    act()
  } catch (error) {
    if (error instanceof ReleaseError) return error
  }
  throw new Error('nothing was refused')
}

describe('the estimate', () => {
  test('goes by earlier backups, from the fastest of them to the slowest, in step with the size of the database', () => {
    const estimate = estimateBackup(200 * gib, [earlier(100 * gib, 10 * gib, 10 * minute), earlier(100 * gib, 20 * gib, 20 * minute)])

    expect(estimate).toMatchObject({ earlier: 2, durationMs: { low: 14 * minute, high: 60 * minute } })
    expect(estimate.dumpBytes.low).toBeCloseTo(14 * gib)
    expect(estimate.dumpBytes.high).toBeCloseTo(60 * gib)
    expect(describeEstimate(estimate)).toBe(
      '200.0 GiB on the server; expected: 14 min to 1 h, a dump of 14.0 GiB to 60.0 GiB (going by 2 earlier backups)',
    )
  })

  test('looks at the newest few only', () => {
    const usual = Array.from({ length: 5 }, () => earlier(gib, gib, minute))

    expect(estimateBackup(gib, [...usual, earlier(gib, gib, 1000 * minute)])).toMatchObject({
      earlier: 5,
      durationMs: { high: 1.5 * minute },
    })
  })

  test('is a guess in words without an earlier one', () => {
    expect(describeEstimate(estimateBackup(300 * gib, []))).toBe(
      '300.0 GiB on the server; expected: 35 min 47 s to 4 h 28 min, a dump of 15.0 GiB to 300.0 GiB (a guess at 20 to 150 MB/s: there is no earlier backup)',
    )
  })

  test('does not count the milliseconds of a small database', () => {
    expect(describeEstimate(estimateBackup(8 * 1024 ** 2, [earlier(8 * 1024 ** 2, 1024, 400)]))).toBe(
      '8.0 MiB on the server; expected: a few seconds, a dump of 717 B to 1.5 KiB (going by 1 earlier backup)',
    )
  })

  test('is not misled by an earlier one of a database of no size', () => {
    expect(estimateBackup(gib, [earlier(0, 5, minute)])).toMatchObject({ earlier: 0 })
  })
})

const largest = 5 * 1024 * gib

describe('a backup that would surely take too long', () => {
  test('is refused with both numbers and what to do, before anything is dumped', () => {
    const estimate = estimateBackup(500 * gib, [earlier(100 * gib, 10 * gib, 60 * minute)])
    const error = refusal(() => refuseTooLarge(estimate, 60 * minute, undefined))

    expect([error.code, error.exitCode]).toEqual(['backup-too-large', 2])
    expect(error.message).toBe(
      'A backup of this database (500.0 GiB) would take at least 3 h 30 min, and max-duration is 1 h. 500.0 GiB on the server; expected: 3 h 30 min to 7 h 30 min, a dump of 35.0 GiB to 75.0 GiB (going by 1 earlier backup).',
    )
    expect(error.hint).toMatch(/Nothing was dumped\. Dump a standby, .*daily.*backup-when: major.*max-duration/)
  })

  test('is one that may not make it even at its best', () => {
    const estimate = estimateBackup(100 * gib, [earlier(100 * gib, 10 * gib, 100 * minute)])

    expect(() => refuseTooLarge(estimate, 70 * minute, undefined)).not.toThrow()
    expect(() => refuseTooLarge(estimate, 70 * minute - 1, undefined)).toThrow('would take at least')
    expect(() => refuseTooLarge(estimate, undefined, largest)).not.toThrow()
  })
})

describe('a dump that a store does not take', () => {
  test('is refused when the least that is likely is too large already', () => {
    const error = refusal(() => refuseTooLarge(estimateBackup(200 * 1024 * gib, []), undefined, largest))

    expect(error.code).toBe('backup-too-large')
    expect(error.message).toContain('at least 10.0 TiB, and the store takes no object above 5.0 TiB')
  })

  test('is let be when the least that is likely still fits', () => {
    expect(() => refuseTooLarge(estimateBackup(6 * 1024 * gib, []), undefined, largest)).not.toThrow()
  })
})
