/** The tables on which the statements of `pg15-lock-matrix.json` were measured, as far as these statements tell. */
export const matrixSchema = `
create type mood as enum ('a', 'b');
create function trg() returns trigger language plpgsql as 'begin return new; end';
create table p (id bigint primary key, name text);
create table t (
  id int primary key, a int, v varchar(50), tx text, n numeric(10,2), ts timestamp, tz timestamptz, c10 char(10),
  nn int constraint nn_check check (nn is not null), p_id bigint, uq int
);
create index t_a on t (a);
create unique index t_uq on t (uq);
create index t_v on t (v);
create table nv (id int, a int, p_id bigint);
alter table nv add constraint ck check (a > 0) not valid;
alter table nv add constraint fk foreign key (p_id) references p (id) not valid;
create table nv2 (id int, a int not null);
create table part (k int not null, body text) partition by range (k);
create table part1 partition of part for values from (0) to (10);
create table part2 (k int not null, body text);
create table part3 (k int not null, body text, check (k >= 20 and k < 30));
create view vw as select id from p;
create materialized view mv as select id, name from p;
create unique index mv_id_idx on mv (id);
`

/** Rows in every table, and an owner that a statement names. */
export const matrixRows = `
insert into p select i, 'p' from generate_series(1, 1000) i;
insert into t (id, a, v, tx, n, ts, tz, c10, nn, p_id, uq)
  select i, i, 'v' || i, '1', 1, '2025-01-01', '2025-01-01', 'c', 1, i, i from generate_series(1, 1000) i;
insert into nv select i, i, i from generate_series(1, 1000) i;
insert into nv2 select i, i from generate_series(1, 1000) i;
insert into part select i % 10, 'x' from generate_series(1, 1000) i;
insert into part2 select 10 + i % 10, 'x' from generate_series(1, 1000) i;
insert into part3 select 20 + i % 10, 'x' from generate_series(1, 1000) i;
refresh materialized view mv;
analyze;
`
