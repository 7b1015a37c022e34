/** A team's migrations as they come: one table after the other, and what happens to it in later releases. */
export function generatedHistory(count: number): Readonly<Record<string, string>> {
  const files: [string, string][] = []
  for (let n = 1; n <= count; n++) {
    const { name, sql } = migration(n)
    files.push([`${String(n).padStart(5, '0')}_${name}.sql`, sql])
  }
  return Object.fromEntries(files)
}

/** Ten in turn are about one table; the tables before it are referred to. */
function migration(n: number): { readonly name: string; readonly sql: string } {
  const table = `orders_${Math.ceil(n / 10)}`
  const before = `orders_${Math.max(1, Math.ceil(n / 10) - 1)}`
  const outside = '-- shiplock: no-transaction\n'
  switch (n % 10) {
    case 1:
      return {
        name: `create_${table}`,
        sql: `create table ${table} (\n  id bigint generated always as identity primary key,\n  name text not null,\n  price numeric(10, 2) not null default 0,\n  created_at timestamptz not null default now()\n);\ncreate index ${table}_name_idx on ${table} (name);\n`,
      }
    case 2:
      return { name: `add_status_to_${table}`, sql: `alter table ${table} add column status text;\n` }
    case 3:
      return { name: `index_${table}_status`, sql: `${outside}create index concurrently ${table}_status_idx on ${table} (status);\n` }
    case 4:
      return {
        name: `add_parent_to_${table}`,
        sql: `alter table ${table} add column parent_id bigint;\nalter table ${table} add constraint ${table}_parent_fk foreign key (parent_id) references ${before} (id) not valid;\n`,
      }
    case 5:
      return { name: `validate_parent_of_${table}`, sql: `alter table ${table} validate constraint ${table}_parent_fk;\n` }
    case 6:
      return {
        name: `check_price_of_${table}`,
        sql: `-- no price is negative\nalter table ${table} add constraint ${table}_price_check check (price >= 0) not valid;\nalter table ${table} validate constraint ${table}_price_check;\n`,
      }
    case 7:
      return { name: `fill_status_of_${table}`, sql: `update ${table} set status = 'open' where status is null and id < 10000;\n` }
    case 8:
      return { name: `require_status_of_${table}`, sql: `alter table ${table} alter column status set not null;\n` }
    case 9:
      return {
        name: `view_of_${table}`,
        sql: `create view open_${table} as select id, name, price from ${table} where status = 'open';\ncomment on view open_${table} is 'What is not paid yet';\n`,
      }
    default:
      return { name: `drop_name_of_${table}`, sql: `drop view open_${table};\nalter table ${table} drop column name;\n` }
  }
}
