import { expect, test } from 'vitest'
import { namedRoles, parseScript } from '../../src/drill/archive-script.ts'
import { needsSuperuser } from '../../src/drill/superuser-entries.ts'

const script = `--
-- PostgreSQL database dump
--

\\restrict abc

SET row_security = off;

--
-- TOC entry 8 (class 2615 OID 16388)
-- Name: s; Type: SCHEMA; Schema: -; Owner: My App
-- Data Pos: 0
--

CREATE SCHEMA s;


ALTER SCHEMA s OWNER TO "My App";

--
-- TOC entry 3 (class 3079 OID 16420)
-- Name: uuid-ossp; Type: EXTENSION; Schema: -; Owner: -
-- Data Pos: 0
--

CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;


--
-- TOC entry 219 (class 1259 OID 16548)
-- Dependencies: 8
-- Name: t; Type: TABLE; Schema: s; Owner: app; Tablespace: fast
-- Data Pos: 0
--

CREATE TABLE s.t ();


-- Completed on 2026-11-22 06:11:44 UTC

--
-- PostgreSQL database dump complete
--

\\unrestrict abc
`

test('an archive written as SQL tells the definition and the exact owner of each entry', () => {
  const definitions = parseScript(script)
  expect([...definitions].map(([id, { owner }]) => [id, owner])).toEqual([
    ['8', 'My App'],
    ['3', undefined],
    ['219', 'app'],
  ])
  expect(definitions.get('219')?.sql.trim()).toBe('CREATE TABLE s.t ();')
})

test.each([
  ['GRANT SELECT(a),UPDATE(b) ON TABLE s.t TO ro WITH GRANT OPTION;', ['ro']],
  ['REVOKE ALL ON FUNCTION f() FROM PUBLIC;\nGRANT ALL ON FUNCTION f() TO "My ""App""";', ['My "App"']],
  ['SET SESSION AUTHORIZATION grantor;\nGRANT SELECT ON TABLE s.t TO ro;\nRESET SESSION AUTHORIZATION;', ['grantor', 'ro']],
  ['ALTER DEFAULT PRIVILEGES FOR ROLE app IN SCHEMA s GRANT SELECT ON TABLES  TO ro;', ['app', 'ro']],
  ['CREATE POLICY p ON s.t TO "My App", app', ['My App', 'app']],
  ['GRANT SELECT ON TABLE public."a TO " TO app;', ['app']],
])('a grant or a policy names its roles: %s', (sql, roles) => {
  expect(namedRoles(sql)).toEqual(roles)
})

const settings = new Set(['search_path', 'work_mem'])
const fn = (attributes: string) =>
  `\nCREATE FUNCTION public.f() RETURNS integer\n    LANGUAGE ${attributes}\n    AS $$select 1\n    LANGUAGE c\n$$;\n`

test.each([
  ['FUNCTION public f()', fn('c STRICT')],
  ['FUNCTION public f()', fn('internal IMMUTABLE')],
  ['FUNCTION public f()', fn('sql IMMUTABLE LEAKPROOF')],
  ['FUNCTION public f()', fn('sql IMMUTABLE SUPPORT public.s')],
  ['FUNCTION public f()', fn("sql\n    SET search_path TO ''\n    SET log_min_messages TO 'error'")],
  ['PROCEDURE public p()', fn('sql\n    SET "app.tenant" TO \'1\'')],
  ['TYPE public t', 'CREATE TYPE public.t (\n    INTERNALLENGTH = variable,\n    INPUT = public.t_in,\n    OUTPUT = public.t_out\n);'],
  ['AGGREGATE public a(text)', 'CREATE AGGREGATE public.a(text) (\n    SFUNC = string_agg_transfn,\n    STYPE = internal\n);'],
  ['OPERATOR public ===', 'CREATE OPERATOR public.=== (\n    FUNCTION = int4eq,\n    LEFTARG = integer,\n    RESTRICT = public.sel\n);'],
  ['CAST CAST (public.a AS text)', 'CREATE CAST (public.a AS text) WITHOUT FUNCTION;'],
  ['CAST CAST (integer AS json)', 'CREATE CAST (integer AS json) WITH FUNCTION public.f(integer);'],
])('%s needs a superuser when it says so: %s', (object, sql) => {
  expect(needsSuperuser(object, sql, settings)).toBe(true)
})

test.each([
  ['FUNCTION public f()', fn("sql SECURITY DEFINER COST 10\n    SET search_path TO ''\n    SET work_mem TO '1MB'")],
  ['TYPE public t', "CREATE TYPE public.t AS ENUM (\n    'INPUT = x'\n);"],
  ['AGGREGATE public a(integer)', 'CREATE AGGREGATE public.a(integer) (\n    SFUNC = int4pl,\n    STYPE = integer\n);'],
  [
    'OPERATOR public ===',
    'CREATE OPERATOR public.=== (\n    FUNCTION = int4eq,\n    RESTRICT = eqsel,\n    JOIN = pg_catalog.eqjoinsel\n);',
  ],
  ['CAST CAST (public.a AS text)', 'CREATE CAST (public.a AS text) WITH INOUT;'],
])('%s needs none otherwise: %s', (object, sql) => {
  expect(needsSuperuser(object, sql, settings)).toBe(false)
})
