import { an as describeConnection, fn as messageOf, ft as startChild, pn as systemCode, un as ReleaseError } from "./start.js";
import { En as quoteTable } from "./migrations.js";
import { r as makeWorkspace } from "./workspace.js";
import { t as openClient } from "./client3.js";
import { t as libpqEnvironment } from "./libpq-environment.js";
import { c as readIdentity, i as assumeRole } from "./session2.js";
import { t as findTools } from "./tools.js";
import { i as whenMissing, n as restoreEnum } from "./restore-enum.js";
import { join } from "node:path";
import { Readable } from "node:stream";
// src/adapters/postgres/rescue/copy-out.ts
const batchBytes = 65536;
/** The rows of a COPY … TO STDOUT as they come; the server waits while nobody reads. */
function copyOut(client, sql) {
	let wire;
	let gathered = [];
	let sizeBytes = 0;
	let ended = false;
	const stream = new Readable({
		read: () => wire?.stream.resume(),
		destroy(error, done) {
			wire?.stream.resume();
			done(error);
		}
	});
	const flush = () => {
		if (sizeBytes === 0 || stream.destroyed) return;
		const batch = Buffer.concat(gathered);
		gathered = [];
		sizeBytes = 0;
		if (!stream.push(batch) && !ended) wire?.stream.pause();
	};
	const nothing = () => {};
	const query = {
		submit(connection) {
			wire = connection;
			connection.query(sql);
		},
		handleCopyData({ chunk }) {
			gathered.push(Buffer.from(chunk));
			sizeBytes += chunk.length;
			if (sizeBytes >= batchBytes) flush();
		},
		handleError(error) {
			ended = true;
			stream.destroy(error);
		},
		handleReadyForQuery() {
			ended = true;
			flush();
			if (!stream.destroyed) stream.push(null);
		},
		handleCommandComplete: nothing,
		handleRowDescription: nothing,
		handleDataRow: nothing,
		handlePortalSuspended: nothing,
		handleEmptyQuery: nothing
	};
	client.query(query);
	return stream;
}
// src/adapters/postgres/rescue/table-facts.ts
/** Needs a search path that begins with `pg_catalog`, as all that is read here: then every other name comes with its schema. */
async function readTableFacts(client, table, lost) {
	const name = quoteTable(table);
	const columns = await client.query(columnsQuery, [name]);
	const sequences = [];
	const facts = [];
	for (const { owned, ...column } of columns.rows) {
		const sequence = owned === null ? void 0 : await readSequence(client, owned);
		if (sequence !== void 0) sequences.push(sequence);
		facts.push({
			...withoutNull(column),
			sequence
		});
	}
	const { rows: equal } = await client.query(equalityQuery, [name]);
	const { rows: deferred } = await client.query("select from pg_index where indrelid = $1::regclass and not indimmediate", [name]);
	const { rows: dependents } = await client.query(dependentsQuery, [name, lost]);
	return {
		columns: facts,
		equality: Object.fromEntries(equal.map((one) => [one.name, one.operator])),
		deferrable: deferred.length > 0,
		dependents: dependents.map(withoutNull),
		sequences
	};
}
/** The options and the position of a sequence by its quoted name. */
async function readSequence(client, name) {
	const { rows } = await client.query(`select format('as %s increment by %s minvalue %s maxvalue %s start with %s cache %s %s', format_type(seqtypid, null), seqincrement,
       seqmin, seqmax, seqstart, seqcache, case when seqcycle then 'cycle' else 'no cycle' end) as options
     from pg_sequence where seqrelid = $1::regclass`, [name]);
	return {
		...await readPosition(client, name),
		options: rows[0]?.options ?? ""
	};
}
async function readPosition(client, name) {
	const { rows } = await client.query(`select last_value::text as last, is_called as called from ${name}`);
	return {
		name,
		last: rows[0]?.last ?? "1",
		called: rows[0]?.called ?? false
	};
}
function withoutNull(row) {
	return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value ?? void 0]));
}
const quotedName = `format('%I.%I', n.nspname, c.relname)`;
const columnsQuery = `
  select a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type,
    case when a.attcollation <> t.typcollation then (select format('%I.%I', cn.nspname, co.collname) from pg_collation co
      join pg_namespace cn on cn.oid = co.collnamespace where co.oid = a.attcollation) end as collation,
    a.attnotnull as "notNull",
    case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end as default,
    case a.attidentity when 'a' then 'always' when 'd' then 'by default' end as identity,
    case when a.attgenerated <> '' then format('(%s) %s', pg_get_expr(d.adbin, d.adrelid),
      case a.attgenerated when 's' then 'stored' else 'virtual' end) end as generated,
    col_description(a.attrelid, a.attnum) as comment,
    coalesce((select array_agg(format('grant %s (%I) on table %s to %s%s', g.privilege_type, a.attname, $1::text,
        case when g.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end,
        case when g.is_grantable then ' with grant option' else '' end))
      from aclexplode(a.attacl) g), '{}') as grants,
    (select ${quotedName} from pg_depend p join pg_class c on c.oid = p.objid and c.relkind = 'S' join pg_namespace n on n.oid = c.relnamespace
      where p.classid = 'pg_class'::regclass and p.refclassid = 'pg_class'::regclass and p.refobjid = a.attrelid and p.refobjsubid = a.attnum
        and p.deptype in ('a', 'i') limit 1) as owned
  from pg_attribute a join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`;
/** The operator by which a unique index tells its values apart. */
const equalityQuery = `
  select distinct on (a.attname) a.attname::text as name, format('operator(%I.%s)', n.nspname, o.oprname) as operator
  from pg_index i
    cross join lateral unnest(i.indkey::int2[], i.indclass::oid[]) with ordinality as k (attnum, opclass, at)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
    join pg_opclass oc on oc.oid = k.opclass
    join pg_amop m on m.amopfamily = oc.opcfamily and m.amoplefttype = oc.opcintype and m.amoprighttype = oc.opcintype and m.amopstrategy = 3
    join pg_operator o on o.oid = m.amopopr join pg_namespace n on n.oid = o.oprnamespace
  where i.indrelid = $1::regclass and i.indisunique and k.at <= i.indnkeyatts
  order by a.attname, i.indisprimary desc`;
/** What the catalog drops together with columns, other than their defaults: constraints, indexes and statistics. */
const dependentsQuery = `
  with named as (select attnum from pg_attribute where attrelid = $1::regclass and attname = any ($2::name[]) and not attisdropped),
  lost as (
    select attnum from named
    union select p.objsubid::int2 from pg_depend p join named on named.attnum = p.refobjsubid
    where p.classid = 'pg_class'::regclass and p.refclassid = 'pg_class'::regclass and p.objid = $1::regclass and p.refobjid = $1::regclass
      and p.objsubid > 0
  ),
  found as (
    select distinct p.classid, p.objid from pg_depend p join lost on lost.attnum = p.refobjsubid
    where p.refclassid = 'pg_class'::regclass and p.refobjid = $1::regclass
  )
  select 'constraint' as kind, k.conrelid::regclass::text as on, k.conname::text as name, pg_get_constraintdef(k.oid) as definition,
    k.contype = 'f' as "isForeign", obj_description(k.oid, 'pg_constraint') as comment,
    case k.contype when 'p' then 0 when 'u' then 1 when 'x' then 2 when 'c' then 3 else 4 end as place
  from pg_constraint k join found on found.classid = 'pg_constraint'::regclass and found.objid = k.oid
  where k.conparentid = 0 and k.contype in ('p', 'u', 'x', 'c', 'f')
  union all
  select 'index', $1::text, ${quotedName}, regexp_replace(pg_get_indexdef(c.oid), case when c.relkind = 'I' then ' ON ONLY ' else '^$' end, ' ON '),
    false, obj_description(c.oid, 'pg_class'), 2
  from pg_class c join found on found.classid = 'pg_class'::regclass and found.objid = c.oid join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('i', 'I') and not exists (select from pg_depend q where q.classid = 'pg_class'::regclass and q.objid = c.oid and q.deptype = 'i')
    and not c.relispartition
  union all
  select 'statistics', $1::text, format('%I.%I', n.nspname, s.stxname), pg_get_statisticsobjdef(s.oid), false,
    obj_description(s.oid, 'pg_statistic_ext'), 5
  from pg_statistic_ext s join found on found.classid = 'pg_statistic_ext'::regclass and found.objid = s.oid
    join pg_namespace n on n.oid = s.stxnamespace
  order by place, name`;
// src/adapters/postgres/rescue/prerequisites.ts
/**
* Schemas, types, functions and sequences that definitions lean on, what others need first. Those of extensions are left
* out: an extension comes back as a whole.
*/
async function readPrerequisites(client, tables, columns) {
	const { rows } = await client.query(neededQuery, [
		tables.map(quoteTable),
		columns.map(({ table }) => quoteTable(table)),
		columns.map(({ column }) => column)
	]);
	const statements = [];
	for (const one of rows) statements.push(await statementOf(client, one));
	return statements;
}
async function statementOf(client, { kind, name, definition, labels }) {
	if (kind === "schema") return whenMissing("pg_catalog.to_regnamespace", name, [`create schema ${name}`]);
	if (kind === "enum") return restoreEnum(name, labels ?? []);
	if (kind === "function") return whenMissing(`pg_catalog.to_regprocedure`, name, [definition ?? ""]);
	if (kind !== "sequence") return whenMissing("pg_catalog.to_regtype", name, [definition ?? ""]);
	const { options, last, called } = await readSequence(client, name);
	const made = [`create sequence ${name} ${options}`, `perform pg_catalog.setval('${name.replaceAll("'", "''")}', ${last}, ${called})`];
	return whenMissing("pg_catalog.to_regclass", name, made);
}
const neededQuery = `
  with recursive seeds(classid, objid) as (
    select 'pg_class'::regclass::oid, t.name::regclass::oid from unnest($1::text[]) as t(name)
    union select 'pg_class'::regclass::oid, i.indexrelid from unnest($1::text[]) as t(name) join pg_index i on i.indrelid = t.name::regclass
    union select 'pg_attrdef'::regclass::oid, d.oid from unnest($1::text[]) as t(name) join pg_attrdef d on d.adrelid = t.name::regclass
    union select 'pg_constraint'::regclass::oid, k.oid from unnest($1::text[]) as t(name) join pg_constraint k on k.conrelid = t.name::regclass
    union select 'pg_trigger'::regclass::oid, g.oid from unnest($1::text[]) as t(name) join pg_trigger g on g.tgrelid = t.name::regclass
      where not g.tgisinternal
    union select 'pg_policy'::regclass::oid, p.oid from unnest($1::text[]) as t(name) join pg_policy p on p.polrelid = t.name::regclass
    union select x.classid, x.objid from unnest($2::text[], $3::text[]) as t(name, attribute)
      join pg_attribute a on a.attrelid = t.name::regclass and a.attname = t.attribute and not a.attisdropped
      cross join lateral (
        select 'pg_type'::regclass::oid as classid, a.atttypid as objid
        union all select 'pg_attrdef'::regclass::oid, d.oid from pg_attrdef d where d.adrelid = a.attrelid and d.adnum = a.attnum
      ) x
  ), needed(classid, objid, depth) as (
    select classid, objid, 0 from seeds
    union
    select p.refclassid, p.refobjid, needed.depth + 1 from needed
      join pg_depend p on p.classid = needed.classid and p.objid = needed.objid
    where needed.depth < 12 and p.refclassid in ('pg_type'::regclass, 'pg_proc'::regclass, 'pg_namespace'::regclass, 'pg_class'::regclass)
      and (p.refclassid <> 'pg_class'::regclass or exists (select from pg_class c where c.oid = p.refobjid and c.relkind in ('S', 'c')))
  ), own as (
    select classid, objid, max(depth) as depth from needed
    where not exists (select from pg_depend e where e.classid = needed.classid and e.objid = needed.objid and e.deptype = 'e')
    group by classid, objid
  )
  select * from (
    select 'schema' as kind, quote_ident(n.nspname) as name, null as definition, null::text[] as labels, 1000 as depth
    from own join pg_namespace n on n.oid = own.objid where own.classid = 'pg_namespace'::regclass and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    union all
    select case t.typtype when 'e' then 'enum' when 'd' then 'domain' when 'c' then 'composite' else 'range' end, format('%I.%I', n.nspname, t.typname),
      case t.typtype
        when 'd' then format('create domain %I.%I as %s', n.nspname, t.typname, concat_ws(' ', format_type(t.typbasetype, t.typtypmod),
          'default ' || t.typdefault, case when t.typnotnull then 'not null' end,
          (select string_agg(format('constraint %I %s', k.conname, pg_get_constraintdef(k.oid)), ' ' order by k.conname) from pg_constraint k
            where k.contypid = t.oid and k.contype = 'c')))
        when 'c' then format('create type %I.%I as (%s)', n.nspname, t.typname, (select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum)
          from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped))
        when 'r' then (select format('create type %I.%I as range (subtype = %s)', n.nspname, t.typname, format_type(r.rngsubtype, null)) from pg_range r where r.rngtypid = t.oid)
      end,
      (select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid), own.depth
    from own join pg_type t on t.oid = own.objid join pg_namespace n on n.oid = t.typnamespace
    where own.classid = 'pg_type'::regclass and n.nspname not in ('pg_catalog', 'information_schema')
      and (t.typtype in ('e', 'd', 'r') or (t.typtype = 'c' and exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c')))
    union all
    select 'function', f.oid::regprocedure::text, pg_get_functiondef(f.oid), null, own.depth
    from own join pg_proc f on f.oid = own.objid join pg_namespace n on n.oid = f.pronamespace
    where own.classid = 'pg_proc'::regclass and n.nspname not in ('pg_catalog', 'information_schema') and f.prokind in ('f', 'p')
    union all
    select 'sequence', format('%I.%I', n.nspname, c.relname), null, null, own.depth
    from own join pg_class c on c.oid = own.objid and c.relkind = 'S' join pg_namespace n on n.oid = c.relnamespace
    where own.classid = 'pg_class'::regclass and c.oid not in (select unnest($1::text[])::regclass)
      and not exists (select from pg_depend p where p.classid = 'pg_class'::regclass and p.objid = c.oid and p.deptype in ('a', 'i') and p.refobjsubid > 0)
  ) as found
  order by depth desc, kind, name`;
// src/adapters/postgres/rescue/whole-facts.ts
/** Tables that are dropped with all their partitions, as `pg_dump` and the catalog describe them under one snapshot. */
async function readWholeFacts(client, parts, dump) {
	const roots = parts.map(({ table }) => quoteTable(table));
	const { rows: relations } = await client.query(relationsQuery, [roots]);
	const tables = relations.filter(({ kind }) => kind !== "S").map(({ name }) => name);
	const { rows: owned } = await client.query(sequencesQuery, [roots, tables]);
	const sequences = [];
	for (const { name } of owned) sequences.push(await readPosition(client, name));
	const { rows: references } = await client.query(referencesQuery, [tables]);
	return {
		script: await dumpTables(relations.map(({ pattern }) => pattern), dump),
		leaves: relations.filter(({ kind }) => kind === "r").map(({ name, columns }) => ({
			name,
			columns
		})),
		sequences,
		references: references.map(withoutNull),
		names: relations.map(({ name }) => name)
	};
}
/** The schema alone is small; a name in double quotes is no pattern. */
async function dumpTables(patterns, { tools, snapshot, role, lockWaitMs, env, signal }) {
	const args = [
		"--schema-only",
		"--format=plain",
		"--strict-names",
		"--encoding=UTF8",
		"--no-password",
		`--snapshot=${snapshot}`,
		`--lock-wait-timeout=${lockWaitMs}`,
		...role === void 0 ? [] : [`--role=${role}`],
		...patterns.map((pattern) => `--table=${pattern}`)
	];
	const child = startChild(join(tools.binDir, "pg_dump"), args, {
		env: await env(),
		signal
	});
	const chunks = [];
	for await (const chunk of child.stdout) chunks.push(chunk);
	const { exitCode } = await child.ended;
	if (exitCode === 0) return Buffer.concat(chunks).toString();
	throw new ReleaseError("rescue-failed", `pg_dump could not describe what the down drops: ${child.stderr().trim().split("\n")[0] ?? ""}`, { hint: "Nothing was changed. Run it again; or make a whole backup instead." });
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
  where c.relkind in ('r', 'p', 'S', 'f') order by name`;
const sequencesQuery = `
  select distinct ${quotedName} as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'S' and (c.oid in (select unnest($1::text[])::regclass)
    or exists (select from pg_depend p where p.classid = 'pg_class'::regclass and p.objid = c.oid and p.refclassid = 'pg_class'::regclass
      and p.refobjid in (select unnest($2::text[])::regclass) and p.deptype in ('a', 'i')))
  order by name`;
/** Foreign keys of other tables fall with the tables that they refer to. */
const referencesQuery = `
  select 'constraint' as kind, k.conrelid::regclass::text as on, k.conname::text as name, pg_get_constraintdef(k.oid) as definition,
    true as "isForeign", obj_description(k.oid, 'pg_constraint') as comment
  from pg_constraint k
  where k.contype = 'f' and k.conparentid = 0 and k.confrelid in (select unnest($1::text[])::regclass)
    and k.conrelid not in (select unnest($1::text[])::regclass)
  order by k.conrelid::regclass::text, k.conname`;
// src/adapters/postgres/rescue/source.ts
/** Locks the tables against changes of their shape, takes a snapshot and keeps it until disposal. */
async function openRescue(options) {
	const { database, tables, lockWaitMs } = options;
	const session = await openClient({
		...database,
		applicationName: options.applicationName
	});
	const { client } = session;
	try {
		await assumeRole(client, database.role);
		const identity = await readIdentity(client, database);
		const { rows: settings } = await client.query(`select pg_catalog.current_setting('search_path') as path, pg_catalog.current_setting('TimeZone') as zone`);
		await client.query(`set row_security = off; set lock_timeout = ${Math.trunc(lockWaitMs)}`);
		await client.query("begin isolation level repeatable read, read only");
		if (tables.length > 0) await client.query(`lock table ${tables.map(quoteTable).join(", ")} in access share mode`);
		const { rows } = await client.query("select pg_catalog.pg_export_snapshot() as id, pg_catalog.statement_timestamp() as at");
		const [snapshot] = rows;
		if (snapshot === void 0) throw new Error("pg_export_snapshot() returned nothing");
		return new PostgresRescue(options, session, {
			database: database.connection.database,
			serverVersion: session.serverVersion,
			systemIdentifier: identity.systemIdentifier,
			databaseOid: identity.databaseOid,
			timeZone: settings[0]?.zone ?? "UTC",
			at: snapshot.at
		}, {
			id: snapshot.id,
			ownPath: settings[0]?.path ?? ""
		});
	} catch (error) {
		await session[Symbol.asyncDispose]();
		throw explain(error, database);
	}
}
/** Finds every name in the catalog alone, and writes values as any session reads them again; until `unpin`, since marks depend on none of it. */
const pin = `savepoint shiplock; set local search_path = pg_catalog, pg_temp; set local datestyle = ISO; set local intervalstyle = postgres;
  set local extra_float_digits = 3; set local bytea_output = hex; set local lc_monetary = 'C'`;
const unpin = "rollback to savepoint shiplock; release savepoint shiplock";
var PostgresRescue = class {
	facts;
	#options;
	#session;
	#snapshot;
	#workspace;
	constructor(options, session, facts, snapshot) {
		this.#options = options;
		this.#session = session;
		this.#snapshot = snapshot;
		this.facts = facts;
	}
	async count(losses) {
		const counted = [];
		for (const loss of losses) {
			const started = performance.now();
			const count = await this.#ask(loss, loss.count);
			const middle = performance.now();
			const mark = await this.#ask(loss, loss.mark);
			const markMs = Math.ceil(performance.now() - (loss.mark === void 0 ? started : middle));
			counted.push({
				...loss,
				counted: count === void 0 ? void 0 : BigInt(count),
				markedAs: mark,
				markMs
			});
		}
		return counted;
	}
	/** Under the settings of the role, as the down itself has them. */
	async #ask({ what }, sql) {
		if (sql === void 0) return void 0;
		try {
			const { rows } = await this.#session.client.query({
				text: sql,
				rowMode: "array"
			});
			return rows[0]?.[0];
		} catch (error) {
			throw this.#explained(error, `counting ${what}`);
		}
	}
	describeTable(table, columns) {
		return this.#reading("reading the catalog", (client) => readTableFacts(client, table, columns));
	}
	describeWhole(parts) {
		return this.#reading("reading the catalog", async (client) => readWholeFacts(client, parts, await this.#dump()));
	}
	prerequisites(tables, columns) {
		return this.#reading("reading the catalog", (client) => readPrerequisites(client, tables, columns));
	}
	position(sequence) {
		return this.#reading("reading a sequence", (client) => readPosition(client, sequence));
	}
	countRows(select, ownPath) {
		return this.#reading("counting rows", async (client) => {
			const { rows } = await client.query(`select pg_catalog.count(*)::text as rows from (${select}\n) as shiplock_rows`);
			return BigInt(rows[0]?.rows ?? "0");
		}, ownPath);
	}
	async *rows(select, ownPath) {
		const { client } = this.#session;
		await this.#pin(ownPath);
		try {
			for await (const chunk of copyOut(client, `copy (${select}\n) to stdout`)) yield chunk;
		} catch (error) {
			throw this.#explained(error, "copying rows");
		}
		await client.query(unpin);
	}
	async #reading(what, read, ownPath = false) {
		try {
			await this.#pin(ownPath);
			const result = await read(this.#session.client);
			await this.#session.client.query(unpin);
			return result;
		} catch (error) {
			throw this.#explained(error, what);
		}
	}
	async #pin(ownPath) {
		await this.#session.client.query(pin);
		if (ownPath) await this.#session.client.query("select pg_catalog.set_config('search_path', $1, true)", [this.#snapshot.ownPath]);
	}
	async #dump() {
		const { database, applicationName, env, roots, binDir, install, say, lockWaitMs, signal } = this.#options;
		return {
			tools: await findTools({
				binDir,
				install,
				major: this.#session.serverMajor,
				set: "client",
				env,
				say
			}),
			snapshot: this.#snapshot.id,
			role: database.role,
			lockWaitMs,
			signal,
			env: async () => {
				this.#workspace ??= await makeWorkspace({ roots });
				return libpqEnvironment({
					database,
					encrypted: this.#session.encrypted,
					applicationName,
					env,
					folder: this.#workspace.path
				});
			}
		};
	}
	#explained(error, what) {
		const { database } = this.#options;
		if (this.#session.lost() === void 0 && !/^(?:57P0|08)/.test(systemCode(error) ?? "")) return explain(error, database, what);
		return new ReleaseError("connection-lost", `${describeConnection(database.connection)}: the connection broke while ${what}.`, {
			hint: "Nothing was changed. Run it again.",
			cause: error
		});
	}
	async [Symbol.asyncDispose]() {
		await this.#session[Symbol.asyncDispose]();
		await this.#workspace?.[Symbol.asyncDispose]();
	}
};
function explain(cause, { connection }, what = "preparing the count") {
	const code = systemCode(cause);
	if (code === void 0 || cause instanceof ReleaseError) return cause;
	const message = `${describeConnection(connection)}: ${messageOf(cause)}, while ${what}.`;
	if (code === "42501") return new ReleaseError("insufficient-rights", message, {
		hint: "Use a role that may read every row: the owner, or a member of pg_read_all_data with BYPASSRLS.",
		cause
	});
	if (code === "55P03") return new ReleaseError("loss-not-counted", message, {
		hint: "Somebody holds a lock on a table. Run it again when they are done.",
		cause
	});
	return /^[0-9A-Z]{5}$/.test(code) ? new ReleaseError("loss-not-counted", message, {
		hint: "Nothing was changed. Make a whole backup, or go forward with a hotfix.",
		cause
	}) : cause;
}
export { openRescue };
