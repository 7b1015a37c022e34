/** Rows for the tables of the rules' examples, since an empty table hides a scan; without nulls where a remedy asks for none. */
export const exampleRows = `
insert into users (email, name, nickname, age, score, note, seen_at)
  select 'u' || i || '@example.test', 'name ' || i, 'nick ' || i, 20 + i % 50, i, 'n', now() from generate_series(1, 2500) i;
insert into products (id, title, price, stock) select i, 'title ' || i, i, i from generate_series(1, 20) i;
insert into orders (user_id, product_id, total, placed_at) select i, 1 + i % 20, i, '2025-01-01'::timestamptz + i * interval '1 hour' from generate_series(1, 2500) i;
insert into events (id, kind, at) select i, 'kind', timestamptz '2025-06-01' + i * interval '8 days' from generate_series(1, 50) i;
refresh materialized view sales;
analyze;
`
