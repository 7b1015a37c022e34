import { setTimeout as sleep } from 'node:timers/promises'
import { makeRelease } from './release.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'

/** Two servers, of which the second subscribes to databases of the first. */
export interface ReplicationServers extends AsyncDisposable {
  readonly publisher: TestServer
  readonly subscriber: TestServer
}

export async function startReplication(): Promise<ReplicationServers> {
  const settings = {
    wal_level: 'logical',
    max_wal_senders: '50',
    max_replication_slots: '50',
    max_worker_processes: '60',
    max_logical_replication_workers: '50',
    wal_retrieve_retry_interval: '200ms',
  }
  const [publisher, subscriber] = await Promise.all([startServer({ settings }), startServer({ settings })])
  return {
    publisher,
    subscriber,
    async [Symbol.asyncDispose]() {
      await Promise.all([publisher.stop(), subscriber.stop()])
    },
  }
}

/** A checkout, its database with a table `items` that a publication sends, and a subscriber that has the table too. */
export async function makeSubscribedRelease(
  { publisher, subscriber }: ReplicationServers,
  files: Readonly<Record<string, string>>,
  { publication, both = '' }: { readonly publication: string /** Run on both sides before anybody subscribes. */; readonly both?: string },
) {
  const release = await makeRelease(publisher, files)
  const copy = uniqueName('copy')
  await subscriber.createDatabase(copy)
  const onSubscriber = <Row = Record<string, unknown>>(sql: string) => subscriber.query<Row>(sql, copy)
  for (const query of [release.query, onSubscriber]) await query(`create table items (id int primary key, name text); ${both}`)
  await release.query(`create publication changes ${publication}`)
  await onSubscriber(
    `create subscription ${copy} connection '${publisher.url(release.database).replaceAll("'", "''")}' publication changes`,
  )
  await copied(release.query, onSubscriber)
  let last = 0
  /** Whether a row that is written now is there soon. */
  const replicates = async (waitMs = 10_000) => {
    await release.query(`insert into items values (${++last})`)
    for (const end = Date.now() + waitMs; Date.now() < end; await sleep(50))
      if ((await onSubscriber(`select 1 as there from items where id = ${last}`)).length > 0) return true
    return false
  }
  return { ...release, onSubscriber, replicates, refresh: () => onSubscriber(`alter subscription ${copy} refresh publication`) }
}

type Query = (sql: string) => Promise<readonly unknown[]>

/** Waits until the first copy of the tables is over: meanwhile the publisher has subscribers of other names for it. */
async function copied(onPublisher: Query, onSubscriber: Query): Promise<void> {
  const copying = "select 1 from pg_subscription_rel where srsubstate not in ('s', 'r')"
  const senders = "select 1 from pg_replication_slots where database = current_database() and slot_name ~ '^pg_\\d+_sync_'"
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(50)) {
    const [tables, slots] = await Promise.all([onSubscriber(copying), onPublisher(senders)])
    if (tables.length + slots.length === 0) return
  }
  throw new Error('the first copy of the tables does not end')
}

/** goose's own tables, as a team has them on both sides. */
export const gooseTables = ['goose_db_version', 'goose_db_version_post']
  .map(
    (table) =>
      `create table ${table} (id serial primary key, version_id bigint not null, is_applied boolean not null, tstamp timestamp default now());`,
  )
  .join(' ')

/** A migration in goose's form. */
export const goose = (body: string, marks = '') => `-- +goose ${marks === '' ? '' : `${marks}\n-- +goose `}Up\n${body}\n-- +goose Down\n`

/** Everything of ours in a database. */
export const oursIn =
  "select nspname::text as name from pg_namespace where nspname ~ 'shiplock' union select relname from pg_class where relname ~ 'shiplock'"

/** The SQL that a refusal prints for subscribers. */
export function printedSql(hint: string | undefined): string {
  return /Run this in every database that subscribes:\n([\s\S]*?)\nThen set/m.exec(hint ?? '')?.[1] ?? ''
}
