/** A database before a down, what the down is, and what it must be found to lose. */
export interface RescueCase {
  readonly name: string
  readonly before: string
  readonly down: string
  /** `what` and the count of each loss. */
  readonly loses: readonly (readonly [string, number])[]
  /** Changes what would be lost, and nothing of the rest. */
  readonly touches?: string
  /** Takes renames of the down back, which lose nothing and are not put back. */
  readonly renames?: string
}

const users = `create table users (id int primary key, name text);
  insert into users select i, 'name ' || i from generate_series(1, 20) i;`

export const rescueCases: readonly RescueCase[] = [
  {
    name: 'a column that may be null',
    before: `${users} alter table users add column phone text; update users set phone = '+1 ' || id where id <= 7; create index users_phone on users (phone)`,
    down: 'alter table users drop column phone',
    loses: [['the values of users.phone', 7]],
    touches: `update users set phone = 'other' where id = 3`,
  },
  {
    name: 'a column with a default, with null in some rows',
    before: `${users} alter table users add column state text default 'new'; update users set state = null where id > 15; update users set state = 'old' where id < 3; comment on column users.state is 'where it''s at'`,
    down: 'alter table users drop column if exists state',
    loses: [['the values of users.state', 15]],
  },
  {
    name: 'columns with unique, check, not null, and a foreign key from another table',
    before: `${users} alter table users add column code int; update users set code = id * 10; alter table users alter column code set not null, add constraint users_code unique (code), add check (code > 0);
      create table orders (id int primary key, code int references users (code) on delete cascade); insert into orders values (1, 10), (2, 20)`,
    down: 'alter table users drop column code cascade',
    loses: [['the values of users.code', 20]],
  },
  {
    name: 'a column that refers to another table',
    before: `create table teams (id int primary key); insert into teams values (1), (2); ${users} alter table users add column team int references teams on delete set null; update users set team = 1 + id % 2`,
    down: 'alter table users drop column team',
    loses: [['the values of users.team', 20]],
  },
  {
    name: 'an identity column, and a serial one',
    before: `${users} alter table users add column number bigint generated always as identity (start with 100 increment by 5), add column place serial`,
    down: 'alter table users drop column number, drop column place',
    loses: [
      ['the values of users.number', 20],
      ['the values of users.place', 20],
    ],
  },
  {
    name: 'a column beside a generated one, which falls with it',
    before: `${users} alter table users add column cents int default 5; update users set cents = id where id < 6; alter table users add column euros numeric generated always as (cents / 100.0) stored`,
    down: 'alter table users drop column cents cascade',
    loses: [['the values of users.cents', 20]],
  },
  {
    name: 'values of every kind',
    before: `create type pair as (a int, b text); create domain positive as int check (value > 0); create collation german (locale = 'C');
      create table things (id uuid primary key, raw bytea, doc json, tags text[], at timestamptz, amount numeric, ratio float8, span interval, duo pair, count positive, word text collate german, day date, bits bit varying(8));
      insert into things values
        ('00000000-0000-0000-0000-000000000001', '\\x00ff5c0a', '{"a": [1, null]}', array['a,b', null, '"q"', E'tab\\t'], 'infinity', 'NaN', 'NaN', '1 year -3 days 04:05:06.7', (1, null), 5, E'line\\nbreak \\\\. end', '-infinity', B'101'),
        ('00000000-0000-0000-0000-000000000002', '', 'null', '{}', '2026-03-29 01:59:59.999999+01', 1e-20, '-Infinity', '-1 mon', (null, null), 1, '', '0044-03-15 BC', B''),
        ('00000000-0000-0000-0000-000000000003', null, null, null, null, null, null, null, null, null, '\\N', null, null)`,
    down: 'alter table things drop raw, drop doc, drop tags, drop at, drop amount, drop ratio, drop span, drop duo, drop count, drop word, drop day, drop bits',
    loses: [
      ['the values of things.raw', 2],
      ['the values of things.doc', 2],
      ['the values of things.tags', 2],
      ['the values of things.at', 2],
      ['the values of things.amount', 2],
      ['the values of things.ratio', 2],
      ['the values of things.span', 2],
      ['the values of things.duo', 2],
      ['the values of things.count', 2],
      ['the values of things.word', 3],
      ['the values of things.day', 2],
      ['the values of things.bits', 2],
    ],
  },
  {
    name: 'awkward names',
    before: `create schema "My ""Schema"""; create table "My ""Schema"""."Täble %s" ("Key $1" text primary key, "Önly 'one'" text default 'it''s', plain int);
      insert into "My ""Schema"""."Täble %s" values ('a', 'x', 1), ('B''', null, 2), ('c\\d', 'naïve ☃', 3); create index "Ïndex; --" on "My ""Schema"""."Täble %s" ("Önly 'one'")`,
    down: `alter table "My ""Schema"""."Täble %s" drop column "Önly 'one'"`,
    loses: [[`the values of My "Schema".Täble %s.Önly 'one'`, 2]],
  },
  {
    name: 'a table with all that belongs to it',
    before: `${users} create role rescue_reader_a; create type mood as enum ('sad', 'glad'); create function touch() returns trigger language plpgsql as $$ begin new.note := coalesce(new.note, 'x'); return new; end $$;
      create table posts (id serial primary key, author int not null references users, mood mood default 'sad', note text check (note <> ''), twice int generated always as (author * 2) stored);
      create index posts_note on posts (lower(note)); create unique index posts_part on posts (author) where mood = 'glad'; comment on table posts is 'all posts'; comment on index posts_note is 'lower';
      grant select on posts to rescue_reader_a; create trigger touch before insert on posts for each row execute function touch(); alter table posts enable row level security; create policy mine on posts using (author > 0);
      insert into posts (author, note) select id, 'post ' || id from users; insert into posts (author, mood, note) values (1, 'glad', null);
      create table comments (id int primary key, post int references posts on delete cascade); insert into comments values (1, 1), (2, 2)`,
    down: 'drop table posts cascade; drop function touch(); drop type mood',
    loses: [['the rows of posts', 21]],
    touches: `update posts set note = 'other' where id = 3`,
  },
  {
    name: 'an empty table',
    before: `${users} create table flags (id int primary key)`,
    down: 'drop table flags',
    loses: [['the rows of flags', 0]],
  },
  {
    name: 'a partition of a table that stays',
    before: `create table events (id int, at date, note text, primary key (id, at)) partition by range (at); create index events_note on events (note);
      create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01'); create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
      insert into events select i, '2025-06-01'::date + i * 30, 'n' || i from generate_series(1, 12) i`,
    down: 'drop table events_2025',
    loses: [['the rows of events_2025', 7]],
  },
  {
    name: 'a partitioned table',
    before: `create table events (id int generated by default as identity, kind text, primary key (id, kind)) partition by list (kind); create table events_a partition of events for values in ('a');
      create table events_other partition of events default partition by hash (id); create table events_0 partition of events_other for values with (modulus 2, remainder 0); create table events_1 partition of events_other for values with (modulus 2, remainder 1);
      insert into events (kind) select case when i % 3 = 0 then 'a' else 'b' || i end from generate_series(1, 30) i`,
    down: 'drop table events',
    loses: [['the rows of events', 30]],
  },
  {
    name: 'a column of a partitioned table',
    before: `create table events (id int, at date, note text default 'none', primary key (id, at)) partition by range (at); create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01');
      insert into events select i, '2025-06-01', 'n' || i from generate_series(1, 12) i; create index events_note on events (note)`,
    down: 'alter table events drop column note',
    loses: [['the values of events.note', 12]],
  },
  {
    name: 'TRUNCATE with what refers to it, and numbers that begin anew',
    before: `create table teams (id serial primary key, name text); insert into teams (name) values ('a'), ('b'); create table members (id int generated always as identity primary key, team int references teams); insert into members (team) values (1), (2), (2)`,
    down: 'truncate teams restart identity cascade',
    loses: [
      ['the rows that TRUNCATE takes out of teams', 2],
      ['the rows that TRUNCATE takes out of members', 3],
    ],
  },
  {
    name: 'DELETE of some rows, with those that follow them',
    before: `${users} create table orders (id int primary key, buyer int references users on delete cascade, seller int references users on delete set null); insert into orders values (1, 19, 1), (2, 20, 2), (3, 3, 20), (4, 4, 5)`,
    down: 'delete from users as u where u.id > 18 -- the newest',
    loses: [
      ['the rows that DELETE takes out of users', 2],
      ['the rows that ON DELETE CASCADE takes out of orders', 2],
      ['the values of orders.seller that ON DELETE SET NULL overwrites', 1],
    ],
    touches: `update users set name = 'other' where id = 19`,
  },
  {
    name: 'DELETE with USING, from a table without a key',
    before: `create table log (who int, note text); insert into log values (1, 'a'), (1, 'a'), (2, null), (9, 'z'); create table gone (who int); insert into gone values (1), (1), (2)`,
    down: 'delete from log using gone where gone.who = log.who',
    loses: [['the rows that DELETE takes out of log', 3]],
  },
  {
    name: 'UPDATE',
    before: users,
    down: `update users u set name = upper(u.name) from (values (3), (4)) as v (id) where v.id = u.id`,
    loses: [['the values of users.name that UPDATE overwrites', 2]],
    touches: `update users set name = 'other' where id = 4`,
  },
  {
    name: 'a text that is cut',
    before: `${users} update users set name = 'a much longer name' where id in (2, 5); alter table users alter column name set default 'nobody'`,
    down: 'alter table users alter column name type varchar(8) using left(name, 8)',
    loses: [['what varchar(8) does not hold of the values of users.name', 2]],
    touches: `update users set name = 'another much longer name' where id = 5`,
  },
  {
    name: 'digits that are rounded away',
    before: `create table prices (id int primary key, amount numeric(12,4) not null); insert into prices values (1, 1.2345), (2, 2), (3, 3.10), (4, 4.005)`,
    down: 'alter table prices alter column amount type numeric(12,2)',
    loses: [['what numeric(12,2) does not hold of the values of prices.amount', 2]],
  },
  {
    name: 'a moment that becomes a day',
    before: `create table visits (id int primary key, at timestamptz); insert into visits values (1, '2026-01-01 10:00+00'), (2, null), (3, 'infinity'), (4, '2026-03-03 11:11:11.5+00')`,
    down: 'alter table visits alter column at type date',
    loses: [['what date does not hold of the values of visits.at', 2]],
  },
  {
    name: 'a value that is taken out of an enum type',
    before: `create type state as enum ('new', 'paid', 'sent'); create table orders (id int primary key, state state not null default 'new', past state[]); insert into orders values (1, 'new', '{new}'), (2, 'sent', null), (3, 'paid', '{}'), (4, 'sent', '{new,paid}'); create index on orders (state)`,
    down: `update orders set state = 'paid' where state = 'sent'; alter table orders alter column state drop default; alter type state rename to state_old; create type state as enum ('new', 'paid');
      alter table orders alter column state type state using state::text::state, alter column past type state[] using past::text::state[]; alter table orders alter column state set default 'new'; drop type state_old`,
    loses: [
      ['the values of orders.state that UPDATE overwrites', 2],
      ['values of orders.state that the new type does not hold: on them it fails', 2],
      ['what state does not hold of the values of orders.past', 3],
    ],
  },
  {
    name: 'a sequence, and a schema with all that is in it',
    before: `create sequence tickets start 1000; select nextval('tickets'), nextval('tickets'); create schema extra; create type extra.size as enum ('s', 'm'); create sequence extra.numbers; create table extra.shirts (id int default nextval('extra.numbers') primary key, size extra.size); insert into extra.shirts (size) values ('s'), ('m')`,
    down: 'drop sequence tickets; drop schema extra cascade',
    loses: [
      ['the last number of the sequence tickets', 1],
      ['the rows of extra.shirts', 2],
      ['the last number of the sequence extra.numbers', 1],
    ],
  },
  {
    name: 'a column behind a rename, of a table that is renamed',
    before: `${users} alter table users add column mail text; update users set mail = 'm' || id`,
    down: 'alter table users rename column mail to email; alter table users rename to people; alter table people rename column id to number; alter table people drop column email',
    loses: [['the values of people.email', 20]],
    renames:
      'alter table people rename to users; alter table users rename column number to id; alter table users rename column email to mail',
  },
]
