import { describe, expect, test } from 'vitest'
import { headsBeforeRelease, versionsOfRelease } from '../../src/migration/before-release.ts'
import type { AttemptRow, AttemptState, HistoryRow } from '../../src/migration/history.ts'
import { unversioned } from '../../src/release-name.ts'

const at = new Date(0)
const byHand = { action: 'mark-applied', reason: 'ran in psql', who: 'dba', wasApplied: false } as const

function attempt(
  version: string,
  release: string,
  more: { state?: AttemptState; phase?: 'pre' | 'post'; commit?: string } = {},
): AttemptRow {
  const { state = 'applied', phase = 'pre', commit } = more
  return { event: 'migration', version, name: version, checksum: '', release, commit, at, phase, state }
}

describe('the versions that stand there because of a release', () => {
  const release = { release: 'v2', commit: 'c2' }
  test.each<[string, HistoryRow[], string[]]>([
    ['its own alone', [attempt('1', 'v1'), attempt('2', 'v2'), attempt('3', 'v3')], ['2']],
    ['none of the other phase', [attempt('1', 'v2'), attempt('2', 'v2', { phase: 'post' })], ['1']],
    [
      'what a run that died may have applied',
      [attempt('1', 'v2', { state: 'running' }), attempt('2', 'v2', { state: 'applied-unreported' })],
      ['1', '2'],
    ],
    [
      'nothing that failed and somebody else applied by hand',
      [attempt('1', 'v2', { state: 'failed' }), attempt('2', 'v2', { state: 'not-applied' })],
      [],
    ],
    ['nothing that a later release applied again', [attempt('1', 'v2'), attempt('1', 'v3')], []],
    ['nothing that a person marked', [{ ...attempt('1', 'v2'), byHand }, attempt('2', 'v2')], ['2']],
    ['the same commit under another name', [attempt('1', 'hotfix', { commit: 'c2' })], ['1']],
  ])('are %s', (_, history, versions) => {
    expect(versionsOfRelease(history, 'pre', release)).toEqual(versions)
  })

  test('are those of both phases when both run at once', () => {
    expect(versionsOfRelease([attempt('1', 'v2'), attempt('2', 'v2', { phase: 'post' })], 'all', release)).toEqual(['1', '2'])
  })

  test('are none where the release has no name of its own', () => {
    const nameless = { release: unversioned, commit: undefined }
    expect(versionsOfRelease([attempt('1', unversioned)], 'pre', nameless)).toEqual([])
  })
})

describe("the heads before a release's runs of the team's command", () => {
  const backup = (release: string, head: string, phase: 'pre' | 'post' = 'pre'): HistoryRow => ({
    event: 'backup',
    release,
    commit: undefined,
    at,
    phase,
    heads: [{ table: 'public.schema_migrations', head, empty: false }],
  })
  const command = (release: string, phase: 'pre' | 'post' = 'pre'): HistoryRow => ({
    event: 'command',
    release,
    commit: undefined,
    at,
    phase,
    state: 'failed',
  })
  const deployed = (release: string): HistoryRow => ({ event: 'deployed', release, commit: undefined, at, migrations: [] })

  test.each<[string, HistoryRow[], string | undefined]>([
    ['those of the first run', [backup('v2', 'a'), command('v2'), backup('v2', 'b'), command('v2')], 'a'],
    [
      'those of the first run since another release',
      [backup('v2', 'a'), command('v2'), command('v3'), backup('v2', 'b'), command('v2')],
      'b',
    ],
    ['not those of another phase', [backup('v2', 'a'), command('v2'), backup('v2', 'b', 'post'), command('v2', 'post')], undefined],
    ['those of before a deploy was recorded', [backup('v2', 'a'), command('v2'), deployed('v2')], 'a'],
    ['unknown when no run had to have a backup', [command('v2')], undefined],
    ['unknown when another release ran last', [backup('v2', 'a'), command('v2'), command('v3')], undefined],
  ])('are %s', (_, history, head) => {
    expect(headsBeforeRelease(history, 'pre', { release: 'v2', commit: undefined })?.[0]?.head).toBe(head)
  })
})
