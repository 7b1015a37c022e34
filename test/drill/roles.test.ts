import { expect, test } from 'vitest'
import { isReplayed, parseRoles, stubNames } from '../../src/drill/roles.ts'

const dump = `
CREATE ROLE admin;
ALTER ROLE admin WITH SUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE app;
ALTER ROLE app WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE mirror;
ALTER ROLE mirror WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN REPLICATION NOBYPASSRLS;
CREATE ROLE "The ""Writers""";
ALTER ROLE "The ""Writers""" WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
ALTER ROLE app SET work_mem TO '1GB';
GRANT "The ""Writers""" TO app WITH ADMIN OPTION, INHERIT FALSE, SET FALSE GRANTED BY admin;
GRANT "The ""Writers""" TO app WITH INHERIT FALSE GRANTED BY "The ""Writers""";
GRANT admin TO app WITH INHERIT TRUE GRANTED BY admin;
GRANT app TO mirror WITH ADMIN OPTION GRANTED BY admin;
GRANT pg_execute_server_program TO "The ""Writers""" WITH ADMIN OPTION;
GRANT pg_monitor TO app;
GRANT SET ON PARAMETER work_mem TO app;
`

test('tells superusers, replicators and memberships from what pg_dumpall wrote, with all that several grants of one role give', () => {
  expect(parseRoles(dump)).toEqual({
    superusers: ['admin'],
    replicators: ['mirror'],
    memberships: [
      { role: 'The "Writers"', member: 'app', options: ['admin', 'no inherit'] },
      { role: 'admin', member: 'app', options: [] },
      { role: 'app', member: 'mirror', options: ['admin'] },
      { role: 'pg_execute_server_program', member: 'The "Writers"', options: ['admin'] },
      { role: 'pg_monitor', member: 'app', options: [] },
    ],
  })
})

test("gives a copy neither a superuser's membership nor that of a role that replicates, nor one of PostgreSQL's own roles", () => {
  const facts = parseRoles(dump)
  expect(stubNames(['app', 'reporting', 'pg_monitor'], facts)).toEqual(['app', 'reporting', 'The "Writers"', 'admin', 'mirror'])
  expect(facts.memberships.filter((one) => isReplayed(one, facts)).map(({ role, member }) => [role, member])).toEqual([
    ['The "Writers"', 'app'],
  ])
})
