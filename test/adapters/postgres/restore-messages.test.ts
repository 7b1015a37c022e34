import { expect, test } from 'vitest'
import { restoreMessages } from '../../../src/adapters/postgres/restore-messages.ts'

test('keeps what failed and where, without statements, rows and values', () => {
  const said = `pg_restore: while PROCESSING TOC:
pg_restore: from TOC entry 3445; 2606 16666 CONSTRAINT t t_email_key postgres
pg_restore: error: could not execute query: ERROR:  could not create unique index "t_email_key"
DETAIL:  Key (email)=(jane@example.org) is duplicated.
Command was: ALTER TABLE ONLY public.t
    ADD CONSTRAINT t_email_key UNIQUE (email);


pg_restore: error: COPY failed for table "t": ERROR:  invalid input syntax for type integer: "sk_live_123"
CONTEXT:  COPY t, line 1, column id: "sk_live_123"
pg_restore: error: a worker process died unexpectedly
`
  expect(restoreMessages(said)).toMatchInlineSnapshot(`
    "pg_restore: from TOC entry 3445; 2606 16666 CONSTRAINT t t_email_key postgres
    pg_restore: error: could not execute query: ERROR:  could not create unique index "t_email_key"
    pg_restore: error: COPY failed for table "t": ERROR:  invalid input syntax for type integer: (value not shown)"
  `)
})

test('keeps the first lines only', () => {
  expect(restoreMessages('pg_restore: error: x\n'.repeat(50)).split('\n')).toHaveLength(6)
})
