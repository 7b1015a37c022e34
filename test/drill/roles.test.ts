import { expect, test } from 'vitest'
import { grantedMemberships, parseRoles, stubNames } from '../../src/drill/roles.ts'

const dump = `
CREATE ROLE admin;
ALTER ROLE admin WITH SUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE app;
ALTER ROLE app WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE "The ""Writers""";
ALTER ROLE "The ""Writers""" WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
ALTER ROLE app SET work_mem TO '1GB';
GRANT "The ""Writers""" TO app GRANTED BY admin;
GRANT admin TO app WITH INHERIT TRUE GRANTED BY admin;
GRANT pg_execute_server_program TO "The ""Writers""" WITH ADMIN OPTION;
GRANT pg_monitor TO app;
`

test('tells superusers and memberships from what pg_dumpall wrote', () => {
  expect(parseRoles(dump)).toEqual({
    superusers: ['admin'],
    memberships: [
      { role: 'The "Writers"', member: 'app' },
      { role: 'admin', member: 'app' },
      { role: 'pg_execute_server_program', member: 'The "Writers"' },
      { role: 'pg_monitor', member: 'app' },
    ],
  })
})

test("gives a copy neither a superuser's membership nor one of PostgreSQL's own roles", () => {
  const facts = parseRoles(dump)
  const stubs = stubNames(['app', 'reporting', 'pg_monitor'], facts)
  expect(stubs).toEqual(['app', 'reporting', 'The "Writers"', 'admin'])
  expect(grantedMemberships(facts, stubs)).toEqual([{ role: 'The "Writers"', member: 'app' }])
})
