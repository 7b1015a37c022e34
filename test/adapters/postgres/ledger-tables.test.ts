import type pg from 'pg'
import { expect, test } from 'vitest'
import { readHead } from '../../../src/adapters/postgres/ledger-tables.ts'

test('a version table that somebody else has locked is called locked, with the query that shows by whom', async () => {
  const refusing = {
    query: () => Promise.reject(Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' })),
  }
  await expect(readHead(refusing as unknown as pg.Client, { schema: 'app', table: "it's" }, 'select 1')).rejects.toMatchObject({
    code: 'server-refused',
    message: 'Another session has locked the version table "app"."it\'s" against readers.',
    hint: expect.stringContaining(`relation = '"app"."it''s"'::regclass`),
  })
})
