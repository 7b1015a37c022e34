import { Dn as quoteText } from "./migrations.js";
// src/rollback/down/when-missing.ts
/** A block that carries statements out where a lookup finds nothing of a name. */
function whenMissing(lookup, name, statements) {
	const body = statements.map((one) => one.startsWith("perform ") ? `    ${one};` : `    execute ${quoteText(one)};`);
	return block([
		`  if ${lookup}(${quoteText(name)}) is null then`,
		...body,
		"  end if;"
	]);
}
/** An anonymous block whose quotes nothing inside of it can end. */
function block(body, declarations = []) {
	const text = body.join("\n");
	let tag = "$shiplock$";
	for (let number = 1; text.includes(tag); number++) tag = `$shiplock${number}$`;
	const declare = declarations.length === 0 ? "" : `declare\n${declarations.map((one) => `  ${one};`).join("\n")}\n`;
	return `do ${tag}\n${declare}begin\n${text}\nend\n${tag};`;
}
// src/rollback/down/restore-enum.ts
/**
* Makes an enum type where it is missing, and gives one that lacks values all of them again. A value that is added cannot be
* used in the same transaction, so that the type is made anew and its columns move over.
* https://www.postgresql.org/docs/current/sql-altertype.html
*/
function restoreEnum(name, labels) {
	const list = `array[${labels.map(quoteText).join(", ")}]::text[]`;
	return block([
		`  if to_regtype(${quoteText(name)}) is null then`,
		`    execute format('create type ${escaped(name)} as enum (%s)', (select string_agg(quote_literal(label), ', ' order by place) from unnest(wanted) with ordinality as one (label, place)));`,
		"    return;",
		"  end if;",
		`  present := (select coalesce(array_agg(enumlabel::text order by enumsortorder), '{}') from pg_enum where enumtypid = to_regtype(${quoteText(name)}));`,
		"  if wanted <@ present then",
		"    return;",
		"  end if;",
		"  wanted := wanted || (select coalesce(array_agg(label), '{}') from unnest(present) as one (label) where label <> all (wanted));",
		`  old := to_regtype(${quoteText(name)});`,
		"  create temporary table shiplock_rescue_moving on commit drop as",
		"    select a.attrelid::regclass as relation, a.attname as name, a.atttypid <> old as is_array, pg_get_expr(d.adbin, d.adrelid) as preset",
		"    from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum",
		"    where a.atttypid in (select old union select typarray from pg_type where oid = old) and c.relkind in ('r', 'p') and a.attinhcount = 0 and not a.attisdropped;",
		"  execute format('alter type %s rename to shiplock_rescue_old', old::regtype);",
		`  execute format('create type ${escaped(name)} as enum (%s)', (select string_agg(quote_literal(label), ', ' order by place) from unnest(wanted) with ordinality as one (label, place)));`,
		"  for moving in select * from shiplock_rescue_moving loop",
		"    execute format('alter table %s alter column %I drop default', moving.relation, moving.name);",
		`    execute format('alter table %s alter column %I type ${escaped(name)}%s using %I::text%s::${escaped(name)}%s', moving.relation, moving.name,`,
		"      case when moving.is_array then '[]' else '' end, moving.name, case when moving.is_array then '[]' else '' end, case when moving.is_array then '[]' else '' end);",
		"    if moving.preset is not null then",
		"      execute format('alter table %s alter column %I set default %s', moving.relation, moving.name, moving.preset);",
		"    end if;",
		"  end loop;",
		"  execute format('drop type %s', old::regtype);",
		"  drop table shiplock_rescue_moving;",
		"  perform set_config('shiplock.enum_moved', 'on', true);"
	], [
		`wanted text[] := ${list}`,
		"present text[]",
		"old oid",
		"moving record"
	]);
}
/** Whether a type got values back in this transaction. */
const enumMoved = "current_setting('shiplock.enum_moved', true) is not distinct from 'on'";
/** A name inside of a format text that stands between quotes. */
function escaped(name) {
	return name.replaceAll("'", "''").replaceAll("%", "%%");
}
export { whenMissing as i, restoreEnum as n, block as r, enumMoved as t };
