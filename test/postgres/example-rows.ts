/** Rows for the tables of the examples, since an empty table hides a scan. */
export const exampleRows = `
insert into users (email, name, nickname, age, score, note, seen_at)
  select i || '@example.com', 'name ' || i, 'nick ' || i, 20 + i, i, 'n', now() from generate_series(1, 50) i;
insert into products (id, title, price, stock) select 1000 + i, 'title ' || i, i, i from generate_series(1, 50) i;
insert into orders (user_id, product_id, total, placed_at) select i, 1000 + i, i, now() - i * interval '1 hour' from generate_series(1, 50) i;
insert into events (id, kind, at) select i, 'kind', timestamptz '2025-06-01' + i * interval '8 days' from generate_series(1, 50) i;
refresh materialized view sales;
analyze;
`
