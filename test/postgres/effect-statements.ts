/** Tables with what decides over a scan or a rewrite, and statements on them, each of which meets these tables. */
export interface EffectGroup {
  readonly title: string
  /** The first major version that knows them. */
  readonly since?: number
  /** Made before, and filled. */
  readonly given: string
  readonly statements: readonly string[]
}

const types = `
create domain plain_text as text;
create domain short_text as varchar(20);
create domain positive as int check (value > 0);
create domain filled as text not null;
create type mood as enum ('sad', 'glad');
create table t (
  id int primary key, big bigint, v varchar(50), free varchar, tx text, n numeric(10,2), whole numeric(10), any_n numeric,
  ts timestamp, ts3 timestamp(3), tz timestamptz, tz3 timestamptz(3), tm time(3), iv interval, iv3 interval(3), iv_day interval day,
  c10 char(10), net cidr, host inet, bits bit(5), vbits varbit(5), doc json, docb jsonb, x xml, o oid,
  m mood, d plain_text, s short_text, vs varchar(10)[], ts_list text[], ns numeric(5,2)[], f4 real
);
create index t_v on t (v);
create index t_ts on t (ts);
create index t_net on t (net);
create index t_lower on t (lower(free));
create index t_partial on t (id) where tx is not null;
create index t_covering on t (id) include (free);
create index t_bits on t (vbits);
insert into t (id, big, v, tx, n, m, d, vs, c10) select i, i, 'v', '1', 1, 'sad', 'd', '{a}', 'c' from generate_series(1, 100) i;
`

const changes: EffectGroup = {
  title: 'changes of type',
  given: types,
  statements: [
    ...[
      'id type bigint',
      'id type int',
      'id type oid',
      'o type int',
      'big type int',
      'big type numeric',
      'f4 type double precision',
      'v type varchar(51)',
      'v type varchar(50)',
      'v type varchar(49)',
      'v type varchar',
      'v type text',
      'v type char(50)',
      'v type bpchar',
      'v type plain_text',
      'v type short_text',
      'v type filled',
      'v type varchar(100) collate "C"',
      'v type text collate "C"',
      'v type text using v',
      'v type text using v::text',
      'v type text using lower(v)',
      'v type varchar(100) using v::text',
      'v type varchar(100) using v::varchar(20)',
      'v type varchar using v::varchar(80)',
      'v type text using v collate "C"',
      "v type text using v || 'x'",
      'free type varchar(10)',
      'free type text',
      'tx type varchar',
      'tx type varchar(10)',
      'tx type int using tx::int',
      'tx type plain_text',
      'tx type bpchar',
      'tx type text collate "C"',
      'n type numeric(12,2)',
      'n type numeric(10,2)',
      'n type numeric(9,2)',
      'n type numeric(12,3)',
      'n type numeric',
      'n type numeric(12)',
      'whole type numeric(12)',
      'whole type numeric(12,0)',
      'any_n type numeric(10,2)',
      'n type float8',
      'n type int',
      'ts type timestamp(6)',
      'ts type timestamp(3)',
      'ts3 type timestamp(4)',
      'ts3 type timestamp',
      'ts3 type timestamp(2)',
      'ts3 type timestamptz',
      'ts3 type timestamptz(3)',
      'tz type timestamp',
      'tz3 type timestamptz',
      'tz type timestamptz(6)',
      'tz type timestamptz(5)',
      'tz type date',
      'tm type time',
      'tm type time(4)',
      'tm type time(2)',
      'iv type interval(3)',
      'iv3 type interval(4)',
      'iv3 type interval',
      'iv type interval(6)',
      'iv_day type interval',
      'iv type interval day',
      'iv_day type interval day to hour',
      'c10 type char(10)',
      'c10 type char(12)',
      'c10 type text',
      'c10 type varchar(10)',
      'c10 type bpchar',
      'net type inet',
      'host type cidr',
      'bits type bit(6) using bits::bit(6)',
      'bits type varbit',
      'bits type varbit(5)',
      'vbits type varbit(6)',
      'vbits type varbit',
      'vbits type varbit(4)',
      'vbits type bit(5)',
      'doc type jsonb',
      'doc type text using doc::text',
      'x type text',
      'tx type xml using tx::xml',
      'm type text',
      "tx type mood using 'sad'::mood",
      'd type text',
      'd type varchar',
      'd type varchar(10)',
      's type varchar(20)',
      's type varchar(30)',
      's type text',
      'd type filled',
      'vs type varchar(20)[]',
      'vs type varchar[]',
      'vs type text[]',
      'ts_list type varchar[]',
      'ts_list type text[]',
      'ns type numeric(6,2)[]',
      'vs type varchar(10)[]',
      'tx type varchar(20)[] using array[tx]',
    ].map((change) => `alter table t alter ${change}`),
    "set local timezone = 'Etc/UTC'; alter table t alter ts type timestamptz",
    "set local timezone = 'UTC'; alter table t alter tz type timestamp",
    "set local timezone = 'UTC'; alter table t alter ts3 type timestamptz",
    "set local timezone = 'UTC'; alter table t alter ts3 type timestamptz(3)",
    "set local timezone = 'UTC'; alter table t alter ts type timestamptz using ts at time zone 'UTC'",
    "set local timezone = 'GMT'; alter table t alter ts type timestamptz using ts::timestamptz",
    "set local timezone = 'Europe/London'; alter table t alter ts type timestamptz",
    'alter table t alter v type varchar(100), alter id type bigint',
    'alter table t alter v type varchar(100), alter n type numeric(20,2)',
    'alter table t alter v type varchar(100), drop column ts',
    'alter table t alter id type bigint, drop column v',
  ],
}

const columns: EffectGroup = {
  title: 'new columns',
  given: `
create domain plain_text as text;
create domain positive as int check (value > 0);
create domain filled as text not null;
create function now_ish() returns timestamptz language sql stable as 'select now()';
create function dice() returns int language plpgsql as 'begin return 4; end';
create function one(a int default 1) returns int language sql immutable as 'select 1';
create table p (id int primary key);
create table t (id int primary key, a int, tx text);
create index t_a on t (a);
create table parent (id int);
create table child () inherits (parent);
create table part (k int, body text) partition by list (k);
create table part_1 partition of part for values in (1);
create table part_2 partition of part for values in (2);
insert into p select i from generate_series(1, 100) i; insert into t select i, i from generate_series(1, 100) i;
insert into child select 1; insert into part values (1), (2);
`,
  statements: [
    ...[
      'x text',
      "x text default 'a'",
      "x text not null default 'a'",
      'x int default random()',
      'x int default (random() * 5)::int',
      'x timestamptz default now()',
      'x timestamptz default current_timestamp',
      'x timestamptz default now_ish()',
      'x int default dice()',
      'x int default one()',
      'x int default one(2)',
      'x uuid default gen_random_uuid()',
      'x serial',
      'x bigserial',
      'x int generated by default as identity',
      'x int generated always as (id + 1) stored',
      'x plain_text',
      'x positive',
      'x positive default 5',
      "x filled default 'a'",
      'x int check (x > 0)',
      'x int default 1 check (x > 0)',
      'x int null',
      'x int default null',
      'x int references p',
      'x int default 5 references p',

      'x int references p default 5',
      'x int unique',
      'x int[] default array[1]',
      'x int default 5, add y int references p',
      'x int references p, add y int references p',
      'x serial references p',

      "x int default length('abc')",
      'if not exists a int default random()',
      'if not exists x int default 1',
    ].map((column) => `alter table t add column ${column}`),
    'alter table t add column x int references p, add foreign key (a) references p',
    'alter table t add column x int default random(), add check (a > 0), alter tx set data type varchar(10)',
    'alter table part add column x int default random()',
    "alter table part add column x text default 'a'",
    'alter table parent add column x int default random()',
    'alter table only t add column x int default random()',
    'alter table part add column x int check (x > 0)',
    'alter table t drop column a',
    'alter table t alter a set default random()',
  ],
}

const constraints: EffectGroup = {
  title: 'constraints',
  given: `
create table p (id int primary key, code varchar(10) unique);
create table t (id int primary key, a int, b int, c int, d int not null, e int, code varchar(10), loose int,
  constraint b_check check (b is not null), constraint c_check check (c is not null and c > 0), constraint e_check check (not (e is null) or a > 0),
  constraint range_check check (a > 0), constraint fk foreign key (code) references p (code));
create unique index t_a on t (a);
create unique index t_b on t (b);
create unique index t_d on t (d);
alter table t add constraint loose_check check (loose is not null) not valid;
alter table t add constraint loose_fk foreign key (a) references p not valid;
create table q (id int, a int references p, constraint w check (not (a is null)), constraint z check ((id is not null) or (a is not null)));
create table r (id int, a int, constraint r_check check ((a is not null and id > 0) or (a is not null and id < 5)));
create table parent (id int, constraint parent_check check (id > 0));
create table child (constraint child_check check (id is not null)) inherits (parent);
alter table parent add constraint late check (id < 1000) not valid;
create table part (k int not null, body text) partition by list (k);
create table part_1 partition of part for values in (1);
create table part_2 partition of part for values in (2);
create table bits (k int, body text) partition by range (k);
create table bits_1 partition of bits for values from (0) to (10);
insert into p select i, i::text from generate_series(1, 100) i;
insert into t (id, a, b, c, d, e, loose, code) select i, i, i, i, i, i, i, i::text from generate_series(1, 100) i;
insert into q select i, i from generate_series(1, 100) i; insert into r select i, i from generate_series(1, 100) i; insert into parent values (5); insert into child select 1;
insert into part select i % 2 + 1, 'x' from generate_series(1, 100) i; insert into bits values (1);
`,
  statements: [
    ...[
      'alter a set not null',
      'alter b set not null',
      'alter c set not null',
      'alter d set not null',
      'alter e set not null',
      'alter loose set not null',
      'alter id set not null',
      'alter a set not null, alter b set not null',
      'drop constraint b_check, alter b set not null',
      'alter b set not null, drop constraint b_check',
      'add check (a > 1 - 2)',
      'add constraint x check (a > 0) not valid',
      'validate constraint loose_check',
      'validate constraint loose_fk',
      'validate constraint b_check',
      'validate constraint fk',
      'validate constraint loose_check, alter loose set not null',
      'add unique (e)',
      'add unique (e) deferrable',
      'add constraint x unique using index t_a',
      'add exclude (e with =)',
      'drop constraint t_pkey, add primary key (e)',
      'drop constraint t_pkey, add primary key using index t_a',
      'drop constraint t_pkey, add primary key using index t_b',
      'drop constraint t_pkey, add primary key using index t_d',
      'drop constraint t_pkey, add primary key (d)',
      'add foreign key (e) references p',
      'add foreign key (e) references p not valid',
      'drop constraint fk',
      'drop constraint b_check',
      'alter a drop not null',
      'alter code type text',
      'alter code type varchar(20)',
      'alter code type varchar(5)',
      'alter a type bigint',
      'alter b type bigint',
      'alter e type text using e::text',
      'alter constraint fk deferrable',
    ].map((change) => `alter table t ${change}`),
    'alter table p alter id type bigint',
    'alter table p alter code type text',
    'alter table p alter code type varchar(20)',
    'alter table p alter code type varchar(9)',
    'alter table q alter a set not null',
    'alter table q alter id set not null',
    'alter table r alter a set not null',
    'alter table parent alter id set not null',
    'alter table parent add check (id > 0)',
    'alter table parent add check (id > 0) no inherit',
    'alter table parent validate constraint late',
    'alter table only parent add constraint x check (id > 1) no inherit',
    'alter table part alter body set not null',
    'alter table part_1 alter body set not null',
    'alter table part add check (k > 0)',
    'alter table bits add unique (k)',
    'alter table bits add primary key (k)',
    'alter table parent add unique (id)',
    'alter table parent add primary key (id)',
    'alter table parent add foreign key (id) references p',
    'alter table bits alter k set not null',
    'alter table bits_1 alter k set not null',
    'alter table part add foreign key (k) references p',

    'alter table part alter body type varchar(10)',
    'alter table part_1 add check (k = 1)',
    'alter table q drop constraint q_a_fkey',
  ],
}

const partitions: EffectGroup = {
  title: 'partitions',
  given: `
create table other (id int primary key);
create table part (k int, at timestamptz, body text, other_id int) partition by range (k);
create table part_1 partition of part for values from (0) to (10);
create table part_rest partition of part default;
create index part_body on part (body);
create table bare (k int, at timestamptz, body text, other_id int);
create table nullable (k int, at timestamptz, body text, other_id int, check (k >= 20 and k < 30));
create table exact (k int not null, at timestamptz, body text, other_id int, check (k >= 20 and k < 30));
create index exact_body on exact (body);
create table spoken (k int, at timestamptz, body text, other_id int, check (k is not null and k between 20 and 29));
create table narrow (k int not null, at timestamptz, body text, other_id int, check (k > 22 and k <= 25));
create table listed (k int not null, at timestamptz, body text, other_id int, check (k in (21, 22)));
create table one_side (k int not null, at timestamptz, body text, other_id int, check (k >= 20));
create table unproved (k int not null, at timestamptz, body text, other_id int);
alter table unproved add constraint x check (k >= 20 and k < 30) not valid;

create table sure (k int, body text) partition by range (k);
create table sure_rest partition of sure default;
alter table sure_rest add check (k is null or k >= 1000);
create table sure_1 (k int not null, body text, check (k >= 0 and k < 10));

create table states (state text, n int) partition by list (state);
create table states_new partition of states for values in ('new');
create table paid (state text not null, n int, check (state = 'paid'));
create table paid_or_sent (state text not null, n int, check (state in ('paid', 'sent')));
create table anything (state text not null, n int, check (state <> 'new'));
create table nulls (state text, n int, check (state is null));
create table varied (state varchar(10), n int) partition by list (state);
create table varied_a (state varchar(10) not null, n int, check (state = 'a'));
create table varied_any (state varchar(10) not null, n int, check (state = any (array['a', 'b'])));
create table varied_cast (state varchar(10) not null, n int, check (state::text = 'a'::text));

create table days (at timestamptz not null, n int) partition by range (at);
create table days_a (at timestamptz not null, n int, check (at >= '2025-01-01' and at < '2025-02-01'));
create table days_b (at timestamptz not null, n int, check (at >= '2025-01-01 00:00:00+00' and at < '2025-02-01 00:00:00+00'));
create table days_c (at timestamptz not null, n int, check (at >= timestamptz '2025-01-01' and at < '2025-02-01'::timestamptz));
create table days_d (at timestamptz not null, n int, check (at >= '2025-01-01'::date and at < '2025-02-01'::date));
create table dates (d date not null, n int) partition by range (d);
create table dates_a (d date not null, n int, check (d >= '2025-01-01' and d < '2025-02-01'));
create table dates_b (d date not null, n int, check (d between '2025-01-01' and '2025-01-31'));
create table dates_c (d date not null, n int, check (d >= date '2025-01-01' and d < date '2025-02-01'));

create table pairs (a int, b int) partition by range (a, b);
create table pairs_a (a int not null, b int not null, check (a = 1 and b >= 0 and b < 10));
create table pairs_b (a int not null, b int not null, check (a > 1 or (a = 1 and b >= 5)), check (a < 3 or (a = 3 and b < 7)));
create table pairs_c (a int not null, b int not null, check (a = 2));

create table hashed (id int) partition by hash (id);
create table hashed_0 (id int, check (satisfies_hash_partition('hashed'::regclass, 2, 0, id)));
create table hashed_1 (id int not null);

create table deep (k int, j int) partition by range (k);
create table deep_1 partition of deep for values from (0) to (10) partition by range (j);
create table deep_a (k int not null, j int not null, check (k >= 0 and k < 10), check (j >= 0 and j < 10));
create table deep_b (k int not null, j int not null, check (j >= 0 and j < 10));

create table keyed (id int primary key, other_id int references other) partition by range (id);
create table keyed_a (id int not null, other_id int, check (id >= 0 and id < 10));
create table keyed_b (id int primary key, other_id int references other, check (id >= 0 and id < 10));
create table keyed_c (id int not null, other_id int, check (id >= 0 and id < 10));
create unique index keyed_c_id on keyed_c (id);

insert into other select i from generate_series(0, 100) i; insert into keyed_a values (1, 1); insert into keyed_b values (1, 1); insert into keyed_c values (1, 1);
insert into part values (1), (500); insert into bare values (21); insert into nullable values (21); insert into exact values (21); insert into spoken values (21);
insert into narrow values (23); insert into listed values (21); insert into one_side values (21); insert into unproved values (21);
insert into sure values (1000); insert into sure_1 values (1); insert into paid values ('paid'); insert into paid_or_sent values ('paid'); insert into anything values ('x');
insert into nulls values (null); insert into varied_a values ('a'); insert into varied_any values ('a'); insert into varied_cast values ('a');
insert into days_a values ('2025-01-05'); insert into days_b values ('2025-01-05'); insert into days_c values ('2025-01-05'); insert into days_d values ('2025-01-05');
insert into dates_a values ('2025-01-05'); insert into dates_b values ('2025-01-05'); insert into dates_c values ('2025-01-05');
insert into pairs_a values (1, 5); insert into pairs_b values (2, 5); insert into pairs_c values (2, 5);
insert into deep_a values (1, 1); insert into deep_b values (1, 1);
`,
  statements: [
    ...['bare', 'nullable', 'exact', 'spoken', 'narrow', 'listed', 'one_side', 'unproved'].map(
      (name) => `alter table part attach partition ${name} for values from (20) to (30)`,
    ),
    'alter table part attach partition exact for values from (15) to (30)',
    'alter table part attach partition exact for values from (20) to (29)',
    'alter table sure attach partition sure_1 for values from (0) to (10)',
    'create table x partition of sure for values from (0) to (10)',
    'create table x partition of part for values from (20) to (30)',
    'create table x partition of states default',
    "alter table states attach partition paid for values in ('paid')",
    "alter table states attach partition paid for values in ('paid', 'sent')",
    "alter table states attach partition paid_or_sent for values in ('paid', 'sent', 'lost')",
    "alter table states attach partition paid_or_sent for values in ('paid')",
    'alter table states attach partition nulls for values in (null)',
    "alter table states attach partition paid for values in (null, 'paid')",
    'alter table states attach partition anything default',
    'alter table states attach partition paid default',
    ...['varied_a', 'varied_any', 'varied_cast'].map((name) => `alter table varied attach partition ${name} for values in ('a', 'b')`),
    ...['days_a', 'days_b', 'days_c', 'days_d'].map(
      (name) => `alter table days attach partition ${name} for values from ('2025-01-01') to ('2025-02-01')`,
    ),
    ...['dates_a', 'dates_b', 'dates_c'].map(
      (name) => `alter table dates attach partition ${name} for values from ('2025-01-01') to ('2025-02-01')`,
    ),
    'alter table pairs attach partition pairs_a for values from (1, 0) to (1, 10)',
    'alter table pairs attach partition pairs_a for values from (1, 0) to (2, 10)',
    'alter table pairs attach partition pairs_a for values from (1, minvalue) to (1, maxvalue)',
    'alter table pairs attach partition pairs_b for values from (1, 5) to (3, 7)',
    'alter table pairs attach partition pairs_c for values from (1, 5) to (3, 7)',
    'alter table hashed attach partition hashed_0 for values with (modulus 2, remainder 0)',
    'alter table hashed attach partition hashed_1 for values with (modulus 2, remainder 1)',
    'alter table deep_1 attach partition deep_a for values from (0) to (10)',
    'alter table deep_1 attach partition deep_b for values from (0) to (10)',
    ...['keyed_a', 'keyed_b', 'keyed_c'].map((name) => `alter table keyed attach partition ${name} for values from (0) to (10)`),
    'alter table part detach partition part_1',
    'alter table part detach partition part_rest',
    'create index on part (k)',
    'create index on only part (k)',
    'create index on part_1 (k)',
    'reindex table part_1',
    'truncate part',
    'delete from part',
    'update part_1 set body = body',
  ],
}

const upkeep: EffectGroup = {
  title: 'upkeep',
  given: `
create table t (id int primary key, a int);
create index t_a on t (a);
create unlogged table u (id int primary key);
create table r (id int references t);
create view v as select * from t;
create materialized view m as select v.a from v join r on r.id = v.a;
create unique index m_a on m (a);
create materialized view mm as select * from m;
insert into t select i, i from generate_series(1, 100) i; insert into r select i from generate_series(1, 100) i; insert into u values (1);
refresh materialized view m; refresh materialized view mm;
`,
  statements: [
    'alter table t set logged',
    'alter table u set unlogged',
    'alter table u set logged',
    'alter table r set unlogged',
    'cluster t using t_a',
    'reindex table t',
    'reindex index t_a',
    'refresh materialized view m',
    'refresh materialized view mm',
    'refresh materialized view concurrently m',
    'refresh materialized view m with no data',
    'truncate t cascade',
    'truncate r',
    'create materialized view x as select * from v',
    'create materialized view x as select * from t with no data',
    'create index on m (a)',
    'create index if not exists t_a on t (a)',
    'create index t_b on t (a) where a > 5',
    'delete from r',
    'update t set a = 1',
    'drop table t cascade',
    'analyze t',
    'lock table v',
    'drop index t_a',
    'drop materialized view m cascade',
    'alter table t rename to x',
    'comment on table t is null',
    'alter materialized view m rename to x',
  ],
}

const news: EffectGroup = {
  title: 'what PostgreSQL 18 brought',
  since: 18,
  given: `
create table p (id int primary key);
create table t (id int primary key, a int, b int check (b is not null), c int, d int, v int generated always as (a + 1) virtual,
  s int generated always as (a + 1) stored);
create table w (a int, v int generated always as (a + 1) virtual, vn int generated always as (a + 1) virtual not null);
create index t_s on t (s);
alter table t add constraint a_there not null a not valid;
alter table t add constraint late foreign key (c) references p not enforced;
create table part (k int not null, body text) partition by list (k);
create table part_1 partition of part for values in (1);
insert into p select i from generate_series(1, 100) i; insert into t (id, a, b, c, d) select i, i, i, i, i from generate_series(1, 100) i;
insert into part select 1, 'x' from generate_series(1, 100) i; insert into w select i from generate_series(1, 100) i;
`,
  statements: [
    'alter table t add constraint x not null d',
    'alter table t add constraint x not null d not valid',
    'alter table t add constraint x not null b',
    'alter table t validate constraint a_there',
    'alter table t alter a set not null',
    'alter table t alter b set not null',
    'alter table t add constraint x not null d not valid, validate constraint a_there',
    'alter table part add constraint x not null body',
    'alter table part add constraint x not null body not valid',
    'alter table t add column x int generated always as (a + 1)',
    'alter table t add column x int generated always as (a + 1) virtual check (x > 0)',
    'alter table t add column x int generated always as (a + 1) virtual not null',
    'alter table t add column x int generated always as (a + 1) stored',
    'alter table w alter v set expression as (a + 2)',
    'alter table w alter vn set expression as (a + 2)',
    'alter table t alter s set expression as (a + 2)',
    'alter table t alter s drop expression',
    'alter table t alter constraint late enforced',
    'alter table t add foreign key (d) references p not enforced',
    'alter table t add check (d > 0) not enforced',
    'alter table t drop constraint t_pkey, add primary key (d)',
  ],
}

export const effectGroups: readonly EffectGroup[] = [changes, columns, constraints, partitions, upkeep, news]
