/** Rows for the tables of the rules' examples, without nulls where a remedy asks for none. */
export const exampleRows = `
insert into users (email, name, nickname, age, score, note)
  select 'u' || i || '@example.test', 'name ' || i, 'nick ' || i, 20 + i % 50, i, 'n' from generate_series(1, 2500) i;
insert into products (id, title, price) select i, 'title', i from generate_series(1, 20) i;
insert into orders (user_id, product_id, total, placed_at) select i, 1 + i % 20, i, '2025-01-01'::timestamptz + i * interval '1 hour' from generate_series(1, 2500) i;
insert into events select i, 'kind', '2025-06-01'::timestamptz + i * interval '1 minute' from generate_series(1, 100) i;
refresh materialized view sales;
`
