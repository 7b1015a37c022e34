import { join } from 'node:path'
import type pg from 'pg'
import { ReleaseError } from '../../../errors.ts'
import { quoteTable } from '../../../migration/ledger.ts'
import type { WholePart } from '../../../rollback/down/rescue-part.ts'
import type { Dependent, WholeFacts } from '../../../rollback/down/rescue-source.ts'
import { startChild } from '../../process.ts'
import type { Tools } from '../tools.ts'
import { quotedName, readPosition, withoutNull } from './table-facts.ts'

export interface DumpSurroundings {
  readonly tools: Tools
  readonly snapshot: string
  readonly role: string | undefined
  readonly lockWaitMs: number
  /** From `libpqEnvironment`: the only thing that says where to connect. */
  readonly env: () => Promise<Readonly<Record<string, string>>>
  readonly signal: AbortSignal
}

/** Tables that are dropped with all their partitions, as `pg_dump` and the catalog describe them under one snapshot. */
export async function readWholeFacts(client: pg.Client, parts: readonly WholePart[], dump: DumpSurroundings): Promise<WholeFacts> {
  const roots = parts.map(({ table }) => quoteTable(table))
  const { rows: relations } = await client.query<{ name: string; pattern: string; kind: string; columns: string[] }>(relationsQuery, [
    roots,
  ])
  const tables = relations.filter(({ kind }) => kind !== 'S').map(({ name }) => name)
  const { rows: owned } = await client.query<{ name: string }>(sequencesQuery, [roots, tables])
  const sequences = []
  for (const { name } of owned) sequences.push(await readPosition(client, name))
  const { rows: references } = await client.query<Dependent>(referencesQuery, [tables])
  const script = await dumpTables(
    relations.map(({ pattern }) => pattern),
    dump,
  )
  const leaves = relations.filter(({ kind }) => kind === 'r').map(({ name, columns }) => ({ name, columns }))
  return { script, leaves, sequences, references: references.map(withoutNull), names: relations.map(({ name }) => name) }
}

/** The schema alone is small; a name in double quotes is no pattern. */
async function dumpTables(
  patterns: readonly string[],
  { tools, snapshot, role, lockWaitMs, env, signal }: DumpSurroundings,
): Promise<string> {
  const args = [
    '--schema-only',
    '--format=plain',
    '--strict-names',
    '--encoding=UTF8',
    '--no-password',
    `--snapshot=${snapshot}`,
    `--lock-wait-timeout=${lockWaitMs}`,
    ...(role === undefined ? [] : [`--role=${role}`]),
    ...patterns.map((pattern) => `--table=${pattern}`),
  ]
  const child = startChild(join(tools.binDir, 'pg_dump'), args, { env: await env(), signal })
  const chunks: Buffer[] = []
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer)
  const { exitCode } = await child.ended
  if (exitCode === 0) return Buffer.concat(chunks).toString()
  throw new ReleaseError('rescue-failed', `pg_dump could not describe what the down drops: ${child.stderr().trim().split('\n')[0] ?? ''}`, {
    hint: 'Nothing was changed. Run it again; or make a whole backup instead.',
  })
}

const relationsQuery = `
  with recursive family as (
    select unnest($1::text[])::regclass::oid as oid
    union select i.inhrelid from family f join pg_inherits i on i.inhparent = f.oid join pg_class c on c.oid = i.inhrelid and c.relispartition
  )
  select ${quotedName} as name, c.relkind::text as kind,
    concat('"', replace(n.nspname, '"', '""'), '"."', replace(c.relname, '"', '""'), '"') as pattern,
    coalesce((select array_agg(quote_ident(attname) order by attnum) from pg_attribute
      where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = ''), '{}') as columns
  from family f join pg_class c on c.oid = f.oid join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'S', 'f') order by name`

const sequencesQuery = `
  select distinct ${quotedName} as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'S' and (c.oid in (select unnest($1::text[])::regclass)
    or exists (select from pg_depend p where p.classid = 'pg_class'::regclass and p.objid = c.oid and p.refclassid = 'pg_class'::regclass
      and p.refobjid in (select unnest($2::text[])::regclass) and p.deptype in ('a', 'i')))
  order by name`

/** Foreign keys of other tables fall with the tables that they refer to. */
const referencesQuery = `
  select 'constraint' as kind, k.conrelid::regclass::text as on, k.conname::text as name, pg_get_constraintdef(k.oid) as definition,
    true as "isForeign", obj_description(k.oid, 'pg_constraint') as comment
  from pg_constraint k
  where k.contype = 'f' and k.conparentid = 0 and k.confrelid in (select unnest($1::text[])::regclass)
    and k.conrelid not in (select unnest($1::text[])::regclass)
  order by k.conrelid::regclass::text, k.conname`
