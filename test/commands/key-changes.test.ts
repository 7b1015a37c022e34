import { expect, test } from 'vitest'
import { changedKeys } from '../../src/commands/key-changes.ts'
import { ReleaseError } from '../../src/errors.ts'
import type { HistoryRow } from '../../src/migration/history.ts'
import { changedKeysFields, changedKeysTables, changedKeysText } from '../../src/report/commands/changed-keys.ts'
import { fakeContext } from '../fakes/context.ts'

const commit = 'a'.repeat(40)
const at = new Date('2026-11-20T10:00:00Z')
const row = (event: object) => ({ at, release: 'v1', commit, ...event }) as unknown as HistoryRow
const deployed = row({ event: 'deployed', migrations: [] })
const marker = 'pl4nted-m4rker'
const before = `OLD=${marker}\n#LOG_LEVEL=info\nMAIL_FROM=\n`
const now = `MAIL_FROM=\nLOG_LEVEL=${marker}\nMAIL_KEY=${marker}\n# optional\nMAIL_BCC=\n`

const inputs = { 'config-template': ['.env.example'], 'config-aliases': undefined }
const { context } = fakeContext({
  gitCommit: async (name) => (name === commit ? commit : undefined),
  gitFiles: async () => [{ path: '.env.example', name: '.env.example', bytes: new TextEncoder().encode(before) }],
  readText: async () => now,
})

test('a plan names the keys that are not as the live release has them, and no value', async () => {
  const changed = await changedKeys([deployed], inputs, context)
  expect(changed).toEqual({
    keys: {
      since: 'v1',
      added: [
        { name: 'MAIL_KEY', need: 'required' },
        { name: 'MAIL_BCC', need: 'optional' },
      ],
      removed: ['OLD'],
      becameRequired: ['LOG_LEVEL'],
    },
  })
  const shown = changedKeysFields.parse(changed.keys)
  expect(changedKeysText(shown, undefined)).toBe('4 changes since v1')
  expect(changedKeysTables(shown)).toMatchObject([
    {
      rows: [
        [{ code: 'MAIL_KEY' }, 'new, required'],
        [{ code: 'MAIL_BCC' }, 'new, optional'],
        [{ code: 'LOG_LEVEL' }, 'required now'],
        [{ code: 'OLD' }, 'no longer used'],
      ],
    },
  ])
  expect(JSON.stringify(changed)).not.toContain(marker)
})

test('a plan says nothing of keys where no template is named', async () => {
  expect(await changedKeys([deployed], { ...inputs, 'config-template': undefined }, context)).toEqual({})
})

const broken = async () => {
  throw new ReleaseError('unreadable-file', 'It cannot be read.')
}
test.each<[string, readonly HistoryRow[], Partial<typeof context>, string]>([
  ['no deploy was noted', [], {}, 'the history does not tell which release is live'],
  ['a rollback came after it', [deployed, row({ event: 'rollback', at: new Date('2026-11-21T10:00:00Z') })], {}, 'which release is live'],
  ['its commit is not known', [row({ event: 'deployed', migrations: [], commit: undefined })], {}, 'which commit v1 is'],
  ['git lacks its commit', [row({ event: 'deployed', migrations: [], commit: 'b'.repeat(40) })], {}, 'fetch-depth: 0'],
  ['the template is not there', [deployed], { readText: async () => undefined }, 'config-template finds no file: .env.example'],
  ['git cannot read it', [deployed], { gitFiles: broken }, 'It cannot be read'],
])('a plan that cannot tell which keys changed says why, and fails nothing: %s', async (_, history, more, reason) => {
  const { keys, keysProblem } = await changedKeys(history, inputs, { ...context, ...more })
  expect([keys, keysProblem]).toEqual([undefined, expect.stringContaining(reason)])
  expect(changedKeysText(undefined, keysProblem)).toContain('not known: ')
})
