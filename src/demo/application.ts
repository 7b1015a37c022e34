/** One thing that the shop does; several statements are a transaction. */
interface Operation {
  readonly what: string
  readonly statements: readonly { readonly text: string; readonly values: readonly (keyof Picked)[] }[]
}

/** Values for one operation, made at random. */
export interface Picked {
  readonly order: number
  readonly customer: number
  /** `12.34` for version 1, `1234` for version 2. */
  readonly amount: string
}

/** The shop's code in one version. */
export interface Version {
  readonly name: 'version 1' | 'version 2'
  readonly operations: readonly Operation[]
  /** An amount of money as this version hands it to the database. */
  amount(cents: number): string
}

/** Reads and writes `orders.total`. */
export const version1: Version = {
  name: 'version 1',
  operations: operationsOn('total'),
  amount: (cents) => (cents / 100).toFixed(2),
}

/** Reads and writes `orders.total_cents` and knows nothing of `total`. */
export const version2: Version = {
  name: 'version 2',
  operations: [
    ...operationsOn('total_cents'),
    {
      what: 'find large orders',
      statements: [
        { text: 'select id, total_cents from orders where total_cents >= $1 order by total_cents limit 10', values: ['amount'] },
      ],
    },
  ],
  amount: String,
}

/** Reads are listed several times, since they are most of what a shop does. */
function operationsOn(column: 'total' | 'total_cents'): readonly Operation[] {
  const read: Operation = {
    what: 'read an order',
    statements: [{ text: `select id, customer_id, status, ${column} from orders where id = $1`, values: ['order'] }],
  }
  const list: Operation = {
    what: "list a customer's orders",
    statements: [
      {
        text: `select id, status, ${column}, placed_at from orders where customer_id = $1 order by id desc limit 10`,
        values: ['customer'],
      },
    ],
  }
  const sum: Operation = {
    what: "add up a customer's orders",
    statements: [{ text: `select count(*), sum(${column}) from orders where customer_id = $1`, values: ['customer'] }],
  }
  const place: Operation = {
    what: 'place an order',
    statements: [
      { text: `insert into orders (customer_id, ${column}) values ($1, $2) returning id, ${column}`, values: ['customer', 'amount'] },
      { text: 'update customers set orders_placed = orders_placed + 1 where id = $1', values: ['customer'] },
    ],
  }
  const change: Operation = {
    what: 'change an order',
    statements: [{ text: `update orders set ${column} = $2 where id = $1 returning ${column}`, values: ['order', 'amount'] }],
  }
  const ship: Operation = {
    what: 'ship an order',
    statements: [{ text: `update orders set status = 'shipped' where id = $1 returning id`, values: ['order'] }],
  }
  return [read, list, read, place, read, sum, change, read, list, ship]
}
