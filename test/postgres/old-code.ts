import pg from 'pg'
import { exampleSchema } from '../../src/lint/example-schema.ts'

/** Rows for the example schema, and a role that old code runs as. */
const exampleRows = `
insert into users (email, name, nickname, age, score, note) select 'user' || n || '@example.org', 'a', 'nick' || n, 20 + n, n, 'x'
  from generate_series(1, 20) n;
insert into products (id, title, price, stock) select n, 'product ' || n, n, n from generate_series(1, 20) n;
insert into orders (user_id, product_id, total, placed_at) select n, n, n, timestamptz '2025-03-01' + n * interval '1 day' from generate_series(1, 20) n;
insert into events (id, kind, at) select n, 'k', timestamptz '2025-12-20' + n * interval '1 day' from generate_series(1, 20) n;
refresh materialized view sales;
`

export const exampleDatabase = `${exampleSchema}\n${exampleRows}`

/** What the role may do is given again after each migration, as people do for what it adds. */
export const grants = `do $$
declare space text;
begin
  for space in select nspname from pg_namespace where nspname in ('public', 'billing', 'finance', 'shop') loop
    execute format('grant usage on schema %I to old_code; grant all on all tables in schema %I to old_code; grant all on all sequences in schema %I to old_code', space, space, space);
  end loop;
end $$`

const long = 'x'.repeat(80)

/** Queries that a program written for the example schema, and for what examples add to it, would send. */
const queries: readonly string[] = [
  'select email, name, nickname, age, score, created_at from users where id = 1',
  "insert into users (email, nickname, age) values ('new@example.org', 'new', 30)",
  "insert into users (email) values ('bare@example.org') returning age, nickname",
  "insert into users (email, nickname) values ('same@example.org', 'nick1')",
  "insert into users (email, age) values ('minus@example.org', -1)",
  `insert into users (email, name) values ('long@example.org', '${long}')`,
  "insert into users (email, name) values ('user1@example.org', 'b') on conflict (email) do update set name = excluded.name returning name",
  "update users set nickname = 'other' where id = 2 returning nickname",
  "update users set name = 'b' where id = 2 returning name",
  'select count(*) from active_users',
  "select email from active_users where email = 'user1@example.org'",
  'select sold from sales where product_id = 1',
  "insert into products (id, title, price) values (1, 't', 1) on conflict (id) do update set price = excluded.price returning price",
  "insert into products (id, title, price) values (100, 't', 1) returning stock",
  'insert into orders (user_id, product_id) values (1, 999) returning state, amount',
  'insert into orders (user_id) values (1) returning state, amount',
  'insert into orders (user_id, placed_at) select user_id, placed_at from orders where id = 1',
  "update orders set state = 'paid' where state = 'new'",
  'select count(*) from orders',
  'select count(*) from events',
  "insert into events (id, kind, at) values (1, 'k', '2025-06-01')",
  "select 'new'::order_state::text",
  `select ('${long}${long}@')::email_address::text`,
  'select id from billing.invoices',
  "select nextval('invoice_numbers') > 0",
  'select tax(1)',
  "select (row('a')::address).street",
  "select 'red'::color::text",
  'select 1::age',
  "select (row('a', 'b')::address).town",
]

/** A program that was started before a migration, with its prepared statements, and that is asked again after it. */
export class OldCode implements AsyncDisposable {
  readonly #url: string
  readonly #session: pg.Client
  readonly #before: ReadonlyMap<string, string>

  private constructor(url: string, session: pg.Client, before: ReadonlyMap<string, string>) {
    this.#url = url
    this.#session = session
    this.#before = before
  }

  static async start(url: string): Promise<OldCode> {
    const session = await connect(url)
    const before = await answers(session)
    return new OldCode(url, session, new Map([...before].filter(([, answer]) => !answer.startsWith('error'))))
  }

  /** Queries that answered before and now fail, or answer something else: of the running program, and of one that starts now. */
  async broken(): Promise<string[]> {
    const fresh = await connect(this.#url)
    try {
      const now = [await answers(this.#session), await answers(fresh)]
      return [...this.#before].flatMap(([query, answer]) => {
        const other = now.map((one) => one.get(query)).find((one) => one !== answer)
        return other === undefined ? [] : [`${query} → ${other}`]
      })
    } finally {
      await fresh.end()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.end()
  }
}

async function connect(url: string): Promise<pg.Client> {
  const session = new pg.Client(url)
  await session.connect()
  await session.query('set role old_code')
  return session
}

/** What each query answers; nothing of it stays. */
async function answers(session: pg.Client): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const [index, text] of queries.entries()) {
    await session.query('begin')
    try {
      const { rows, rowCount } = await session.query({ name: `q${index}`, text })
      found.set(text, JSON.stringify([rowCount, rows]))
    } catch (error) {
      found.set(text, `error ${(error as pg.DatabaseError).code}: ${(error as Error).message}`)
    }
    await session.query('rollback')
  }
  return found
}
