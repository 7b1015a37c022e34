/** Objects and values of every kind that a dump can hold and a comparison can get wrong. Runs on every supported version. */
export const richSchema = `
  create schema "Odd ""schema"; create schema app;
  create type app.mood as enum ('sad', 'ok', 'happy');
  create type app.point3 as (x int, y int, z text);
  create domain app.email as text default 'nobody@example' not null check (value like '%@%');
  create type app.floats as range (subtype = float8);
  create function app.twice(int) returns int language sql immutable as 'select $1 * 2';
  create function app.note() returns trigger language plpgsql as 'begin return new; end';
  create procedure app.nothing() language sql as 'select 1';
  create aggregate app.total (int) (sfunc = int4pl, stype = int, initcond = '0');
  create function app.add(point, point) returns point language sql immutable as 'select $1';
  create operator app.@@@ (leftarg = point, rightarg = point, function = app.add);

  create table app.values (
    id bigint generated always as identity primary key, dropped text, j json, jb jsonb, x xml, p point, f4 float4, f8 float8,
    n numeric, m money, ts timestamptz, iv interval, d date, bits bit varying, arr int[], texts text[], b bytea, mood app.mood, p3 app.point3,
    r int4range, fr app.floats, e app.email, u uuid, "Ä b""c" text, small char(5), doubled int generated always as (app.twice(7)) stored, tsv tsvector, cls regclass);
  alter table app.values drop column dropped;
  insert into app.values (j, jb, x, p, f4, f8, n, m, ts, iv, d, bits, arr, texts, b, mood, p3, r, fr, e, u, "Ä b""c", small, tsv, cls)
    select '{"b": 1,  "a": [1, null]}', '{"b": 1, "a": 2}', '<a>x</a>', point(i / 3.0, -i), i / 3.0, (1 / 3.0::float8) * i, i / 7.0, i * 1.25, '2026-11-21 10:00:00+00'::timestamptz + i * interval '1 hour',
      i * interval '1 day 2 hours', '2026-01-01'::date + i, 5::bit(8)::varbit, array[i, null, -i], array['a,b', '"', '', null, E'\\\\'], decode('00ff5c27', 'hex'), 'ok', row(i, null, 'z "q" ')::app.point3, int4range(i, i + 5), app.floats(0.1, i),
      'a@b', '6f1b6c1e-0000-4000-8000-000000000001', case when i % 3 = 0 then null when i % 3 = 1 then '' else 'Zeile' || chr(10) || '東京' end, 'x', to_tsvector('simple', 'one two'), 'app.values'
    from generate_series(1, 500) i;
  insert into app.values (f8, f4, n, ts, d) values ('NaN', '-Infinity', 'NaN', 'infinity', '-infinity'), ('1e300', '1e-40', '1e400', '2999-12-31', '4713-01-01 BC');
  create table "Odd ""schema"."a.b Ü" (id int, "Id" int, "select" text, primary key ("Id", id));
  insert into "Odd ""schema"."a.b Ü" select i, -i, 'same' from generate_series(1, 1000) i;
  create table app.twins (a text, b text); insert into app.twins select 'x', 'y' from generate_series(1, 10);
  create table app.nothing (); insert into app.nothing default values; insert into app.nothing default values;
  create table app.empty (id int);
  create unlogged table app.fleeting (id int); insert into app.fleeting values (1), (2);
  create table app.parent (id int, a int default 4); create table app.child (own text, extra int) inherits (app.parent);
  alter table app.parent add column late text default 'l'; insert into app.parent values (1); insert into app.child values (2, 3, 'own', 5, 'late');
  create table app.part (id bigint, at date not null, note text, primary key (id, at)) partition by range (at);
  create table app.part_1 partition of app.part for values from ('2026-01-01') to ('2026-07-01');
  create table app.part_2 (note text, at date not null, id bigint not null); alter table app.part attach partition app.part_2 default;
  insert into app.part select i, '2026-01-01'::date + i::int, 'n' from generate_series(1, 300) i;
  create index part_note on app.part (note);
  create table app.refers (id int primary key, part_id bigint, part_at date, constraint refers_part foreign key (part_id, part_at) references app.part, check (id > 0) not valid);
  create table app.secret (id int, owner text); insert into app.secret values (1, 'a'), (2, 'b');
  alter table app.secret enable row level security; alter table app.secret force row level security;
  create policy mine on app.secret for select to public using (owner = current_user);
  create index secret_lower on app.secret (lower(owner)) where id > 0; alter table app.secret set (fillfactor = 70);
  create statistics app.linked on id, owner from app.secret;
  create trigger noted before insert on app.values for each row execute function app.note(); alter table app.values disable trigger noted;
  create rule quiet as on delete to app.twins do instead nothing;
  create view app.seen with (security_barrier) as select id, owner from app.secret;
  create materialized view app.kept as select count(*) as all from app.twins; create materialized view app.unkept as select 1 as one with no data;
  create sequence app.down increment -1; create sequence app.counted start 10; select nextval('app.counted'), nextval('app.counted');
  create table app.serials (id serial primary key, v text); insert into app.serials (v) select 'v' from generate_series(1, 25);
  comment on table app.twins is 'with a comment'; comment on column app.twins.a is 'and a column''s';
  create publication news for table app.serials;
  grant select on app.twins to public; grant update (a) on app.twins to pg_monitor with grant option; revoke execute on function app.twice(int) from public;
  alter default privileges in schema app grant select on tables to pg_monitor;
  select lo_from_bytea(90001, decode(repeat('00ff', 700000), 'hex')), lo_from_bytea(90002, '\\x'), lo_from_bytea(90003, 'abc');
  create table goose_db_version (id serial primary key, version_id bigint); insert into goose_db_version (version_id) values (1), (2);
`

/** More columns than a function takes arguments, made and dropped in another order than their names'. */
export const wideTable = `create table app.wide (${Array.from({ length: 150 }, (_, i) => `c${(i * 37) % 150} int default ${i}`).join(', ')});
  alter table app.wide drop column c7; insert into app.wide (c1) select i from generate_series(1, 20) i;`

/** Each with ten columns. */
export function partitions(count: number): string {
  const columns = Array.from({ length: 9 }, (_, i) => `t${i} text default 'x'`).join(', ')
  return `create table app.many (id int, ${columns}, primary key (id)) partition by range (id);
    do $$ begin for i in 0..${count - 1} loop execute format('create table app.many_%s partition of app.many for values from (%s) to (%s)', i, i * 10, i * 10 + 10); end loop; end $$;
    insert into app.many (id) select generate_series(0, ${count * 10 - 1}, 3);`
}
