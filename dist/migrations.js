import { $ as invalidMigration, At as literal$1, Bt as prettifyError, Ct as datetime, Et as boolean, Ft as string, G as isNested, Gt as formatMoment, Ht as compactStamp, Jt as plural, K as numberedPaths, Kt as formatSize, Lt as union, Mt as number, Nt as object, Pt as record$1, Q as countedEvidence, Qt as oneLine, S as statementHeads, T as positionFromUtf16, Tt as array, V as usualPostFolders, W as folderVersion, Wt as formatDuration, X as flywayName, Z as checksumOf$1, _ as leadingBlank, _t as lineageOf, an as describeConnection, bt as shownVersion, cn as settingOption, d as verdictOf$1, dn as errorCodes, f as verdicts, fn as messageOf, g as isBlank$1, gt as isRepeatable, ht as isFileOf, in as decideTls, jt as looseObject, kt as int, l as checkSchema, m as didYouMean, mt as byVersion, nt as refuseByteOrderMark, on as isLocal, r as isSameRelease, rt as textOf$1, sn as parseConnection, tt as numberedName, un as ReleaseError, vt as placeIn, wt as _enum, y as parseStatements, yt as repeatableVersion } from "./start.js";
import { createHash } from "node:crypto";
import { dirname, join, relative, resolve } from "node:path";
import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { buffer, text } from "node:stream/consumers";
// src/ssh-key.ts
const begin = /^-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----$/m;
/**
* The text of a private key as ssh reads it: with line feeds, and one at its end, which secrets and inputs lose.
* Throws `invalid-input`, never with a part of the text.
*/
function readPrivateKey(text) {
	const key = `${text.replaceAll("\r", "").trim()}\n`;
	if (isEncrypted(key)) throw new ReleaseError("invalid-input", "ssh-key is protected by a passphrase, which nobody could type in here.", { hint: "Make a key for this purpose alone (ssh-keygen -t ed25519 -N \"\" -f shiplock), or leave ssh-key out and load yours into an agent (ssh-add)." });
	if (!begin.test(key) || !/^-----END .*-----$/m.test(key)) throw new ReleaseError("invalid-input", "ssh-key is not the text of a private key.", { hint: "It is the whole file with its line breaks, from -----BEGIN to -----END; not its path, and not the public half. SSH_KEY=\"$(cat path)\" passes a file on." });
	return key;
}
/** The texts of a key that must never be printed: as a whole, and line by line. */
function privateKeyForms(text) {
	return [text, ...text.split("\n").map((line) => line.trim())].filter((form) => form.length >= shortestForm && !/^-----.*-----$/.test(form));
}
/** A shorter line says nothing about a key, and could stand in any text. */
const shortestForm = 16;
/** https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key and the two older forms. */
function isEncrypted(key) {
	if (/^-----BEGIN ENCRYPTED PRIVATE KEY-----$/m.test(key) || /^Proc-Type: 4,ENCRYPTED$/m.test(key)) return true;
	const [, body] = /^-----BEGIN OPENSSH PRIVATE KEY-----\n([\s\S]*)\n-----END/m.exec(key) ?? [];
	const bytes = Buffer.from(body ?? "", "base64");
	if (bytes.toString("latin1", 0, 15) !== "openssh-key-v1\0") return false;
	const length = bytes.length >= 19 ? bytes.readUInt32BE(15) : 0;
	return bytes.toString("latin1", 19, 19 + length) !== "none";
}
// src/migration/ledger.ts
/** The scope of one of a run's tables. */
function scopeOf({ project, versions = [] }, phase) {
	return {
		project,
		versions: versions.filter((one) => phase === void 0 || one.phase === phase).map(({ version }) => version)
	};
}
/** The head of a table whose rows are versions, with or without a mark that one did not end; a look from outside makes the same text. */
function headOfVersions(from) {
	return `select pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.string_agg(pg_catalog.concat(t.version, case pg_catalog.to_jsonb(t) operator(pg_catalog.->>) 'dirty' when 'true' then ' dirty' end), ',' order by t.version::pg_catalog.text collate pg_catalog."C"), 'UTF8')), 'hex')) from ${from}`;
}
/** How somebody says that a migration which began is all there, or that nothing of it is. */
function clearDirtyCommand(version) {
	return `shiplock ledger clear-dirty --migration ${version} --settle-as applied --reason "…", or --settle-as reverted`;
}
/** A condition that leaves versions out. */
function butNot(column, versions) {
	return versions.length === 0 ? "true" : `${column} not in (${versions.map(quoteText).join(", ")})`;
}
function quoteName(name) {
	return `"${name.replaceAll("\"", "\"\"")}"`;
}
/** A name as a statement writes it: without a schema the session's search path finds it. */
function quoteRelation({ schema, name }) {
	return schema === void 0 ? quoteName(name) : quoteTable({
		schema,
		table: name
	});
}
function quoteTable({ schema, table }) {
	return `${quoteName(schema)}.${quoteName(table)}`;
}
/** A string constant that reads the same whatever `standard_conforming_strings` says. */
function quoteText(text) {
	const quoted = text.replaceAll("'", "''");
	return quoted.includes("\\") ? `E'${quoted.replaceAll("\\", "\\\\")}'` : `'${quoted}'`;
}
// src/sql/locks/names.ts
/** The name in a FROM clause or after TABLE. */
function nameOf$5(relation) {
	return {
		schema: relation?.schemaname,
		name: relation?.relname ?? ""
	};
}
/** The words of a dotted name, wherever the parser keeps them: a list of strings, a list node or a type's name. */
function wordsOf(node) {
	if (node === void 0) return [];
	if (Array.isArray(node)) return node.map((one) => "String" in one ? one.String.sval ?? "" : "");
	const one = node;
	if ("List" in one) return wordsOf(one.List.items);
	if ("TypeName" in one) return wordsOf(one.TypeName.names);
	return "String" in one ? [one.String.sval ?? ""] : [];
}
/** The last two words of a dotted name. */
function nameOfWords(words) {
	return {
		schema: words.at(-2),
		name: words.at(-1) ?? ""
	};
}
/** `ONLY` leaves partitions and children out. */
function isOnly(relation) {
	return relation?.inh !== true;
}
const identifier$1 = "\"(?:[^\"]|\"\")+\"|[a-z_\\u0080-\\uffff][\\w$\\u0080-\\uffff]*";
const qualified = new RegExp(`^\\s*(?:(${identifier$1})\\s*\\.\\s*)?(${identifier$1})\\s*$`, "i");
/** Reads a name that stands in a string constant, as `regclass` does; `undefined` when it is none. */
function nameInText(text) {
	const [, schema, name] = qualified.exec(text) ?? [];
	return name === void 0 ? void 0 : {
		schema: schema === void 0 ? void 0 : unquote(schema),
		name: unquote(name)
	};
}
function unquote(word) {
	return word.startsWith("\"") ? word.slice(1, -1).replaceAll("\"\"", "\"") : word.toLowerCase();
}
/** An option in parentheses, such as `concurrently` of REINDEX: given, and not switched off. */
function hasOption(options, name) {
	return optionsOf(options).filter((option) => option.defname === name).some(({ arg }) => arg === void 0 || ![
		"false",
		"off",
		"0"
	].includes(textOf(arg)));
}
function optionsOf(options) {
	return (options ?? []).flatMap((option) => "DefElem" in option ? [option.DefElem] : []);
}
function textOf(node) {
	return "Integer" in node ? String(node.Integer.ival ?? 0) : (wordsOf(node)[0] ?? "").toLowerCase();
}
// src/migration/state.ts
/** What the version table says of an attempt that was left open. */
function closedState(isReversal, isInTable) {
	if (isReversal) return isInTable ? "not-reverted" : "reverted";
	return isInTable ? "applied-unreported" : "not-applied";
}
/** Two histories of one environment would each know half of what ran. Throws `history-elsewhere`. */
function refuseElsewhere(elsewhere, { home, place }) {
	if (elsewhere === void 0) return;
	const kept = home === "store" ? "database" : "store";
	throw new ReleaseError("history-elsewhere", `The history of this environment is kept in ${elsewhere}; this run would begin one in ${place}.`, { hint: `Set history: ${kept}, as the earlier runs had it. Where the history lives is decided by the first run, and it is not moved.` });
}
function stampChanged() {
	return new ReleaseError("wrong-database", "The stamp was changed by another run while this one looked at it; nothing was changed here.", { hint: "Run the same command again: it shows what the stamp says now." });
}
// src/sql/locks/builtins.ts
/**
* Functions of pg_catalog that read no table, lock nothing and run no code of others. PostgreSQL 13 has them all: what a
* later version brought may be somebody's own function on an older one.
*/
const functions = words(`
  abs acos acosd acosh age area array_agg array_append array_cat array_dims array_fill array_length array_lower
  array_ndims array_position array_positions array_prepend array_remove array_replace array_to_json array_to_string
  array_upper ascii asin asind asinh atan atan2 atan2d atand atanh avg bit bit_and bit_length bit_or bool bool_and
  bool_or box bpchar btrim cardinality cbrt ceil ceiling center char char_length character_length chr cidr circle
  col_description concat concat_ws convert convert_from convert_to corr cos cosd cosh cot cotd count covar_pop
  covar_samp cume_dist current_database current_schema current_schemas current_setting current_user date date_part
  date_trunc daterange decode degrees dense_rank diameter div encode enum_first enum_last enum_range every exp extract
  factorial first_value float4 float8 floor format format_type gcd generate_series generate_subscripts get_bit get_byte
  height host hostmask initcap inet_merge inet_same_family int2 int4 int4range int8 int8range interval is_normalized
  isempty isfinite json_agg json_array_elements json_array_elements_text json_array_length json_build_array
  json_build_object json_each json_each_text json_extract_path json_extract_path_text json_object json_object_agg
  json_object_keys json_populate_record json_populate_recordset json_strip_nulls json_to_record json_to_recordset
  json_typeof jsonb_agg jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array
  jsonb_build_object jsonb_each jsonb_each_text jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object
  jsonb_object_agg jsonb_object_keys jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array
  jsonb_path_query_first jsonb_populate_record jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax
  jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_to_tsvector jsonb_typeof justify_days justify_hours
  justify_interval lag last_value lcm lead left length like_escape line ln log log10 lower lower_inc lower_inf lpad lseg
  ltrim macaddr macaddr8 make_date make_interval make_time make_timestamp make_timestamptz masklen max md5 min min_scale
  mod mode money name netmask network normalize now nth_value ntile num_nonnulls num_nulls numeric numrange
  obj_description octet_length oid overlaps overlay parse_ident path percent_rank percentile_cont percentile_disc
  pg_backend_pid pg_client_encoding pg_column_size pg_collation_for pg_typeof phraseto_tsquery pi plainto_tsquery point
  polygon position pow power quote_ident quote_literal quote_nullable radians radius range_merge rank regclass
  regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regr_avgx regr_avgy regr_count
  regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy repeat replace reverse right round row_number row_to_json
  rpad rtrim scale session_user set_bit set_byte set_masklen setweight sha224 sha256 sha384 sha512 shobj_description
  sign similar_escape similar_to_escape sin sind sinh split_part sqrt starts_with statement_timestamp stddev stddev_pop
  stddev_samp string_agg string_to_array strip strpos substr substring sum tan tand tanh text time timestamp timestamptz
  timetz timezone to_ascii to_char to_date to_hex to_json to_jsonb to_number to_regclass to_regnamespace to_regproc
  to_regprocedure to_regrole to_regtype to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim_scale
  trunc ts_headline ts_rank ts_rank_cd tsrange tstzrange txid_current unnest upper upper_inc upper_inf var_pop var_samp
  varbit varchar variance version websearch_to_tsquery width width_bucket xml xmlagg xmlcomment xmlexists xpath
  xpath_exists`);
/** As harmless, but with another answer each time: as the default of a new column they are computed for every row. */
const volatileFunctions = words(`
  clock_timestamp currval gen_random_uuid lastval nextval random setval timeofday`);
const operators = words(`
  !! !~ !~* !~~ !~~* # ## #- #> #>> % & && &< &<| &> * *< *<= *<> *= *> *>= + - -> ->> -|- / < <-> << <<= <<| <= <> <@ <^ =
  > >= >> >>= >^ ? ?# ?& ?- ?-| ?| ?|| @ @-@ @> @? @@ @@@ ^ ^@ | |&> |/ |>> || ||/ ~ ~* ~<=~ ~<~ ~= ~>=~ ~>~ ~~ ~~*`);
const types = words(`
  bit bool box bpchar bytea char cid cidr circle date datemultirange daterange float4 float8 inet int2 int4 int4multirange
  int4range int8 int8multirange int8range interval json jsonb jsonpath line lseg macaddr macaddr8 money name numeric
  nummultirange numrange oid path pg_lsn point polygon refcursor regclass regcollation regconfig regdictionary
  regnamespace regoper regoperator regproc regprocedure regrole regtype text tid time timestamp timestamptz timetz
  tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector txid_snapshot uuid varbit varchar xid xid8 xml`);
function isBuiltinFunction(name) {
	return isIn(functions, name) || isVolatile(name);
}
function isVolatile(name) {
	return isIn(volatileFunctions, name);
}
function isBuiltinOperator(name) {
	return isIn(operators, name);
}
/** A type that is surely no domain, whose checks would have to be run. */
function isBuiltinType(name) {
	return isIn(types, name);
}
/** `serial` and its kin: a column of such a type gets a sequence. */
function isSerial(name) {
	return name.length === 1 && /^(?:small|big)?serial$|^serial[248]$/.test(name[0]);
}
/** pg_catalog is searched first unless somebody says otherwise; any other schema is somebody's own. */
function isIn(known, name) {
	return known.has(name.at(-1) ?? "") && (name.length === 1 || name.length === 2 && name[0] === "pg_catalog");
}
function words(text) {
	return new Set(text.trim().split(/\s+/));
}
// src/sql/locks/mode.ts
/** Table-level lock modes, weakest first. https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES */
const lockModes = [
	"AccessShare",
	"RowShare",
	"RowExclusive",
	"ShareUpdateExclusive",
	"Share",
	"ShareRowExclusive",
	"Exclusive",
	"AccessExclusive"
];
const conflicts = {
	AccessShare: ["AccessExclusive"],
	RowShare: ["Exclusive", "AccessExclusive"],
	RowExclusive: [
		"Share",
		"ShareRowExclusive",
		"Exclusive",
		"AccessExclusive"
	],
	ShareUpdateExclusive: [
		"ShareUpdateExclusive",
		"Share",
		"ShareRowExclusive",
		"Exclusive",
		"AccessExclusive"
	],
	Share: [
		"RowExclusive",
		"ShareUpdateExclusive",
		"ShareRowExclusive",
		"Exclusive",
		"AccessExclusive"
	],
	ShareRowExclusive: [
		"RowExclusive",
		"ShareUpdateExclusive",
		"Share",
		"ShareRowExclusive",
		"Exclusive",
		"AccessExclusive"
	],
	Exclusive: [
		"RowShare",
		"RowExclusive",
		"ShareUpdateExclusive",
		"Share",
		"ShareRowExclusive",
		"Exclusive",
		"AccessExclusive"
	],
	AccessExclusive: lockModes
};
/** Modes that conflict with a mode. */
function conflictingModes(mode) {
	return conflicts[mode];
}
/**
* The weakest mode that conflicts with all that either conflicts with. It may be a third one: SHARE lets other builders
* of indexes in, but stands in no order with ROW EXCLUSIVE and SHARE UPDATE EXCLUSIVE, which do not.
*/
function strongerMode(one, other) {
	if (one === other) return one;
	const all = [...conflicts[one], ...conflicts[other]];
	return lockModes.find((mode) => all.every((conflict) => conflicts[mode].includes(conflict))) ?? "AccessExclusive";
}
/** `ACCESS EXCLUSIVE`, as LOCK TABLE spells it. */
function modeInSql(mode) {
	return mode.replace(/(?<=.)[A-Z]/g, " $&").toUpperCase();
}
// src/sql/locks/statement-locks.ts
/**
* What is locked beside a relation that a statement names. "It" means the relation and, where `children` or
* `partitions` stands in the same list, those too.
*
* - `children`: partitions and inheritance children, at every level
* - `partitions`: partitions alone, at every level
* - `parent`: the table of which the named one is a partition, and the default partition beside it
* - `default`: the default partition of the named one, with everything below
* - `referenced`: tables to which its foreign keys refer, with their partitions
* - `referencing`: tables whose foreign keys refer to it, with their partitions
* - `referencing-chain`: those, the tables that refer to them, and so on: what TRUNCATE CASCADE empties
* - `table`: the table of an index
* - `indexes`, `sequences`: its indexes, the sequences that its columns own; those of `referencing-chain` too
* - `underlying`: what a view reads, at every level, with partitions and children
* - `source`: what a materialized view reads when it is filled, through views too
* - `parts`: what goes when it is dropped: indexes, sequences, and the tables on which its foreign keys keep triggers
* - `dependents`: parts, and everything that CASCADE takes along
*/
const reaches = [
	"children",
	"partitions",
	"parent",
	"default",
	"referenced",
	"referencing",
	"referencing-chain",
	"table",
	"indexes",
	"sequences",
	"underlying",
	"source",
	"parts",
	"dependents"
];
/** All parts together. What is unknown is neither instant nor harmless. */
function combine(...findings) {
	const unknown = findings.find((one) => one.unknown !== void 0)?.unknown;
	const renames = findings.flatMap((one) => one.renames ?? []);
	return {
		locks: mergeLocks(findings.flatMap((one) => one.locks ?? [])),
		creates: findings.flatMap((one) => one.creates ?? []),
		...renames.length === 0 ? {} : { renames },
		unknown,
		work: unknown !== void 0 || findings.some((one) => one.work === "rows") ? "rows" : "catalog",
		definesOnly: unknown === void 0 && findings.every((one) => one.definesOnly !== false)
	};
}
/** A lock, with nothing beside it unless told. */
function lock(relation, mode, ...reach) {
	return {
		schema: relation.schema,
		name: relation.name,
		mode,
		reach
	};
}
function mergeLocks(locks) {
	const merged = /* @__PURE__ */ new Map();
	for (const one of locks) {
		const key = JSON.stringify([one.schema, one.name]);
		const other = merged.get(key);
		const mode = other === void 0 ? one.mode : strongerMode(one.mode, other.mode);
		merged.set(key, lock(one, mode, ...mergeReach([...other?.reach ?? [], ...one.reach])));
	}
	return [...merged.values()];
}
function mergeReach(reach) {
	if (reach.length < 2) return reach;
	const merged = /* @__PURE__ */ new Map();
	for (const one of reach) {
		const key = JSON.stringify([
			one.to,
			one.only?.kind,
			one.only?.name
		]);
		merged.set(key, {
			...one,
			mode: strongerMode(one.mode, merged.get(key)?.mode ?? one.mode)
		});
	}
	return [...merged.values()];
}
// src/sql/locks/call.ts
/** What a call does to locks when it is carried out. */
function callLocks(call) {
	const words = wordsOf(call.funcname);
	const [first, second] = call.args ?? [];
	if (isCall(words, "nextval") || isCall(words, "setval") || isCall(words, "currval")) return sequenceCall(words, first);
	if (isCall(words, "pg_get_serial_sequence")) return {};
	if (isCall(words, "set_config")) return settingCall(literal(first), second);
	return isBuiltinFunction(words) ? {} : { unknown: `it calls ${words.join(".")}(), and what that locks is not written in the file` };
}
/** Whether a new column's default would have to be computed for each row. */
function isVolatileCall(call) {
	const words = wordsOf(call.funcname);
	return isVolatile(words) || !isBuiltinFunction(words);
}
function sequenceCall(words, argument) {
	const text = literal(argument);
	const sequence = text === void 0 ? void 0 : nameInText(text);
	if (sequence !== void 0) return { locks: [lock(sequence, "RowExclusive")] };
	return serialSequence(argument) ?? { unknown: `it calls ${words.join(".")}() on a sequence that is not named in the file` };
}
/** `pg_get_serial_sequence('table', 'column')`: the table's name is written as in SQL, the column's as it is. */
function serialSequence(node) {
	const call = node !== void 0 && "FuncCall" in node ? node.FuncCall : void 0;
	if (call === void 0 || !isCall(wordsOf(call.funcname), "pg_get_serial_sequence")) return void 0;
	const [table, column] = (call.args ?? []).map(literal);
	const relation = table === void 0 ? void 0 : nameInText(table);
	if (relation === void 0 || column === void 0) return void 0;
	return { locks: [lock(relation, "AccessShare", {
		to: "sequences",
		mode: "RowExclusive",
		only: {
			kind: "column",
			name: column
		}
	})] };
}
function settingCall(name, value) {
	return {
		definesOnly: false,
		...name === void 0 || value === void 0 ? { unknown: "it sets a setting that is not named in the file" } : settingLocks(name)
	};
}
/** Names that follow such a setting mean something else than they mean before it. */
function settingLocks(name) {
	return [
		"search_path",
		"role",
		"session_authorization"
	].includes(name.toLowerCase()) ? { unknown: `it sets ${name.toLowerCase()}, which decides what the names after it mean` } : {};
}
function isCall(words, name) {
	return words.at(-1) === name && (words.length === 1 || words[0] === "pg_catalog");
}
function literal(node) {
	if (node === void 0) return void 0;
	if ("TypeCast" in node) return literal(node.TypeCast.arg);
	if (!("A_Const" in node) || node.A_Const.sval === void 0) return void 0;
	return node.A_Const.sval.sval ?? "";
}
// src/sql/locks/query.ts
/** What a query or an expression locks: anything that the parser made, or nothing. */
function queryLocks(query, use) {
	const found = [];
	new Reader$1(use, found).visit(query, outermost);
	return combine(...found);
}
/** Whether the expression gives another value for each row. */
function isVolatileExpression(expression) {
	if (typeof expression !== "object" || expression === null) return false;
	return Object.entries(expression).some(([key, value]) => key === "FuncCall" && isVolatileCall(value) || isVolatileExpression(value));
}
const outermost = {
	queries: /* @__PURE__ */ new Set(),
	rowLocked: /* @__PURE__ */ new Set()
};
var Reader$1 = class {
	#use;
	#found;
	constructor(use, found) {
		this.#use = use;
		this.#found = found;
	}
	visit(value, scope) {
		if (typeof value !== "object" || value === null) return;
		for (const [key, child] of Object.entries(value)) {
			const visitor = visitors[key];
			if (visitor === void 0) this.visit(child, scope);
			else visitor(this, child, scope);
		}
	}
	select({ withClause, fromClause, lockingClause, intoClause, larg, rarg, ...rest }, outer) {
		const inner = this.#with(withClause, outer);
		for (const side of [larg, rarg]) if (side !== void 0) this.select(side, inner);
		const rowLocked = lockedNames(lockingClause) ?? (outer.rowLocked === "all" ? "all" : outermost.rowLocked);
		this.visit(fromClause, {
			...inner,
			rowLocked
		});
		if (intoClause?.rel !== void 0) this.#found.push({ creates: [nameOf$5(intoClause.rel)] });
		this.visit(rest, {
			...inner,
			rowLocked: outermost.rowLocked
		});
	}
	/** A statement that changes rows: its target, and then everything else in it. */
	change({ relation, withClause, ...rest }, scope, beside) {
		const inner = this.#with(withClause, scope);
		const reach = [
			...isOnly(relation) ? [] : [every("children", "RowExclusive")],
			every("underlying", "RowExclusive"),
			...beside
		];
		this.#lock(relation, "RowExclusive", reach);
		this.visit(rest, inner);
	}
	relation(relation, { queries, rowLocked }) {
		const name = relation.relname ?? "";
		if (relation.schemaname === void 0 && queries.has(name)) return;
		const mode = rowLocked === "all" || rowLocked.has(relation.alias?.aliasname ?? name) ? "RowShare" : "AccessShare";
		this.#lock(relation, mode, [...isOnly(relation) ? [] : [every("children", mode)], every("underlying", mode)]);
	}
	call(call, scope) {
		if (this.#use === "run") this.#found.push(callLocks(call));
		const { funcname: _, ...rest } = call;
		this.visit(rest, scope);
	}
	operator({ name, kind, ...rest }, scope) {
		const words = wordsOf(name);
		const isWord = /^[A-Z ]+$/.test(words.at(-1) ?? "");
		if (this.#use === "run" && !isWord && !isBuiltinOperator(words)) this.#found.push({ unknown: `it uses the operator ${words.join(".")}, and what that locks is not written in the file` });
		this.visit(rest, scope);
	}
	#lock(relation, mode, reach) {
		const isRun = this.#use === "run";
		this.#found.push({
			locks: [lock(nameOf$5(relation), mode, ...isRun ? reach : [])],
			...isRun ? { work: "rows" } : {}
		});
	}
	#with(clause, scope) {
		if (clause === void 0) return scope;
		const queries = new Set(scope.queries);
		const named = (clause.ctes ?? []).flatMap((one) => "CommonTableExpr" in one ? [one.CommonTableExpr] : []);
		if (clause.recursive === true) for (const { ctename } of named) queries.add(ctename ?? "");
		for (const { ctename, ctequery } of named) {
			this.visit(ctequery, {
				queries: new Set(queries),
				rowLocked: outermost.rowLocked
			});
			queries.add(ctename ?? "");
		}
		return {
			...scope,
			queries
		};
	}
};
/** Rows that foreign keys check: the keys that new rows need, the rows that would lose theirs. */
const checksReferenced = every("referenced", "RowShare");
const checksReferencing = every("referencing", "RowExclusive");
const drawsNumbers = every("sequences", "RowExclusive");
const visitors = {
	SelectStmt: (reader, node, scope) => reader.select(node, scope),
	InsertStmt: (reader, node, scope) => reader.change(node, scope, [
		checksReferenced,
		drawsNumbers,
		...node.onConflictClause === void 0 ? [] : [checksReferencing]
	]),
	UpdateStmt: (reader, node, scope) => reader.change(node, scope, [
		checksReferenced,
		checksReferencing,
		drawsNumbers
	]),
	DeleteStmt: (reader, node, scope) => reader.change(node, scope, [checksReferencing]),
	MergeStmt: (reader, node, scope) => reader.change(node, scope, [
		checksReferenced,
		checksReferencing,
		drawsNumbers
	]),
	RangeVar: (reader, node, scope) => reader.relation(node, scope),
	FuncCall: (reader, node, scope) => reader.call(node, scope),
	A_Expr: (reader, node, scope) => reader.operator(node, scope)
};
function every(to, mode) {
	return {
		to,
		mode
	};
}
function lockedNames(clauses) {
	if (clauses === void 0 || clauses.length === 0) return void 0;
	const locking = clauses.flatMap((one) => "LockingClause" in one ? [one.LockingClause] : []);
	if (locking.some(({ lockedRels }) => lockedRels === void 0)) return "all";
	const relations = locking.flatMap(({ lockedRels }) => lockedRels ?? []);
	return new Set(relations.flatMap((one) => "RangeVar" in one ? [one.RangeVar.relname ?? ""] : []));
}
// src/sql/locks/constraint.ts
/** The table of another foreign key's end; its partitions get triggers too. */
function foreignKeyPartner(constraint) {
	return { locks: [lock(nameOf$5(constraint.pktable), "ShareRowExclusive", {
		to: "partitions",
		mode: "ShareRowExclusive"
	})] };
}
/** `ALTER TABLE … ADD CONSTRAINT`. Since PostgreSQL 18 it locks inheritance children whatever the kind. */
function addConstraint(constraint) {
	const checks = constraint.skip_validation !== true;
	switch (constraint.contype) {
		case "CONSTR_CHECK":
		case "CONSTR_NOTNULL": return {
			...checks ? queryLocks(constraint.raw_expr, "run") : queryLocks(constraint.raw_expr, "analyzed"),
			mode: "AccessExclusive",
			reach: [everyChild],
			work: checks ? "rows" : "catalog"
		};
		case "CONSTR_FOREIGN": {
			const reach = [{
				to: "children",
				mode: "ShareRowExclusive"
			}];
			return {
				...foreignKeyPartner(constraint),
				mode: "ShareRowExclusive",
				reach,
				work: checks ? "rows" : "catalog"
			};
		}
		case "CONSTR_PRIMARY":
		case "CONSTR_UNIQUE":
		case "CONSTR_EXCLUSION": return addKey(constraint);
		default: return {
			mode: "AccessExclusive",
			work: "rows",
			unknown: `it adds a constraint of the kind ${constraint.contype}`
		};
	}
}
/** A primary key makes its columns NOT NULL, and so has to look at the rows even when its index is there. */
function addKey(constraint) {
	const isPrimary = constraint.contype === "CONSTR_PRIMARY";
	const { indexname } = constraint;
	if (indexname === void 0) return {
		...queryLocks([constraint.exclusions, constraint.where_clause], "run"),
		mode: "AccessExclusive",
		reach: [everyChild],
		work: "rows"
	};
	return {
		mode: "AccessExclusive",
		reach: [everyChild, {
			to: "indexes",
			mode: "ShareUpdateExclusive",
			only: {
				kind: "index",
				name: indexname
			}
		}],
		work: isPrimary ? "rows" : "catalog"
	};
}
const everyChild = {
	to: "children",
	mode: "AccessExclusive"
};
const everyPartition = {
	to: "partitions",
	mode: "AccessExclusive"
};
const rebuildsIndexes = {
	to: "indexes",
	mode: "AccessExclusive"
};
/** `ALTER TABLE … ADD COLUMN`: instant as long as every row gets the same value and nothing has to be checked. */
function addColumn(column) {
	const constraints = constraintsOf(column.constraints);
	const isNull = !constraints.some((one) => [
		"CONSTR_DEFAULT",
		"CONSTR_GENERATED",
		"CONSTR_IDENTITY"
	].includes(one.contype ?? ""));
	const added = constraints.map((one) => columnConstraint(one, isNull));
	const rewrites = added.some((one) => one.reach?.includes(rebuildsIndexes)) || mustCompute(column);
	return [{
		mode: "AccessExclusive",
		reach: rewrites ? [everyChild, rebuildsIndexes] : [everyChild],
		work: rewrites ? "rows" : "catalog"
	}, ...added];
}
/** `serial` numbers the rows, and a domain may have checks: only the catalog knows which types are domains. */
function mustCompute({ typeName }) {
	const words = wordsOf(typeName?.names);
	return isSerial(words) || typeName?.pct_type === true || !isBuiltinType(words);
}
function columnConstraint(constraint, isNull) {
	const { contype, raw_expr } = constraint;
	switch (contype) {
		case "CONSTR_DEFAULT": return {
			...queryLocks(raw_expr, "run"),
			...isVolatileExpression(raw_expr) ? computed : { mode: "AccessExclusive" }
		};
		case "CONSTR_GENERATED": return {
			...queryLocks(raw_expr, "run"),
			...constraint.generated_kind === "v" ? { mode: "AccessExclusive" } : computed
		};
		case "CONSTR_IDENTITY": return computed;
		case "CONSTR_FOREIGN": return {
			...addConstraint(constraint),
			...isNull ? { work: "catalog" } : {}
		};
		case "CONSTR_NOTNULL": return {
			mode: "AccessExclusive",
			work: isNull ? "rows" : "catalog"
		};
		case "CONSTR_CHECK":
		case "CONSTR_PRIMARY":
		case "CONSTR_UNIQUE": return addConstraint(constraint);
		default: return { mode: "AccessExclusive" };
	}
}
const computed = {
	mode: "AccessExclusive",
	reach: [rebuildsIndexes],
	work: "rows"
};
function constraintsOf(nodes) {
	return (nodes ?? []).flatMap((one) => "Constraint" in one ? [one.Constraint] : []);
}
// src/sql/locks/partition.ts
/** A new partition gets the foreign keys of its parent, in both directions, and its indexes. */
const joinsFamily = [
	{
		to: "default",
		mode: "AccessExclusive"
	},
	{
		to: "referenced",
		mode: "ShareRowExclusive"
	},
	{
		to: "referencing",
		mode: "ShareRowExclusive"
	},
	{
		to: "indexes",
		mode: "ShareUpdateExclusive"
	}
];
/** What the parent of `CREATE TABLE … PARTITION OF` feels: rows that the default partition holds are checked. */
const partitionOf = {
	mode: "AccessExclusive",
	reach: joinsFamily
};
/** ATTACH and DETACH PARTITION; `undefined` for what is neither. */
function alterPartitions(subtype, { name, concurrent, bound }, isIndex) {
	const partition = nameOf$5(name);
	const own = [everyChild, rebuildsIndexes];
	switch (subtype) {
		case "AT_AttachPartition": {
			if (isIndex) return attachIndex(name);
			const { unknown, locks } = queryLocks(bound, "run");
			const attached = lock(partition, "AccessExclusive", ...own);
			return {
				mode: "ShareUpdateExclusive",
				reach: joinsFamily,
				locks: [...locks, attached],
				unknown,
				work: "rows"
			};
		}
		case "AT_DetachPartition": return {
			mode: concurrent === true ? "ShareUpdateExclusive" : "AccessExclusive",
			reach: [
				{
					to: "referenced",
					mode: "ShareRowExclusive"
				},
				{
					to: "referencing",
					mode: "AccessExclusive"
				},
				{
					to: "default",
					mode: "AccessExclusive"
				}
			],
			locks: [lock(partition, "AccessExclusive", ...own)]
		};
		case "AT_DetachPartitionFinalize": return {
			mode: "ShareUpdateExclusive",
			reach: [{
				to: "referenced",
				mode: "ShareRowExclusive"
			}],
			locks: [lock(partition, "AccessExclusive", ...own)]
		};
		default: return;
	}
}
/** ALTER INDEX … ATTACH PARTITION names the two indexes, and their tables are only looked at. */
function attachIndex(name) {
	const table = {
		to: "table",
		mode: "AccessShare"
	};
	return {
		mode: "ShareUpdateExclusive",
		reach: [table],
		locks: [lock(nameOf$5(name), "AccessExclusive", table)]
	};
}
// src/sql/locks/storage-options.ts
/**
* Storage parameters that only steer maintenance or later inserts; whatever else may be set needs the strongest lock.
* Source: the lock levels in PostgreSQL's reloptions.c, 13 to 18.
*/
const maintenance$1 = /* @__PURE__ */ new Set([
	"deduplicate_items",
	"fillfactor",
	"log_autoanalyze_min_duration",
	"log_autovacuum_min_duration",
	"parallel_workers",
	"toast_tuple_target",
	"vacuum_index_cleanup",
	"vacuum_max_eager_freeze_failure_rate",
	"vacuum_truncate"
]);
/** The lock for `SET (…)` and `RESET (…)`. */
function optionsMode(def) {
	return optionsOf(def !== void 0 && "List" in def ? def.List.items : void 0).reduce((mode, { defname = "" }) => strongerMode(mode, optionMode(defname)), "ShareUpdateExclusive");
}
function optionMode(name) {
	return maintenance$1.has(name) || name.startsWith("autovacuum_") ? "ShareUpdateExclusive" : "AccessExclusive";
}
// src/sql/locks/alter-table.ts
/**
* ALTER TABLE and its kin for indexes, sequences, views and types: one lock for all subcommands, the strongest.
* Source: AlterTableGetLockLevel in PostgreSQL 13 to 18, and locks read back from servers of these versions.
*/
function alterTable({ relation, cmds, objtype }) {
	const findings = (cmds ?? []).flatMap((one) => "AlterTableCmd" in one ? [one.AlterTableCmd] : []).flatMap((one) => alterations(one, relation, objtype));
	const mode = findings.reduce((strongest, one) => strongerMode(strongest, one.mode), "AccessShare");
	const reach = findings.flatMap((one) => one.reach ?? []).map((one) => isFamily(one) ? {
		...one,
		mode
	} : one);
	const kept = objtype === "OBJECT_INDEX" ? reach.filter((one) => !isFamily(one)) : reach;
	return combine({ locks: [lock(nameOf$5(relation), mode, ...kept)] }, ...findings);
}
/** Subcommands go down to children with the lock that the statement has. */
function isFamily({ to }) {
	return to === "children" || to === "partitions";
}
function alterations(command, relation, objtype) {
	if (objtype === "OBJECT_TYPE") return [alterComposite(command)];
	const found = alteration(command, objtype === "OBJECT_INDEX");
	if (!isOnly(relation) || ["AT_DropColumn", "AT_DropConstraint"].includes(command.subtype ?? "")) return found;
	return found.map((one) => ({
		...one,
		reach: (one.reach ?? []).filter((to) => !isFamily(to))
	}));
}
/** An attribute of a composite type; CASCADE goes on to the tables made OF the type. */
function alterComposite({ subtype, behavior }) {
	if (behavior !== "DROP_CASCADE") return { mode: "AccessExclusive" };
	return {
		mode: "AccessExclusive",
		reach: [{
			to: "dependents",
			mode: "AccessExclusive"
		}],
		work: subtype === "AT_AlterColumnType" ? "rows" : "catalog"
	};
}
function alteration(command, isIndex) {
	const { subtype = "", def } = command;
	const fixed = fixedAlterations[subtype];
	if (fixed !== void 0) return [fixed];
	const written = writtenAlterations[subtype];
	if (written !== void 0) return [written(command)];
	if (subtype === "AT_AddColumn" && def !== void 0 && "ColumnDef" in def) return addColumn(def.ColumnDef);
	if (subtype === "AT_AddConstraint" && def !== void 0 && "Constraint" in def) return [addConstraint(def.Constraint)];
	return [(def !== void 0 && "PartitionCmd" in def ? alterPartitions(subtype, def.PartitionCmd, isIndex) : void 0) ?? {
		mode: "AccessExclusive",
		unknown: `ALTER TABLE with the subcommand ${subtype} is not known`
	}];
}
const strongest = { mode: "AccessExclusive" };
const inFamily = {
	mode: "AccessExclusive",
	reach: [everyChild]
};
const maintenance = { mode: "ShareUpdateExclusive" };
const trigger = {
	mode: "ShareRowExclusive",
	reach: [{
		to: "partitions",
		mode: "ShareRowExclusive"
	}]
};
const logging = {
	mode: "AccessExclusive",
	work: "rows",
	reach: [
		rebuildsIndexes,
		{
			to: "sequences",
			mode: "AccessExclusive"
		},
		{
			to: "referenced",
			mode: "AccessShare"
		},
		{
			to: "referencing",
			mode: "AccessShare"
		}
	]
};
const owner = {
	mode: "AccessExclusive",
	reach: [rebuildsIndexes, {
		to: "sequences",
		mode: "AccessExclusive"
	}]
};
const fixedAlterations = {
	AT_ColumnDefault: inFamily,
	AT_DropNotNull: inFamily,
	AT_SetNotNull: {
		...inFamily,
		work: "rows"
	},
	AT_SetExpression: {
		mode: "AccessExclusive",
		reach: [everyChild, rebuildsIndexes],
		work: "rows"
	},
	AT_DropExpression: inFamily,
	AT_SetStatistics: {
		...maintenance,
		reach: [{
			to: "children",
			mode: "ShareUpdateExclusive"
		}]
	},
	AT_SetOptions: maintenance,
	AT_ResetOptions: maintenance,
	AT_SetStorage: inFamily,
	AT_SetCompression: strongest,
	AT_AddIdentity: {
		mode: "AccessExclusive",
		reach: [everyPartition]
	},
	AT_AlterColumnGenericOptions: strongest,
	AT_ChangeOwner: owner,
	AT_DropCluster: maintenance,
	AT_SetLogged: logging,
	AT_SetUnLogged: logging,
	AT_DropOids: strongest,
	AT_SetAccessMethod: {
		mode: "AccessExclusive",
		reach: [rebuildsIndexes],
		work: "rows"
	},
	AT_SetTableSpace: {
		...strongest,
		work: "rows"
	},
	AT_EnableTrig: trigger,
	AT_EnableAlwaysTrig: trigger,
	AT_EnableReplicaTrig: trigger,
	AT_DisableTrig: trigger,
	AT_EnableTrigAll: trigger,
	AT_DisableTrigAll: trigger,
	AT_EnableTrigUser: trigger,
	AT_DisableTrigUser: trigger,
	AT_EnableRule: strongest,
	AT_EnableAlwaysRule: strongest,
	AT_EnableReplicaRule: strongest,
	AT_DisableRule: strongest,
	AT_DropOf: strongest,
	AT_EnableRowSecurity: strongest,
	AT_DisableRowSecurity: strongest,
	AT_ForceRowSecurity: strongest,
	AT_NoForceRowSecurity: strongest,
	AT_GenericOptions: strongest
};
/** Those whose locks depend on what is written in them. */
const writtenAlterations = {
	AT_SetRelOptions: ({ def }) => ({ mode: optionsMode(def) }),
	AT_ResetRelOptions: ({ def }) => ({ mode: optionsMode(def) }),
	AT_AlterColumnType: alterColumnType,
	AT_DropColumn: ({ name = "", behavior }) => drops("column", name, behavior, everyChild),
	AT_DropConstraint: ({ name = "", behavior }) => {
		const only = {
			kind: "constraint",
			name
		};
		const referenced = {
			to: "referenced",
			mode: "AccessExclusive",
			only
		};
		return drops("constraint", name, behavior, {
			...everyChild,
			only
		}, referenced);
	},
	AT_ValidateConstraint: validateConstraint,
	AT_AlterConstraint: alterConstraint,
	AT_SetIdentity: ({ name = "" }) => identity(name, "ShareRowExclusive"),
	AT_DropIdentity: ({ name = "" }) => identity(name, "AccessExclusive"),
	AT_ClusterOn: ({ name = "" }) => ({
		mode: "ShareUpdateExclusive",
		reach: [index(name, "ShareUpdateExclusive")]
	}),
	AT_ReplicaIdentity: replicaIdentity,
	AT_AddInherit: ({ def }) => ({
		mode: "AccessExclusive",
		locks: [lock(parentIn(def), "ShareUpdateExclusive")]
	}),
	AT_DropInherit: ({ def }) => ({
		mode: "AccessExclusive",
		locks: [lock(parentIn(def), "AccessShare")]
	}),
	AT_AddOf: ({ def }) => ({
		mode: "AccessExclusive",
		locks: [lock(nameOfWords(wordsOf(def)), "AccessShare")]
	})
};
/** Indexes are built anew, and foreign keys at either end of the column are made anew. */
function alterColumnType({ name = "", def }) {
	const only = {
		kind: "column",
		name
	};
	const using = def !== void 0 && "ColumnDef" in def ? queryLocks(def.ColumnDef.raw_default, "run") : {};
	const reach = [
		everyChild,
		rebuildsIndexes,
		{
			to: "referenced",
			mode: "AccessExclusive",
			only
		},
		{
			to: "referencing",
			mode: "AccessExclusive",
			only
		},
		{
			to: "sequences",
			mode: "ShareRowExclusive",
			only
		}
	];
	return {
		...using,
		mode: "AccessExclusive",
		reach,
		work: "rows"
	};
}
function drops(kind, name, behavior, ...beside) {
	const to = behavior === "DROP_CASCADE" ? "dependents" : "parts";
	return {
		mode: "AccessExclusive",
		reach: [...beside, {
			to,
			mode: "AccessExclusive",
			only: {
				kind,
				name
			}
		}]
	};
}
function validateConstraint({ name = "" }) {
	const mode = "ShareUpdateExclusive";
	const only = {
		kind: "constraint",
		name
	};
	return {
		mode,
		reach: [
			{
				to: "children",
				mode,
				only
			},
			{
				to: "partitions",
				mode
			},
			{
				to: "referenced",
				mode: "RowShare",
				only
			}
		],
		work: "rows"
	};
}
/** ENFORCED makes or drops the triggers of a foreign key, at both ends. */
function alterConstraint({ def }) {
	if (def === void 0 || !("ATAlterConstraint" in def)) return {
		...inFamily,
		unknown: "ALTER CONSTRAINT does not say what it alters"
	};
	const { conname = "", alterEnforceability, is_enforced, alterInheritability } = def.ATAlterConstraint;
	const family = alterInheritability === true ? everyChild : everyPartition;
	if (alterEnforceability !== true) return {
		mode: "AccessExclusive",
		reach: [family]
	};
	return {
		mode: "AccessExclusive",
		reach: [family, {
			to: "referenced",
			mode: is_enforced === true ? "ShareRowExclusive" : "AccessExclusive",
			only: {
				kind: "constraint",
				name: conname
			}
		}],
		work: is_enforced === true ? "rows" : "catalog"
	};
}
function identity(name, mode) {
	return {
		mode: "AccessExclusive",
		reach: [everyPartition, {
			to: "sequences",
			mode,
			only: {
				kind: "column",
				name
			}
		}]
	};
}
function index(name, mode) {
	return {
		to: "indexes",
		mode,
		only: {
			kind: "index",
			name
		}
	};
}
function replicaIdentity({ def }) {
	const name = def !== void 0 && "ReplicaIdentityStmt" in def ? def.ReplicaIdentityStmt.name : void 0;
	return name === void 0 ? strongest : {
		mode: "AccessExclusive",
		reach: [index(name, "Share")]
	};
}
function parentIn(def) {
	return nameOf$5(def !== void 0 && "RangeVar" in def ? def.RangeVar : void 0);
}
// src/sql/locks/create.ts
/** A plain build keeps writers out; CONCURRENTLY only other definitions. Functions in it are called for every row. */
function createIndex({ relation, idxname, concurrent, if_not_exists, ...rest }) {
	const mode = concurrent === true ? "ShareUpdateExclusive" : "Share";
	const partitions = isOnly(relation) ? [] : [{
		to: "partitions",
		mode
	}];
	const creates = if_not_exists === true || idxname === void 0 ? [] : [{
		schema: relation?.schemaname,
		name: idxname
	}];
	const { unknown } = queryLocks([rest.indexParams, rest.whereClause], "run");
	return combine({
		locks: [lock(nameOf$5(relation), mode, ...partitions)],
		creates,
		unknown,
		work: "rows"
	});
}
/** OR REPLACE waits for everybody who uses the view. */
function createView({ view, query, replace }) {
	return combine(replace === true ? { locks: [lock(nameOf$5(view), "AccessExclusive")] } : { creates: [nameOf$5(view)] }, queryLocks(query, "analyzed"), { definesOnly: view?.relpersistence !== "t" });
}
/** A row trigger is made for every partition as well. */
function createTrigger({ relation, row, constrrel }) {
	const mode = "ShareRowExclusive";
	const reach = row === true ? [{
		to: "partitions",
		mode
	}] : [];
	return combine({ locks: [lock(nameOf$5(relation), mode, ...reach)] }, constrrel === void 0 ? {} : looksAt(constrrel));
}
function createPolicy({ table, qual, with_check }) {
	return combine({ locks: [lock(nameOf$5(table), "AccessExclusive")] }, queryLocks([qual, with_check], "analyzed"));
}
function createRule({ relation, actions, whereClause }) {
	return combine({ locks: [lock(nameOf$5(relation), "AccessExclusive")] }, queryLocks([actions, whereClause], "analyzed"));
}
function createSequence({ sequence, options, if_not_exists }) {
	return combine(if_not_exists === true ? {} : { creates: [nameOf$5(sequence)] }, ownerOf(options), { definesOnly: sequence?.relpersistence !== "t" });
}
function alterSequence({ sequence, options }) {
	return combine({ locks: [lock(nameOf$5(sequence), "ShareRowExclusive")] }, ownerOf(options));
}
/** `owned by table.column`, or `owned by none`. */
function ownerOf(options) {
	const column = wordsOf(optionsOf(options).find(({ defname }) => defname === "owned_by")?.arg);
	return column.length < 2 ? {} : { locks: [lock(nameOfWords(column.slice(0, -1)), "AccessShare")] };
}
function createStatistics({ relations }) {
	return combine({ locks: (relations ?? []).flatMap((one) => "RangeVar" in one ? [one.RangeVar] : []).map((one) => lock(nameOf$5(one), "ShareUpdateExclusive")) });
}
function createPublication({ pubobjects }) {
	const tables = (pubobjects ?? []).flatMap((one) => "PublicationObjSpec" in one ? one.PublicationObjSpec.pubtable?.relation ?? [] : []);
	const mode = "ShareUpdateExclusive";
	return combine({ locks: tables.map((one) => lock(nameOf$5(one), mode, ...isOnly(one) ? [] : [{
		to: "children",
		mode
	}])) });
}
/** SET locks the tables that leave the publication too, and does not name them. */
function alterPublication(statement) {
	const setsTables = statement.action === "AP_SetObjects" && (statement.pubobjects ?? []).length > 0;
	return combine(createPublication(statement), setsTables ? { unknown: "it does not name the tables that leave the publication" } : {});
}
/** The body in a string is only checked; a language other than SQL and PL/pgSQL has a checker of its own. */
function createFunction({ options, sql_body }) {
	const [language = "sql"] = wordsOf(optionsOf(options).find(({ defname }) => defname === "language")?.arg);
	return combine(queryLocks(sql_body, "analyzed"), { definesOnly: ["sql", "plpgsql"].includes(language.toLowerCase()) });
}
function looksAt(relation) {
	return { locks: [lock(nameOf$5(relation), "AccessShare")] };
}
// src/sql/locks/create-table.ts
/** CREATE TABLE: what it takes from others, a parent, a partner of a foreign key, a table that it is LIKE. */
function createTable$9(statement) {
	const { relation, tableElts, constraints, if_not_exists, ofTypename } = statement;
	const name = nameOf$5(relation);
	const found = combine({ ...if_not_exists === true ? {} : { creates: [name] } }, ...parents(statement), ...[...tableElts ?? [], ...constraints ?? []].map(element), ofTypename === void 0 ? {} : { locks: [lock(nameOfWords(wordsOf(ofTypename.names)), "AccessShare")] }, { definesOnly: relation?.relpersistence !== "t" });
	return {
		...found,
		locks: found.locks.filter((one) => !isSame(one, name))
	};
}
function isSame(one, other) {
	return one.name === other.name && one.schema === other.schema;
}
function parents({ inhRelations, partbound }) {
	const names = (inhRelations ?? []).flatMap((one) => "RangeVar" in one ? [nameOf$5(one.RangeVar)] : []);
	if (partbound === void 0) return names.map((one) => ({ locks: [lock(one, "ShareUpdateExclusive")] }));
	const { unknown, locks } = queryLocks(partbound, "run");
	const work = partbound.is_default === true ? "catalog" : "rows";
	return names.map((one) => ({
		unknown,
		work,
		locks: [...locks, lock(one, partitionOf.mode, ...partitionOf.reach ?? [])]
	}));
}
function element(node) {
	if ("TableLikeClause" in node) return { locks: [lock(nameOf$5(node.TableLikeClause.relation), "AccessShare")] };
	return combine(...("ColumnDef" in node ? constraintsOf(node.ColumnDef.constraints) : constraintsOf([node])).filter((one) => one.contype === "CONSTR_FOREIGN").map(foreignKeyPartner));
}
/** CREATE TABLE AS and CREATE MATERIALIZED VIEW; the views in the query may call whatever they like. */
function createTableAs({ query, into, if_not_exists }) {
	const creates = if_not_exists === true ? {} : { creates: [nameOf$5(into?.rel)] };
	if (query !== void 0 && "ExecuteStmt" in query) return combine(creates, { unknown: "it runs a prepared statement" });
	if (into?.skipData === true) return combine(creates, queryLocks(query, "analyzed"), { definesOnly: into.rel?.relpersistence !== "t" });
	return combine(creates, queryLocks(query, "run"), {
		work: "rows",
		definesOnly: false
	});
}
// src/sql/locks/describe.ts
/** COMMENT, and SECURITY LABEL, on a relation or on something in it. */
function comment({ objtype, object }) {
	const words = wordsOf(object);
	switch (objtype) {
		case "OBJECT_TABLE":
		case "OBJECT_FOREIGN_TABLE":
		case "OBJECT_VIEW":
		case "OBJECT_MATVIEW":
		case "OBJECT_SEQUENCE":
		case "OBJECT_INDEX": return combine({ locks: [lock(nameOfWords(words), "ShareUpdateExclusive")] });
		case "OBJECT_COLUMN": return combine({ locks: [lock(nameOfWords(words.slice(0, -1)), "ShareUpdateExclusive")] });
		case "OBJECT_TABCONSTRAINT":
		case "OBJECT_TRIGGER":
		case "OBJECT_RULE":
		case "OBJECT_POLICY": return combine({ locks: [lock(nameOfWords(words.slice(0, -1)), "AccessShare")] });
		default: return combine();
	}
}
/** GRANT and REVOKE look at what they name, since PostgreSQL 18 with a lock. */
function grant({ targtype, objtype, objects }) {
	if (targtype !== "ACL_TARGET_OBJECT" || !["OBJECT_TABLE", "OBJECT_SEQUENCE"].includes(objtype ?? "")) return combine();
	return combine({ locks: (objects ?? []).flatMap((one) => "RangeVar" in one ? [nameOf$5(one.RangeVar)] : []).map((one) => lock(one, "AccessShare")) });
}
// src/sql/locks/drop.ts
/** DROP of anything: relations are named; what else falls with CASCADE is for the catalog to name, or unknown. */
function drop({ removeType = "OBJECT_TABLE", objects, behavior, concurrent }) {
	const cascades = behavior === "DROP_CASCADE";
	const names = (objects ?? []).map(wordsOf);
	const dropped = droppers[removeType];
	if (dropped !== void 0) return combine(...names.map((words) => dropped(words, {
		cascades,
		concurrent: concurrent === true
	})));
	const what = removeType.replace("OBJECT_", "").replaceAll("_", " ");
	if (cascades) return combine({ unknown: `what falls with DROP ${what} CASCADE is not written in the file` });
	return withoutTable.has(removeType) ? combine() : combine({ unknown: `the tables that DROP ${what} locks are not written in the file` });
}
const droppers = {
	OBJECT_TABLE: dropTable,
	OBJECT_FOREIGN_TABLE: dropTable,
	OBJECT_VIEW: dropRelation,
	OBJECT_MATVIEW: dropRelation,
	OBJECT_SEQUENCE: dropRelation,
	OBJECT_INDEX: dropIndex,
	OBJECT_TRIGGER: (words) => dropPart("trigger", words),
	OBJECT_RULE: (words) => dropPart("rule", words),
	OBJECT_POLICY: (words) => dropPart("policy", words),
	OBJECT_TYPE: (words, { cascades }) => ({
		locks: [lock(nameOfWords(words), "AccessExclusive")],
		...cascades ? { unknown: "what falls with DROP TYPE CASCADE is not written in the file" } : {}
	})
};
function dropTable(words, { cascades }) {
	return { locks: [lock(nameOfWords(words), "AccessExclusive", goesWith(cascades), {
		to: "parent",
		mode: "AccessExclusive"
	})] };
}
function dropRelation(words, { cascades }) {
	return { locks: [lock(nameOfWords(words), "AccessExclusive", goesWith(cascades))] };
}
function dropIndex(words, { cascades, concurrent }) {
	const mode = concurrent ? "ShareUpdateExclusive" : "AccessExclusive";
	const reach = concurrent ? [] : [goesWith(cascades)];
	return { locks: [lock(nameOfWords(words), mode, {
		to: "table",
		mode
	}, ...reach)] };
}
function goesWith(cascades) {
	return {
		to: cascades ? "dependents" : "parts",
		mode: "AccessExclusive"
	};
}
/** `schema.table.trigger`: the table is only looked at when there is no such trigger, as IF EXISTS allows. */
function dropPart(kind, words) {
	const only = {
		kind,
		name: words.at(-1) ?? ""
	};
	return { locks: [lock(nameOfWords(words.slice(0, -1)), "AccessShare", {
		to: "parts",
		mode: "AccessExclusive",
		only
	})] };
}
/** Objects that no table holds on to, or whose DROP is refused while one does. */
const withoutTable = /* @__PURE__ */ new Set([
	"OBJECT_ACCESS_METHOD",
	"OBJECT_AGGREGATE",
	"OBJECT_CAST",
	"OBJECT_COLLATION",
	"OBJECT_CONVERSION",
	"OBJECT_DOMAIN",
	"OBJECT_EVENT_TRIGGER",
	"OBJECT_FDW",
	"OBJECT_FOREIGN_SERVER",
	"OBJECT_FUNCTION",
	"OBJECT_LANGUAGE",
	"OBJECT_OPCLASS",
	"OBJECT_OPERATOR",
	"OBJECT_OPFAMILY",
	"OBJECT_PROCEDURE",
	"OBJECT_PUBLICATION",
	"OBJECT_ROUTINE",
	"OBJECT_SCHEMA",
	"OBJECT_TRANSFORM",
	"OBJECT_TSCONFIGURATION",
	"OBJECT_TSDICTIONARY",
	"OBJECT_TSPARSER",
	"OBJECT_TSTEMPLATE"
]);
// src/sql/locks/maintenance.ts
/** Instant, since it makes new files; triggers for it may do anything. */
function truncate({ relations, restart_seqs, behavior }) {
	const beside = [
		rebuildsIndexes,
		...restart_seqs === true ? [{
			to: "sequences",
			mode: "AccessExclusive"
		}] : [],
		...behavior === "DROP_CASCADE" ? [{
			to: "referencing-chain",
			mode: "AccessExclusive"
		}] : []
	];
	return combine({
		locks: rangesIn(relations).map((one) => lock(nameOf$5(one), "AccessExclusive", ...family(one, "AccessExclusive"), ...beside)),
		definesOnly: false
	});
}
/** LOCK TABLE goes down to partitions and children, and through views to what they read. */
function lockTable({ relations, mode = 8 }) {
	const named = lockModes[mode - 1] ?? "AccessExclusive";
	return combine({ locks: rangesIn(relations).map((one) => lock(nameOf$5(one), named, ...family(one, named), {
		to: "underlying",
		mode: named
	})) });
}
/** Plain VACUUM gives way to everybody but definitions; FULL writes the table anew. */
function vacuum({ rels, options, is_vacuumcmd }) {
	const isFull = is_vacuumcmd === true && hasOption(options, "full");
	const mode = isFull ? "AccessExclusive" : "ShareUpdateExclusive";
	const tables = (rels ?? []).flatMap((one) => "VacuumRelation" in one ? one.VacuumRelation.relation ?? [] : []);
	return combine({
		locks: tables.map((one) => lock(nameOf$5(one), mode, ...family(one, mode), ...isFull ? [rebuildsIndexes] : [])),
		...onRows,
		...tables.length === 0 ? { unknown: "it goes through every table of the database" } : {}
	});
}
function cluster({ relation }) {
	if (relation === void 0) return combine({ unknown: "it goes through every table that was clustered before" });
	return combine({
		locks: [lock(nameOf$5(relation), "AccessExclusive", {
			to: "partitions",
			mode: "AccessExclusive"
		}, rebuildsIndexes)],
		...onRows
	});
}
/** Readers open every index of a table, so that a plain REINDEX keeps them out as well as writers. */
function reindex({ kind, relation, params }) {
	const concurrent = hasOption(params, "concurrently");
	const onTable = concurrent ? "ShareUpdateExclusive" : "Share";
	const onIndex = concurrent ? "ShareUpdateExclusive" : "AccessExclusive";
	switch (kind) {
		case "REINDEX_OBJECT_TABLE": {
			const reach = [{
				to: "partitions",
				mode: onTable
			}, {
				to: "indexes",
				mode: onIndex
			}];
			return combine({
				locks: [lock(nameOf$5(relation), onTable, ...reach)],
				...onRows
			});
		}
		case "REINDEX_OBJECT_INDEX": {
			const reach = [{
				to: "partitions",
				mode: onIndex
			}, {
				to: "table",
				mode: onTable
			}];
			return combine({
				locks: [lock(nameOf$5(relation), onIndex, ...reach)],
				...onRows
			});
		}
		default: return combine({ unknown: "it goes through every table of a schema or database" });
	}
}
function refresh({ relation, concurrent, skipData }) {
	const mode = concurrent === true ? "Exclusive" : "AccessExclusive";
	const reach = [...concurrent === true ? [] : [rebuildsIndexes], ...skipData === true ? [] : [{
		to: "source",
		mode: "AccessShare"
	}]];
	return combine({
		locks: [lock(nameOf$5(relation), mode, ...reach)],
		...onRows,
		work: skipData === true ? "catalog" : "rows"
	});
}
/** COPY into a table is an INSERT, out of it a SELECT. */
function copy({ relation, query, is_from, whereClause }) {
	return combine(queryLocks(is_from === true ? { InsertStmt: { relation } } : relation === void 0 ? query : { RangeVar: relation }, "run"), queryLocks(whereClause, "run"), onRows);
}
const onRows = {
	work: "rows",
	definesOnly: false
};
function family(relation, mode) {
	return isOnly(relation) ? [] : [{
		to: "children",
		mode
	}];
}
function rangesIn(nodes) {
	return (nodes ?? []).flatMap((one) => "RangeVar" in one ? [one.RangeVar] : []);
}
// src/sql/locks/rename.ts
/** RENAME of a relation or of something in it. An index alone can be renamed without stopping its readers. */
function rename({ renameType, relation, object, subname = "", newname = "", behavior }) {
	const name = nameOf$5(relation);
	switch (renameType) {
		case "OBJECT_TABLE":
		case "OBJECT_FOREIGN_TABLE":
		case "OBJECT_VIEW":
		case "OBJECT_MATVIEW":
		case "OBJECT_SEQUENCE":
		case "OBJECT_INDEX": return combine({
			locks: [lock(name, renameType === "OBJECT_INDEX" ? "ShareUpdateExclusive" : "AccessExclusive")],
			renames: [{
				from: name,
				to: {
					schema: name.schema,
					name: newname
				}
			}]
		});
		case "OBJECT_TYPE": {
			const from = nameOfWords(wordsOf(object));
			return combine({
				locks: [lock(from, "AccessExclusive")],
				renames: [{
					from,
					to: {
						schema: from.schema,
						name: newname
					}
				}]
			});
		}
		case "OBJECT_ATTRIBUTE": return combine({ locks: [lock(name, "AccessExclusive", ...behavior === "DROP_CASCADE" ? [dependents] : [])] });
		case "OBJECT_COLUMN": return combine({ locks: [lock(name, "AccessExclusive", ...isOnly(relation) ? [] : [everyChild])] });
		case "OBJECT_TABCONSTRAINT": {
			const only = {
				kind: "constraint",
				name: subname
			};
			const index = {
				to: "indexes",
				mode: "ShareUpdateExclusive",
				only
			};
			return combine({ locks: [lock(name, "AccessExclusive", {
				...everyChild,
				only
			}, index)] });
		}
		case "OBJECT_TRIGGER": return combine({ locks: [lock(name, "AccessExclusive", {
			to: "parts",
			mode: "AccessExclusive",
			only: {
				kind: "trigger",
				name: subname
			}
		})] });
		case "OBJECT_RULE":
		case "OBJECT_POLICY": return combine({ locks: [lock(name, "AccessExclusive")] });
		case "OBJECT_SCHEMA": return combine({ unknown: "it renames a schema, which names after it may mean" });
		default: return combine();
	}
}
const dependents = {
	to: "dependents",
	mode: "AccessExclusive"
};
/** SET SCHEMA of a relation takes its sequences along. */
function setSchema({ objectType, relation, newschema }) {
	if (objectType === "OBJECT_EXTENSION") return combine({ unknown: "the objects of the extension are not written in the file" });
	if (relation === void 0) return combine();
	const from = nameOf$5(relation);
	return combine({
		locks: [lock(from, "AccessExclusive", {
			to: "sequences",
			mode: "AccessExclusive"
		})],
		renames: [{
			from,
			to: {
				schema: newschema,
				name: from.name
			}
		}]
	});
}
/** Owners of relations are set by ALTER TABLE; of the rest only a composite type is one. */
function setOwner({ objectType, object }) {
	return objectType === "OBJECT_TYPE" ? combine({ locks: [lock(nameOfWords(wordsOf(object)), "AccessExclusive")] }) : combine();
}
/** DEPENDS ON EXTENSION. */
function setDependency({ objectType, relation }) {
	if (relation === void 0) return combine();
	return combine({ locks: [lock(nameOf$5(relation), objectType === "OBJECT_TRIGGER" ? "AccessShare" : "AccessExclusive")] });
}
// src/sql/locks.ts
/**
* Which locks a statement takes, on what, as far as its text tells. What only the catalog knows (partitions, partners
* of foreign keys) is named by `reach`; what nobody can know beforehand is `unknown`, never guessed.
*/
function statementLocks({ node }) {
	const [kind = "", content] = Object.entries(node)[0] ?? [];
	const judge = judges[kind];
	return judge?.(content) ?? combine({ unknown: `what ${kind} locks is not known` });
}
const nothing = () => combine();
/** It locks no table, but the session is another afterwards, or somebody else's code ran. */
const besideTables = () => combine({ definesOnly: false });
const elsewhere = () => combine({
	definesOnly: false,
	work: "rows"
});
const unknown = (reason) => () => combine({ unknown: reason });
const judges = {
	SelectStmt: (select) => combine(queryLocks({ SelectStmt: select }, "run"), { definesOnly: false }),
	InsertStmt: (insert) => combine(queryLocks({ InsertStmt: insert }, "run"), { definesOnly: false }),
	UpdateStmt: (update) => combine(queryLocks({ UpdateStmt: update }, "run"), { definesOnly: false }),
	DeleteStmt: (remove) => combine(queryLocks({ DeleteStmt: remove }, "run"), { definesOnly: false }),
	MergeStmt: (merge) => combine(queryLocks({ MergeStmt: merge }, "run"), { definesOnly: false }),
	ExplainStmt: ({ query }) => combine(query === void 0 ? {} : statementLocks({ node: query }), { definesOnly: false }),
	DeclareCursorStmt: ({ query }) => combine(queryLocks(query, "run"), { definesOnly: false }),
	PrepareStmt: ({ query }) => combine(queryLocks(query, "analyzed"), { definesOnly: false }),
	CopyStmt: copy,
	CreateStmt: createTable$9,
	CreateForeignTableStmt: ({ base }) => combine(createTable$9(base ?? {}), { definesOnly: false }),
	CreateTableAsStmt: createTableAs,
	CreateSchemaStmt: createSchema,
	IndexStmt: createIndex,
	ViewStmt: createView,
	CreateTrigStmt: createTrigger,
	CreatePolicyStmt: createPolicy,
	AlterPolicyStmt: createPolicy,
	RuleStmt: createRule,
	CreateSeqStmt: createSequence,
	AlterSeqStmt: alterSequence,
	CreateStatsStmt: createStatistics,
	AlterStatsStmt: nothing,
	CreatePublicationStmt: createPublication,
	AlterPublicationStmt: alterPublication,
	CreateFunctionStmt: createFunction,
	AlterFunctionStmt: nothing,
	CompositeTypeStmt: ({ typevar }) => combine({ creates: [nameOf$5(typevar)] }),
	CreateEnumStmt: nothing,
	AlterEnumStmt: nothing,
	CreateRangeStmt: nothing,
	AlterTypeStmt: nothing,
	CreateDomainStmt: nothing,
	AlterDomainStmt: ({ subtype, def }) => alterDomain(subtype, def),
	DefineStmt: ({ kind }) => kind === "OBJECT_TSDICTIONARY" ? besideTables() : combine(),
	CreateCastStmt: nothing,
	CreateTransformStmt: nothing,
	CreateOpClassStmt: nothing,
	CreateOpFamilyStmt: nothing,
	AlterOpFamilyStmt: nothing,
	AlterOperatorStmt: nothing,
	AlterCollationStmt: nothing,
	AlterTSConfigurationStmt: nothing,
	CreateRoleStmt: nothing,
	AlterRoleStmt: nothing,
	AlterRoleSetStmt: nothing,
	AlterDatabaseSetStmt: nothing,
	DropRoleStmt: nothing,
	GrantRoleStmt: nothing,
	AlterDefaultPrivilegesStmt: nothing,
	AlterTableStmt: alterTable,
	AlterTableMoveAllStmt: unknown("it moves every table of a tablespace"),
	RenameStmt: rename,
	AlterObjectSchemaStmt: setSchema,
	AlterOwnerStmt: setOwner,
	AlterObjectDependsStmt: setDependency,
	DropStmt: drop,
	CommentStmt: comment,
	SecLabelStmt: (label) => combine(comment(label), { definesOnly: false }),
	GrantStmt: grant,
	TruncateStmt: truncate,
	LockStmt: lockTable,
	VacuumStmt: vacuum,
	ClusterStmt: cluster,
	ReindexStmt: reindex,
	RefreshMatViewStmt: refresh,
	VariableSetStmt: ({ kind, name = "" }) => kind === "VAR_RESET_ALL" ? combine({ unknown: "it resets every setting, of which search_path decides what the names after it mean" }) : combine({ definesOnly: false }, settingLocks(name)),
	DiscardStmt: ({ target }) => target === "DISCARD_ALL" ? combine({ unknown: "it resets the session, and with it what the names after it mean" }) : besideTables(),
	ConstraintsSetStmt: ({ deferred }) => deferred === true ? besideTables() : combine({ unknown: "it runs the checks that were put off" }),
	VariableShowStmt: besideTables,
	TransactionStmt: besideTables,
	NotifyStmt: besideTables,
	ListenStmt: besideTables,
	UnlistenStmt: besideTables,
	DeallocateStmt: besideTables,
	ClosePortalStmt: besideTables,
	CreateEventTrigStmt: besideTables,
	AlterEventTrigStmt: besideTables,
	CreatePLangStmt: besideTables,
	CreateAmStmt: besideTables,
	CreateConversionStmt: besideTables,
	AlterTSDictionaryStmt: besideTables,
	CreateFdwStmt: besideTables,
	AlterFdwStmt: besideTables,
	CreateForeignServerStmt: besideTables,
	AlterForeignServerStmt: besideTables,
	CreateUserMappingStmt: besideTables,
	AlterUserMappingStmt: besideTables,
	DropUserMappingStmt: besideTables,
	AlterSystemStmt: besideTables,
	AlterTableSpaceOptionsStmt: besideTables,
	CreateTableSpaceStmt: besideTables,
	DropTableSpaceStmt: besideTables,
	AlterDatabaseStmt: elsewhere,
	AlterDatabaseRefreshCollStmt: elsewhere,
	CreatedbStmt: elsewhere,
	DropdbStmt: elsewhere,
	CheckPointStmt: elsewhere,
	DoStmt: unknown("what a DO block locks is not written in SQL"),
	CallStmt: unknown("what a procedure locks is not written in the file"),
	ExecuteStmt: unknown("it runs a prepared statement"),
	FetchStmt: unknown("it runs the query of a cursor"),
	LoadStmt: unknown("it loads a library"),
	CreateExtensionStmt: unknown("it runs the script of an extension"),
	AlterExtensionStmt: unknown("it runs the script of an extension"),
	AlterExtensionContentsStmt: unknown("what it adds to an extension may be a table"),
	ImportForeignSchemaStmt: unknown("the tables that it makes are not written in the file"),
	CreateSubscriptionStmt: unknown("the tables of a subscription are not written in the file"),
	AlterSubscriptionStmt: unknown("the tables of a subscription are not written in the file"),
	DropSubscriptionStmt: unknown("the tables of a subscription are not written in the file"),
	DropOwnedStmt: unknown("what a role owns is not written in the file"),
	ReassignOwnedStmt: unknown("what a role owns is not written in the file")
};
/** Whatever stands in it is made in the new schema. */
function createSchema({ schemaname, schemaElts }) {
	const found = combine(...(schemaElts ?? []).map((node) => statementLocks({ node })));
	const made = new Set(found.creates.map(({ name }) => name));
	const locks = found.locks.filter(({ schema, name }) => (schema ?? schemaname) !== schemaname || !made.has(name));
	return {
		...found,
		locks,
		creates: found.creates.map(({ schema, name }) => ({
			schema: schema ?? schemaname,
			name
		}))
	};
}
/** A new check is run on every table with a column of the domain. */
function alterDomain(subtype, def) {
	return subtype === "C" && !(def !== void 0 && "Constraint" in def && def.Constraint.skip_validation === true) || subtype === "O" || subtype === "V" ? combine({ unknown: "the tables that use the domain are not written in the file" }) : combine();
}
// src/migration/layouts/prisma/version-table.ts
/** `_prisma_migrations`: a row for each attempt, of which one without an end began and did not succeed. */
const prismaLedger = {
	create: createTable$8,
	createEmpty: createTable$8,
	select: (table) => `select distinct on (version) ${version} as version, null::pg_catalog.text as phase, checksum::pg_catalog.text as checksum, finished_at as applied_at, migration_name::pg_catalog.text as name, finished_at is null as dirty from ${quoteTable(table)} where rolled_back_at is null order by version, finished_at is not null, started_at desc`,
	record: (table, migration) => `insert into ${quoteTable(table)} (id, checksum, migration_name, started_at, finished_at, applied_steps_count) values (${named(migration)}, pg_catalog.now(), pg_catalog.clock_timestamp(), 1)`,
	erase: (table, migration) => `delete from ${quoteTable(table)} where rolled_back_at is null and ${isOf(migration)}`,
	mark: (table, migration) => marked(table, migration),
	dirty: {
		explain: (version) => ({
			says: `version ${version} began and has not ended`,
			hint: `When prisma is at work just now, wait. Otherwise it stops at it too: make sure by hand that all of ${version} is there, or nothing of it, and say so: ${clearDirtyCommand(version)}. Prisma's own word for it, with the name of the folder: prisma migrate resolve --applied <name>, or --rolled-back <name>.`
		}),
		settle(table, migration, as) {
			const rolledBack = `update ${quoteTable(table)} set rolled_back_at = pg_catalog.clock_timestamp() where finished_at is null and rolled_back_at is null and ${isOf(migration)}`;
			return as === "reverted" ? rolledBack : `with begun as (${rolledBack}) ${marked(table, migration)}`;
		}
	},
	head: (table, _scope, without = []) => headOfVersions(`${versionsOfPrisma(table)} where ${butNot("t.version", without)}`)
};
/** The rows that count, as a table `t` of versions; a look from outside reads them in the same way. */
function versionsOfPrisma(table) {
	return `(select ${version} as version, finished_at is null as dirty from ${quoteTable(table)} where rolled_back_at is null) t`;
}
/** The number that a name starts with, or the whole name of a row that no reader here has written. */
const version = `coalesce(pg_catalog.substring(migration_name::pg_catalog.text, '^0*([0-9]+)(?:_|$)'), migration_name::pg_catalog.text)`;
function createTable$8(table) {
	return `create table if not exists ${quoteTable(table)} (id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamp with time zone, migration_name varchar(255) not null, logs pg_catalog.text, rolled_back_at timestamp with time zone, started_at timestamp with time zone not null default pg_catalog.now(), applied_steps_count integer not null default 0)`;
}
/** As `prisma migrate resolve --applied` writes it: no steps, no time taken, and empty logs. */
function marked(table, migration) {
	return `insert into ${quoteTable(table)} (id, checksum, migration_name, started_at, finished_at, logs) values (${named(migration)}, pg_catalog.now(), pg_catalog.now(), '')`;
}
function named({ id, checksum }) {
	return `pg_catalog.gen_random_uuid()::pg_catalog.text, ${quoteText(checksum)}, ${quoteText(id)}`;
}
function isOf(migration) {
	return `${version} operator(pg_catalog.=) ${quoteText(migration.version)}`;
}
// src/backup/membership.ts
/** A role that is a member of another one; options are what makes it more, or less, than a plain membership. */
const membershipSchema = object({
	role: string(),
	member: string(),
	options: array(_enum([
		"admin",
		"no inherit",
		"no set"
	]))
});
/** One for each pair of roles: before 16 there can be no other, and since then several roles may grant the same. */
function mergeMemberships(granted) {
	const pairs = /* @__PURE__ */ new Map();
	for (const one of granted) {
		const key = membershipKey(one);
		const { admin, inherit, set } = pairs.get(key) ?? {
			admin: false,
			inherit: false,
			set: false
		};
		pairs.set(key, {
			...one,
			admin: admin || one.admin,
			inherit: inherit || one.inherit,
			set: set || one.set
		});
	}
	return [...pairs.values()].map(({ role, member, admin, inherit, set }) => ({
		role,
		member,
		options: [
			...admin ? ["admin"] : [],
			...inherit ? [] : ["no inherit"],
			...set ? [] : ["no set"]
		]
	}));
}
function membershipKey({ role, member }) {
	return JSON.stringify([member, role]);
}
// src/backup/key.ts
const dumpEnd = ".dump";
const manifestEnd = ".manifest.json";
const contentsEnd = ".contents.json";
const rolesEnd = ".roles.sql";
/** With both labels, the stamp and an ending a file name stays below the 255 bytes that file systems allow. */
const longestLabel = 80;
/** `<project>/backups/<environment>/<class>/<YYYY>/<MM>/<DD>/<database>-<stamp>-<release>.dump` */
function dumpKey(name) {
	const stamp = compactStamp(name.at);
	const day = `${stamp.slice(0, 4)}/${stamp.slice(4, 6)}/${stamp.slice(6, 8)}`;
	const stem = `${keyLabel(name.database)}-${stamp}-${keyLabel(name.release)}`;
	return `${classPrefix(name)}${day}/${stem}${dumpEnd}`;
}
/** Every backup of an environment, whatever its class, has a key that starts with this. */
function backupsPrefix({ project, environment }) {
	return `${keyLabel(project)}/backups/${keyLabel(environment)}/`;
}
/** A text as a part of a key: when anything had to be replaced, a hash keeps two different texts apart. */
function keyLabel(text) {
	const label = text.replace(/[^A-Za-z0-9._-]/gu, "-").slice(0, longestLabel);
	return label === text && !(label === "" || label === "." || label === "..") ? label : `${label}-${sha256$1(text).slice(0, 6)}`;
}
/** Short and opaque, fit for outputs: `20261121T140410Z-1f0c2b7a`. */
function backupId(key, at) {
	return `${compactStamp(at)}-${idHash(key)}`;
}
/** The part of an id that depends on the key alone. */
function idHash(key) {
	return sha256$1(key).slice(0, 8);
}
function isDumpKey(key) {
	return key.endsWith(dumpEnd);
}
function isManifestKey(key) {
	return key.endsWith(manifestEnd);
}
function manifestKeyOf(key) {
	return `${key.slice(0, -5)}${manifestEnd}`;
}
/** The list of what the dump holds, beside it. */
function contentsKeyOf(key) {
	return `${key.slice(0, -5)}${contentsEnd}`;
}
/** The roles of the dump's server, beside it. */
function rolesKeyOf(key) {
	return `${key.slice(0, -5)}${rolesEnd}`;
}
function dumpKeyOf(manifestKey) {
	return `${manifestKey.slice(0, -14)}${dumpEnd}`;
}
/**
* The stamp in a key's file name, comparable with `compactStamp`. A database or a release may be called like a stamp:
* the days in the folders tell which one is meant.
*/
function stampIn(key) {
	const stamps = [...fileName(key).matchAll(/-(\d{8}T\d{6}Z)(?=-)/g)].map(([, stamp]) => stamp);
	const day = /\/(\d{4})\/(\d{2})\/(\d{2})\/[^/]*$/.exec(key)?.slice(1).join("");
	return stamps.find((stamp) => stamp.startsWith(`${day}T`)) ?? stamps[0];
}
/** Whether a key may be that of a snapshot of this moment: it says so, or says nothing. */
function mayBeOf(key, at) {
	return stampIn(key) === void 0 || fileName(key).includes(`-${compactStamp(at)}-`);
}
/** What the key of a dump, or of something beside it, says; `undefined` when `dumpKey` cannot have made it. */
function stemIn(key, scope) {
	const folder = classPrefix(scope);
	const stamp = stampIn(key);
	if (!key.startsWith(folder) || stamp === void 0) return void 0;
	const [, day, file = ""] = /^(\d{4}\/\d{2}\/\d{2})\/([A-Za-z0-9._-]+)$/.exec(key.slice(folder.length)) ?? [];
	const at = file.indexOf(`-${stamp}-`);
	const release = file.slice(at + stamp.length + 2);
	if (day?.replaceAll("/", "") !== stamp.slice(0, 8) || at < 1 || release.startsWith(dumpEnd)) return void 0;
	return {
		database: file.slice(0, at),
		stamp
	};
}
/** Every backup of one class has a key that starts with this. */
function classPrefix(scope) {
	return `${backupsPrefix(scope)}${keyLabel(scope.class)}/`;
}
/** Whether a key may be that of a backup of this database; one without a stamp may be of any. */
function mayBeOfDatabase(key, database) {
	const stamp = stampIn(key);
	return stamp === void 0 || fileName(key).startsWith(`${keyLabel(database)}-${stamp}-`);
}
function fileName(key) {
	return key.slice(key.lastIndexOf("/") + 1);
}
function sha256$1(text) {
	return createHash("sha256").update(text).digest("hex");
}
// src/backup/content.ts
const count$1 = int().nonnegative();
const tableSchema = object({
	name: string(),
	/** Exact rows under the snapshot; missing where nobody counted them. */
	rows: count$1.optional(),
	/** Who counted: the server under the snapshot, or whoever read the archive back. */
	counted: _enum(["snapshot", "archive"]).optional(),
	method: _enum(["row-text-1", "key-sample-64-1"]).optional(),
	fingerprint: string().optional(),
	/** Why the dump holds none of its rows. */
	notDumped: literal$1("unlogged on a standby").optional(),
	/** Of the table of an extension: only rows that the extension leaves to its users are in a dump, and counted here. */
	extension: string().optional()
});
const sequenceSchema = object({
	name: string(),
	/** A whole number as text: it may be greater than JSON's numbers hold. Sequences are outside of every snapshot. */
	lastValue: string().optional(),
	isCalled: boolean().optional(),
	/** Greatest value in the column that owns it, under the snapshot; missing where no index makes it cheap. */
	ownerMax: string().optional(),
	notDumped: literal$1("unlogged on a standby").optional()
});
const largeObjectsSchema = object({
	count: count$1,
	/** Missing where the time did not suffice. */
	bytes: count$1.optional(),
	method: _enum(["piece-sha256-1", "piece-sha256-sample-64-1"]).optional(),
	fingerprint: string().optional()
});
const ledgerHeadSchema = object({
	table: string(),
	head: string(),
	/** Of the project's own rows, where several projects share a version table. */
	ofProject: string().optional()
});
/** One thing of the catalog, by what people call it; facts that say nothing (no default, no option) are left out. */
const catalogObjectSchema = object({
	kind: string(),
	name: string(),
	facts: record$1(string(), union([
		string(),
		boolean(),
		number(),
		array(string())
	]))
});
/** How many objects of each kind there are. */
function countKinds(catalog) {
	const counts = {};
	for (const { kind } of catalog) counts[kind] = (counts[kind] ?? 0) + 1;
	return counts;
}
// src/backup/contents.ts
const schemaName$2 = "shiplock/backup-contents@1";
const contentsSchema = object({
	schema: literal$1(schemaName$2),
	/** Whose words the definitions are in: another major version may say the same in others. */
	serverMajor: int().positive(),
	/** Of all roles of the server, as they were beside the roles; missing where none are kept, and in older backups. */
	memberships: array(membershipSchema).optional(),
	objects: array(catalogObjectSchema)
});
/** An object that lies beside a dump, as its manifest names it. */
const besideSchema = object({
	key: string(),
	sizeBytes: int().nonnegative(),
	sha256: string().regex(/^[0-9a-f]{64}$/)
});
/** Keeps the list of what a dump holds beside it: in the manifest it would have to be read whenever a backup is looked for. */
function writeContents(store, dumpKey, given, signal) {
	const contents = {
		schema: schemaName$2,
		...given
	};
	const lines = contents.objects.map((object) => JSON.stringify(object)).join(",\n");
	const head = JSON.stringify({
		...contents,
		objects: void 0
	}).slice(0, -1);
	return write(store, contentsKeyOf(dumpKey), `${head},"objects":[\n${lines}\n]}\n`, signal);
}
function writeRoles(store, dumpKey, sql, signal) {
	return write(store, rolesKeyOf(dumpKey), sql, signal);
}
/** Throws `backup-damaged` when what lies there is not what the manifest names. */
async function readContents(store, beside) {
	const bytes = await readBeside(store, beside);
	try {
		return contentsSchema.parse(JSON.parse(bytes.toString()));
	} catch (error) {
		throw damaged$1(beside.key, messageOf(error), error);
	}
}
/** The bytes of an object that lies beside a dump. Throws `backup-damaged` when they are not what the manifest names. */
async function readBeside(store, { key, sizeBytes, sha256 }) {
	const found = await store.head(key);
	if (found?.sizeBytes !== sizeBytes) throw damaged$1(key, found === void 0 ? "it is missing" : "it has another size");
	const bytes = await buffer(await store.get(key));
	if (hashOf$2(bytes) !== sha256) throw damaged$1(key, "its SHA-256 is another one");
	return bytes;
}
async function write(store, key, content, signal) {
	const bytes = Buffer.from(content);
	await store.put(key, Readable.from([bytes]), signal, { expectedBytes: bytes.length });
	return {
		key,
		sizeBytes: bytes.length,
		sha256: hashOf$2(bytes)
	};
}
function hashOf$2(bytes) {
	return createHash("sha256").update(bytes).digest("hex");
}
function damaged$1(key, problem, cause) {
	return new ReleaseError("backup-damaged", `${key} is not what was written beside the dump: ${problem}.`, {
		hint: "Name another backup with key, or make a new one with backup.",
		cause
	});
}
// src/backup/manifest.ts
const schemaName$1 = "shiplock/backup-manifest@1";
const count = int().nonnegative();
const moment = datetime();
const sha256 = string().regex(/^[0-9a-f]{64}$/);
/** The JSON that is written last: without it, a dump is not a backup. `find-backup.ts` finds one. */
const manifestSchema = object({
	schema: literal$1(schemaName$1),
	tool: string(),
	id: string().regex(/^[A-Za-z0-9.:-]+$/),
	/** How much was proved when it was written. */
	level: _enum(["landed", "read-back"]),
	project: string(),
	environment: string(),
	release: string(),
	commit: string().optional(),
	class: string(),
	run: object({
		id: string(),
		attempt: string(),
		host: string()
	}),
	startedAt: moment,
	finishedAt: moment,
	/** The same moment on several clocks. */
	clock: object({
		database: moment,
		runner: moment,
		store: moment.optional(),
		skewMs: count
	}),
	source: object({
		serverVersion: string(),
		serverMajor: int().positive(),
		database: string(),
		systemIdentifier: string().optional(),
		databaseOid: string().optional(),
		/** SHA-256 over host, port and name. */
		address: string().optional(),
		encoding: string(),
		collate: string(),
		ctype: string(),
		localeProvider: string(),
		collationVersion: string().optional(),
		inRecovery: boolean(),
		/** How far a standby was behind its primary; missing on a primary, and where nothing tells. */
		lagMs: count.optional(),
		sizeBytes: count,
		extensions: array(object({
			name: string(),
			version: string(),
			schema: string()
		})),
		stamp: string().optional()
	}),
	dump: object({
		clientVersion: string().regex(/^\d/),
		format: literal$1("custom"),
		/** What `pg_restore` must be able to read. */
		archiveVersion: string().optional(),
		compression: string(),
		arguments: array(string()),
		exitCode: literal$1(0),
		/** What `pg_dump` said, although it ended with 0. */
		warnings: array(string()),
		snapshot: string(),
		/** By the database's clock. */
		snapshotAt: moment
	}),
	object: object({
		key: string(),
		sizeBytes: count,
		sha256,
		etag: string().optional(),
		versionId: string().optional(),
		parts: object({
			count,
			sizeBytes: count
		}).optional(),
		encryption: literal$1("none")
	}),
	/** The list of everything that the dump holds besides data. */
	contents: besideSchema,
	roles: union([besideSchema.extend({ count }), object({ notKept: string() })]),
	/** How many objects of each kind the list holds. */
	catalog: record$1(string(), count),
	/** How the rows were hashed, and the session settings that a hash depends on. */
	fingerprint: object({
		mode: _enum([
			"auto",
			"counts",
			"sample",
			"full"
		]),
		limitMs: count.optional(),
		settings: record$1(string(), string())
	}),
	/** Every table under the snapshot, with what is known of its rows. */
	tables: array(tableSchema),
	/** Missing in older manifests, which do not tell what stands in tables of extensions. */
	extensionTables: array(tableSchema).optional(),
	/** Outside of the snapshot: a sequence never goes back. */
	sequences: array(sequenceSchema),
	largeObjects: largeObjectsSchema,
	ledgerHeads: array(ledgerHeadSchema),
	checks: array(checkSchema)
});
/** Many tables make a long manifest; this is a hundred times more than most, and bounds what a hostile one costs. */
const largestBytes$1 = 67108864;
/** Writes a manifest and reads it back. Throws `backup-damaged` when the store gives back something else. */
async function writeManifest(store, manifest, signal) {
	const bytes = Buffer.from(`${JSON.stringify(manifest, void 0, 2)}\n`);
	const manifestKey = manifestKeyOf(manifest.object.key);
	await store.put(manifestKey, Readable.from([bytes]), signal);
	const stored = await readManifest(store, manifestKey);
	if (stored.manifestSha256 !== hashOf$1(bytes)) throw damaged(manifestKey, "the store gives back something else than was written");
	return stored;
}
/**
* Reads one manifest. Throws `backup-not-found` when the key does not exist, `backup-damaged` when what lies there
* is not a manifest, or is the manifest of something else.
*/
async function readManifest(store, manifestKey) {
	const bytes = await readAll$1(store, manifestKey);
	const manifest = parse$2(bytes, manifestKey);
	const key = dumpKeyOf(manifestKey);
	if (manifest.object.key !== key) throw damaged(manifestKey, `it describes another object, ${manifest.object.key}`);
	if (!manifest.id.endsWith(`-${idHash(key)}`)) throw damaged(manifestKey, `its id ${manifest.id} belongs to another object`);
	const { snapshotAt } = manifest.dump;
	if (!mayBeOf(key, new Date(snapshotAt))) throw damaged(manifestKey, `its snapshot is of ${snapshotAt}, and its key says another moment`);
	return {
		manifest,
		manifestKey,
		manifestSha256: hashOf$1(bytes)
	};
}
function hashOf$1(bytes) {
	return createHash("sha256").update(bytes).digest("hex");
}
async function readAll$1(store, key) {
	const chunks = [];
	let sizeBytes = 0;
	for await (const chunk of await store.get(key)) {
		sizeBytes += chunk.length;
		if (sizeBytes > largestBytes$1) throw damaged(key, `it is larger than ${largestBytes$1 / 1024 ** 2} MiB`);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
function parse$2(bytes, key) {
	let content;
	try {
		content = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
	} catch (error) {
		throw damaged(key, `it is not JSON (${messageOf(error)})`, error);
	}
	const header = looseObject({ schema: string().max(100) }).safeParse(content);
	if (!header.success) throw damaged(key, "it names no schema");
	if (header.data.schema !== "shiplock/backup-manifest@1") throw damaged(key, `its schema is ${header.data.schema}, where ${schemaName$1} is expected`);
	const manifest = manifestSchema.safeParse(content);
	if (!manifest.success) throw damaged(key, prettifyError(manifest.error).replaceAll(/\s*\n\s*/g, " "), manifest.error);
	return manifest.data;
}
function damaged(key, problem, cause) {
	return new ReleaseError("backup-damaged", `${key} cannot be used as a manifest: ${problem}.`, {
		hint: "Was it made by this version of Shiplock, or copied by hand? Name another backup with key, or make a new one with backup.",
		cause
	});
}
// src/backup/list-backups.ts
/**
* The backups of an environment, the newest snapshot first, and between them the manifests that cannot be used. A
* manifest is read when its turn has come, together with those of the same second. The stamp in a key gives the order;
* a key without one, whose age only its manifest tells, is read at the start.
*/
async function* backupsNewestFirst(store, scope, wanted = {}) {
	const keys = await manifestKeys(store, scope, wanted);
	const ahead = wanted.ahead ?? 1;
	let early = await readAll(store, scope, keys.filter((key) => stampIn(key) === void 0), Math.max(ahead, mostAtOnce));
	for (const turn of turns(keys, ahead)) {
		const oldest = startOf(stampIn(turn.at(-1)));
		const due = early.filter((one) => momentOf(one) >= oldest);
		early = early.filter((one) => !due.includes(one));
		yield* [...due, ...await readAll(store, scope, turn, Math.max(ahead, mostAtOnce))].sort(newestFirst);
	}
	yield* early.sort(newestFirst);
}
/** How many manifests of the same second, or without a stamp, are read at once. */
const mostAtOnce = 8;
async function manifestKeys(store, scope, wanted) {
	const { class: name, database } = wanted;
	const prefix = name === void 0 ? backupsPrefix(scope) : classPrefix({
		...scope,
		class: name
	});
	const keys = (wanted.objects ?? await store.list(prefix)).map(({ key }) => key).filter((key) => key.startsWith(prefix) && isManifestKey(key));
	return database === void 0 ? keys : keys.filter((key) => mayBeOfDatabase(key, database));
}
/** Keys that are read together: all of one second, and of further seconds until there are enough. */
function* turns(keys, ahead) {
	const dated = keys.flatMap((key) => {
		const stamp = stampIn(key);
		return stamp === void 0 ? [] : [{
			key,
			stamp
		}];
	});
	dated.sort((a, b) => compare(b.stamp, a.stamp));
	let turn = [];
	for (const [index, { key, stamp }] of dated.entries()) {
		turn.push(key);
		if (turn.length < ahead || dated[index + 1]?.stamp === stamp) continue;
		yield turn;
		turn = [];
	}
	if (turn.length > 0) yield turn;
}
async function readAll(store, scope, keys, atOnce) {
	const found = [];
	for (let start = 0; start < keys.length; start += atOnce) found.push(...await Promise.all(keys.slice(start, start + atOnce).map((key) => readOne(store, scope, key))));
	return found.filter((one) => one !== void 0);
}
async function readOne(store, scope, manifestKey) {
	try {
		const backup = await readManifest(store, manifestKey);
		const { project, environment } = backup.manifest;
		if (project === scope.project && environment === scope.environment) return backup;
		return {
			manifestKey,
			problem: `It says that it is of ${project}, environment ${environment}.`
		};
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		if (error.code === "backup-not-found") return void 0;
		if (error.code !== "backup-damaged") throw error;
		return {
			manifestKey,
			problem: error.message
		};
	}
}
/** What cannot be used comes before what can: it may be the newer one. */
function newestFirst(a, b) {
	return compare(momentOf(b), momentOf(a)) || compare(finishedAt(b), finishedAt(a)) || compare(a.manifestKey, b.manifestKey);
}
/** As text that compares; a manifest that cannot be read may be the newest of its second, and without a stamp of all. */
function momentOf(one) {
	if ("manifest" in one) return new Date(one.manifest.dump.snapshotAt).toISOString().replaceAll(/[-:]/g, "");
	const stamp = stampIn(one.manifestKey);
	return stamp === void 0 ? "~" : endOf(stamp);
}
function startOf(stamp) {
	return stamp.replace("Z", ".000Z");
}
function endOf(stamp) {
	return stamp.replace("Z", ".999Z");
}
function finishedAt(one) {
	return "manifest" in one ? one.manifest.finishedAt : "~";
}
function compare(a, b) {
	return a < b ? -1 : a > b ? 1 : 0;
}
// src/backup/find-backup.ts
/**
* The newest backup of an environment, over all classes, by the moment of its snapshot and not by the time of its
* file. A dump without a manifest is not a backup. Throws `backup-not-found`.
*/
async function newestBackup(store, scope) {
	return await search(store, scope, {}, () => void 0);
}
/** The usable backups of a database that are there already, the newest first. */
async function previousBackups(store, scope, database, most) {
	const found = [];
	for await (const one of backupsNewestFirst(store, scope, { database })) {
		if ("manifest" in one && isUsable(one.manifest) && one.manifest.source.database === database) found.push(one);
		if (found.length === most) break;
	}
	return found;
}
/** A dump that was kept although a check of it failed is evidence for people, not a backup to count on. */
function isUsable({ checks }) {
	return verdictOf$1(checks) === "pass";
}
/** What a look at a backup says of the checks that failed when it was made. */
function checkMade(manifest) {
	const message = failureWhenMade(manifest);
	return message === void 0 ? [] : [{
		id: "made",
		status: "fail",
		message
	}];
}
/**
* One backup by the key of its dump, the key of its manifest, or its id. A key may name a backup of another
* environment: the caller compares. Throws `backup-not-found`, or `backup-damaged` when the manifest is unusable.
*/
async function findBackup(store, scope, keyOrId) {
	const manifestKey = isManifestKey(keyOrId) ? keyOrId : isDumpKey(keyOrId) ? manifestKeyOf(keyOrId) : await manifestKeyById(store, scope, keyOrId);
	if (manifestKey === void 0 || await store.head(manifestKey) === void 0) throw await notFound$1(store, scope, keyOrId);
	const backup = await readManifest(store, manifestKey);
	const { id, object } = backup.manifest;
	if (![manifestKey, object.key].includes(keyOrId) && id.toLowerCase() !== keyOrId.toLowerCase()) throw await notFound$1(store, scope, keyOrId);
	return {
		...backup,
		ignored: []
	};
}
async function search(store, scope, { database }, refuse) {
	const ignored = [];
	for await (const one of backupsNewestFirst(store, scope, database === void 0 ? {} : { database })) {
		if (!("manifest" in one)) {
			ignored.push(one);
			continue;
		}
		if (database !== void 0 && one.manifest.source.database !== database) continue;
		const problem = refuse(one.manifest);
		if (problem === void 0) return {
			...one,
			ignored
		};
		ignored.push({
			manifestKey: one.manifestKey,
			problem
		});
	}
	throw noneFound$1(store, scope, ignored);
}
/** Why nothing may rely on a backup that is kept for a look at it, `undefined` when every check of its own run passed. */
function failureWhenMade({ checks }) {
	const failed = checks.filter(({ status }) => status === "fail");
	if (failed.length === 0) return void 0;
	return `when it was made, ${failed.map(({ id, message }) => message === void 0 ? `${id} failed` : `${id} failed: ${message}`).join("; ")}`;
}
async function manifestKeyById(store, scope, id) {
	return (await store.list(backupsPrefix(scope))).map(({ key }) => key).find((key) => isManifestKey(key) && id.toLowerCase().endsWith(`-${idHash(dumpKeyOf(key))}`));
}
function noneFound$1(store, scope, ignored) {
	const unusable = ignored.map(({ manifestKey, problem }) => `\n  ${manifestKey}: ${problem}`).join("");
	const also = ignored.length === 0 ? "" : ` ${ignored.length} cannot be used:${unusable}`;
	return new ReleaseError("backup-not-found", `${store.description} holds no backup of ${scope.project} for the environment ${scope.environment}.${also}`, { hint: "Make one with the command backup, or check store, project and environment." });
}
async function notFound$1(store, scope, keyOrId) {
	if (isDumpKey(keyOrId) && await store.head(keyOrId) !== void 0) return new ReleaseError("backup-not-found", `${keyOrId} has no manifest in ${store.description}: the run that wrote it did not reach its end, so it is not a backup.`, { hint: "Make a new one with the command backup." });
	return new ReleaseError("backup-not-found", `${store.description} holds no backup ${keyOrId}.`, { hint: `Name the key of a dump (${backupsPrefix(scope)}….dump), the key of its manifest, or its id; leave key out for the newest.` });
}
// src/sql/parsed-text.ts
const parsed$1 = /* @__PURE__ */ new WeakMap();
/** The statements of a migration's text, parsed once however many ask. Nobody changes what the parser returned. */
function statementsOf$1(text) {
	const known = parsed$1.get(text) ?? parseStatements(text.text);
	parsed$1.set(text, known);
	return known;
}
// src/backup/missing-dump.ts
/** Why a manifest describes no dump that is there: it outlives its dump where somebody, or a rule of the store, deletes by name. */
async function missingDump({ object }, store) {
	const stored = await store.head(object.key);
	if (stored === void 0) return "its dump is not in the store any more";
	if (stored.sizeBytes === object.sizeBytes) return void 0;
	return `its dump has ${formatSize(stored.sizeBytes)} in the store, where ${formatSize(object.sizeBytes)} were written`;
}
// src/backup/age.ts
/** Two machines' clocks differ a little; a snapshot from further ahead than this is not to be trusted. */
const clockSkewMs = 3e5;
/** What is wrong with the age of a backup. */
function ageProblem(ageMs, limitMs) {
	if (ageMs < -3e5) return "its snapshot lies in the future";
	if (limitMs === void 0 || ageMs <= limitMs) return void 0;
	return `it is too old: ${formatDuration(ageMs)}, where ${formatDuration(limitMs)} is the limit`;
}
// src/backup/same-database.ts
/**
* Why a backup is not of this very database; `undefined` when it is. A stamp alone does not tell: a template copy and a
* restored backup carry it too, and a copy that was adopted as moved keeps it. So whatever both sides know must agree.
*/
function otherDatabase({ source }, live) {
	const { systemIdentifier, databaseOid, address } = live.identity;
	if (source.stamp !== void 0 && source.stamp !== live.stampId) return live.stampId === void 0 ? "it is of a database that carries a stamp, and this one carries none" : "it is of a database with another stamp";
	if (differ(source.systemIdentifier, systemIdentifier)) return "it is of another server cluster";
	if (differ(source.databaseOid, databaseOid)) return "it is of another database of this cluster";
	if (!source.inRecovery && differ(source.address, address)) return "it is of a database at another address";
	if (source.stamp !== void 0) return void 0;
	if (source.database !== live.database) return `it is of the database ${source.database}`;
	if (source.systemIdentifier === void 0 || systemIdentifier === void 0 || source.databaseOid === void 0) return "it was made before the database had a stamp, and nothing else tells which database it is of";
}
function differ(one, other) {
	return one !== void 0 && other !== void 0 && one !== other;
}
// src/known-hosts.ts
/**
* Lines of a known_hosts file, as ssh reads them. Throws `invalid-input` when there is none, or for the first that is
* no such line: ssh would pass over it in silence.
*/
function readKnownHosts(text) {
	const all = text.split(/\r?\n/).map((line) => line.trim());
	const lines = all.filter((line) => line !== "" && !line.startsWith("#"));
	const wrong = lines.find((line) => !knownHost.test(line));
	if (lines.length === 0 || wrong !== void 0) {
		const problem = wrong === void 0 ? "holds no line" : `holds a line, number ${all.indexOf(wrong) + 1}, that is none`;
		throw new ReleaseError("invalid-input", `ssh-known-hosts ${problem} of a known_hosts file.`, { hint: "A line is \"host type key\", such as \"bastion.example.net ssh-ed25519 AAAA…\", as ssh-keyscan prints it; a fingerprint is not enough." });
	}
	return `${lines.join("\n")}\n`;
}
/** https://man.openbsd.org/sshd.8#SSH_KNOWN_HOSTS_FILE_FORMAT */
const knownHost = /^(?:@(?:cert-authority|revoked)\s+)?\S+\s+(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[\w.@-]+\s+AAAA[\w+/]+={0,2}(?:\s.*)?$/;
// src/commands/database-inputs.ts
/** The inputs that every command with a database has. */
const databaseInputNames = [
	"database-url",
	"database-ca",
	"allow-insecure-tls",
	"connect",
	"ssh-key",
	"ssh-known-hosts",
	"expect-database",
	"role",
	"state-schema",
	"history"
];
/** What the commands that take the lock let people say about it. */
const lockInputNames = ["on-locked", "lock-wait"];
function lockPolicy(inputs, { signal }) {
	return {
		onLocked: inputs["on-locked"],
		waitMs: inputs["lock-wait"],
		signal
	};
}
/**
* Where the database is, how it is reached and how the connection is protected. Disposal closes the tunnel, if there is one.
* Throws `wrong-database` when another name was expected, `insecure-tls` when nothing would protect it.
*/
async function databaseInputs(inputs, context) {
	const connection = inputs["database-url"];
	const expected = inputs["expect-database"];
	if (expected !== void 0 && expected !== connection.database) throw new ReleaseError("wrong-database", `expect-database names ${expected}, but the connection goes to ${describeConnection(connection)}.`, { hint: "Check which environment this URL belongs to. Nothing was sent to the server." });
	const named = inputs["database-ca"] ?? (connection.sslrootcert === "system" ? void 0 : connection.sslrootcert);
	const ca = await context.readAuthority(named);
	const tls = decideTls(connection, {
		ca,
		allowInsecure: inputs["allow-insecure-tls"]
	});
	if (tls.mode === "require") context.log.warn(`${describeConnection(connection)}: encrypted, but the server is not authenticated (sslmode=require)`);
	if (tls.mode === "prefer" || tls.mode === "off" && inputs["allow-insecure-tls"]) context.log.warn(`${describeConnection(connection)}: the connection may not be encrypted (allow-insecure-tls)`);
	const tunnel = await tunnelTo(connection, inputs, context);
	return {
		connection,
		tls,
		role: inputs.role,
		tunnel,
		[Symbol.asyncDispose]: async () => tunnel?.[Symbol.asyncDispose]()
	};
}
async function tunnelTo(connection, inputs, context) {
	const { connect: through, "ssh-key": key, "ssh-known-hosts": knownHosts } = inputs;
	if (through === void 0) return void 0;
	if (knownHosts === void 0 && context.inAction) throw new ReleaseError("invalid-input", "connect names an ssh host, and ssh-known-hosts does not say which host key it has.", { hint: `Print it with "ssh-keyscan ${through.host}", compare the fingerprint with the provider's, and give the line as ssh-known-hosts. It is no secret.` });
	return context.makeTunnel({
		through,
		connection,
		key: key === void 0 ? void 0 : readPrivateKey(key),
		knownHosts: knownHosts === void 0 ? void 0 : readKnownHosts(knownHosts)
	});
}
/** SHA-256, in hex, over canonical JSON: keys sorted, no white space. */
function planDigest(contract) {
	const { environment, phase, layout, folders, tables, stamp, migrations, command, policy } = contract;
	const body = {
		schema: 1,
		environment,
		phase,
		layout,
		folders,
		tables: tables.map(({ table, head }) => ({
			table,
			head
		})),
		stamp,
		migrations: migrations.map(({ version, phase, checksum, transactional }) => ({
			version,
			phase,
			checksum,
			transactional
		})),
		...command === void 0 ? {} : { command },
		policy
	};
	return createHash("sha256").update(canonicalJson(body)).digest("hex");
}
/** JSON with sorted keys and no white space. */
function canonicalJson(value) {
	if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
	if (typeof value !== "object" || value === null) return JSON.stringify(value);
	return `{${Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(",")}}`;
}
// src/sql/mapped-text.ts
/**
* Text that was cut from a file, put together from several cuts, or wrapped in words of our own, and that still
* knows where each character stood. Offsets count UTF-16 units.
*/
var MappedText = class MappedText {
	text;
	#pieces;
	constructor(text, pieces) {
		this.text = text;
		this.#pieces = pieces;
	}
	/** A part of a file, the whole of it when no bounds are given. */
	static ofFile(file, start = 0, end = file.length) {
		return new MappedText(file.slice(start, end), [{
			start: 0,
			length: end - start,
			fileOffset: start
		}]);
	}
	/** Text that stands in no file. When a file offset is given, every character points there. */
	static generated(text, fileOffset) {
		return new MappedText(text, fileOffset === void 0 ? [] : [{
			start: 0,
			length: 0,
			fileOffset
		}]);
	}
	static join(...parts) {
		let text = "";
		const pieces = [];
		for (const part of parts) {
			for (const piece of part.#pieces) pieces.push({
				...piece,
				start: piece.start + text.length
			});
			text += part.text;
		}
		return new MappedText(text, pieces);
	}
	slice(start, end = this.text.length) {
		const pieces = this.#pieces.flatMap((piece) => {
			const from = Math.max(piece.start, start);
			const to = Math.min(piece.start + piece.length, end);
			return (piece.length === 0 ? piece.start >= start && piece.start < end : from < to) ? [{
				start: from - start,
				length: Math.max(0, to - from),
				fileOffset: piece.fileOffset + (from - piece.start)
			}] : [];
		});
		return new MappedText(this.text.slice(start, end), pieces);
	}
	/** The same text with its places told in the file of `outer`, when it was itself cut from that text. */
	through(outer) {
		const parts = [];
		let end = 0;
		for (const { start, length, fileOffset } of this.#pieces) {
			parts.push(MappedText.generated(this.text.slice(end, start)));
			parts.push(length === 0 ? MappedText.generated("", outer.fileOffset(fileOffset)) : outer.slice(fileOffset, fileOffset + length));
			end = start + length;
		}
		return MappedText.join(...parts, MappedText.generated(this.text.slice(end)));
	}
	/** Where a character stood in the file; `undefined` for words of our own. */
	fileOffset(offset) {
		let nearest;
		for (const piece of this.#pieces) if (piece.start <= offset) nearest = piece;
		if (nearest === void 0) return void 0;
		const distance = offset - nearest.start;
		if (nearest.length === 0) return nearest.fileOffset;
		return distance <= nearest.length ? nearest.fileOffset + distance : void 0;
	}
	/** The position in the file of a character here; the file's text must be the one this was cut from. */
	filePosition(file, offset) {
		const at = this.fileOffset(offset);
		return at === void 0 ? void 0 : positionFromUtf16(file, at);
	}
};
// src/migration/layouts/dbmate/sections.ts
const blank$1 = "[\\t\\n\\f\\r ]";
const markerOf = (part) => new RegExp(`(?<![^\\n])--${blank$1}*migrate:${part}(?:${blank$1}*(?=\\n|$)|${blank$1}+[^\\t\\n\\f\\r ]+)`, "g");
const [upMarker, downMarker] = [markerOf("up"), markerOf("down")];
/** Whether a text has the line that begins what is to run. */
function holdsUp$1(text) {
	return text.search(upMarker) >= 0;
}
/** Cuts a file as dbmate does. Throws `invalid-migration` where dbmate refuses it, or would stop half-way. */
function readSections$1(path, text) {
	const [[up, secondUp], [down, secondDown]] = [upMarker, downMarker].map((marker) => [...text.matchAll(marker)].map(({ index }) => index));
	if (up === void 0) throw refused(path, "has no line \"-- migrate:up\"", "Begin what is to run with that line, at the start of a line.");
	if (down === void 0) throw refused(path, "has no line \"-- migrate:down\"", "dbmate wants one in each file; leave it empty when there is no way back.");
	if (up > down) throw refused(placeOf(path, text, down), "has \"-- migrate:down\" before \"-- migrate:up\"", "Put what is to run first.");
	refuseBefore(path, text, up);
	if (secondUp !== void 0) throw refusedTwice(path, text, secondUp, "up");
	if (secondDown !== void 0) throw refusedTwice(path, text, secondDown, "down");
	return {
		up: sectionOf(text, up, down),
		down: sectionOf(text, down, text.length)
	};
}
function sectionOf(text, start, end) {
	const [line = ""] = text.slice(start, end).split("\n", 1);
	const transaction = line.replace(/^--[\t\n\f\r ]*migrate:(?:up|down)/, "").trim().split(/[\t\n\f\r ]+/).map((option) => option.split(":")).findLast(([name, , more]) => name === "transaction" && more === void 0)?.[1];
	return {
		sql: MappedText.ofFile(text, start, end),
		transactional: transaction !== "false"
	};
}
/** Only blank lines and line comments may stand above the first marker. */
function refuseBefore(path, text, up) {
	let at = 0;
	for (const line of text.slice(0, up).split("\n")) {
		if (!/^[\t\n\f\r ]*(?:--|$)/.test(line)) throw refused(placeOf(path, text, at), "has a statement before \"-- migrate:up\"", "Move it below that line.");
		at += line.length + 1;
	}
}
/** dbmate takes it for another migration of the same file: it runs the first, and then fails to note the version again. */
function refusedTwice(path, text, offset, part) {
	return refused(placeOf(path, text, offset), `is a second "-- migrate:${part}"; dbmate would stop between the two, with the version noted`, "Give what follows a file of its own. Where the line belongs to a text or a body, indent it.");
}
function placeOf(path, text, offset) {
	const { line, column } = positionFromUtf16(text, offset);
	return `${path}:${line}:${column}`;
}
function refused(at, problem, hint) {
	return new ReleaseError("invalid-migration", `${at} ${problem}.`, {
		at,
		hint
	});
}
// src/migration/layouts/marks.ts
/** The `-- shiplock: …` lines of a file, in Ruby `# shiplock: …`. An unknown one is an error: a typo must not change how a file runs. */
function readMarks(text, path, known, comment = "--") {
	const found = /* @__PURE__ */ new Set();
	const begin = comment === "--" ? leadingBlank(text) : /^(?:[ \t]*(?:#.*)?\r?\n)*/.exec(text)[0].length;
	const lines = comment === "--" ? /^[ \t]*--[ \t]*shiplock:[ \t]*(.*?)[ \t]*$/gim : /^[ \t]*#[ \t]*shiplock:[ \t]*(.*?)[ \t\r]*$/gim;
	for (const match of text.matchAll(lines)) {
		const word = match[1].toLowerCase();
		const mark = known.find((one) => one === word);
		const { line, column } = positionFromUtf16(text, match.index);
		const at = `${path}:${line}:${column}`;
		if (mark === void 0) throw new ReleaseError("invalid-migration", `${at} has an unknown mark, "shiplock: ${word}".${didYouMean(word, known)}`, {
			at,
			hint: `Known marks: ${known.join(", ")}.`
		});
		if (begin < match.index) throw new ReleaseError("invalid-migration", `${at} stands after the first statement; it would go unseen.`, {
			at,
			hint: "Move the mark to the top of the file."
		});
		found.add(mark);
	}
	return found;
}
/** A mark as it stands at the top of a file. */
function markLine(mark) {
	return `-- shiplock: ${mark}\n`;
}
// src/migration/layouts/name-order.ts
/** The first migration that comes behind one of a higher number, for a tool that sorts names as text. */
function misplacedByName(migrations) {
	const asText = migrations.toSorted((a, b) => a.id < b.id ? -1 : 1);
	for (const [index, migration] of asText.entries()) {
		const before = asText[index - 1];
		if (before !== void 0 && byVersion(before, migration) > 0) return {
			before,
			migration
		};
	}
}
// src/migration/layouts/text-versions.ts
/** The number in a text that keeps the leading zeros of a file's name. */
function numberInText(column) {
	return `coalesce(nullif(pg_catalog.ltrim(${column}::pg_catalog.text, '0'), ''), '0')`;
}
/** What holds for each table with a row a version, where the version is such a text. */
const textVersions = {
	erase: (table, { version }) => `delete from ${quoteTable(table)} where ${numberInText("version")} operator(pg_catalog.=) ${quoteText(version)}`,
	head: (table, _scope, without = []) => headOfVersions(`${quoteTable(table)} t where ${butNot(numberInText("t.version"), without)}`)
};
// src/migration/layouts/dbmate.ts
/** dbmate: `20260131120000_add_email.sql`, with `-- migrate:up` and `-- migrate:down` in one file. */
const dbmate = {
	name: "dbmate",
	recognizes(files) {
		const sql = files.filter((file) => file.name.endsWith(".sql"));
		const marked = sql.filter((file) => holdsUp$1(new TextDecoder().decode(file.bytes)));
		return countedEvidence(marked.length, sql.length, "carry -- migrate:up");
	},
	read: (files, phase) => files.filter(isMigration$3).map((file) => readMigration$7(file, phase)),
	refuseTogether: refuseOtherOrder$2,
	table: {
		schema: "current",
		table: "schema_migrations"
	},
	tableVariable: "DBMATE_MIGRATIONS_TABLE",
	tellTale: {
		columns: ["version"],
		only: true
	},
	sharesTable: true,
	toleratesHoles: true,
	toleratesMissing: true,
	writtenByTool: true,
	ledger: {
		create: createTable$7,
		createEmpty: createTable$7,
		select: (table) => `select ${numberInText("version")} as version, null::pg_catalog.text as phase, null::pg_catalog.text as checksum, null::timestamp with time zone as applied_at, version::pg_catalog.text as name from ${quoteTable(table)}`,
		record: (table, { id }) => `insert into ${quoteTable(table)} (version) values (${quoteText(digitsOf(id))})`,
		...textVersions
	},
	outsideTransaction: "-- migrate:up transaction:false",
	down: { section: "-- migrate:down" },
	numbersByTime: true,
	newFile: (name, _phase, version, hotfix) => ({
		name: `${version}_${name}.sql`,
		text: `${hotfix ? markLine("hotfix") : ""}-- migrate:up\n\n-- migrate:down\n`
	})
};
function createTable$7(table) {
	return `create table if not exists ${quoteTable(table)} (version varchar primary key)`;
}
function digitsOf(id) {
	return /^\d+/.exec(id)?.[0];
}
/** Whether dbmate would take the file. Throws for one that has its marks and would never run. */
function isMigration$3(file) {
	if (/^\d.*\.sql$/.test(file.name)) return true;
	if (!/\.sql$/i.test(file.name) || !holdsUp$1(new TextDecoder().decode(file.bytes))) return false;
	throw new ReleaseError("invalid-migration", `${file.path} would never run: dbmate takes only names that start with a number and end with .sql.`, {
		at: file.path,
		hint: "Name it like 20260131120000_add_email.sql, or move it out of the folder."
	});
}
/** dbmate sorts the names of all its folders together as text: 10_b.sql comes before 9_a.sql there. */
function refuseOtherOrder$2(migrations) {
	const found = misplacedByName(migrations);
	if (found === void 0) return;
	throw invalidMigration(found.migration.path, `stands behind ${found.before.id}.sql, whose number is higher: dbmate runs them in the order of their letters, not of their numbers`, "Write the numbers with as many digits; where a file has run, change its version in the version table with it.");
}
function readMigration$7(file, phase) {
	refuseByteOrderMark(file, "dbmate");
	const text = textOf$1(file);
	const id = file.name.slice(0, -4);
	const { up, down } = readSections$1(file.path, text);
	const marks = readMarks(text, file.path, ["hotfix", "major"]);
	return {
		version: BigInt(digitsOf(id)).toString(),
		keptName: digitsOf(id),
		id,
		phase,
		path: file.path,
		checksum: checksumOf$1(file),
		file: text,
		up: up.sql,
		down: down.sql,
		transactional: up.transactional,
		downTransactional: down.transactional,
		hotfix: marks.has("hotfix"),
		major: marks.has("major")
	};
}
// node_modules/smol-toml/dist/error.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
function getLineColFromPtr(string, ptr) {
	let lines = string.slice(0, ptr).split(/\r?\n/);
	return [lines.length, lines.pop().length + 1];
}
function makeCodeBlock(string, line, column) {
	let lines = string.split(/\r?\n/);
	let codeblock = "";
	let numberLen = (Math.log10(line + 1) | 0) + 1;
	for (let i = line - 1; i <= line + 1; i++) {
		let l = lines[i - 1];
		if (!l) continue;
		codeblock += i.toString().padEnd(numberLen, " ");
		codeblock += ":  ";
		codeblock += l;
		codeblock += "\n";
		if (i === line) {
			codeblock += " ".repeat(numberLen + column + 2);
			codeblock += "^\n";
		}
	}
	return codeblock;
}
var TomlError = class TomlError extends Error {
	line;
	column;
	codeblock;
	constructor(message, options) {
		const [line, column] = getLineColFromPtr(options.toml, options.ptr);
		const codeblock = makeCodeBlock(options.toml, line, column);
		super(`Invalid TOML document: ${message}\n\n${codeblock}`, options);
		this.line = line;
		this.column = column;
		this.codeblock = codeblock;
	}
	/** @internal */
	static x(message, ctx, ptr) {
		throw new TomlError(message, {
			toml: ctx.s,
			ptr: ptr ?? ctx.p
		});
	}
};
// node_modules/smol-toml/dist/primitive.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
/** @internal */
function parseString(ctx) {
	let startPtr = ctx.p;
	let c = ctx.s.charCodeAt(ctx.p++);
	let first = c;
	let isLiteral = c === 39;
	let isMultiline = c === ctx.s.charCodeAt(ctx.p) && c === ctx.s.charCodeAt(ctx.p + 1);
	if (isMultiline) {
		if ((c = ctx.s.charCodeAt(ctx.p += 2)) === 10) ctx.p++;
		else if (c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10) ctx.p += 2;
	}
	let parsed = "";
	let sliceStart = ctx.p;
	let state = 0;
	for (; ctx.p < ctx.s.length; ctx.p++) {
		c = ctx.s.charCodeAt(ctx.p);
		if (isMultiline && (c === 10 || c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10)) state = state && 3;
		else if (c < 32 && c !== 9 || c === 127) TomlError.x("control characters are not allowed in strings", ctx);
		else if ((!state || state === 3) && c === first && (!isMultiline || ctx.s.charCodeAt(ctx.p + 1) === first && ctx.s.charCodeAt(ctx.p + 2) === first)) {
			if (isMultiline) {
				if (ctx.s.charCodeAt(ctx.p + 3) === first) ctx.p++;
				if (ctx.s.charCodeAt(ctx.p + 3) === first) ctx.p++;
			}
			if (!state) {
				let s = ctx.s.slice(sliceStart, ctx.p);
				parsed = parsed ? parsed + s : s;
			}
			ctx.p += isMultiline ? 3 : 1;
			return parsed;
		} else if (!state) {
			if (!isLiteral && c === 92) {
				parsed += ctx.s.slice(sliceStart, sliceStart = ctx.p);
				state = 1;
			}
		} else if (state === 1) {
			if (c === 120 || c === 117 || c === 85) {
				let errPtr = ctx.p++ - 1;
				let value = 0;
				let len = c === 120 ? 2 : c === 117 ? 4 : 8;
				for (let j = 0; j < len; j++, ctx.p++) {
					let hex = ctx.s.charCodeAt(ctx.p);
					let digit = hex >= 48 && hex <= 57 ? hex - 48 : hex >= 65 && hex <= 70 ? hex - 65 + 10 : hex >= 97 && hex <= 102 ? hex - 97 + 10 : -1;
					if (digit < 0) TomlError.x("invalid non-hex character in unicode escape", ctx);
					value = value << 4 | digit;
				}
				if (value < 0 || value > 1114111 || value >= 55296 && value <= 57343) TomlError.x("invalid unicode escape", ctx, errPtr);
				parsed += String.fromCodePoint(value);
				sliceStart = ctx.p--;
				state = 0;
			} else if (isMultiline && (c === 32 || c === 9)) state = 2;
			else {
				if (c === 98) parsed += "\b";
				else if (c === 116) parsed += "	";
				else if (c === 110) parsed += "\n";
				else if (c === 102) parsed += "\f";
				else if (c === 114) parsed += "\r";
				else if (c === 101) parsed += "\x1B";
				else if (c === 34) parsed += "\"";
				else if (c === 92) parsed += "\\";
				else TomlError.x("unrecognised escape sequence", ctx);
				sliceStart = ctx.p + 1;
				state = 0;
			}
		} else if (c !== 32 && c !== 9) {
			if (state === 2) TomlError.x("invalid escape: only line-ending whitespace may be escaped", ctx, sliceStart);
			state = !isLiteral && c === 92 ? 1 : 0;
			sliceStart = ctx.p;
		}
	}
	TomlError.x("unfinished string", ctx, startPtr);
}
// node_modules/smol-toml/dist/date.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
let DATE_TIME_RE = /^(\d{4}-\d{2}-\d{2})?[Tt ]?(?:(\d{2}):\d{2}(?::\d{2}(?:\.\d+)?)?)?(Z|z|[-+]\d{2}:\d{2})?$/i;
var TomlDate = class TomlDate extends Date {
	#hasDate = false;
	#hasTime = false;
	#offset = null;
	constructor(date, fasttype, unsafeDelim) {
		let hasDate = true;
		let hasTime = true;
		let offset = "Z";
		let c;
		if (typeof date === "string") {
			if (fasttype) prep: {
				if (fasttype < 3) {
					if (+date.slice(11, 13) > 23) {
						date = "";
						break prep;
					}
					if (fasttype === 2) {
						offset = null;
						date += "Z";
					} else if ((c = date.charCodeAt(date.length - 1)) !== 90 && c !== 122) offset = date.slice(date.length - 6);
					if (unsafeDelim) date = date.slice(0, 10) + "T" + date.slice(11);
				} else if (fasttype === 4) date = +date.slice(0, 2) > 23 ? "" : `0000-01-01T${date}Z`;
				hasDate = fasttype !== 4;
				hasTime = fasttype !== 3;
			}
			else {
				let match = date.match(DATE_TIME_RE);
				if (match) {
					if (!match[1]) {
						hasDate = false;
						date = `0000-01-01T${date}`;
					}
					hasTime = !!match[2];
					hasTime && date[10] === " " && (date = date.replace(" ", "T"));
					if (match[2] && +match[2] > 23) date = "";
					else {
						offset = match[3] || null;
						if (!offset && hasTime) date += "Z";
					}
				} else date = "";
			}
		}
		super(date);
		if (!isNaN(this.getTime())) {
			this.#hasDate = hasDate;
			this.#hasTime = hasTime;
			this.#offset = offset;
		}
	}
	isDateTime() {
		return this.#hasDate && this.#hasTime;
	}
	isLocal() {
		return !this.#hasDate || !this.#hasTime || !this.#offset;
	}
	isDate() {
		return this.#hasDate && !this.#hasTime;
	}
	isTime() {
		return this.#hasTime && !this.#hasDate;
	}
	isValid() {
		return this.#hasDate || this.#hasTime;
	}
	toISOString() {
		let iso = super.toISOString();
		if (this.isDate()) return iso.slice(0, 10);
		if (this.isTime()) return iso.slice(11, 23);
		if (this.#offset === null) return iso.slice(0, -1);
		if (this.#offset === "Z" || this.#offset === "z") return iso;
		let offset = +this.#offset.slice(1, 3) * 60 + +this.#offset.slice(4, 6);
		offset = this.#offset[0] === "-" ? offset : -offset;
		return (/* @__PURE__ */ new Date(this.getTime() - offset * 6e4)).toISOString().slice(0, -1) + this.#offset;
	}
	static wrapAsOffsetDateTime(jsDate, offset = "Z") {
		let date = new TomlDate(jsDate);
		date.#offset = offset;
		return date;
	}
	static wrapAsLocalDateTime(jsDate) {
		let date = new TomlDate(jsDate);
		date.#offset = null;
		return date;
	}
	static wrapAsLocalDate(jsDate) {
		let date = new TomlDate(jsDate);
		date.#hasTime = false;
		date.#offset = null;
		return date;
	}
	static wrapAsLocalTime(jsDate) {
		let date = new TomlDate(jsDate);
		date.#hasDate = false;
		date.#offset = null;
		return date;
	}
};
// node_modules/smol-toml/dist/extract.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
function isDigit(char, base = 10) {
	return base === 16 ? char > 47 && char < 58 || char > 64 && char < 71 || char > 96 && char < 103 : char > 47 && char < 48 + base;
}
function isEndOfValue(char, delim) {
	return char === 32 || char === 9 || char === 10 || char === 13 || delim && (char === delim || char === 44) || char === 35;
}
/** @internal */
function extractValue(ctx, end) {
	let errPtr = ctx.p;
	let c = ctx.s.charCodeAt(ctx.p);
	if (c === 91 || c === 123) {
		ctx.d-- || TomlError.x("document contains excessively nested structures. aborting.", ctx);
		let value = c === 91 ? parseArray(ctx) : parseInlineTable(ctx);
		ctx.d++;
		return value;
	}
	if (c === 34 || c === 39) return parseString(ctx);
	if (c === 116) {
		if (ctx.s.charCodeAt(++ctx.p) !== 114 || ctx.s.charCodeAt(++ctx.p) !== 117 || ctx.s.charCodeAt(++ctx.p) !== 101) TomlError.x("invalid value", ctx, errPtr);
		return ctx.p++, true;
	}
	if (c === 102) {
		if (ctx.s.charCodeAt(++ctx.p) !== 97 || ctx.s.charCodeAt(++ctx.p) !== 108 || ctx.s.charCodeAt(++ctx.p) !== 115 || ctx.s.charCodeAt(++ctx.p) !== 101) TomlError.x("invalid value", ctx, errPtr);
		return ctx.p++, false;
	}
	if (c === 43 || c === 45) return parseNumber(ctx, ctx.p, ctx.s.charCodeAt(++ctx.p), 44 - c, end);
	if (ctx.s.charCodeAt(ctx.p + 4) === 45 && ctx.s.charCodeAt(ctx.p + 7) === 45) return parseDate(ctx, c, end);
	if (ctx.s.charCodeAt(ctx.p + 2) === 58) return parseTime(ctx, c, end);
	return parseNumber(ctx, ctx.p, c, 0, end);
}
function parseNumber(ctx, startPtr, startChr, sign, endChr) {
	let c = startChr;
	let state = 0;
	let hasUnderscores = false;
	if (c === 105) {
		if (ctx.s.charCodeAt(++ctx.p) !== 110 || ctx.s.charCodeAt(++ctx.p) !== 102) TomlError.x("invalid value", ctx, startPtr);
		return ctx.p++, (sign || 1) / 0;
	}
	if (c === 110) {
		if (ctx.s.charCodeAt(++ctx.p) !== 97 || ctx.s.charCodeAt(++ctx.p) !== 110) TomlError.x("invalid value", ctx, startPtr);
		return ctx.p++, NaN;
	}
	if (c === 48) {
		if (++ctx.p >= ctx.s.length || isEndOfValue(c = ctx.s.charCodeAt(ctx.p), endChr)) return ctx.bi === true ? 0n : 0;
		if (!sign) {
			if (c === 120) return parseIntegerBaseN(ctx, startPtr, 16, endChr);
			else if (c === 98) return parseIntegerBaseN(ctx, startPtr, 2, endChr);
			else if (c === 111) return parseIntegerBaseN(ctx, startPtr, 8, endChr);
		}
		if (c === 46) state = 2;
		else if (c === 101 || c === 69) state = 4;
		else TomlError.x("illegal leading zero", ctx, startPtr);
	} else if (!isDigit(c)) TomlError.x("invalid value", ctx, startPtr);
	while (++ctx.p < ctx.s.length && (c = ctx.s.charCodeAt(ctx.p), !isEndOfValue(c, endChr))) {
		if (!state) state = 1;
		if (c === 95) {
			if (!(state & 1)) TomlError.x("illegal underscore", ctx);
			state += 11;
			hasUnderscores = true;
		} else if (state === 1 && c === 46) state = 2;
		else if ((state === 1 || state === 3) && (c === 101 || c === 69)) state = 4;
		else if (state === 4 && (c === 43 || c === 45)) state = 6;
		else if (!isDigit(c)) TomlError.x(`illegal character in numeric literal`, ctx);
		else if (state > 9) state -= 11;
		else if (!(state & 1)) state++;
	}
	if (!state) {
		let val = (startChr - 48) * (sign || 1);
		return ctx.bi === true ? BigInt(val) : val;
	}
	if (!(state & 1)) TomlError.x("unfinished numeric value", ctx, startPtr);
	let str = ctx.s.slice(startPtr, ctx.p);
	if (hasUnderscores) str = str.replaceAll("_", "");
	return state > 1 ? parseFloat(str) : parseInteger(ctx, str, 10, startPtr);
}
function parseIntegerBaseN(ctx, startPtr, base, endChr) {
	let c, underscore = 1;
	while (++ctx.p < ctx.s.length && (c = ctx.s.charCodeAt(ctx.p), !isEndOfValue(c, endChr))) if (c === 95) {
		if (underscore & 1) TomlError.x("illegal underscore", ctx);
		underscore = 3;
	} else if (!isDigit(c, base)) TomlError.x(`illegal character in numeric literal`, ctx);
	else if (underscore & 1) underscore--;
	if (underscore & 1) TomlError.x("unfinished numeric value", ctx);
	let str = ctx.s.slice(startPtr + 2, ctx.p);
	if (underscore) str = str.replaceAll("_", "");
	return parseInteger(ctx, str, base, startPtr);
}
function parseInteger(ctx, str, base, startPtr) {
	if (ctx.bi !== true) int: {
		let val = parseInt(str, base);
		if (!Number.isSafeInteger(val)) {
			if (ctx.bi) break int;
			TomlError.x("integer value cannot be represented losslessly", ctx, startPtr);
		}
		return val;
	}
	return base === 10 ? BigInt(str) : BigInt((base === 2 ? "0b" : base === 8 ? "0o" : "0x") + str);
}
function parseDate(ctx, c, endChr) {
	let startPtr = ctx.p++, unsafeSeparator;
	if (!isDigit(c) || !isDigit(ctx.s.charCodeAt(ctx.p++)) || !isDigit(ctx.s.charCodeAt(ctx.p++)) || !isDigit(ctx.s.charCodeAt(ctx.p++))) return parseNumber(ctx, ctx.p = startPtr, c, 0, endChr);
	ctx.p += 5;
	if (!isDigit(ctx.s.charCodeAt(ctx.p++))) TomlError.x("invalid date-time: date part is malformed", ctx, startPtr);
	if (ctx.p >= ctx.s.length || ((c = ctx.s.charCodeAt(ctx.p)) !== 32 || (unsafeSeparator = true, !isDigit(ctx.s.charCodeAt(ctx.p + 1)))) && c !== 84 && c !== 116) return readDate(ctx, ctx.s.slice(startPtr, ctx.p), 3, false, startPtr);
	if (ctx.s.charCodeAt(ctx.p += 3) !== 58) TomlError.x("invalid date-time: time part is malformed", ctx, startPtr);
	if (ctx.s.charCodeAt(ctx.p += 3) === 58) ctx.p += 3;
	if (ctx.s.charCodeAt(ctx.p) === 46) while (isDigit(ctx.s.charCodeAt(++ctx.p)));
	if (c = ctx.s.charCodeAt(ctx.p)) {
		if (c === 90 || c === 122) return readDate(ctx, ctx.s.slice(startPtr, ++ctx.p), 1, unsafeSeparator, startPtr, "[+00:00]");
		if (c === 43 || c === 45) return readDate(ctx, ctx.s.slice(startPtr, ctx.p += 6), 1, unsafeSeparator, startPtr, !ctx.ld && "[" + ctx.s.slice(ctx.p - 6, ctx.p) + "]");
	}
	return readDate(ctx, ctx.s.slice(startPtr, ctx.p), 2, unsafeSeparator, startPtr);
}
function parseTime(ctx, c, endChr) {
	let start = ctx.p;
	if (!isDigit(c) || !isDigit(ctx.s.charCodeAt(++ctx.p))) return parseNumber(ctx, --ctx.p, c, 0, endChr);
	if (ctx.s.charCodeAt(ctx.p += 4) === 58) ctx.p += 3;
	if (ctx.s.charCodeAt(ctx.p) === 46) while (isDigit(ctx.s.charCodeAt(++ctx.p)));
	return readDate(ctx, ctx.s.slice(start, ctx.p), 4, false, start);
}
function readDate(ctx, str, type, unsafeDelim, errPtr, temporalSuffix) {
	if (ctx.ld) {
		let date = new TomlDate(str, type, unsafeDelim);
		if (!date.isValid()) TomlError.x("invalid date", ctx, errPtr);
		return date;
	}
	try {
		if (temporalSuffix) str += temporalSuffix;
		switch (type) {
			case 1: return Temporal.ZonedDateTime.from(str);
			case 2: return Temporal.PlainDateTime.from(str);
			case 3: return Temporal.PlainDate.from(str);
			case 4: return Temporal.PlainTime.from(str);
		}
	} catch (e) {
		TomlError.x(e instanceof Error ? e.message : "" + e, ctx, errPtr);
	}
}
// node_modules/smol-toml/dist/util.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
/** @internal */
function skipComment(ctx) {
	for (; ctx.p < ctx.s.length; ctx.p++) {
		let c = ctx.s.charCodeAt(ctx.p);
		if (c === 10) break;
		if (c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10) {
			ctx.p++;
			break;
		}
		if (c < 32 && c !== 9 || c === 127) TomlError.x("control characters are not allowed in comments", ctx);
	}
}
/** @internal */
function skipVoid(ctx, banNewLines, banComments) {
	let c;
	while (ctx.p < ctx.s.length) {
		while (ctx.p < ctx.s.length && ((c = ctx.s.charCodeAt(ctx.p)) === 32 || c === 9 || !banNewLines && (c === 10 || c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10))) ctx.p++;
		if (banComments || c !== 35) break;
		skipComment(ctx);
	}
}
// node_modules/smol-toml/dist/struct.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
/** @internal */
function parseKey(ctx, end = 61) {
	let startPtr;
	let state = 0;
	let parsed = [];
	let sliceStart;
	let c = ctx.s.charCodeAt(startPtr = ctx.p);
	do
		if (c === end) {
			if (!state) TomlError.x("unexpected end of key", ctx);
			if (state === 1) parsed.push(ctx.s.slice(sliceStart, ctx.p));
			return ctx.p++, parsed;
		} else if (c === 46) {
			if (!state) TomlError.x("illegal empty bare key", ctx);
			if (state === 1) parsed.push(ctx.s.slice(sliceStart, ctx.p));
			state = 0;
		} else if (!state && (c === 34 || c === 39)) {
			if (c === ctx.s.charCodeAt(ctx.p + 1) && c === ctx.s.charCodeAt(ctx.p + 2)) TomlError.x("illegal quoted key: multiline strings are not allowed", ctx);
			parsed.push(parseString(ctx));
			state = 2;
			ctx.p--;
		} else if (c === 32 || c === 9) {
			if (state === 1) {
				parsed.push(ctx.s.slice(sliceStart, ctx.p));
				state = 2;
			}
		} else if (state === 2 || c < 48 && c !== 45 || c > 57 && c < 65 || c > 90 && c < 97 && c !== 95 || c > 122) TomlError.x("illegal character in key", ctx);
		else if (!state) {
			state = 1;
			sliceStart = ctx.p;
		}
	while (c = ctx.s.charCodeAt(++ctx.p));
	TomlError.x("incomplete key-value: cannot find end of key", ctx, startPtr);
}
/** @internal */
function parseInlineTable(ctx) {
	let startPtr = ctx.p++;
	let res = Object.create(null);
	let seen = /* @__PURE__ */ new Set();
	let c;
	while (ctx.p < ctx.s.length) {
		skipVoid(ctx);
		if ((c = ctx.s.charCodeAt(ctx.p)) === 125) {
			ctx.p++;
			return res;
		}
		let k;
		let t = res;
		let hasOwn = false;
		let errPtr = ctx.p;
		let key = parseKey(ctx);
		for (let i = 0; i < key.length; i++) {
			if (i) t = hasOwn ? t[k] : t[k] = Object.create(null);
			k = key[i];
			if ((hasOwn = Object.hasOwn(t, k)) && (typeof t[k] !== "object" || seen.has(t[k]))) TomlError.x("trying to redefine an already defined value", ctx, errPtr);
			let unsafe = k === "__proto__";
			if (ctx.uk && (unsafe || k === "constructor")) {
				t = ctx.uk !== 1 && TomlError.x("document contains an unsafe property", ctx, errPtr);
				break;
			}
			if (!hasOwn && unsafe) Object.defineProperty(t, k, {
				enumerable: true,
				configurable: true,
				writable: true
			});
		}
		if (hasOwn) TomlError.x("trying to redefine an already defined value", ctx, errPtr);
		skipVoid(ctx, true, true);
		let value = extractValue(ctx, 125);
		if (t && typeof (t[k] = value) === "object") seen.add(value);
		skipVoid(ctx);
		if ((c = ctx.s.charCodeAt(ctx.p++)) === 125) return res;
		if (c !== 44) TomlError.x("expected comma or end of structure", ctx, ctx.p - 1);
	}
	TomlError.x("unfinished table", ctx, startPtr);
}
/** @internal */
function parseArray(ctx) {
	let startPtr = ctx.p++;
	let res = [];
	let c;
	while (ctx.p < ctx.s.length) {
		skipVoid(ctx);
		if ((c = ctx.s.charCodeAt(ctx.p)) === 93) {
			ctx.p++;
			return res;
		}
		res.push(extractValue(ctx, 93));
		skipVoid(ctx);
		if ((c = ctx.s.charCodeAt(ctx.p++)) === 93) return res;
		if (c !== 44) TomlError.x("expected comma or end of structure", ctx, ctx.p - 1);
	}
	TomlError.x("unfinished array", ctx, startPtr);
}
// node_modules/smol-toml/dist/parse.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
function peekTable(ctx, key, table, meta, type) {
	let t = table;
	let m = meta;
	let k;
	let hasOwn = false;
	let state;
	for (let i = 0; i < key.length; i++) {
		if (i) {
			t = hasOwn ? t[k] : t[k] = Object.create(null);
			m = (state = m[k]).c;
			if (type === 0 && (state.t === 1 || state.t === 2)) return null;
			if (state.t === 2) {
				let l = t.length - 1;
				t = t[l];
				m = m[l].c;
			}
		}
		k = key[i];
		if ((hasOwn = Object.hasOwn(t, k)) && m[k]?.t === 0 && m[k]?.d) return null;
		if (!hasOwn) {
			let unsafe = k === "__proto__";
			if (ctx.uk && (unsafe || k === "constructor")) return false;
			if (unsafe) {
				Object.defineProperty(t, k, {
					enumerable: true,
					configurable: true,
					writable: true
				});
				Object.defineProperty(m, k, {
					enumerable: true,
					configurable: true,
					writable: true
				});
			}
			m[k] = {
				t: i < key.length - 1 && type === 2 ? 3 : type,
				d: false,
				i: 0,
				c: Object.create(null)
			};
		}
	}
	state = m[k];
	if (state.t !== type && !(type === 1 && state.t === 3)) return null;
	if (type === 2) {
		if (!state.d) {
			state.d = true;
			t[k] = [];
		}
		t[k].push(t = Object.create(null));
		state.c[state.i++] = state = {
			t: 1,
			d: false,
			i: 0,
			c: Object.create(null)
		};
	}
	if (state.d) return null;
	state.d = true;
	if (type === 1) t = hasOwn ? t[k] : t[k] = Object.create(null);
	else if (type === 0 && hasOwn) return null;
	return [
		k,
		t,
		state.c
	];
}
function validateTablePeek(ctx, peek, ptr) {
	if (peek === null || ctx.uk === 2) TomlError.x(peek === null ? "trying to redefine an already defined table or value" : "document contains an unsafe property", ctx, ptr);
}
function parse$1(toml, options = {}) {
	let ctx = {
		s: toml,
		p: 0,
		d: options.maxDepth ?? 1e3,
		bi: options.integersAsBigInt ?? false,
		ld: options.useLegacyDate ?? true,
		uk: options.unsafeKeyBehaviour === "throw" ? 2 : options.unsafeKeyBehaviour === "drop" ? 1 : 0
	};
	let res = Object.create(null);
	let meta = Object.create(null);
	let tmp;
	let skipping = false;
	let tbl = res;
	let m = meta;
	if (toml.charCodeAt(0) === 65279) ctx.p++;
	skipVoid(ctx);
	while (ctx.p < toml.length) {
		if (toml.charCodeAt(ctx.p) === 91) {
			let isTableArray = toml.charCodeAt(++ctx.p) === 91;
			tmp = ctx.p += +isTableArray;
			skipping = false;
			let k = parseKey(ctx, 93);
			if (isTableArray) {
				if (toml.charCodeAt(ctx.p) !== 93) TomlError.x("expected end of table array declaration", ctx);
				ctx.p++;
			}
			let p = peekTable(ctx, k, res, meta, isTableArray ? 2 : 1);
			if (!p) {
				validateTablePeek(ctx, p, tmp);
				skipping = true;
			} else {
				m = p[2];
				tbl = p[1];
			}
		} else {
			tmp = ctx.p;
			let p = peekTable(ctx, parseKey(ctx), tbl, m, 0);
			if (!p && !skipping) validateTablePeek(ctx, p, tmp);
			skipVoid(ctx, true, true);
			let v = extractValue(ctx, void 0);
			if (p && !skipping) p[1][p[0]] = v;
		}
		skipVoid(ctx, true);
		if (ctx.p < toml.length && (tmp = toml.charCodeAt(ctx.p)) !== 10 && (tmp !== 13 || toml.charCodeAt(ctx.p + 1) !== 10)) TomlError.x("each key-value declaration must be followed by an end-of-line", ctx);
		skipVoid(ctx);
	}
	return res;
}
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
"".isWellFormed;
// node_modules/smol-toml/dist/index.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
// src/migration/layouts/diesel/metadata.ts
/**
* What `metadata.toml` says, as diesel reads it: without the file a migration runs in a transaction, and with a file that
* does not name `run_in_transaction` outside of one. Throws where diesel would take the file for missing.
*/
function runsInTransaction$1(file) {
	if (file === void 0) return true;
	const { run_in_transaction: value = false } = parsed(file);
	if (typeof value === "boolean") return value;
	throw unread(file);
}
function parsed(file) {
	try {
		return parse$1(textOf$1(file));
	} catch (cause) {
		throw cause instanceof ReleaseError ? cause : unread(file, cause);
	}
}
function unread(file, cause) {
	return new ReleaseError("invalid-migration", `${file.path} cannot be read; diesel would go on as if it were not there, in a transaction.`, {
		at: file.path,
		hint: "Write \"run_in_transaction = false\" into it, or delete it.",
		cause
	});
}
// src/migration/layouts/lone-statement.ts
/**
* Whether a file is one statement that cannot stand in a transaction. A tool that sends a file as one message runs it: a
* lone statement has no transaction around it there; with a second one the server opens one.
*/
function isLoneStatement(text) {
	const statement = text.slice(leadingBlank(text));
	if (!/^(?:create\s+(?:unique\s+)?index\s+concurrently|drop\s+index\s+concurrently|reindex\b[^;]*\bconcurrently|reindex\s+(?:\([^)]*\)\s*)?(?:schema|database|system)|alter\s+table\b[^;]*\bdetach\s+partition\b[^;]*\bconcurrently|cluster(?=\s*(?:verbose\s*)?(?:;|$))|vacuum|alter\s+system|(?:create|alter|drop)\s+subscription|(?:create|drop)\s+(?:database|tablespace))\b/i.test(statement)) return false;
	for (const { 0: piece, index } of statement.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$)[\s\S]*?\1|--[^\n]*|\/\*[\s\S]*?\*\/|;/g)) if (piece === ";") return statement.slice(index + 1).length === leadingBlank(statement.slice(index + 1));
	return true;
}
// src/migration/layouts/other-tools.ts
/** Tools that keep the way back in the same file: run as a whole, such a file undoes itself. */
const tools = [
	{
		name: "dbmate",
		layout: "dbmate",
		mark: /^[ \t]*--[ \t]*migrate:(?:up|down)\b/im,
		down: /^[ \t]*--[ \t]*migrate:down\b.*$/im
	},
	{
		name: "goose",
		layout: "goose",
		mark: /^[ \t]*--[ \t]*\+goose\b/im,
		down: /^[ \t]*--[ \t]*\+goose[ \t]+down\b.*$/im
	},
	{
		name: "sql-migrate",
		mark: /^[ \t]*--[ \t]*\+migrate\b/im,
		down: /^[ \t]*--[ \t]*\+migrate[ \t]+down\b.*$/im
	},
	{
		name: "micrate",
		mark: /^[ \t]*--[ \t]*\+micrate\b/im,
		down: /^[ \t]*--[ \t]*\+micrate[ \t]+down\b.*$/im
	},
	{
		name: "rambler",
		mark: /^[ \t]*--[ \t]*rambler[ \t]+(?:up|down)\b/im,
		down: /^[ \t]*--[ \t]*rambler[ \t]+down\b.*$/im
	},
	{
		name: "node-pg-migrate",
		mark: /^[ \t]*--[ \t]*down migration[ \t]*$/im
	},
	{
		name: "MyBatis Migrations",
		mark: /^[ \t]*--[ \t]*\/\/[ \t]*@undo\b/im
	},
	{
		name: "Liquibase",
		mark: /^[ \t]*--[ \t]*liquibase formatted sql\b/im
	}
];
/** For plain SQL, which no tool has marked. */
function refuseOtherTools(path, text) {
	if (/\.up\.sql$/i.test(path)) throw writtenFor("a tool with .up.sql and .down.sql files", path, "plain SQL", "Set migrations.layout to golang-migrate, or to sqlx.");
	const tool = tools.find(({ mark }) => mark.test(text));
	if (tool !== void 0) throw writtenFor(tool.name, path, "plain SQL", hintFor(tool));
}
/** For a tool that sends the whole file: a mark alone, as of a team that changed its tool, does no harm. */
function refuseWayBack(path, text, as) {
	const tool = tools.find(({ down }) => {
		const found = down?.exec(text);
		return found != null && holdsStatement(text.slice(found.index + found[0].length));
	});
	if (tool !== void 0) throw writtenFor(tool.name, path, `a file of ${as}`, hintFor(tool));
}
function holdsStatement(text) {
	return text.split("\n").some((line) => !/^\s*(?:--.*)?$/.test(line));
}
function writtenFor(tool, path, as, hint) {
	return new ReleaseError("unsupported-migration", `${path} is written for ${tool}; as ${as} its way back would run too.`, {
		at: path,
		hint
	});
}
function hintFor({ layout }) {
	return layout === void 0 ? "Shiplock has no layout for it: keep running these files with their own tool (migrations.layout: command)." : `Set migrations.layout to ${layout}.`;
}
// src/migration/layouts/whole-files.ts
/**
* What such files are for any tool that takes a byte order mark for a part of the first line. Throws for that, and for a file
* that another tool would part in two.
*/
function readWhole({ file, down }, tool) {
	const text = plainText(file, tool);
	refuseWayBack(file.path, text, tool);
	const back = down === void 0 ? void 0 : plainText(down, tool);
	return {
		path: file.path,
		checksum: checksumOf$1(file),
		file: text,
		up: MappedText.ofFile(text),
		down: back === void 0 ? void 0 : MappedText.ofFile(back),
		downPath: down?.path
	};
}
/** What the marks at the top of the file say that every tool's files may have. */
function readOwnMarks({ file, path }, more = []) {
	const marks = readMarks(file, path, [
		...more,
		"hotfix",
		"major"
	]);
	return {
		marks,
		hotfix: marks.has("hotfix"),
		major: marks.has("major")
	};
}
/** The same with what runs in a transaction, for a tool that sends a file as one message and has no mark of its own. */
function readSentWhole(files, tool) {
	const whole = readWhole(files, tool);
	const { marks, hotfix, major } = readOwnMarks(whole, ["no-transaction"]);
	const inTransaction = (text, has) => !has && !isLoneStatement(text);
	const { down, downPath } = whole;
	return {
		...whole,
		transactional: inTransaction(whole.file, marks.has("no-transaction")),
		...down === void 0 || downPath === void 0 ? {} : { downTransactional: inTransaction(down.text, readMarks(down.text, downPath, ["no-transaction"]).has("no-transaction")) },
		hotfix,
		major
	};
}
/** The files of each migration's own folder, by their names there. */
function filesByFolder(files) {
	const folders = /* @__PURE__ */ new Map();
	for (const file of files) {
		const [folder = "", name = ""] = file.name.split("/");
		const held = folders.get(folder) ?? /* @__PURE__ */ new Map();
		folders.set(folder, held.set(name, file));
	}
	return folders;
}
function plainText(file, tool) {
	refuseByteOrderMark(file, tool);
	return textOf$1(file);
}
// src/migration/layouts/diesel.ts
/** diesel: a folder for each migration, `2026-09-18-120000_add_email`, with `up.sql`, `down.sql` and `metadata.toml`. */
const diesel = {
	name: "diesel",
	nested: true,
	recognizes(files) {
		const ups = files.filter(({ name }) => name.endsWith("/up.sql"));
		return countedEvidence(ups.filter(({ name }) => folderVersion(name) !== void 0).length, ups.length, "are up.sql in a numbered folder");
	},
	read: readDiesel,
	table: {
		schema: void 0,
		table: "__diesel_schema_migrations"
	},
	sharesTable: true,
	toleratesHoles: true,
	toleratesMissing: true,
	writtenByTool: true,
	ledger: {
		create: createTable$6,
		createEmpty: createTable$6,
		select: (table) => `select ${numberInText("version")} as version, null::pg_catalog.text as phase, null::pg_catalog.text as checksum, run_on::timestamp with time zone as applied_at from ${quoteTable(table)}`,
		record: (table, { id }) => `insert into ${quoteTable(table)} (version) values (${quoteText(writtenVersion(id))})`,
		...textVersions
	},
	outsideTransaction: "run_in_transaction = false in metadata.toml",
	down: { beside: (path) => path.replace(/up(?=\.sql$)/, "down") },
	numbersByTime: true,
	newFile: (name, _phase, version, hotfix) => ({
		name: `${version.replace(/^(\d{4})(\d\d)(\d\d)(\d{6})$/, "$1-$2-$3-$4")}_${name}/up.sql`,
		text: hotfix ? markLine("hotfix") : "",
		beside: {
			name: "down.sql",
			text: ""
		}
	})
};
function createTable$6(table) {
	return `create table if not exists ${quoteTable(table)} (version varchar(50) primary key, run_on timestamp not null default current_timestamp)`;
}
function writtenVersion(id) {
	return id.split("_")[0].replaceAll("-", "");
}
function readDiesel(files, phase) {
	const migrations = [...filesByFolder(files)].map(([id, held]) => readMigration$6(id, held, phase));
	refuseOtherOrder$1(migrations);
	return migrations;
}
function readMigration$6(id, held, phase) {
	const [file, down] = [held.get("up.sql"), held.get("down.sql")];
	const [some] = held.values();
	if (file === void 0) throw invalidMigration(some?.path ?? id, "stands in a folder without up.sql; diesel stops at it", "Add up.sql, or delete the folder.");
	const version = folderVersion(id);
	if (version === void 0) throw invalidMigration(file.path, "has no version: the name of its folder does not start with a number", "Name the folder like 2026-09-18-120000_add_email.");
	const whole = readWhole({
		file,
		down
	}, "diesel");
	if (isBlank$1(whole.file)) throw invalidMigration(file.path, "holds no statement; diesel stops at it", "Write the statements, or delete the folder.");
	const { hotfix, major } = readOwnMarks(whole);
	return {
		version,
		id,
		phase,
		...whole,
		transactional: runsInTransaction$1(held.get("metadata.toml")),
		hotfix,
		major
	};
}
/** diesel sorts versions as text: 10 comes before 9 there. */
function refuseOtherOrder$1(migrations) {
	const [one, other] = new Map(migrations.map((one) => [writtenVersion(one.id).length, one])).values();
	if (one === void 0 || other === void 0) return;
	throw invalidMigration(other.path, `has a version of another length than ${one.id}: diesel runs them in the order of their letters, not of their numbers`, "Give all folders versions of one length; a folder that ran keeps its number in the table, so rename only what has not run.");
}
// src/migration/layouts/flyway/checksum.ts
/** Flyway's own checksum of a text: CRC-32 over its lines without what ends them, as a signed number. */
function flywayChecksum(text) {
	const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
	if (lines.at(-1) === "") lines.pop();
	return String(lines.reduce((sum, line) => crc32(line, sum), 0) | 0);
}
// src/migration/layouts/flyway/ledger.ts
/**
* A row for each run. The newest row of a version, and of a repeatable migration's description, counts, and one that failed
* stops Flyway as long as it is there: `repair` adds
* DELETE for a file that is gone, Flyway Teams UNDO_SQL for a way back. BASELINE stands for every version up to its own.
*/
const flywayLedger = {
	create: createTable$5,
	createEmpty: createTable$5,
	select(table, { versions = [] }) {
		const rows = `select r.*, ${versionOf$2("r")} as known_as from ${quoteTable(table)} r where r.type operator(pg_catalog.<>) 'SCHEMA'`;
		const lineage = `case when r.version is null then pg_catalog.concat('R:', r.description) else r.known_as end`;
		const newest = `select distinct on (${lineage}) r.*, ${lineage} as lineage, pg_catalog.bool_and(r.success) over (partition by ${lineage}) as clean from (${rows}) r where r.type not like '%BASELINE' order by ${lineage}, r.installed_rank desc`;
		const own = `select n.known_as as version, n.checksum::pg_catalog.text as checksum, n.installed_on, n.installed_rank, ${nameOf$4("n")} as name, false as covered, not n.clean as dirty from (${newest}) n where n.type not like 'UNDO%' and n.type operator(pg_catalog.<>) 'DELETE'`;
		const numbered = [...new Set(versions.filter((version) => !isRepeatable({ version })))];
		return `select e.version, null::pg_catalog.text as phase, e.checksum, e.installed_on::timestamp with time zone as applied_at, e.installed_rank::pg_catalog.float8 as place, e.name, e.covered, e.dirty from (${own}${numbered.length === 0 ? "" : ` union all select k.version, null, b.installed_on, b.installed_rank, null, true, false from (values ${numbered.map((version) => `(${quoteText(version)})`).join(", ")}) k (version) cross join lateral (select * from (${rows}) r where r.type like '%BASELINE' order by r.installed_rank desc limit 1) b where ${numbers("k.version")} operator(pg_catalog.<=) ${numbers("b.known_as")} and not exists (select from (${rows}) o where o.known_as operator(pg_catalog.=) k.version and o.type not like '%BASELINE')`}) e`;
	},
	record(table, migration) {
		const written = flywayName(`${migration.id}.sql`)?.written ?? "";
		const version = isRepeatable(migration) ? "null" : quoteText(written);
		const script = migration.path.split("/").at(-1);
		const values = [
			version,
			quoteText(migration.keptName ?? ""),
			`'SQL'`,
			quoteText(script),
			migration.kept === void 0 ? "null" : String(Number(migration.kept)),
			"current_user",
			"0",
			"true"
		];
		return `insert into ${quoteTable(table)} (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) select coalesce(pg_catalog.max(installed_rank), 0) operator(pg_catalog.+) 1, ${values.join(", ")} from ${quoteTable(table)}`;
	},
	erase: (table, { version }) => `delete from ${quoteTable(table)} where installed_rank operator(pg_catalog.=) (select r.installed_rank from ${quoteTable(table)} r where ${versionOf$2("r")} operator(pg_catalog.=) ${quoteText(version)} and r.type not like '%BASELINE' order by r.installed_rank desc limit 1)`,
	dirty: {
		explain(version) {
			const name = shownVersion(version);
			return {
				says: `${isRepeatable({ version }) ? "" : "version "}${name} began and did not succeed`,
				hint: `Flyway stops at it too. Make sure by hand that all of it is there, or nothing of it, and say so: ${clearDirtyCommand(name)}. Flyway's own word for the second: flyway repair.`
			};
		},
		settle(table, { version, kept }, as) {
			const [row, own] = isRepeatable({ version }) ? [lineageIn("r"), lineageOf(version)] : [versionOf$2("r"), version];
			const where = `where not r.success and ${row} operator(pg_catalog.=) ${quoteText(own)}`;
			const checksum = kept === void 0 ? "" : `, checksum = ${Number(kept)}`;
			return as === "applied" ? `update ${quoteTable(table)} r set success = true${checksum} ${where}` : `delete from ${quoteTable(table)} r ${where}`;
		}
	},
	head: (table, _scope, without = []) => `select pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.max(r.installed_rank)) from ${quoteTable(table)} r where ${butNot(versionOf$2("r"), without)}`
};
function createTable$5(table) {
	const [pk, index] = ["pk", "s_idx"].map((end) => quoteName(`${table.table}_${end}`));
	const columns = [
		"installed_rank int not null",
		"version varchar(50)",
		"description varchar(200) not null",
		"type varchar(20) not null",
		"script varchar(1000) not null",
		"checksum integer",
		"installed_by varchar(100) not null",
		"installed_on timestamp not null default pg_catalog.now()",
		"execution_time integer not null",
		"success boolean not null",
		`constraint ${pk} primary key (installed_rank)`
	];
	return `create table if not exists ${quoteTable(table)} (${columns.join(", ")});\ncreate index if not exists ${index} on ${quoteTable(table)} (success)`;
}
/** The version as Shiplock has it. */
function versionOf$2(row) {
	const without = (text, pattern, by, flags) => `pg_catalog.regexp_replace(${text}, ${quoteText(pattern)}, ${quoteText(by)}, ${quoteText(flags)})`;
	const plain = without(`${row}.version::pg_catalog.text`, "(^|[.])0+(?=[0-9])", "\\1", "g");
	return `case when ${row}.version is null then ${`pg_catalog.concat(${lineageIn(row)}, ':', ${row}.checksum)`} else ${without(plain, "([.]0)+$", "", "")} end`;
}
/** Its description; what did not run as SQL is no file that is read here, whatever that is called, and Flyway stops at it. */
function nameOf$4(row) {
	return `pg_catalog.concat(${row}.description, case when ${row}.type operator(pg_catalog.<>) 'SQL' then pg_catalog.concat(' (', ${row}.type, ')') end)`;
}
/** What stays the same of a repeatable, and nothing for what has a number. */
function lineageIn(row) {
	return `case when ${row}.version is null then pg_catalog.concat('R:', pg_catalog.replace(${row}.description::pg_catalog.text, ' ', '_')) end`;
}
/** Its parts, which PostgreSQL compares one by one. */
function numbers(version) {
	return `pg_catalog.string_to_array(${version}, '.')::pg_catalog.numeric[]`;
}
// src/migration/layouts/flyway/lock-key.ts
/** The letters of "Flyway", as a number. */
const magic = 77431708279161n;
/** The key of the advisory lock that Flyway takes for a table, for a transaction or for a session: Java's hash of its quoted name. */
function lockKey(table) {
	let hash = 0;
	for (let at = 0, name = quoteTable(table); at < name.length; at++) hash = Math.imul(31, hash) + name.charCodeAt(at) | 0;
	return String(magic + BigInt(hash));
}
// src/migration/layouts/flyway/placeholders.ts
/**
* Puts values in the place of `${name}`, as Flyway does: everywhere, comments and dollar quotes included, and never after
* another dollar sign, since it reads `$$` as one. Values come from FLYWAY_PLACEHOLDERS_NAME.
*/
function replacePlaceholders({ path, name, text }, variables) {
	const values = placeholderValues(variables);
	const parts = [];
	let missing;
	let takesVariables = false;
	let plainFrom = 0;
	for (const { 0: found, 1: key, index } of text.matchAll(/\$\{([\s\S]*?)(?:\}|$(?![\s\S]))|\$[\s\S]/g)) {
		if (key === void 0) continue;
		const word = key.toLowerCase();
		const value = word === "flyway:filename" ? name : values.get(word);
		takesVariables ||= word !== "flyway:filename";
		if (value === void 0) missing ??= withoutValue(path, text, index, key);
		parts.push(MappedText.ofFile(text, plainFrom, index), MappedText.generated(value ?? "", index));
		plainFrom = index + found.length;
	}
	return {
		text: MappedText.join(...parts, MappedText.ofFile(text, plainFrom)),
		takesVariables,
		missing
	};
}
const prefix = "FLYWAY_PLACEHOLDERS_";
/** Names are the same in capitals and in small letters. */
function placeholderValues(variables) {
	return new Map(Object.entries(variables).flatMap(([name, value]) => value !== void 0 && name.startsWith(prefix) ? [[name.slice(20).toLowerCase(), value]] : []));
}
/** What stands for Flyway's own placeholders in SQL. */
const inSql = {
	"flyway:user": "current_user",
	"flyway:database": "current_database()",
	"flyway:defaultschema": "current_schema()"
};
function withoutValue(path, text, offset, key) {
	const { line, column } = positionFromUtf16(text, offset);
	const at = `${path}:${line}:${column}`;
	const word = key.toLowerCase();
	if (word.startsWith("flyway:")) {
		const sql = inSql[word];
		return new ReleaseError("unsupported-migration", `${at}: only Flyway itself knows the value of \${${key}}.`, {
			at,
			hint: `${sql === void 0 ? "" : `Write ${sql} instead. `}To have such files run by Flyway, use migrations.layout: command.`
		});
	}
	const shown = /^\w{1,60}$/.test(key) ? key : void 0;
	if (shown === void 0) return new ReleaseError("invalid-migration", `${at} begins a placeholder that Flyway has no value for.`, {
		at,
		hint: "Where no placeholder is meant, put placeholderReplacement=false into the file of the same name with .conf at its end."
	});
	return new ReleaseError("missing-variable", `${at} needs the placeholder \${${shown}}, which has no value.`, {
		at,
		hint: `Set FLYWAY_PLACEHOLDERS_${shown.toUpperCase()} in the step that runs this; what stands in flyway.toml or flyway.conf is read by Flyway alone.`
	});
}
// src/migration/layouts/flyway/refused.ts
const byCommand = "To have such files run by Flyway, use migrations.layout: command.";
/** Throws for what Flyway would run beyond our reading, and for a file that it would leave out without a word. */
function refuseUnread$1({ name, path }) {
	const last = name.split("/").at(-1);
	if (/\.sql\.conf$/i.test(last) && !name.includes("/")) return;
	const [kind] = kinds.find(([, pattern]) => pattern.test(last)) ?? [];
	if (kind !== void 0 || name.includes("/")) throw new ReleaseError("unsupported-migration", `${path} is ${kind ?? "in a folder of its own, which Flyway reads too"}; Shiplock does not run it.`, {
		at: path,
		hint: kind === void 0 ? `Move it into the folder of migrations. ${byCommand}` : byCommand
	});
	if (!/\.sql$/i.test(last)) return;
	throw new ReleaseError("invalid-migration", `${path} would never run: Flyway leaves it out, since its name is none of a migration.`, {
		at: path,
		hint: "Name it like V7__add_email.sql, V1.2__add_email.sql, U1.2__add_email.sql or R__totals.sql, or move it out of the folder."
	});
}
const kinds = [
	["a callback of Flyway", /^(?:before|after|create)[A-Z]\w*?(?:__.*)?\.(?:sql|ps1|bat|cmd|sh|bash|py|java|kt|class|groovy|scala)$/s],
	["a baseline migration", /^B\d.*\.(?:sql|ps1|bat|cmd|sh|bash|py)$/is],
	["a migration in Java or a language beside it", /^[VRUB](?:[\d_.]+|_)_.*\.(?:java|kt|class|groovy|scala)$/s],
	["a script that Flyway starts", /^[VRUB][\d._]*__.*\.(?:ps1|bat|cmd|sh|bash|py)$/s]
];
// src/migration/layouts/other-table.ts
/** For a setting of the tool's own that names another version table than Shiplock would keep; `where` is its file or variable. */
function otherTable(where, named, usual) {
	return new ReleaseError("invalid-input", `${where} names the version table ${JSON.stringify(named)}, and Shiplock would keep ${usual}: what ran by the one would be pending in the other.`, { hint: `Set migrations.table: ${oneLine(named)}. If ${where} is for another application, say so with migrations.table: ${usual}.` });
}
// src/migration/layouts/flyway/settings.ts
/** Whether Flyway takes a value for true; for every other it takes false, or refuses it. */
function isTrue(value) {
	return value?.trim().toLowerCase() === "true";
}
/** Throws `unsupported-migration` for a setting of Flyway's environment under which other files would run, or the same in another way. */
function refuseOtherVariables(variables) {
	for (const [setting, followed] of Object.entries(followedValues)) {
		const name = `FLYWAY_${setting.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
		const value = variables[name];
		if (value === void 0 || followed.test(value)) continue;
		throw new ReleaseError("unsupported-migration", `${name} is set in the environment to something that Shiplock does not follow.`, { hint: "Leave it out, or have the files run by Flyway: migrations.layout: command." });
	}
}
/** The version table when no setting names another. */
const usualTable = "flyway_schema_history";
/** Where Flyway looks for its settings, from the folder in which it is started. */
const settingsFiles = [
	"flyway.toml",
	"flyway.user.toml",
	"flyway.conf"
];
/** The same for such a file, and for those settings alone that nothing else would show: a name or a missing value tells of others. */
function refuseOtherSettings({ path, text }, _, table) {
	let section = "";
	for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
		section = /^\s*\[+\s*([^\]]*?)\s*\]/.exec(line)?.[1] ?? section;
		if (section !== "" && section !== "flyway") continue;
		const [, name = "", written = ""] = /^\s*(?:flyway\s*\.\s*)?(\w+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
		const value = plainValue(written);
		if (name === "table" && table === void 0 && value !== "flyway_schema_history") throw otherTable(path, value, usualTable);
		const followed = unseenSettings.find((one) => one === name);
		if (followed === void 0 || followedValues[followed].test(value)) continue;
		const at = `${path}:${index + 1}:1`;
		throw new ReleaseError("unsupported-migration", `${at} sets ${name} to something that Shiplock does not follow.`, {
			at,
			hint: "Leave it out, or have the files run by Flyway: migrations.layout: command."
		});
	}
}
/** Without the quotes and brackets of TOML and what follows them. */
function plainValue(written) {
	return /^\[?\s*(["'])(.*?)\1\s*,?\s*\]?\s*(?:#.*)?$/.exec(written)?.[2] ?? written;
}
const unseenSettings = [
	"placeholderPrefix",
	"placeholderSeparator",
	"placeholderSuffix",
	"sqlMigrationSuffixes"
];
const followedValues = {
	encoding: /^(?:utf-?8)?$/i,
	initSql: /^\s*$/,
	placeholderPrefix: /^\$\{$/,
	placeholderSeparator: /^:$/,
	placeholderSuffix: /^\}$/,
	repeatableSqlMigrationPrefix: /^R$/,
	skipExecutingMigrations: /^(?:false)?$/i,
	sqlMigrationPrefix: /^V$/,
	sqlMigrationSeparator: /^__$/,
	sqlMigrationSuffixes: /^\.sql$/,
	target: /^(?:latest)?$/i
};
// src/migration/layouts/flyway/script-config.ts
/** Throws `unsupported-migration` for a setting that would change how the file runs, `invalid-migration` for what Flyway refuses. */
function readScriptConfig(file) {
	const settings = new Map(file === void 0 ? [] : linesOf$1(file));
	return {
		inTransaction: settings.get("executeInTransaction"),
		replaces: settings.get("placeholderReplacement")
	};
}
function linesOf$1(file) {
	return textOf$1(file).split(/\r\n|\r|\n/).flatMap((line, index) => {
		const text = line.trim();
		if (text === "" || /^[#!]/.test(text)) return [];
		const at = `${file.path}:${index + 1}:1`;
		const [, name = "", value = ""] = /^([^\s=:]+)\s*[=:]?\s*(.*)$/.exec(text) ?? [];
		if (name === "encoding" && /^utf-?8$/i.test(value)) return [];
		if (name !== "executeInTransaction" && name !== "placeholderReplacement") throw new ReleaseError("unsupported-migration", `${at} sets ${/^[\w.]{1,60}$/.test(name) ? name : "something"}, which Shiplock does not follow.`, {
			at,
			hint: "It follows executeInTransaction and placeholderReplacement. To have such files run by Flyway, use migrations.layout: command."
		});
		if (!/^(?:true|false)$/i.test(value)) throw new ReleaseError("invalid-migration", `${at} sets ${name} to something else than true or false, which Flyway refuses.`, {
			at,
			hint: `Write ${name}=true or ${name}=false.`
		});
		return [[name, isTrue(value)]];
	});
}
// src/migration/layouts/flyway/transaction.ts
/** The statements for which Flyway leaves its transaction out; others that cannot stand in one fail there. */
const alone = /^(?:(?:create|drop)\s+(?:database|tablespace|subscription)|alter\s+system|(?:create|drop)\s+(?:unique\s+)?index\s+concurrently|reindex\s+(?:verbose\s+)?(?:schema|database|system)|vacuum|discard\s+all)\b/i;
/**
* Whether Flyway runs the text in a transaction: not when its statements cannot stand in one.
* Throws `invalid-migration` for a text with both kinds, which Flyway refuses too.
*/
function runsInTransaction(text, path, file, mixed) {
	let first;
	let anyAlone = false;
	for (const { start, isAlone } of statementsOf(text.text)) {
		anyAlone ||= isAlone;
		if (first !== void 0 && first.isAlone !== isAlone && !mixed) throw mixedFile(text, start, path, file);
		first ??= { isAlone };
	}
	return !anyAlone;
}
function mixedFile(text, offset, path, file) {
	const place = positionFromUtf16(file, text.fileOffset(offset) ?? 0);
	const at = `${path}:${place.line}:${place.column}`;
	return new ReleaseError("invalid-migration", `${at}: statements that need a transaction and such that cannot stand in one do not go into one file; Flyway refuses it.`, {
		at,
		hint: `Give each kind a file of its own, or put executeInTransaction=false into ${path}.conf.`
	});
}
function statementsOf(text) {
	const statements = [];
	const end = (from, to) => {
		const start = from + leadingBlank(text.slice(from, to));
		if (start < to) statements.push({
			start,
			isAlone: alone.test(text.slice(start, to).replace(pieces, blankComment))
		});
	};
	let from = 0;
	for (const { 0: piece, index } of text.matchAll(pieces)) {
		if (piece !== ";") continue;
		end(from, index);
		from = index + 1;
	}
	end(from, text.length);
	return statements;
}
const blankComment = (piece) => /^(?:--|\/\*)/.test(piece) ? " " : piece;
const pieces = /\be'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$)[\s\S]*?\1|--[^\n]*|\/\*[\s\S]*?\*\/|;/gi;
// src/migration/layouts/flyway.ts
/** Flyway: `V1.2__add_email.sql`, `U1.2__add_email.sql` for the way back, and `R__totals.sql`, which runs again when it changes. */
const flyway = {
	name: "flyway",
	nested: "deep",
	recognizes(files) {
		const sql = files.filter(({ name }) => /\.sql$/i.test(name));
		const flat = sql.filter(({ name }) => !name.includes("/"));
		const shown = (flat.length === 0 ? sql : flat).map(({ name }) => name.split("/").at(-1));
		const named = shown.filter((name) => name.includes("__") && flywayName(name) !== void 0);
		return countedEvidence(named.length, shown.length, "are named V…__….sql or R__….sql");
	},
	read: readFlyway,
	settings: {
		files: settingsFiles,
		refuse: refuseOtherSettings
	},
	table: {
		schema: "current",
		table: usualTable
	},
	tableVariable: "FLYWAY_TABLE",
	tellTale: { columns: [
		"installed_rank",
		"installed_by",
		"execution_time",
		"script"
	] },
	sharesTable: false,
	toleratesHoles: false,
	allowingHoles: "flyway -outOfOrder=true migrate",
	toleratesMissing: "newer",
	writtenByTool: true,
	hasBaseline: true,
	locks: (_database, table) => [lockKey(table)],
	ledger: flywayLedger,
	outsideTransaction: "executeInTransaction=false in a .conf beside it",
	down: { beside: (path) => path.replace(/V(?=\d[^/]*$)/, "U") },
	newFile: (name, _phase, version, hotfix) => ({
		name: `V${version}__${name}.sql`,
		text: hotfix ? markLine("hotfix") : ""
	})
};
function readFlyway(files, phase, variables) {
	refuseOtherVariables(variables);
	const configs = new Map(files.filter(({ name }) => /\.sql\.conf$/i.test(name)).map((file) => [file.name.slice(0, -5), file]));
	const named = files.flatMap((file) => {
		const name = flywayName(file.name);
		if (name === void 0) refuseUnread$1(file);
		return name === void 0 ? [] : [{
			file,
			name
		}];
	});
	for (const { file, name } of named) refuseTooLong(file, name);
	const undos = /* @__PURE__ */ new Map();
	for (const { file, name } of named) {
		if (name.kind !== "undo") continue;
		const other = undos.get(name.version);
		if (other !== void 0) throw invalidMigration(file.path, `and ${other.path} are both the way back of version ${name.version}`, "Keep one of them.");
		undos.set(name.version, file);
	}
	const migrations = named.filter(({ name }) => name.kind !== "undo").map((one) => readMigration$5(one, {
		phase,
		variables,
		configs,
		undos
	}));
	refuseLeftOver(named, migrations, [...configs.values()]);
	return migrations;
}
function readMigration$5({ file, name }, { phase, variables, configs, undos }) {
	const config = configs.get(file.name);
	const up = readPart(file, config, variables);
	refuseWayBack(file.path, up.file, "flyway");
	const undo = name.version === void 0 ? void 0 : undos.get(name.version);
	const down = undo && readPart(undo, configs.get(undo.name), variables);
	const marks = readMarks(up.file, file.path, ["hotfix", "major"]);
	const kept = flywayChecksum(name.version === void 0 ? up.replaced.text.text : up.file);
	return {
		version: name.version ?? repeatableVersion(name.description, kept),
		id: name.id,
		phase,
		path: file.path,
		checksum: checksumOf(file, config),
		kept,
		keptName: name.description.replaceAll("_", " "),
		file: up.file,
		get up() {
			return up.sql();
		},
		get down() {
			return down?.sql();
		},
		transactional: up.transactional,
		...down === void 0 ? {} : { downTransactional: down.transactional },
		downPath: undo?.path,
		hotfix: marks.has("hotfix"),
		major: marks.has("major"),
		...up.replaced.takesVariables || down?.replaced.takesVariables ? { takesVariables: true } : {}
	};
}
function readPart(file, config, variables) {
	const text = textOf$1(file);
	const { inTransaction, replaces } = readScriptConfig(config);
	const replaced = replaces ?? isTrue(variables.FLYWAY_PLACEHOLDER_REPLACEMENT || "true") ? replacePlaceholders({
		path: file.path,
		name: file.name,
		text
	}, variables) : {
		text: MappedText.ofFile(text),
		takesVariables: false,
		missing: void 0
	};
	return {
		file: text,
		replaced,
		transactional: inTransaction ?? runsInTransaction(replaced.text, file.path, text, isTrue(variables.FLYWAY_MIXED)),
		sql() {
			if (replaced.missing !== void 0) throw replaced.missing;
			return replaced.text;
		}
	};
}
/** What an approval stands for: Flyway's own checksum can be met by another text. */
function checksumOf(file, config) {
	const hash = createHash("sha256").update(file.bytes);
	return (config === void 0 ? hash : hash.update("\0").update(config.bytes)).digest("hex");
}
function refuseTooLong({ path }, { written, description }) {
	if (written.length > 50 || description.length > 200) throw invalidMigration(path, "has a name that the version table cannot hold", "A version has up to 50 characters, a description up to 200.");
	if (/\s/.test(description)) throw invalidMigration(path, "has white space in its name that is no plain space", "Rename it.");
}
function refuseLeftOver(named, migrations, configs) {
	const undone = named.find(({ name }) => name.kind === "undo" && !migrations.some(({ version }) => version === name.version));
	if (undone !== void 0) throw invalidMigration(undone.file.path, "has no migration to take back", "Add the V file of the same version, or delete it.");
	const config = configs.find(({ name }) => !named.some(({ file }) => name === `${file.name}.conf`));
	if (config !== void 0) throw invalidMigration(config.path, "stands beside no file of its name", "Name it like the migration, or delete it.");
	const repeatables = named.filter(({ name }) => name.kind === "repeatable");
	const twice = repeatables.find(({ name }, at) => repeatables.slice(0, at).some((one) => one.name.description === name.description));
	if (twice !== void 0) throw invalidMigration(twice.file.path, "has the description of another repeatable migration, which Flyway refuses", "Rename one of them.");
}
// src/migration/layouts/golang-migrate/lock-keys.ts
const salt$1 = 1486364155;
/**
* The keys of the advisory locks that golang-migrate takes for a table: it hashes the schema, the table and the
* database, which is the path of a URL, slash included, for a tool that was given one, and the bare name for a program
* that hands over its own connection.
*/
function lockKeys(database, { schema, table }) {
	return [`/${database}`, database].map((name) => {
		const hash = crc32([
			schema,
			table,
			name
		].join("\0"));
		return String(Math.imul(hash, salt$1) >>> 0);
	});
}
// src/migration/layouts/golang-migrate.ts
/** golang-migrate: `000007_add_email.up.sql` with `000007_add_email.down.sql`, and a table of one row. */
const golangMigrate = {
	name: "golang-migrate",
	recognizes(files) {
		const sql = files.filter((file) => file.name.endsWith(".sql"));
		const named = sql.flatMap((file) => nameOf$3(file.name) ?? []);
		const found = named.some(({ direction }) => direction === "up") ? named.length : 0;
		return countedEvidence(found, sql.length, "are numbered .up.sql and .down.sql files");
	},
	knownByNames: true,
	read: readFolder,
	table: {
		schema: "current",
		table: "schema_migrations"
	},
	tellTale: {
		columns: ["version", "dirty"],
		only: true
	},
	sharesTable: false,
	toleratesHoles: false,
	toleratesMissing: false,
	writtenByTool: true,
	keepsNewest: true,
	locks: lockKeys,
	ledger: {
		create: createTable$4,
		createEmpty: createTable$4,
		select: (table, scope) => `select known.version::pg_catalog.text as version, null::pg_catalog.text as phase, null::pg_catalog.text as checksum, null::timestamp with time zone as applied_at, known.version::pg_catalog.float8 as place, exists (select from ${quoteTable(table)} own where own.dirty and own.version operator(pg_catalog.=) known.version) as dirty from (${known(table, scope)}) known where known.version operator(pg_catalog.<=) (select pg_catalog.max(version) from ${quoteTable(table)})`,
		record,
		erase: erase$1,
		dirty: {
			explain,
			settle: (table, migration, as, scope) => as === "applied" ? record(table, migration) : erase$1(table, migration, scope)
		},
		head(table, scope, without = []) {
			if (without.length === 0) return headOfVersions(`${quoteTable(table)} t`);
			return headOfVersions(`(${`select pg_catalog.max(known.version) as version, false as dirty from (${known(table, scope)}) known where known.version operator(pg_catalog.<=) (select pg_catalog.max(version) from ${quoteTable(table)}) and known.version::pg_catalog.text not in (${without.map(quoteText).join(", ")}) having pg_catalog.count(*) operator(pg_catalog.>) 0`}) t`);
		}
	},
	outsideTransaction: "-- shiplock: no-transaction",
	down: { beside: (path) => path.replace(/\.up(?=\.sql$)/, ".down") },
	numbersByTime: true,
	newFile: (name, _phase, version, hotfix) => ({
		name: `${version}_${name}.up.sql`,
		text: hotfix ? markLine("hotfix") : "",
		beside: {
			name: `${version}_${name}.down.sql`,
			text: ""
		}
	})
};
function createTable$4(table) {
	return `create table if not exists ${quoteTable(table)} (version bigint not null primary key, dirty boolean not null)`;
}
/** As `migrate force V` leaves it. The tool itself empties the table, which takes a lock that even readers wait for. */
function record(table, { version }) {
	return `with moved as (update ${quoteTable(table)} set version = ${BigInt(version)}, dirty = false returning 1) insert into ${quoteTable(table)} (version, dirty) select ${BigInt(version)}, false where not exists (select from moved)`;
}
/** As `migrate force` with the number before leaves it, and `migrate force -- -1` where there is none. */
function erase$1(table, { version }, { versions = [] }) {
	const before = versions.map(BigInt).reduce((last, one) => {
		return one < BigInt(version) && (last === void 0 || one > last) ? one : last;
	}, void 0);
	return before === void 0 ? `delete from ${quoteTable(table)}` : `update ${quoteTable(table)} set version = ${before}, dirty = false`;
}
/** The row, and every version that a file or the history knows. */
function known(table, { versions = [] }) {
	const listed = versions.map((version) => `select ${BigInt(version)}::pg_catalog.int8`);
	return [`select version from ${quoteTable(table)}`, ...new Set(listed)].join(" union ");
}
/** What the tool takes for a migration; whatever follows the direction is the ending to it. */
function nameOf$3(fileName) {
	const [, digits = "", name = "", direction] = /^(\d+)_(.*)\.(up|down)\.sql$/.exec(fileName) ?? [];
	if (direction !== "up" && direction !== "down") return void 0;
	return {
		version: String(BigInt(digits)),
		id: `${digits}_${name}`,
		direction
	};
}
function readFolder(files, phase) {
	const downs = /* @__PURE__ */ new Map();
	const ups = [];
	for (const file of files) {
		const name = nameOf$3(file.name);
		if (name === void 0) refuseUnread(file);
		else if (name.direction === "up") ups.push([name, file]);
		else if (downs.has(name.version)) throw twoDowns(downs.get(name.version), file);
		else downs.set(name.version, file);
	}
	const migrations = ups.map(([name, file]) => {
		const down = downs.get(name.version);
		downs.delete(name.version);
		return readMigration$4(name, file, down, phase);
	});
	const [orphan] = downs.values();
	if (orphan !== void 0) throw new ReleaseError("invalid-migration", `${orphan.path} has no migration to take back.`, {
		at: orphan.path,
		hint: `Add ${orphan.name.replace(/\.down\.sql$/, ".up.sql")} beside it, or delete it: golang-migrate would count its number as run.`
	});
	return migrations;
}
function readMigration$4({ version, id }, file, downFile, phase) {
	if (BigInt(version) >= 2n ** 63n) throw new ReleaseError("invalid-migration", `${file.path} has a number that the version table cannot hold.`, {
		at: file.path,
		hint: "Numbers end at 9223372036854775807."
	});
	return {
		version,
		id,
		phase,
		...readSentWhole({
			file,
			down: downFile
		}, "golang-migrate")
	};
}
/** A name that looks like a migration and is none would never run; one that the tool takes beyond our reading would run unseen. */
function refuseUnread(file) {
	const taken = /^\d+_.*\.(?:up|down)\./.test(file.name);
	const meant = /^\d+(?:[_.-].*)?\.sql$|\.(?:up|down)\.sql$/is.test(file.name);
	if (!taken && !meant) return;
	throw new ReleaseError(taken ? "unsupported-migration" : "invalid-migration", taken ? `${file.path} is a migration to golang-migrate, and not an .sql file that Shiplock reads.` : `${file.path} would never run: golang-migrate takes only names such as 000007_add_email.up.sql.`, {
		at: file.path,
		hint: taken ? "Move it out of the folder, or give it the ending .up.sql." : "Rename it, or move it out of the folder."
	});
}
function twoDowns(one, other) {
	return new ReleaseError("duplicate-version", `${one.path} and ${other.path} take back the same version.`, {
		at: other.path,
		hint: "Keep the one that belongs to the migration."
	});
}
/** It stands on the number before too, when a way back has not ended. */
function explain(version) {
	const [it, clear, force] = version === "-1" ? [
		"the first migration is there or gone",
		clearDirtyCommand("<the first>"),
		"migrate force with its number, or migrate force -- -1 when nothing of it is left"
	] : [
		`all of ${version} is there, or nothing of it`,
		`${clearDirtyCommand(version)} (where a way back did not end, name the migration after ${version}, which it was to take back)`,
		`migrate force ${version}, or with the number before it`
	];
	return {
		says: `version ${version} is dirty: golang-migrate began a migration, or a way back to it, that has not ended`,
		hint: `When golang-migrate is at work just now, wait. Otherwise make sure by hand that ${it}, and say so: ${clear}. The tool's own word for it: ${force}. Nothing clears the mark by itself.`
	};
}
// src/migration/layouts/goose/booked-once.ts
/**
* goose reads its table once, runs a file, and only then adds the file's row, in one transaction: a row that is refused
* takes the file back with it. Old versions wrote a row for a way back too, and went on from the newest of a version.
*/
function bookedOnce(table) {
	const name = nameFor(table.table);
	const from = quoteTable(table);
	return {
		index: quoteTable({
			schema: table.schema,
			table: name
		}),
		make: `create unique index if not exists ${quoteName(name)} on ${from} (version_id) where is_applied and version_id operator(pg_catalog.>) 0`,
		obstacle: `select 'it holds rows of versions that were taken back, as old versions of goose write them' where exists (select from ${from} where not is_applied)`
	};
}
const explanation = "_applied_once_while_shiplock_runs";
/** What the server keeps of a name, in bytes. */
const longestName = 63;
function nameFor(table) {
	if (Buffer.byteLength(table + explanation) <= longestName) return table + explanation;
	const hash = `_${createHash("sha256").update(table).digest("hex").slice(0, 8)}`;
	let start = "";
	for (const character of table) {
		if (Buffer.byteLength(start + character + hash + explanation) > longestName) break;
		start += character;
	}
	return start + hash + explanation;
}
// src/migration/layouts/goose/lines.ts
function* linesOf(file) {
	for (let start = 0; start < file.length;) {
		const found = file.indexOf("\n", start);
		const newline = found < 0 ? file.length : found;
		const end = newline > start && file[newline - 1] === "\r" ? newline - 1 : newline;
		const next = Math.min(newline + 1, file.length);
		yield {
			text: file.slice(start, end),
			start,
			end,
			newline,
			next
		};
		start = next;
	}
}
const annotations = [
	"Up",
	"Down",
	"StatementBegin",
	"StatementEnd",
	"NO TRANSACTION",
	"ENVSUB ON",
	"ENVSUB OFF"
];
/** The annotation on a line, what is wrong with it, or `undefined` when the line has none. */
function readAnnotation(line) {
	if (!line.includes("+goose") || !isComment(line)) return void 0;
	if (line.startsWith(" ") || line.startsWith("	")) return { problem: "is indented; goose reads an annotation only at the start of its line." };
	const words = trimSpace(line.replaceAll("--", "").replace("+goose", ""));
	if (words.includes("+goose")) return { problem: "holds \"+goose\" twice." };
	if (words === "") return { problem: "holds \"+goose\" and no annotation." };
	return annotations.find((name) => new RegExp(`^${name}$`, "iu").test(words)) ?? {
		problem: `holds an annotation that goose does not know, "${words}".`,
		words
	};
}
function isComment(line) {
	return trimSpace(line).startsWith("--");
}
function isBlank(text) {
	return trimSpace(text) === "";
}
/** Whether goose takes a line for the last of a statement: by its last word before one that begins with dashes. */
function endsWithSemicolon(line) {
	let last = "";
	for (const word of line.split(spaces)) {
		if (word.startsWith("--")) break;
		if (word !== "") last = word;
	}
	return last.endsWith(";");
}
/** What Go counts as white space: not quite what JavaScript does. */
const space = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const spaces = new RegExp(`${space.source}+`);
/** How much white space a text begins with. */
function leadingSpace(text) {
	let length = 0;
	while (length < text.length && space.test(text[length])) length++;
	return length;
}
/** How much white space a text ends with. */
function trailingSpace(text) {
	let length = 0;
	while (length < text.length && space.test(text[text.length - 1 - length])) length++;
	return length;
}
function trimSpace(text) {
	const start = leadingSpace(text);
	return text.slice(start, Math.max(start, text.length - trailingSpace(text)));
}
// src/sql/ending.ts
/**
* Reads a text as the server's lexer would (with `standard_conforming_strings` on) and says how it ends. A semicolon
* inside parentheses (CREATE RULE) or inside BEGIN ATOMIC … END ends no statement, as psql has it.
*/
function endingOf(sql) {
	let ending = "empty";
	let parentheses = 0;
	let blocks = 0;
	let words = [];
	for (let at = 0; at < sql.length;) {
		const { kind, end } = tokenAt(sql, at);
		if (end < 0) return kind === "a comment" ? "a comment" : "a quoted text";
		const token = sql.slice(at, Math.min(end, at + longestKeyword)).toLowerCase();
		at = end;
		if (kind === "blank" || kind === "a comment") continue;
		if (kind === "word" && words.length < 4) words.push(token);
		if (kind === "word" && parentheses === 0 && makesRoutine.test(words.join(" "))) blocks = Math.max(0, blocks + nesting(token, blocks));
		if (kind === "sign" && token === "(") parentheses++;
		if (kind === "sign" && token === ")") parentheses = Math.max(0, parentheses - 1);
		ending = kind === "sign" && token === ";" && parentheses === 0 && blocks === 0 ? "complete" : "statement";
		if (ending === "complete") words = [];
	}
	if (ending !== "statement") return ending;
	return parentheses > 0 ? "parentheses" : blocks > 0 ? "a function body" : "statement";
}
const longestKeyword = 10;
const makesRoutine = /^create (?:or replace )?(?:function|procedure)\b/;
/** CASE ends with END too, so it counts once a body is open. */
function nesting(word, blocks) {
	if (word === "begin" || word === "case" && blocks > 0) return 1;
	return word === "end" ? -1 : 0;
}
const blank = /[ \t\n\v\f\r]+/y;
const word = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
function tokenAt(sql, at) {
	const pair = sql.slice(at, at + 2);
	if (pair === "--") return {
		kind: "a comment",
		end: sql.slice(at).search(/[\r\n]|$/) + at
	};
	if (pair === "/*") return {
		kind: "a comment",
		end: endOfBlockComment(sql, at)
	};
	if (pair === "e'" || pair === "E'") return {
		kind: "a quoted text",
		end: endOfEscapeString(sql, at + 1)
	};
	const sign = pair[0];
	if (sign === "'" || sign === "\"") return {
		kind: "a quoted text",
		end: endOfQuote(sql, at, false)
	};
	const tag = sign === "$" ? match(dollarTag, sql, at) : void 0;
	if (tag !== void 0) {
		const close = sql.indexOf(tag, at + tag.length);
		return {
			kind: "a quoted text",
			end: close < 0 ? -1 : close + tag.length
		};
	}
	const space = match(blank, sql, at);
	if (space !== void 0) return {
		kind: "blank",
		end: at + space.length
	};
	const name = match(word, sql, at);
	if (name !== void 0) return {
		kind: "word",
		end: at + name.length
	};
	return {
		kind: "sign",
		end: at + 1
	};
}
function match(sticky, text, at) {
	sticky.lastIndex = at;
	return sticky.exec(text)?.[0];
}
/** Block comments nest in PostgreSQL. */
function endOfBlockComment(sql, from) {
	let depth = 0;
	for (let at = from; at < sql.length; at++) {
		if (sql.startsWith("/*", at)) depth++;
		else if (sql.startsWith("*/", at)) depth--;
		else continue;
		at++;
		if (depth === 0) return at + 1;
	}
	return -1;
}
const continued = /[ \t\f\v\r]*\n\s*'/y;
/** A string goes on after a line break, with the same escapes: E'one' newline 'two\'s'. */
function endOfEscapeString(sql, from) {
	let end = endOfQuote(sql, from, true);
	for (let gap = match(continued, sql, end); end >= 0 && gap !== void 0; gap = match(continued, sql, end)) end = endOfQuote(sql, end + gap.length - 1, true);
	return end;
}
function endOfQuote(sql, from, escapes) {
	const quote = sql[from];
	for (let at = from + 1; at < sql.length; at++) if (escapes && sql[at] === "\\") at++;
	else if (sql[at] === quote && sql[at + 1] === quote) at++;
	else if (sql[at] === quote) return at + 1;
	return -1;
}
// src/migration/layouts/goose/envsub.ts
/**
* Puts the values of variables into one line, as goose does after `-- +goose ENVSUB ON`; what it puts in points at
* the dollar sign. The first variable without a value is returned as an error, since goose would quietly put nothing.
* Throws `invalid-migration` where goose fails, and `unsupported-migration` for `${NAME:offset}`.
* https://github.com/mfridman/interpolate
*/
function substitute(passage, variables) {
	const expansion = new Expansion(passage, variables);
	return {
		text: expansion.read(),
		missing: expansion.missing
	};
}
const identifier = /\p{L}[\p{L}\p{N}_]*/uy;
const substring = /:\s*[+-]?\d+\s*(?::\s*[+-]?\d+\s*)?\}/y;
var Expansion = class {
	missing;
	#passage;
	#variables;
	#at;
	constructor(passage, variables) {
		this.#passage = passage;
		this.#variables = variables;
		this.#at = passage.start;
	}
	/** Reads to the end, or up to the brace that closes a default. */
	read(stop) {
		const { file, end } = this.#passage;
		const parts = [];
		let plainFrom = this.#at;
		const keep = () => {
			if (plainFrom < this.#at) parts.push(MappedText.ofFile(file, plainFrom, this.#at));
		};
		const replace = (length, part) => {
			keep();
			this.#at += length;
			parts.push(part());
			plainFrom = this.#at;
		};
		while (this.#at < end && file[this.#at] !== stop) {
			const from = this.#at;
			const pair = file.slice(from, Math.min(from + 2, end));
			if (pair === "\\\\" || pair === "$(") this.#at += 2;
			else if (pair === "$$" || pair === "\\$") replace(2, () => MappedText.generated("$", from));
			else if (pair.length === 2 && pair[0] === "$") replace(1, () => this.#variable(from));
			else this.#at++;
		}
		keep();
		return MappedText.join(...parts);
	}
	/** What stands after a dollar sign: `NAME` or `{NAME…}`. */
	#variable(from) {
		const braced = this.#skip("{");
		const name = this.#match(identifier);
		if (name === void 0) throw this.#invalid(from, "is followed by no name of a variable");
		const value = Object.hasOwn(this.#variables, name) ? this.#variables[name] : void 0;
		if (!braced || this.#skip("}")) return this.#valueOf(name, value, from);
		if (this.#skip(":-")) return this.#orDefault(value || void 0, from);
		if (this.#skip("-")) return this.#orDefault(value, from);
		if (this.#skip("?")) {
			const reason = this.read("}").text;
			this.#close(from);
			return this.#valueOf(name, value, from, reason);
		}
		if (this.#match(substring) !== void 0) throw this.#unsupported(from);
		throw this.#invalid(from, `is not closed as \${${name}}, \${${name}:-default}, \${${name}-default} or \${${name}?reason}`);
	}
	#orDefault(value, from) {
		const missing = this.missing;
		const given = this.read("}");
		this.#close(from);
		if (value === void 0) return given;
		this.missing = missing;
		return MappedText.generated(value, from);
	}
	#valueOf(name, value, from, reason = "") {
		if (value === void 0) {
			const at = this.#passage.placeOf(from);
			this.missing ??= new ReleaseError("missing-variable", `${at} needs the environment variable ${name}, which is not set${reason && `: ${reason}`}.`, {
				at,
				hint: `Set ${name} in the step that runs this, or give it a default in the file: \${${name}:-default}. A .env file is read by goose alone.`
			});
		}
		return MappedText.generated(value ?? "", from);
	}
	#skip(expected) {
		const { file, end } = this.#passage;
		if (this.#at + expected.length > end || !file.startsWith(expected, this.#at)) return false;
		this.#at += expected.length;
		return true;
	}
	#match(sticky) {
		const { file, end } = this.#passage;
		sticky.lastIndex = this.#at;
		const found = sticky.exec(file)?.[0];
		if (found === void 0 || this.#at + found.length > end) return void 0;
		this.#at += found.length;
		return found;
	}
	#close(from) {
		if (!this.#skip("}")) throw this.#invalid(from, "has no closing brace on its line");
	}
	#invalid(from, problem) {
		const at = this.#passage.placeOf(from);
		return new ReleaseError("invalid-migration", `${at}: under ENVSUB ON this dollar sign ${problem}.`, {
			at,
			hint: "Write $$ for a dollar sign that stays, or put \"-- +goose ENVSUB OFF\" before the line."
		});
	}
	#unsupported(from) {
		const at = this.#passage.placeOf(from);
		const form = this.#passage.file.slice(from, this.#at);
		return new ReleaseError("unsupported-migration", `${at}: ${form} cuts a part out of a variable, which Shiplock does not do.`, {
			at,
			hint: "Give the part a variable of its own."
		});
	}
};
// src/migration/layouts/goose/section.ts
/** Space to Go that is none to the server, such as a no-break space that was copied from a page. */
const foreignSpace = /[^ \t\n\f\r]/;
/** The SQL of one direction, gathered line by line as goose sends it. */
var Section = class {
	#file;
	#placeOf;
	#variables;
	#parts = [];
	/** A stretch of the file that is taken over as it stands. */
	#run;
	/** How far the file has been taken over. */
	#fileEnd = 0;
	#missing;
	#joined;
	#unfinished;
	hasStatements = false;
	constructor(file, placeOf, variables) {
		this.#file = file;
		this.#placeOf = placeOf;
		this.#variables = variables;
	}
	/** Whether goose has gathered any line of a statement, be it a blank one. */
	get isGathering() {
		return this.#unfinished !== void 0;
	}
	/** Where a statement begins that has not ended. */
	get unfinishedAt() {
		return this.#unfinished?.isBlank === false ? this.#unfinished.start : void 0;
	}
	/** True when a variable without a value leaves open what the text says. */
	get isIncomplete() {
		return this.#missing !== void 0;
	}
	/** The whole text. Throws `missing-variable`: only a migration that is to run needs its variables. */
	sql() {
		if (this.#missing !== void 0) throw this.#missing;
		this.#endRun();
		this.#joined ??= joinAll(this.#parts);
		return this.#joined;
	}
	/** A comment or an empty line between statements, which goose leaves out. */
	keep(line) {
		this.#copy(afterForeignSpace(line), line.next);
	}
	/** A line of a statement; goose drops a carriage return at its end. Returns it with its variables replaced. */
	add(line, substitutes) {
		this.#unfinished ??= {
			lines: [],
			start: line.start,
			isBlank: true
		};
		const statement = this.#unfinished;
		const from = statement.isBlank ? afterForeignSpace(line) : line.start;
		const text = substitutes && line.text.includes("$") ? this.#substitute(from, line) : this.#take(from, line);
		this.#copy(line.newline, line.next);
		statement.lines.push(text + this.#file.slice(line.newline, line.next));
		if (statement.isBlank && !isBlank(text)) Object.assign(statement, {
			start: from,
			isBlank: false
		});
		return text;
	}
	/**
	* Ends the statement, with a semicolon where goose sent it without one. Returns what the server would find open,
	* if anything.
	*/
	finish() {
		if (this.#unfinished === void 0) return void 0;
		const gathered = this.#unfinished.lines.join("");
		const sent = gathered.slice(0, gathered.length - trailingSpace(gathered));
		if (foreignSpace.test(gathered.slice(sent.length))) {
			this.#dropEnd(gathered.length - sent.length);
			this.#insert("\n");
		}
		const ending = endingOf(sent);
		if (ending !== "empty") this.hasStatements = true;
		if (ending === "statement") this.#insert("\n;\n");
		this.#unfinished = void 0;
		return ending === "empty" || ending === "complete" || ending === "statement" || this.isIncomplete ? void 0 : ending;
	}
	#take(from, line) {
		this.#copy(from, line.end);
		return this.#file.slice(from, line.end);
	}
	#substitute(from, line) {
		const { text, missing } = substitute({
			file: this.#file,
			start: from,
			end: line.end,
			placeOf: this.#placeOf
		}, this.#variables);
		this.#missing ??= missing;
		this.#endRun();
		this.#parts.push(text);
		this.#fileEnd = line.end;
		return text.text;
	}
	#copy(start, end) {
		if (start === end) return;
		this.#fileEnd = end;
		if (this.#run?.end === start) this.#run.end = end;
		else {
			this.#endRun();
			this.#run = {
				start,
				end
			};
		}
	}
	/** Takes white space away that goose does not send, and the server would not take for space. */
	#dropEnd(length) {
		this.#endRun();
		for (let left = length; left > 0;) {
			const last = this.#parts.pop();
			if (last === void 0) return;
			if (last.text.length > left) this.#parts.push(last.slice(0, last.text.length - left));
			left -= last.text.length;
		}
	}
	#insert(text) {
		this.#endRun();
		this.#parts.push(MappedText.generated(text, this.#fileEnd));
	}
	#endRun() {
		if (this.#run !== void 0) this.#parts.push(MappedText.ofFile(this.#file, this.#run.start, this.#run.end));
		this.#run = void 0;
	}
};
/** Where a line begins for goose, when that is not where it begins for the server. */
function afterForeignSpace(line) {
	const length = leadingSpace(line.text);
	return foreignSpace.test(line.text.slice(0, length)) ? line.start + length : line.start;
}
/** A call takes only so many arguments. */
function joinAll(parts) {
	const batch = 1e4;
	const joined = [];
	for (let from = 0; from < parts.length; from += batch) joined.push(MappedText.join(...parts.slice(from, from + batch)));
	return MappedText.join(...joined);
}
// src/migration/layouts/goose/sections.ts
/**
* Reads a file as goose does, line by line, both directions at once. Throws `invalid-migration` where goose refuses
* the file, would cut a statement in two, or would drop a line.
* https://github.com/pressly/goose/blob/v3.26.0/internal/sqlparser/parser.go
*/
function readSections(path, file, variables) {
	const reader = new Reader(path, file, variables);
	for (const line of linesOf(file)) reader.take(line);
	return reader.end();
}
/** Longer lines overrun goose's buffer. */
const longestLine = 4194304;
var Reader = class {
	#path;
	#file;
	#variables;
	#up;
	#down;
	/** Where StatementBegin stands that waits for its end. */
	#begun;
	/** Between an empty pair of StatementBegin and StatementEnd and the next line that is no comment. */
	#afterEmptyBlock = false;
	#transactional = true;
	#substitutes = false;
	#takesVariables = false;
	constructor(path, file, variables) {
		this.#path = path;
		this.#file = file;
		this.#variables = variables;
	}
	take(line) {
		if (line.text.length * 3 >= longestLine && Buffer.byteLength(line.text) >= longestLine) throw this.#refuse(line.start, "is a line of 4 MiB or more, which goose cannot read.");
		const annotation = readAnnotation(line.text);
		if (annotation === void 0) this.#takeText(line);
		else if (typeof annotation === "string") this.#takeAnnotation(annotation, line.start);
		else throw this.#refuse(line.start, annotation.problem + (annotation.words === void 0 ? "" : didYouMean(annotation.words, annotations)), `Goose knows ${annotations.join(", ")}.`);
	}
	end() {
		if (this.#up === void 0) throw this.#refuse(0, "begins a file without \"-- +goose Up\".", "Put \"-- +goose Up\" on a line of its own before the first statement.");
		if (this.#begun !== void 0) throw this.#refuse(this.#begun, "has no \"-- +goose StatementEnd\".");
		this.#refuseUnfinished(this.#section);
		return {
			up: this.#up,
			down: this.#down?.hasStatements ? this.#down : void 0,
			transactional: this.#transactional,
			takesVariables: this.#takesVariables
		};
	}
	get #section() {
		return this.#down ?? this.#up;
	}
	#takeAnnotation(annotation, at) {
		if (annotation === "NO TRANSACTION") this.#transactional = false;
		else if (annotation === "ENVSUB ON" || annotation === "ENVSUB OFF") {
			this.#substitutes = annotation === "ENVSUB ON";
			this.#takesVariables ||= this.#substitutes;
		} else if (annotation === "Up") this.#beginUp(at);
		else if (annotation === "Down") this.#beginDown(at);
		else if (annotation === "StatementBegin") this.#beginStatement(at);
		else this.#endStatement(at);
	}
	#beginUp(at) {
		if (this.#up !== void 0) throw this.#refuse(at, "is a second \"-- +goose Up\"; a file has one.");
		this.#up = new Section(this.#file, (offset) => this.#place(offset), this.#variables);
	}
	#beginDown(at) {
		if (this.#up === void 0) throw this.#refuse(at, "stands before \"-- +goose Up\".", "Up comes first, then Down.");
		if (this.#down !== void 0) throw this.#refuse(at, "is a second \"-- +goose Down\"; a file has one.");
		if (this.#begun !== void 0) throw this.#refuse(this.#begun, "has no \"-- +goose StatementEnd\" before \"-- +goose Down\".");
		this.#refuseUnfinished(this.#up);
		this.#afterEmptyBlock = false;
		this.#down = new Section(this.#file, (offset) => this.#place(offset), this.#variables);
	}
	#beginStatement(at) {
		if (this.#section === void 0) throw this.#refuse(at, "stands before \"-- +goose Up\".");
		if (this.#begun !== void 0) throw this.#refuse(at, "stands inside another StatementBegin.", "Close the first with \"-- +goose StatementEnd\".");
		this.#begun = at;
		this.#afterEmptyBlock = false;
	}
	#endStatement(at) {
		const section = this.#section;
		if (section === void 0 || this.#begun === void 0) throw this.#refuse(at, "has no \"-- +goose StatementBegin\" before it.");
		this.#begun = void 0;
		this.#afterEmptyBlock = !section.isGathering;
		this.#finish(section, at);
	}
	#takeText(line) {
		const section = this.#section;
		if (section === void 0) {
			if (isBlank(line.text) || isComment(line.text)) return;
			throw this.#refuse(line.start, "stands before \"-- +goose Up\".", "Put \"-- +goose Up\" on a line of its own before the first statement; only comments may come earlier.");
		}
		if (this.#leavesOut(line, section)) {
			section.keep(line);
			return;
		}
		const added = section.add(line, this.#substitutes);
		if (this.#begun === void 0 && endsWithSemicolon(added)) this.#finish(section, line.end);
	}
	/** Whether goose passes over a line: comments and empty lines between statements, and one line behind an empty block. */
	#leavesOut(line, section) {
		if (!section.isGathering && (line.text === "" || isComment(line.text))) return true;
		if (!this.#afterEmptyBlock) return false;
		this.#afterEmptyBlock = false;
		if (isBlank(line.text)) return true;
		throw this.#refuse(line.start, "follows StatementBegin and StatementEnd with nothing in between; goose would leave this line out without a word.", "Remove the empty pair of annotations.");
	}
	/** Ends a statement where goose ends it; the server must see an end there too. */
	#finish(section, at) {
		const open = section.finish();
		if (open === void 0) return;
		throw this.#refuse(at, `ends a statement for goose, in the middle of ${open}.`, "Put the whole statement between \"-- +goose StatementBegin\" and \"-- +goose StatementEnd\".");
	}
	#refuseUnfinished(section) {
		if (section?.unfinishedAt === void 0 || section.isIncomplete) return;
		throw this.#refuse(section.unfinishedAt, "begins a statement that no semicolon at the end of a line ends.", "Goose ends a statement only at a line whose last word before any \"-- comment\" ends with a semicolon.");
	}
	#refuse(offset, problem, hint) {
		const at = this.#place(offset);
		return new ReleaseError("invalid-migration", `${at} ${problem}`, {
			at,
			...hint === void 0 ? {} : { hint }
		});
	}
	#place(offset) {
		const { line, column } = positionFromUtf16(this.#file, offset);
		return `${this.#path}:${line}:${column}`;
	}
};
// src/migration/layouts/goose.ts
/** goose: `00007_add_email.sql`, with `-- +goose Up` and `-- +goose Down` in one file. */
const goose = {
	name: "goose",
	recognizes(files) {
		const sql = files.filter((file) => file.name.endsWith(".sql"));
		return countedEvidence(sql.filter(holdsUp).length, sql.length, "carry -- +goose Up");
	},
	read: (files, phase, variables) => files.filter(isMigration$2).map((file) => readMigration$3(file, phase, variables)),
	table: {
		schema: void 0,
		table: "goose_db_version"
	},
	tableVariable: "GOOSE_TABLE",
	tellTale: { columns: [
		"version_id",
		"is_applied",
		"tstamp"
	] },
	sharesTable: false,
	toleratesHoles: false,
	allowingHoles: "goose -allow-missing up",
	toleratesMissing: true,
	writtenByTool: true,
	locks: () => sessionLocks,
	ledger: {
		create: (table) => `${createTable$3(table)};\ninsert into ${quoteTable(table)} (version_id, is_applied) select 0, true where not exists (select from ${quoteTable(table)})`,
		createEmpty: createTable$3,
		select: (table) => `select version_id::pg_catalog.text as version, null::pg_catalog.text as phase, null::pg_catalog.text as checksum, tstamp::timestamp with time zone as applied_at, id::pg_catalog.float8 as place from (select distinct on (version_id) version_id, is_applied, tstamp, id from ${quoteTable(table)} order by version_id, id desc) newest where is_applied and version_id operator(pg_catalog.<>) 0`,
		record: (table, { version }) => `insert into ${quoteTable(table)} (version_id, is_applied) values (${BigInt(version)}, true)`,
		erase: (table, { version }) => `delete from ${quoteTable(table)} where version_id operator(pg_catalog.=) ${BigInt(version)}::pg_catalog.int8`,
		onlyOnce: bookedOnce,
		head: (table, _scope, without = []) => `select pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.max(id)) from ${quoteTable(table)} where ${butNot("version_id::pg_catalog.text", without)}`
	},
	outsideTransaction: "-- +goose NO TRANSACTION",
	down: { section: "-- +goose Down" },
	newFile: (name, _phase, version, hotfix) => ({
		name: `${version}_${name}.sql`,
		text: `${hotfix ? markLine("hotfix") : ""}-- +goose Up\n\n-- +goose Down\n`
	})
};
/**
* The key that a program takes that calls goose with a session lock and gives none of its own: since 3.26, and before.
* https://github.com/pressly/goose/blob/v3.26.0/lock/session_locker_options.go
*/
const sessionLocks = ["4097083626", "5887940537704921958"];
function createTable$3(table) {
	return `create table if not exists ${quoteTable(table)} (id integer primary key generated by default as identity, version_id bigint not null, is_applied boolean not null, tstamp timestamp not null default pg_catalog.now())`;
}
function holdsUp(file) {
	for (const { text } of linesOf(new TextDecoder().decode(file.bytes))) if (readAnnotation(text) === "Up") return true;
	return false;
}
/** Whether goose would take the file. Throws for one that only the team's own binary, or nobody, would run. */
function isMigration$2(file) {
	if (/\.sql$/i.test(file.name) && !file.name.endsWith(".sql")) throw new ReleaseError("invalid-migration", `${file.path} would never run: goose reads only names that end with .sql in small letters.`, { hint: "Rename it, or move it out of the folder." });
	if (file.name.endsWith(".go") && !file.name.endsWith("_test.go")) refuseGoMigration(file);
	return file.name.endsWith(".sql");
}
/** A Go file without a number is code beside the migrations, most often the one that embeds them, unless it registers some. */
function refuseGoMigration(file) {
	const registers = /\b(?:Add(?:Named)?Migration\w*|NewGoMigration)\b/.test(new TextDecoder().decode(file.bytes));
	if (versionOf$1(file.name) === void 0 && !registers) return;
	throw new ReleaseError("unsupported-migration", `${file.path} is a migration in Go; Shiplock does not run Go migrations.`, {
		at: file.path,
		hint: "It needs the team's own binary, which has it built in. Write it as SQL to release it with Shiplock."
	});
}
function readMigration$3(file, phase, variables) {
	const version = versionOf$1(file.name);
	if (version === void 0) throw new ReleaseError("invalid-migration", `${file.path} has no version: its name does not start with a number from 1 to 9223372036854775807 and an underscore.`, {
		at: file.path,
		hint: "Name it like 00007_add_email.sql, or move it out of the folder."
	});
	refuseByteOrderMark(file, "goose");
	const text = textOf$1(file);
	const { up, down, transactional, takesVariables } = readSections(file.path, text, variables);
	const marks = readMarks(text, file.path, ["hotfix", "major"]);
	return {
		version,
		id: file.name.slice(0, -4),
		phase,
		path: file.path,
		checksum: checksumOf$1(file),
		file: text,
		get up() {
			return up.sql();
		},
		get down() {
			return down?.sql();
		},
		transactional,
		hotfix: marks.has("hotfix"),
		major: marks.has("major"),
		...takesVariables ? { takesVariables } : {}
	};
}
/** The number before the first underscore, as Go reads it. */
function versionOf$1(fileName) {
	const digits = /^\+?(\d+)_/.exec(fileName)?.[1];
	if (digits === void 0) return void 0;
	const version = BigInt(digits);
	return version >= 1n && version < 2n ** 63n ? version.toString() : void 0;
}
// src/migration/layouts/plain.ts
/** Shiplock's own layout: `0007_add_email.sql`, and `0007_add_email.down.sql` beside it for the way back. */
const plain = {
	name: "plain",
	recognizes(files) {
		const sql = files.filter((file) => file.name.toLowerCase().endsWith(".sql"));
		const numbered = sql.filter((file) => numberedName(file.name) !== void 0);
		return countedEvidence(numbered.length, sql.length, "have a number and the mark of no tool");
	},
	knownByNames: true,
	read: readPlain,
	table: {
		schema: "state",
		table: "ledger"
	},
	sharesTable: true,
	toleratesHoles: true,
	toleratesMissing: true,
	writtenByTool: false,
	ledger: {
		create: createTable$2,
		createEmpty: createTable$2,
		select: (table, scope) => `select version, phase, checksum, applied_at from ${quoteTable(table)} where ${ofProject(scope)}`,
		record: (table, migration, scope) => `insert into ${quoteTable(table)} (project, version, name, phase, checksum) values (${[
			scope.project,
			migration.version,
			migration.id,
			migration.phase,
			migration.checksum
		].map(quoteText).join(", ")})`,
		erase: (table, { version }, scope) => `delete from ${quoteTable(table)} where ${ofProject(scope)} and version operator(pg_catalog.=) ${quoteText(version)}`,
		head: (table, scope, without = []) => `select pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.date_part('epoch', pg_catalog.max(applied_at))) from ${quoteTable(table)} where ${ofProject(scope)} and ${butNot("version", without)}`
	},
	outsideTransaction: "-- shiplock: no-transaction",
	down: { beside: (path) => path.replace(/(\.sql)$/i, ".down$1") },
	newFile: (name, _phase, version, hotfix) => ({
		name: `${version}_${name}.sql`,
		text: hotfix ? markLine("hotfix") : ""
	})
};
function createTable$2(table) {
	return `create table if not exists ${quoteTable(table)} (project text not null, version text not null, name text not null, phase text not null, checksum text not null, applied_at timestamptz not null default pg_catalog.clock_timestamp(), primary key (project, version))`;
}
const downEnding = /\.down\.sql$/i;
function readPlain(files, phase) {
	const downs = new Map(files.filter((file) => downEnding.test(file.name)).map((file) => [file.name.replace(downEnding, ""), file]));
	const migrations = [];
	for (const file of files) {
		if (downEnding.test(file.name) || !file.name.toLowerCase().endsWith(".sql")) continue;
		const numbered = numberedName(file.name);
		if (numbered === void 0) throw new ReleaseError("invalid-migration", `${file.path} has no version: its name does not start with a number.`, { hint: "Name it like 0007_add_email.sql, or move it out of the folder." });
		const text = textOf$1(file);
		refuseOtherTools(file.path, text);
		const marks = readMarks(text, file.path, [
			"no-transaction",
			"hotfix",
			"major"
		]);
		const down = downs.get(numbered.id);
		downs.delete(numbered.id);
		migrations.push({
			...numbered,
			phase,
			path: file.path,
			checksum: checksumOf$1(file),
			file: text,
			up: MappedText.ofFile(text),
			down: down === void 0 ? void 0 : MappedText.ofFile(textOf$1(down)),
			downPath: down?.path,
			transactional: !marks.has("no-transaction"),
			hotfix: marks.has("hotfix"),
			major: marks.has("major")
		});
	}
	const [orphan] = downs.values();
	if (orphan !== void 0) throw new ReleaseError("invalid-migration", `${orphan.path} has no migration to take back.`, { hint: `Add ${orphan.name.replace(downEnding, ".sql")} beside it, or delete it.` });
	return migrations;
}
function ofProject({ project }) {
	return `project operator(pg_catalog.=) ${quoteText(project)}`;
}
// src/migration/layouts/prisma/provider.ts
/** Throws where `migration_lock.toml` names another database than PostgreSQL, by the one word that prisma takes for it. */
function refuseOtherProvider(file) {
	const provider = providerOf(file);
	if (provider === "postgresql") return;
	const problem = provider === void 0 ? "names no provider as prisma reads it, at the start of a line" : `says that these migrations are for ${JSON.stringify(provider)}`;
	throw new ReleaseError("unsupported-migration", `${file.path} ${problem}; prisma stops at it too, and Shiplock runs PostgreSQL.`, {
		at: file.path,
		hint: "Restore the file from version control: prisma itself writes provider = \"postgresql\" there."
	});
}
/** What stands behind the first "provider = " at the start of a line, which is how prisma reads the file; TOML allows more. */
function providerOf({ bytes }) {
	const [, written = ""] = /^provider = (.*?)\r?$/m.exec(Buffer.from(bytes).toString()) ?? [];
	return (/^"(.*)"$/.exec(written)?.[1] ?? written) || void 0;
}
// src/migration/layouts/prisma.ts
const providerFile = "migration_lock.toml";
/** Prisma Migrate: a folder for each migration, `20260918120000_add_email`, with `migration.sql`. */
const prisma = {
	name: "prisma",
	nested: true,
	folderFile: providerFile,
	recognizes(files) {
		if (!files.some(({ name }) => name === providerFile)) return void 0;
		const all = files.filter(({ name }) => name.endsWith("/migration.sql"));
		const numbered = all.filter(({ name }) => versionOfFolder(folderOf(name)) !== void 0);
		return countedEvidence(numbered.length, all.length, `are migration.sql in a numbered folder, beside ${providerFile}`);
	},
	read: readPrisma,
	table: {
		schema: "asked",
		table: "_prisma_migrations"
	},
	tellTale: { columns: [
		"migration_name",
		"applied_steps_count",
		"rolled_back_at"
	] },
	sharesTable: true,
	toleratesHoles: true,
	toleratesMissing: true,
	writtenByTool: true,
	locks: () => ["72707369"],
	ledger: prismaLedger,
	outsideTransaction: "-- shiplock: no-transaction",
	down: { beside: (path) => path.replace(/migration(?=\.sql$)/, "down") },
	numbersByTime: true,
	newFile: (name, _phase, version, hotfix) => ({
		name: `${version}_${name}/migration.sql`,
		text: hotfix ? markLine("hotfix") : ""
	})
};
function readPrisma(files, phase) {
	for (const file of files) if (file.name === providerFile) refuseOtherProvider(file);
	const migrations = [...filesByFolder(files.filter(({ name }) => name !== providerFile))].map(([id, held]) => readMigration$2(id, held, phase));
	refuseOtherOrder(migrations);
	return migrations;
}
function readMigration$2(id, held, phase) {
	const [file, down] = [held.get("migration.sql"), held.get("down.sql")];
	const [some] = held.values();
	if (file === void 0) throw invalidMigration(some?.path ?? id, "stands in a folder without migration.sql; prisma stops at it", "Add migration.sql, or delete the folder.");
	const version = versionOfFolder(id);
	if (version === void 0) throw invalidMigration(file.path, "has no version: the name of its folder does not start with a number and an underscore, and prisma would run it in the order of letters", "Name the folder like 20260918120000_add_email. Where it has run, change migration_name in _prisma_migrations with it.");
	return {
		version,
		id,
		phase,
		keptName: id,
		...readSentWhole({
			file,
			down
		}, "prisma")
	};
}
/** prisma sorts whole names as text: 10_b comes before 9_a there. */
function refuseOtherOrder(migrations) {
	const found = misplacedByName(migrations);
	if (found === void 0) return;
	throw invalidMigration(found.migration.path, `stands behind ${found.before.id}, whose number is higher: prisma runs them in the order of their letters, not of their numbers`, "Write the numbers with as many digits; a folder that ran keeps its name in the table, so rename only what has not run.");
}
function folderOf(name) {
	return name.split("/")[0];
}
function versionOfFolder(folder) {
	const digits = /^(\d{1,19})(?:_|$)/.exec(folder)?.[1];
	return digits === void 0 ? void 0 : String(BigInt(digits));
}
// src/migration/team-environment.ts
const skipVariable = "SKIP_POST_DEPLOYMENT_MIGRATIONS";
/**
* The environment of the start, less what is not the command's: our inputs, the runner's tokens, the secrets of store
* and metrics, and the runner's command files, through which a migration could set the outputs of this step, a verdict
* included, or the PATH of the next one.
*/
function teamEnvironment(surroundings) {
	const { variables, phase, applicationName } = surroundings;
	const given = definedOf(variables);
	const isTaken = (name) => isWithheld(name) || name === "SKIP_POST_DEPLOYMENT_MIGRATIONS" && phase !== "pre";
	const url = variables.DATABASE_URL ? {} : { DATABASE_URL: connectionUrl(surroundings) };
	const added = {
		...phase === "pre" ? { [skipVariable]: "true" } : {},
		PGOPTIONS: sessionOptions(surroundings),
		PGAPPNAME: applicationName
	};
	return {
		variables: {
			...Object.fromEntries(given.filter(([name]) => !isTaken(name))),
			...added,
			...url
		},
		added: {
			...added,
			...url.DATABASE_URL === void 0 ? {} : { DATABASE_URL: `(to ${describeConnection(surroundings.connection)})` }
		},
		withheld: given.map(([name]) => name).filter(isTaken).sort()
	};
}
/** The environment of a command that works on no phase: the same, with nothing added. */
function plainEnvironment(variables) {
	return Object.fromEntries(definedOf(variables).filter(([name]) => !isWithheld(name)));
}
/**
* Throws `wrong-database` when the command would follow the environment's DATABASE_URL to another database than the
* one that this run has locked. Resolves to false when the string is of a kind that cannot be compared.
*/
function refuseOtherTarget(url, connection) {
	if (!url) return true;
	const target = tryParse(url);
	if (target === void 0) return false;
	if (addressOf(target) === addressOf(connection)) return true;
	throw new ReleaseError("wrong-database", `DATABASE_URL in the environment goes to ${describeConnection(target)}, and this run works on ${describeConnection(connection)}: the command would migrate another database.`, { hint: "Unset DATABASE_URL in this step, and the command gets the connection of this run; or make both the same." });
}
/** What of the guard a connection string of the team's own takes away; libpq reads the variables only where it does not say. */
function guardLostBy(url) {
	if (!url || !URL.canParse(url)) return [];
	const { searchParams } = new URL(url);
	return [...searchParams.has("options") ? ["options in DATABASE_URL take the place of PGOPTIONS: the command gets no lock_timeout"] : [], ...searchParams.has("application_name") ? ["application_name in DATABASE_URL takes the place of PGAPPNAME: nobody watches what the command waits for"] : []];
}
/** Throws `invalid-input` where the environment tells the program to go to one version: it would take back every newer one. */
function refuseTargetVersion({ targetVariable }, variables) {
	const target = variables[targetVariable]?.trim() ?? "";
	if (!/^\d+(?:_.*\.rb|(?:_\d+)*)$/.test(target)) return;
	throw new ReleaseError("invalid-input", `${targetVariable} is ${target} in the environment: the program would go to that version, and take back whatever is newer.`, { hint: `Unset ${targetVariable} in this step, or give what it is meant for another name.` });
}
function definedOf(variables) {
	return Object.entries(variables).flatMap(([name, value]) => value === void 0 ? [] : [[name, value]]);
}
const withheldPrefixes = [
	"INPUT_",
	"ACTIONS_",
	"AWS_",
	"LOKI_",
	"PROMETHEUS_"
];
const withheldNames = [
	"GITHUB_OUTPUT",
	"GITHUB_ENV",
	"GITHUB_PATH",
	"GITHUB_STATE",
	"GITHUB_STEP_SUMMARY",
	"S3_ACCESS_KEY_ID",
	"S3_SECRET_ACCESS_KEY",
	"S3_SESSION_TOKEN"
];
function isWithheld(name) {
	return withheldNames.includes(name) || withheldPrefixes.some((prefix) => name.startsWith(prefix));
}
/** The last of two options with the same name counts, so the team's own stay and ours go before them. */
function sessionOptions({ variables, connection, role, serverMajor, stallBudgetMs }) {
	const ours = [
		...variables.DATABASE_URL ? [] : connection.settings,
		...role === void 0 ? [] : [["role", role]],
		["lock_timeout", `${Math.max(1, stallBudgetMs)}ms`]
	];
	if (serverMajor >= 14) ours.push(["client_connection_check_interval", "1s"]);
	return [variables.PGOPTIONS?.trim() ?? "", ...ours.map(settingOption)].filter(Boolean).join(" ");
}
/** In the form that every driver reads, with the decided protection in so many words. */
function connectionUrl({ connection, tls, encrypted, authority }) {
	const { host, port, user, password, database, sslcert, sslkey } = connection;
	const mode = {
		off: "disable",
		prefer: encrypted ? "require" : "disable"
	}[tls.mode] ?? tls.mode;
	const isSocket = host.startsWith("/");
	const query = [
		["host", isSocket ? host : void 0],
		["port", isSocket ? String(port) : void 0],
		["sslmode", mode],
		["sslrootcert", mode.startsWith("verify") ? pathOf(authority) : void 0],
		["sslcert", pathOf(sslcert)],
		["sslkey", pathOf(sslkey)]
	].flatMap(([name, value]) => value === void 0 ? [] : `${name}=${encodeURIComponent(value)}`);
	return `postgres://${encodeURIComponent(user) + (password === void 0 ? "" : `:${encodeURIComponent(password)}`)}@${isSocket ? "" : `${host.includes(":") ? `[${host}]` : host}:${port}`}/${encodeURIComponent(database)}?${query.join("&")}`;
}
function pathOf(file) {
	return file === void 0 || file === "system" ? file : resolve(file);
}
function tryParse(url) {
	try {
		return parseConnection(url);
	} catch {
		return;
	}
}
/** Every name of this machine is one place. */
function addressOf(connection) {
	return `${isLocal(connection) ? "localhost" : connection.host}\0${connection.port}\0${connection.database}`;
}
// src/migration/layouts/rails/post-migrations.ts
/** Stands in the class of config/application.rb, which every task loads before Rails makes its list of folders. */
const postFolderLine = `config.paths['db/migrate'] << 'db/post_migrate' if ENV['${skipVariable}'].blank?`;
const honourSkip = `Put this line into the class of config/application.rb: ${postFolderLine}`;
/** Stock Rails generates into db/migrate alone. */
const postGenerator = {
	path: "lib/generators/post_migration/post_migration_generator.rb",
	text: `require 'rails/generators/active_record/migration/migration_generator'

class PostMigrationGenerator < ActiveRecord::Generators::MigrationGenerator
  source_root ActiveRecord::Generators::MigrationGenerator.source_root

  private

  def db_migrate_path
    'db/post_migrate'
  end
end
`
};
// src/migration/layouts/rails.ts
const generator = {
	pre: "bin/rails generate migration",
	post: "bin/rails generate post_migration"
};
const salt = 2053462845n;
/** Rails: `20260101000001_create_users.rb`, in Ruby, which nobody but the application itself can run. */
const rails = {
	name: "rails",
	nested: "deep",
	runBy: {
		command: ["bin/rails", "db:migrate"],
		downTask: "db:migrate:down",
		generator,
		versionArgument: (version) => `VERSION=${version}`,
		targetVariable: "VERSION",
		honourSkip
	},
	recognizes(files) {
		if (files.map(({ name }) => name.toLowerCase()).some((name) => name.endsWith(".sql"))) return void 0;
		const ruby = files.filter(({ name }) => name.endsWith(".rb"));
		const own = ruby.filter((file) => partsOf(file) !== void 0 && isActiveRecord(file));
		return countedEvidence(own.length, ruby.length, "are migrations of ActiveRecord");
	},
	read: (files, phase) => {
		const migrations = files.filter(isMigration$1).map((file) => readMigration$1(file, phase));
		refuseSameClass(migrations);
		return migrations;
	},
	refuseTogether: refuseSameClass,
	table: {
		schema: void 0,
		table: "schema_migrations"
	},
	tellTale: {
		columns: ["version"],
		only: true
	},
	sharesTable: true,
	toleratesHoles: true,
	toleratesMissing: true,
	writtenByTool: true,
	locks: (database) => [String(salt * BigInt(crc32(database)))],
	ledger: {
		create: createTable$1,
		createEmpty: createTable$1,
		select: (table) => `select ${numberInText("version")} as version, null::pg_catalog.text as phase, null::pg_catalog.text as checksum, null::timestamp with time zone as applied_at from ${quoteTable(table)}`,
		record: (table, { version }) => `insert into ${quoteTable(table)} (version) values (${quoteText(version)})`,
		...textVersions
	},
	outsideTransaction: "disable_ddl_transaction! in its class",
	numbersByTime: true,
	newFile: (name, phase, _version, hotfix) => {
		const printed = phase === "pre" ? "" : "; \"shiplock init\" prints that generator";
		const marked = hotfix ? ", and put the line \"# shiplock: hotfix\" at its top" : "";
		throw new ReleaseError("invalid-input", "Migrations of Rails are written in Ruby; Shiplock makes none.", { hint: `Make it with ${generator[phase]} ${name}${printed}${marked}.` });
	}
};
function createTable$1(table) {
	return `create table if not exists ${quoteTable(table)} (version varchar not null primary key)`;
}
function isActiveRecord({ bytes }) {
	return new TextDecoder().decode(bytes).includes("ActiveRecord::Migration");
}
/** What Rails parts a file's name into; the last is the engine that the file was copied from. */
function partsOf({ name }) {
	const fileName = name.split("/").at(-1);
	const [, version, snake = ""] = /^([0-9]+)_([_a-z0-9]*)\.?([_a-z0-9]*)?\.rb$/.exec(fileName) ?? [];
	if (version === void 0) return void 0;
	return {
		version: BigInt(version).toString(),
		className: camelized(snake),
		id: fileName.slice(0, -3)
	};
}
function camelized(snake) {
	return snake.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}
/** Whether Rails would take the file. Throws for one at which Rails stops, and for a migration that would never run. */
function isMigration$1(file) {
	if (partsOf(file) !== void 0) return true;
	const fileName = file.name.split("/").at(-1);
	const isTaken = /^[0-9].*_.*\.rb$/.test(fileName);
	if (!isTaken && !(fileName.endsWith(".rb") && isActiveRecord(file))) return false;
	throw new ReleaseError("invalid-migration", isTaken ? `${file.path} has a name at which Rails stops: only small letters, digits and underscores follow the number.` : `${file.path} would never run: Rails takes only names that start with a number and an underscore.`, {
		at: file.path,
		hint: "Name it like 20260131120000_add_email_to_users.rb, or move it out of the folder."
	});
}
function readMigration$1(file, phase) {
	const { version, id } = partsOf(file);
	const text = textOf$1(file);
	const marks = readMarks(text, file.path, ["hotfix", "major"], "#");
	return {
		version,
		id,
		phase,
		path: file.path,
		checksum: checksumOf$1(file),
		file: text,
		up: MappedText.ofFile(text, 0, 0),
		down: void 0,
		transactional: !/^[ \t]*disable_ddl_transaction!/m.test(text),
		hotfix: marks.has("hotfix"),
		major: marks.has("major"),
		notSql: "Ruby"
	};
}
/** Rails reads both folders at once and stops when two files stand for one class, whatever their numbers are. */
function refuseSameClass(migrations) {
	const seen = /* @__PURE__ */ new Map();
	for (const migration of migrations) {
		const { className } = partsOf({ name: `${migration.id}.rb` });
		const other = seen.get(className);
		seen.set(className, migration);
		if (other === void 0) continue;
		throw new ReleaseError("invalid-migration", `${other.path} and ${migration.path} are both of the class ${className}; Rails stops at it.`, {
			at: migration.path,
			hint: "Give the newer file and its class a name of their own."
		});
	}
}
// src/migration/layouts/sqlx/settings.ts
const usual = "_sqlx_migrations";
/** What of `sqlx.toml` changes the rows that sqlx writes. */
const schema = object({ migrate: object({
	"table-name": string().optional(),
	"ignored-chars": array(string()).optional()
}).optional() });
/** `sqlx.toml`, which sqlx reads from 0.9 on. */
const sqlxSettings = {
	files: ["sqlx.toml"],
	refuse({ path, text }, migrations, table) {
		const { "table-name": named = usual, "ignored-chars": ignored = [] } = read(path, text);
		if (table === void 0 && named !== usual) throw otherTable(path, named, usual);
		for (const migration of migrations) {
			const left = ignored.find((one) => one !== "" && migration.file.includes(one));
			if (left === void 0) continue;
			const at = placeIn(migration, migration.up, migration.file.indexOf(left));
			throw new ReleaseError("unsupported-migration", `${at}: ${path} has sqlx leave ${JSON.stringify(left)} out of its checksums, and Shiplock does not: each would take what the other ran for edited.`, {
				at,
				hint: `Take it out of the files and of ignored-chars. For ends of lines, let .gitattributes say: *.sql text eol=lf.`
			});
		}
	}
};
function read(path, text) {
	try {
		return schema.parse(parse$1(text)).migrate ?? {};
	} catch {
		throw invalidMigration(path, "cannot be read; sqlx stops at it too", "Mend it, or delete it.");
	}
}
// src/migration/layouts/sqlx.ts
/** sqlx: `20260918120000_add_email.sql`, or `….up.sql` with `….down.sql` beside it for the way back. */
const sqlx = {
	name: "sqlx",
	recognizes(files) {
		const named = files.filter(({ name }) => nameOf$2(name) !== void 0);
		const signed = named.filter(({ bytes }) => signs.test(new TextDecoder().decode(bytes)));
		return countedEvidence(signed.length, named.length, "begin with a line of sqlx");
	},
	namedIn: {
		file: "Cargo.toml",
		by: /^\s*(?:sqlx\b|\[[\w.-]*dependencies\.sqlx\])/m
	},
	read: readSqlx,
	table: {
		schema: void 0,
		table: "_sqlx_migrations"
	},
	settings: sqlxSettings,
	tellTale: { columns: [
		"installed_on",
		"success",
		"checksum bytea",
		"execution_time bigint"
	] },
	sharesTable: false,
	toleratesHoles: true,
	toleratesMissing: false,
	writtenByTool: true,
	locks: (database) => [String(1026731422n * BigInt(crc32(database)))],
	ledger: {
		create: createTable,
		createEmpty: createTable,
		select: (table) => `select version::pg_catalog.text as version, null::pg_catalog.text as phase, pg_catalog.encode(checksum, 'hex') as checksum, installed_on as applied_at, not success as dirty from ${quoteTable(table)}`,
		record: (table, { version, id, checksum }) => `insert into ${quoteTable(table)} (version, description, success, checksum, execution_time) values (${BigInt(version)}, ${quoteText(descriptionOf(id))}, true, pg_catalog.decode(${quoteText(checksum)}, 'hex'), -1)`,
		erase,
		dirty: {
			explain: (version) => ({
				says: `version ${version} began and did not succeed`,
				hint: `sqlx stops at it too, and has no command for it. Make sure by hand that all of ${version} is there, or nothing of it, and say so: ${clearDirtyCommand(version)}`
			}),
			settle: (table, migration, as) => as === "reverted" ? erase(table, migration) : `update ${quoteTable(table)} set success = true, checksum = pg_catalog.decode(${quoteText(migration.checksum)}, 'hex') where version operator(pg_catalog.=) ${BigInt(migration.version)}::pg_catalog.int8`
		},
		head: (table, _scope, without = []) => headOfVersions(`${quoteTable(table)} t where ${butNot("t.version::pg_catalog.text", without)}`)
	},
	outsideTransaction: "-- no-transaction",
	down: { beside: (path) => path.replace(/(?:\.up)?(\.sql)$/i, ".down$1") },
	numbersByTime: true,
	newFile: (name, _phase, version, hotfix) => ({
		name: `${version}_${name}.up.sql`,
		text: hotfix ? markLine("hotfix") : "",
		beside: {
			name: `${version}_${name}.down.sql`,
			text: ""
		}
	})
};
/** What `sqlx migrate add` writes into a new file, and its own mark; the names alone could be those of other tools. */
const signs = /^-- (?:Add (?:up |down )?migration script here|no-transaction)/;
const noTransaction = "-- no-transaction";
function createTable(table) {
	return `create table if not exists ${quoteTable(table)} (version bigint primary key, description pg_catalog.text not null, installed_on timestamp with time zone not null default pg_catalog.now(), success boolean not null, checksum pg_catalog.bytea not null, execution_time bigint not null)`;
}
function erase(table, { version }) {
	return `delete from ${quoteTable(table)} where version operator(pg_catalog.=) ${BigInt(version)}::pg_catalog.int8`;
}
function readSqlx(files, phase) {
	const named = files.filter(isMigration).map((file) => ({
		file,
		...versionOf(file)
	}));
	const downs = /* @__PURE__ */ new Map();
	for (const { file, kind, version } of named) {
		if (kind !== "down") continue;
		const other = downs.get(version);
		if (other !== void 0) throw invalidMigration(file.path, `and ${other.path} are both the way back of version ${version}`, "Keep one of them.");
		downs.set(version, file);
	}
	const migrations = named.filter(({ kind }) => kind !== "down").map(({ file, version, id }) => readMigration(file, {
		version,
		id,
		phase
	}, downs.get(version)));
	const orphan = named.find(({ kind, version }) => kind === "down" && !migrations.some((one) => one.version === version));
	if (orphan !== void 0) throw invalidMigration(orphan.file.path, "has no migration to take back", "Add the .up.sql of the same version, or delete it.");
	return migrations;
}
function readMigration(file, named, down) {
	const whole = readWhole({
		file,
		down
	}, "sqlx");
	const { hotfix, major } = readOwnMarks(whole);
	return {
		...named,
		...whole,
		checksum: createHash("sha384").update(file.bytes).digest("hex"),
		transactional: !whole.file.startsWith(noTransaction),
		...whole.down === void 0 ? {} : { downTransactional: !whole.down.text.startsWith(noTransaction) },
		hotfix,
		major
	};
}
/** Whether sqlx would take the file. Throws for one that looks like a migration and would never run. */
function isMigration({ name, path }) {
	if (nameOf$2(name) !== void 0) return true;
	if (/^\+?\d.*\.sql$/i.test(name)) throw invalidMigration(path, "would never run: sqlx leaves it out without a word", "Name it like 20260918120000_add_email.sql, with .sql in small letters.");
	return false;
}
/** What sqlx parts a name into: all before the first underscore, and the rest. */
function nameOf$2(fileName) {
	const at = fileName.indexOf("_");
	if (at < 0 || !fileName.slice(at + 1).endsWith(".sql")) return void 0;
	const kind = fileName.endsWith(".up.sql") ? "up" : fileName.endsWith(".down.sql") ? "down" : "simple";
	const id = fileName.replace({
		simple: /(?:\.sql)+$/,
		up: /(?:\.up\.sql)+$/,
		down: /(?:\.down\.sql)+$/
	}[kind], "");
	return {
		prefix: fileName.slice(0, at),
		id,
		kind
	};
}
function versionOf({ name, path }) {
	const { prefix, id, kind } = nameOf$2(name);
	const version = /^\+?\d+$/.test(prefix) ? BigInt(prefix) : void 0;
	if (version === void 0 || version >= 2n ** 63n) throw invalidMigration(path, "has no version: its name does not start with a number up to 9223372036854775807 and an underscore", "Name it like 20260918120000_add_email.sql, or move it out of the folder.");
	return {
		version: version.toString(),
		id,
		kind
	};
}
function descriptionOf(id) {
	return id.slice(id.indexOf("_") + 1).replaceAll("_", " ");
}
// src/migration/layouts/index.ts
/** Every layout; the last is Shiplock's own, whose files have the mark of no other. */
const layouts = [
	goose,
	golangMigrate,
	dbmate,
	sqlx,
	diesel,
	prisma,
	flyway,
	rails,
	plain
];
// src/migration/choose-layout.ts
const ownLayout = layouts.at(-1);
/** The layout that is named, or that the files show. Throws `unknown-layout` where they show none, or two. */
function chooseLayout(files, name) {
	if (name !== void 0) return {
		layout: layouts.find((layout) => layout.name === name) ?? ownLayout,
		shownBy: void 0
	};
	const shown = layoutsShown(files);
	const [first, second] = shown.filter(({ layout }) => layout !== ownLayout);
	if (first !== void 0 && second !== void 0) throw unknownLayout$1(`The files may be written for ${[first, second].map(({ layout, shownBy }) => `${layout.name} (${shownBy})`).join(" or ")}.`, [first, second].map(({ layout }) => layout.name).join(" or "));
	const found = first ?? shown[0];
	if (found !== void 0) return found;
	if (files.every((file) => !file.name.toLowerCase().endsWith(".sql"))) return {
		layout: ownLayout,
		shownBy: void 0
	};
	throw unknownLayout$1(`The files do not show which tool they are written for (${files[0]?.path}${files.length > 1 ? " and others" : ""}).`);
}
function layoutsShown(files) {
	return layouts.flatMap((layout) => {
		const shownBy = layout.recognizes(ownFiles(layout, files));
		return shownBy === void 0 ? [] : [{
			layout,
			shownBy
		}];
	});
}
function unknownLayout$1(problem, names = `one of ${layouts.map((layout) => layout.name).join(", ")}`) {
	return new ReleaseError("unknown-layout", problem, { hint: `Set migrations.layout in shiplock.yml to ${names}.` });
}
/** The files that can be the layout's. */
function ownFiles({ nested, folderFile }, files) {
	if (nested === "deep") return files.filter(({ name }) => !isNested(name));
	return files.filter(({ name }) => nested ? isNested(name) || name === folderFile : !name.includes("/"));
}
const hangsOnLayout = /* @__PURE__ */ new Set([
	"invalid-migration",
	"unsupported-migration",
	"migrations-not-found"
]);
/** A file may be refused only because it is read as another tool's: what speaks for the layout stands beside what to do. */
function explained(error, chosen, files) {
	if (!(error instanceof ReleaseError) || !hangsOnLayout.has(error.code)) return error;
	const { code, message, at, hint = "", cause } = error;
	if (hint.includes("migrations.layout")) return error;
	const said = chosen.shownBy === void 0 ? otherwiseNamed(hint, chosen.layout, files) : `${hint} ${takenFor(chosen)}`;
	if (said === void 0) return error;
	return new ReleaseError(code, message, {
		...at === void 0 ? {} : { at },
		hint: said,
		cause
	});
}
function takenFor({ layout, shownBy }) {
	return `The files were taken for ${layout.name} (${shownBy}); migrations.layout names another layout.`;
}
/** Where no file shows the layout that was named, and all show another one, the name is the likelier mistake. */
function otherwiseNamed(hint, named, files) {
	const shown = layoutsShown(files);
	const [other, second] = shown.filter(({ layout }) => layout !== ownLayout);
	if (other === void 0 || second !== void 0 || shown.some(({ layout }) => layout === named)) return void 0;
	const { layout, shownBy } = other;
	return `The files look like ${layout.name} (${shownBy}), and ${named.name} is named: set migrations.layout to ${layout.name}, or leave it out. Otherwise: ${hint}`;
}
// src/migration/collect.ts
/**
* Reads both folders in the layout that is named, or that the files show.
* Throws `migrations-not-found`, `unknown-layout`, `duplicate-version` (unless they are to be kept) or what the layout finds.
*/
function collectMigrations(folders, layoutName, variables) {
	const { pre, post } = filesOf(folders);
	const chosen = chooseLayout([...pre, ...post], layoutName);
	const { layout } = chosen;
	try {
		const migrations = [...readOwn(layout, pre, "pre", variables), ...readOwn(layout, post, "post", variables)].sort(byVersion);
		if (migrations.length === 0) throw noneFound(folders.pre.path, layout, layoutName);
		refuseDuplicates(migrations);
		layout.refuseTogether?.(migrations);
		return {
			...chosen,
			migrations
		};
	} catch (error) {
		throw explained(error, chosen, [...pre, ...post]);
	}
}
/** What a layout reads of a folder, given those of its files that can be the layout's. */
function readOwn(layout, files, phase, variables) {
	return layout.read(ownFiles(layout, files), phase, variables);
}
/**
* As `collectMigrations`, for whoever reports on every file: one that is malformed is refused by itself, and a version
* may stand there twice. Throws `migrations-not-found` or `unknown-layout`.
*/
function collectEach(folders, layoutName, variables) {
	const { pre, post } = filesOf(folders);
	const { layout, shownBy } = chooseLayout([...pre, ...post], layoutName);
	const read = (files, phase) => readEach(layout, files, phase, variables);
	const both = [read(pre, "pre"), read(post, "post")];
	const migrations = both.flatMap((one) => one.migrations).sort(byVersion);
	const refused = [...both.flatMap((one) => one.refused), ...refusedTogether(layout, migrations)];
	if (migrations.length + refused.length === 0) throw explained(noneFound(folders.pre.path, layout, layoutName), {
		layout,
		shownBy
	}, [...pre, ...post]);
	return {
		layout,
		shownBy,
		migrations,
		refused
	};
}
function refusedTogether(layout, migrations) {
	try {
		layout.refuseTogether?.(migrations);
		return [];
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		return [{
			path: error.at ?? migrations[0]?.path ?? "",
			error
		}];
	}
}
/** A mistyped folder must not read as "nothing is pending". */
function filesOf({ pre, post }) {
	if (pre.files === void 0) throw notFound(`There is no folder ${pre.path}.`);
	if (post.files === void 0 && post.named) throw notFound(`There is no folder ${post.path}.`);
	return {
		pre: pre.files,
		post: post.files ?? []
	};
}
/** The whole folder at once; when that fails, each migration with the files that go by its name. */
function readEach(layout, files, phase, variables) {
	try {
		return {
			migrations: readOwn(layout, files, phase, variables),
			refused: []
		};
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		const [first, ...others] = groupsByName(files);
		if (first === void 0 || others.length === 0) return {
			migrations: [],
			refused: [{
				path: files[0]?.path ?? "",
				error
			}]
		};
		const parts = [first, ...others].map((group) => readEach(layout, group, phase, variables));
		return {
			migrations: parts.flatMap((one) => one.migrations),
			refused: parts.flatMap((one) => one.refused)
		};
	}
}
function groupsByName(files) {
	const groups = /* @__PURE__ */ new Map();
	for (const file of files) {
		const stem = flywayName(file.name.replace(/\.conf$/, ""))?.version ?? file.name.split(/[./]/)[0];
		const group = groups.get(stem);
		if (group === void 0) groups.set(stem, [file]);
		else group.push(file);
	}
	return [...groups.values()];
}
function notFound(problem) {
	return new ReleaseError("migrations-not-found", problem, { hint: "Name the folders with migrations.pre and migrations.post in shiplock.yml, or with --migrations and --migrations-post; \"shiplock new <name>\" makes the first migration." });
}
function noneFound(path, { nested }, named) {
	return notFound(`${path} holds ${named === void 0 ? "no migration" : `no migration of the layout ${named}`}${nested ? "" : "; files in subfolders are not read"}.`);
}
function refuseDuplicates(sorted) {
	for (const [index, migration] of sorted.entries()) {
		const before = sorted[index - 1];
		if (before === void 0 || lineageOf(before.version) !== lineageOf(migration.version)) continue;
		if (before.path === migration.path) throw new ReleaseError("duplicate-version", `${migration.path} would run before the deploy and after it: both phases read its folder.`, {
			at: migration.path,
			hint: "Give the post migrations a folder of their own, which does not lie in that of the others: migrations.post."
		});
		if (isRepeatable(migration)) throw new ReleaseError("duplicate-version", `${before.path} and ${migration.path} are repeatable migrations of one name.`, {
			at: migration.path,
			hint: "Rename one of them: nothing else tells whose turn it is."
		});
		throw new ReleaseError("duplicate-version", `${before.path} and ${migration.path} carry the same version, ${migration.version}.`, {
			at: migration.path,
			hint: "Give the newer one a number of its own; numbers are unique across both folders."
		});
	}
}
// src/migration/history.ts
/** The newest release that was recorded as deployed. */
function lastDeployed(history) {
	return newest(history.filter((row) => row.event === "deployed"));
}
/** Attempts after which the version table held the migration, and that no later run took back. */
function appliedAttempts(history) {
	const standing = /* @__PURE__ */ new Map();
	for (const row of history) {
		if (row.event === "reversal" && row.state === "reverted") standing.delete(row.version);
		if (row.event !== "migration" || row.state !== "applied" && row.state !== "applied-unreported") continue;
		standing.set(row.version, [...standing.get(row.version) ?? [], row]);
	}
	const kept = new Set([...standing.values()].flat());
	return history.filter((row) => row.event === "migration").filter((row) => kept.has(row));
}
/**
* Whether a row says that older code comes back: what a dead run did not live to record is known by what it took back. What
* a person took back says so only where the release that is live contains it: its code cannot be live without it.
*/
function isRollback(row, deployed) {
	if (row.event !== "reversal") return row.event === "rollback";
	if (row.state !== "reverted" || row.byHand === void 0) return row.state === "reverted";
	return row.byHand.wasApplied && deployed?.migrations.some(({ version }) => version === row.version) === true;
}
/** Every version that a run of Shiplock, or a release that it saw, has known. */
function knownVersions(history) {
	return new Set(history.flatMap((row) => row.event === "migration" ? [row.version] : row.event === "deployed" ? row.migrations.map((one) => one.version) : []));
}
/** The last of the newest: rows of one moment stand in their order. */
function newest(rows) {
	return rows.reduce((last, row) => last === void 0 || row.at >= last.at ? row : last, void 0);
}
/** Versions that the history takes for run, or for part of a release that was deployed, and that nobody took back since. */
function ranBefore({ rows, former }) {
	const known = /* @__PURE__ */ new Map();
	for (const row of [...former, ...rows]) {
		if (row.event === "deployed") for (const one of row.migrations) known.set(one.version, one);
		if (row.event === "reversal" && row.state === "reverted") known.delete(row.version);
		if (row.event === "migration" && (row.state === "applied" || row.state === "applied-unreported" || row.state === "running")) known.set(row.version, row);
	}
	return [...known.values()];
}
// src/migration/identity.ts
/**
* Throws `wrong-database` unless the stamp in the database says that it is the one of this environment, and not a
* fork, a template copy or a restored backup that carries somebody else's stamp.
*/
function checkStamp(stamp, identity, environment) {
	if (stamp === void 0) return;
	const adopt = `shiplock ledger adopt --environment ${environment} --reason "…"`;
	if (stamp.environment !== environment) throw new ReleaseError("wrong-database", `This database was stamped as ${stamp.environment}, and this run is for ${environment}.`, { hint: `Check database-url and environment. Nothing was changed. If this database, a copy perhaps, is to be ${environment} from now on: ${adopt}` });
	const differences = differencesOf(stamp, identity);
	if (differences.length === 0) return;
	throw new ReleaseError("wrong-database", `This database is a copy, or has moved: it carries the stamp of ${environment}, which was made for ${differences.join(" and ")}.`, { hint: `Check database-url. Nothing was changed. If it really is ${environment} now: ${adopt}` });
}
/** `undefined` when the stamp agrees already. Throws `not-stamped`. */
function planAdoption(stamp, identity, environment) {
	if (stamp === void 0) throw new ReleaseError("not-stamped", "This database carries no stamp: no run of Shiplock has changed it.", { hint: `There is nothing to adopt. The first "shiplock migrate --environment ${environment}" stamps it.` });
	const sameName = stamp.environment === environment;
	if (sameName && differencesOf(stamp, identity).length === 0) return void 0;
	return {
		kind: sameName ? "moved" : "copy",
		from: stamp,
		to: {
			...identity,
			environment
		}
	};
}
function differencesOf(stamp, identity) {
	return [
		stamp.systemIdentifier !== void 0 && identity.systemIdentifier !== void 0 && stamp.systemIdentifier !== identity.systemIdentifier && "another server cluster",
		stamp.databaseOid !== identity.databaseOid && "another database of that cluster",
		stamp.address !== identity.address && identity.standby !== true && "another address"
	].filter((one) => one !== false);
}
// src/migration/drift.ts
function sidesOf(migrations, entries, { rows, former }) {
	const history = [...former, ...rows];
	const contained = /* @__PURE__ */ new Map();
	for (const row of history) for (const one of row.event === "deployed" ? row.migrations : []) contained.set(one.version, [...contained.get(one.version) ?? [], one]);
	return {
		migrations,
		applied: new Map(entries.map((entry) => [entry.version, entry])),
		attempts: new Map(appliedAttempts(history).map((row) => [row.version, row])),
		contained
	};
}
/** SHA-256 of the file that ran under a version; `undefined` when nothing kept it. */
function checksumThatRan({ applied, attempts }, version) {
	return applied.get(version)?.checksum ?? attempts.get(version)?.checksum;
}
/** Throws `version-clash` when another file ran under a file's number, `checksum-mismatch` when the file itself changed. */
function refuseEdits(sides) {
	for (const migration of sides.migrations) {
		const { version, path } = migration;
		const entry = sides.applied.get(version);
		if (entry === void 0) continue;
		const recorded = checksumThatRan(sides, version);
		const renamed = entry.name !== void 0 && migration.keptName !== void 0 && entry.name !== migration.keptName;
		const isSame = recorded === void 0 ? void 0 : isFileOf(migration, recorded);
		if (isSame && !renamed) continue;
		const day = entry.appliedAt === void 0 ? "" : ` on ${entry.appliedAt.toISOString().slice(0, 10)}`;
		if (isSame || renamed && isSame === void 0) throw new ReleaseError("version-clash", `${path} was renamed after it ran${day}: the version table has it as "${oneLine(entry.name ?? "")}".`, {
			at: path,
			hint: "Give the file its name back: the team's tool goes by it, and would run the file again or stop at it."
		});
		const other = renamed ? oneLine(entry.name ?? "") : nameThatRan(sides, migration);
		if (other !== void 0) throw new ReleaseError("version-clash", `Version ${version} ran as ${other}${day}, and ${path} carries the same number.`, {
			at: path,
			hint: `Give ${path} a number of its own, newer than both, and keep ${other} as it is: two branches took the same number. "shiplock new --hotfix" takes one that no branch has.`
		});
		if (recorded === void 0) continue;
		throw new ReleaseError("checksum-mismatch", `${path} was edited after it ran${day}.`, {
			at: path,
			hint: "Restore the file from version control, and put the change into a new migration."
		});
	}
}
/**
* The other file that ran under a migration's number. Without an attempt of our own the deployed releases say it: they
* held the number, and none held it under this name or with these contents.
*/
function nameThatRan({ attempts, contained }, { version, id, checksum }) {
	const attempt = attempts.get(version);
	if (attempt !== void 0) return attempt.name === id || attempt.name === "" ? void 0 : attempt.name;
	const known = contained.get(version) ?? [];
	if (known.some((one) => one.name === void 0 || one.name === id || one.checksum === checksum)) return void 0;
	return known.at(-1)?.name;
}
function refuseMoves({ migrations, applied }) {
	const phases = /* @__PURE__ */ new Map();
	for (const entry of applied.values()) {
		const lineage = lineageOf(entry.version);
		phases.set(lineage, [...phases.get(lineage) ?? [], entry.phase]);
	}
	for (const { version, phase, path } of migrations) {
		const [ran, ...others] = phases.get(lineageOf(version)) ?? [];
		if (ran === void 0 || [ran, ...others].includes(phase)) continue;
		const own = isRepeatable({ version }) ? "name" : "number";
		throw new ReleaseError("phase-moved", `${path} stands in the ${phase} folder, but version ${shownVersion(version)} ran as a ${ran} migration.`, { hint: `Move the file back. If it is another migration, give it a ${own} of its own.` });
	}
}
/** Git is asked only about versions that the history does not know. */
async function refuseUnknown(ahead, { rows, former }, gitVersions) {
	const known = new Set([...knownVersions([...former, ...rows])].map(lineageOf));
	let unknown = ahead.filter((entry) => !known.has(lineageOf(entry.version)));
	if (unknown.length === 0) return;
	const inGit = await gitVersions();
	unknown = unknown.filter((entry) => !inGit.has(lineageOf(entry.version)));
	if (unknown.length === 0) return;
	const list = unknown.map((entry) => shownVersion(entry.version)).join(", ");
	throw new ReleaseError("unknown-version", `The ledger holds ${unknown.length === 1 ? "a version" : "versions"} of unknown origin: ${list}. No file, no history row and no git ref knows ${unknown.length === 1 ? "it" : "them"}.`, { hint: "Check that this is the right database and the right branch (fetch the whole history: fetch-depth: 0). Somebody may have run migrations from elsewhere." });
}
/**
* Where the table keeps the newest version alone, a file that came too late counts as run and never runs. It shows when
* a release that was deployed had a newer one and not this one.
*/
function refuseSkipped({ migrations, applied, attempts, contained }) {
	const deployed = [...contained].map(([version, [one]]) => ({
		version,
		phase: one?.phase
	}));
	for (const migration of migrations) {
		const { version, phase, path } = migration;
		if (!applied.has(version) || attempts.has(version) || contained.has(version)) continue;
		const newer = deployed.find((one) => one.phase === phase && applied.has(one.version) && byVersion(one, migration) > 0);
		if (newer === void 0) continue;
		throw new ReleaseError("out-of-order", `${path} is older than version ${newer.version}, which has run, and has not run itself.`, {
			at: path,
			hint: "Give it a newer number: the version table keeps the newest number alone, and an older file can never run."
		});
	}
}
/** A hotfix took a number ahead of its turn on purpose: older files may still run after it. */
function refuseHoles(pending, { migrations, applied }, phase) {
	const newest = migrations.filter((migration) => migration.phase === phase && applied.has(migration.version) && !migration.hotfix && !isRepeatable(migration)).sort(byVersion).at(-1);
	const late = newest === void 0 ? void 0 : pending.find((migration) => byVersion(migration, newest) < 0);
	if (late === void 0 || newest === void 0) return;
	throw new ReleaseError("out-of-order", `${late.path} is older than ${newest.id}, which has run.`, {
		at: late.path,
		hint: `Give it a newer number. When ${newest.id} is a hotfix, the mark "${newest.notSql === void 0 ? "--" : "#"} shiplock: hotfix" at its top, ${newest.notSql === void 0 ? "made by \"shiplock new --hotfix\" before it ran" : "there before it ran"}, lets older ones follow; migrations.out-of-order: allow lets any.`
	});
}
// src/migration/post-rules.ts
/**
* The post migrations that the code that is live no longer needs held back.
* Throws `post-not-allowed` or `post-changed`.
*/
function postMigrationsToRun({ pre, post }, history) {
	const deployed = lastDeployed(history);
	if (deployed === void 0 && pre.length === 0) throw new ReleaseError("post-not-allowed", `${plural(post.length, "post migration")} would run, but no release has been recorded as deployed in this environment.`, { hint: "Run \"shiplock record deployed\" after the deploy command has ended with 0; then run the post phase." });
	refuseBarred(history, deployed);
	if (pre.length > 0) throw new ReleaseError("post-not-allowed", `${plural(pre.length, "pre migration")} of this release (${pre[0]?.id} first) ${pre.length === 1 ? "has" : "have"} not run, so the code that is live cannot be the one that no longer needs the old objects.`, { hint: "Run the pre phase, deploy, record the deploy, and then run the post phase." });
	const contained = new Map(deployed?.migrations.map(({ version, checksum }) => [version, checksum]));
	const changed = post.find(({ version, checksum }) => contained.has(version) && contained.get(version) !== checksum);
	if (changed !== void 0) throw new ReleaseError("post-changed", `${changed.path} was changed after ${deployed?.release} was recorded as deployed.`, {
		at: changed.path,
		hint: "Deploy the release that holds the file as it is now, run \"shiplock record deployed\" from its checkout, and then the post phase."
	});
	return post.filter(({ version }) => contained.has(version));
}
/** Throws `post-not-allowed`: after a rollback, or a canary that did not like what it saw, the code that was recorded as live may be live no more. */
function refuseBarred(history, deployed) {
	const against = history.filter((row, index) => isAgainst(row, history.slice(index + 1), deployed));
	const last = newest([...deployed === void 0 ? [] : [deployed], ...against]);
	if (last === void 0 || last === deployed) return;
	const what = last.event === "canary" ? `A canary ended in ${last.verdict}` : last.event === "reversal" && last.byHand !== void 0 ? `${last.name}, which the release that is live contains, was marked as taken back` : "A rollback was recorded";
	throw new ReleaseError("post-not-allowed", `${what} for ${last.release} on ${formatMoment(last.at)}, after the last deploy${deployed === void 0 ? "" : ` (${deployed.release})`}: old code may be live again that needs what the post migrations remove.`, { hint: `Deploy the release that is to stay, run "shiplock record deployed" from its checkout, and then the post phase.${last.event === "canary" ? " When this one is to stay, a person decides it: \"shiplock record promoted --reason …\"." : ""}` });
}
/**
* After an abort the old code may be live again, so that only a person or a new deploy can tell otherwise; after a hold a
* watch of the same release with more to see can, too.
*/
function isAgainst(row, later, deployed) {
	if (isRollback(row, deployed)) return true;
	if (row.event !== "canary" || row.verdict === "promote") return false;
	return !later.some((one) => one.event === "canary" && one.verdict === "promote" && (one.accepted || row.verdict === "hold" && one.release === row.release));
}
/** Throws `post-debt` when post migrations have been held back for too long, or too many of them. */
function refuseDebts(debts, { maxPostDebtMs, maxPostDebtCount }) {
	const [oldest] = [...debts].sort((a, b) => b.ageMs - a.ageMs);
	if (oldest === void 0) return;
	if (oldest.ageMs > maxPostDebtMs) throw new ReleaseError("post-debt", `${oldest.migration.path} has been held back for ${formatDuration(oldest.ageMs)} since its release was deployed; the limit is ${formatDuration(maxPostDebtMs)}.`, { hint: "Run --phase post from the checkout of the deployed release first, or raise max-post-debt." });
	if (debts.length > maxPostDebtCount) throw new ReleaseError("post-debt", `${plural(debts.length, "post migration")} of deployed releases are held back, ${oldest.migration.path} for the longest; the limit is ${maxPostDebtCount}.`, { hint: "Run --phase post from the checkout of the deployed release first, or raise max-post-debt-count." });
}
function debtsOf(post, history, now) {
	const deploys = history.filter((row) => row.event === "deployed").sort((a, b) => a.at.getTime() - b.at.getTime());
	return post.flatMap((migration) => {
		const first = deploys.find((row) => row.migrations.some((one) => one.version === migration.version));
		return first === void 0 ? [] : [{
			migration,
			since: first.at,
			release: first.release,
			ageMs: now.getTime() - first.at.getTime()
		}];
	});
}
// src/migration/plan.ts
/**
* Compares ledger and files.
* Throws `version-clash`, `checksum-mismatch`, `phase-moved`, `unknown-version` or `out-of-order`: states that no phase
* may run on.
*/
async function comparePhases(evidence, policy) {
	const { migrations, entries, history } = evidence;
	const sides = sidesOf(migrations, entries, history);
	const files = new Set(migrations.map(({ version }) => lineageOf(version)));
	refuseEdits(sides);
	refuseMoves(sides);
	if (evidence.keepsNewest) refuseSkipped(sides);
	const ahead = entries.filter((entry) => !files.has(lineageOf(entry.version))).sort(byVersion);
	await refuseUnknown(ahead, history, evidence.gitVersions);
	const pending = migrations.filter((migration) => !sides.applied.has(migration.version)).sort(byVersion);
	const plans = {
		pre: ofPhase(pending, "pre"),
		post: ofPhase(pending, "post")
	};
	if (policy.outOfOrder === "refuse") refuseHoles(plans.pre, sides, "pre");
	if (policy.outOfOrder === "refuse") refuseHoles(plans.post, sides, "post");
	return {
		...plans,
		ahead: ahead.map((entry) => shownVersion(entry.version)),
		debts: debtsOf(plans.post, history.rows, evidence.now),
		unchecked: migrations.filter(({ version }) => sides.applied.has(version) && checksumThatRan(sides, version) === void 0).length,
		applied: entries.length
	};
}
/**
* What `migrate` runs in a phase, in order. Post migrations that the deployed release does not contain stay held back.
* Throws `post-not-allowed`, `post-changed`, `unphased-refused` or `post-debt`.
*/
function migrationsFor(phase, plans, evidence, policy) {
	if (phase === "all") return {
		run: bothPhases(plans, evidence, policy),
		heldBack: []
	};
	if (phase === "pre") {
		if (plans.pre.length > 0) refuseDebts(plans.debts, policy);
		return {
			run: plans.pre,
			heldBack: plans.post
		};
	}
	if (plans.post.length === 0) return {
		run: [],
		heldBack: []
	};
	const run = postMigrationsToRun(plans, evidence.history.rows);
	return {
		run,
		heldBack: plans.post.filter((migration) => !run.includes(migration))
	};
}
function bothPhases(plans, { entries }, policy) {
	const run = [...plans.pre, ...plans.post].sort(byVersion);
	if (run.length > 0 && entries.length > 0 && !policy.allowUnphased) throw new ReleaseError("unphased-refused", `Phase all runs pre and post migrations together, and this database has a history (${plural(entries.length, "applied migration")}): code may be live that needs what the post migrations remove.`, { hint: "Run --phase pre, deploy, then --phase post; or set allow-unphased when nothing is live." });
	return run;
}
function ofPhase(migrations, phase) {
	return migrations.filter((migration) => migration.phase === phase);
}
// src/sql/classify.ts
/** Which kind of node a statement is, such as `IndexStmt`. */
function kindOf(statement) {
	return Object.keys(statement.node)[0] ?? "";
}
/** A setting of the session, which a later statement may depend on: never skipped when a file is resumed. */
function setsSession(statement) {
	return kindOf(statement) === "VariableSetStmt";
}
/** What lives and dies with the session and cannot be brought back when a file is resumed in another one. */
function bindsToSession({ node }) {
	if ("DiscardStmt" in node) return "DISCARD";
	if ("PrepareStmt" in node) return "PREPARE";
	if ("ListenStmt" in node) return "LISTEN";
	if ("DeclareCursorStmt" in node) return "DECLARE";
	if ("CreateStmt" in node) return node.CreateStmt.relation?.relpersistence === "t" ? "CREATE TEMPORARY TABLE" : void 0;
	if ("CreateTableAsStmt" in node) return node.CreateTableAsStmt.into?.rel?.relpersistence === "t" ? "CREATE TEMPORARY TABLE" : void 0;
}
/** `copy … from stdin` waits for a client to send rows. */
function copiesFromClient({ node }) {
	return "CopyStmt" in node && node.CopyStmt.is_from === true && !node.CopyStmt.filename && !node.CopyStmt.is_program;
}
/**
* Why a statement cannot run inside a transaction block, or `undefined` when it can.
* Source: the calls of PreventInTransactionBlock in PostgreSQL 13 to 18.
*/
function standsAlone({ node }) {
	if ("IndexStmt" in node) return node.IndexStmt.concurrent ? "CREATE INDEX CONCURRENTLY" : void 0;
	if ("DropStmt" in node) return node.DropStmt.concurrent ? "DROP INDEX CONCURRENTLY" : void 0;
	if ("VacuumStmt" in node) return node.VacuumStmt.is_vacuumcmd ? "VACUUM" : void 0;
	if ("ReindexStmt" in node) return reindexAlone(node.ReindexStmt);
	if ("ClusterStmt" in node) return node.ClusterStmt.relation === void 0 ? "CLUSTER of all tables" : void 0;
	if ("AlterDatabaseStmt" in node) return JSON.stringify(node).includes("\"tablespace\"") ? "ALTER DATABASE SET TABLESPACE" : void 0;
	if ("CreatedbStmt" in node) return "CREATE DATABASE";
	if ("DropdbStmt" in node) return "DROP DATABASE";
	if ("CreateTableSpaceStmt" in node) return "CREATE TABLESPACE";
	if ("DropTableSpaceStmt" in node) return "DROP TABLESPACE";
	if ("AlterSystemStmt" in node) return "ALTER SYSTEM";
	if ("DiscardStmt" in node) return node.DiscardStmt.target === "DISCARD_ALL" ? "DISCARD ALL" : void 0;
	if ("AlterTableStmt" in node) return detachesConcurrently(node.AlterTableStmt) ? "DETACH PARTITION CONCURRENTLY" : void 0;
	if ("CreateSubscriptionStmt" in node) return "CREATE SUBSCRIPTION";
	if ("AlterSubscriptionStmt" in node) return "ALTER SUBSCRIPTION";
	if ("DropSubscriptionStmt" in node) return "DROP SUBSCRIPTION";
}
function reindexAlone({ params, kind }) {
	if (isOn(params, "concurrently")) return "REINDEX CONCURRENTLY";
	return [
		"REINDEX_OBJECT_SCHEMA",
		"REINDEX_OBJECT_SYSTEM",
		"REINDEX_OBJECT_DATABASE"
	].includes(kind ?? "") ? "REINDEX of a schema or database" : void 0;
}
/** An option without a value is on; the last of several counts. */
function isOn(options, name) {
	const option = (options ?? []).map((one) => one.DefElem).findLast((one) => one?.defname === name);
	if (option === void 0) return false;
	const { String: word, Integer: number } = option.arg ?? {};
	if (word !== void 0) return !["off", "false"].includes(word.sval?.toLowerCase() ?? "");
	return number === void 0 || (number.ival ?? 0) !== 0;
}
function detachesConcurrently(alter) {
	return detachedPartition(alter) !== void 0;
}
function detachedPartition({ cmds }) {
	for (const cmd of cmds ?? []) {
		const { AlterTableCmd: one } = cmd;
		const partition = one?.def?.PartitionCmd;
		if (one?.subtype === "AT_DetachPartition" && partition?.concurrent === true) return nameOf$1(partition.name);
	}
}
function nameOf$1(range) {
	return range?.relname ? {
		schema: range.schemaname,
		name: range.relname
	} : void 0;
}
/**
* A statement that waits for others without anybody having to wait behind it: the application goes on meanwhile, and a
* short limit would only make it fail half-way.
*/
function waitsByDesign(statement) {
	const { node } = statement;
	if ("VacuumStmt" in node) return standsAlone(statement) !== void 0 && !isOn(node.VacuumStmt.options, "full");
	return standsAlone(statement)?.includes("CONCURRENTLY") === true;
}
/** A procedure or a DO block may commit by itself, which fails inside a transaction block. */
function mayCommit(statement) {
	return ["CallStmt", "DoStmt"].includes(kindOf(statement));
}
function effectOf({ node }) {
	if ("IndexStmt" in node) return { kind: "index-created" };
	if ("DropStmt" in node) return dropEffect(node.DropStmt.objects);
	if ("ReindexStmt" in node) return isOn(node.ReindexStmt.params, "concurrently") ? {
		kind: "index-rebuilt",
		relation: nameOf$1(node.ReindexStmt.relation)
	} : { kind: "repeatable" };
	if ("AlterTableStmt" in node) {
		const table = nameOf$1(node.AlterTableStmt.relation);
		const partition = detachedPartition(node.AlterTableStmt);
		return table === void 0 || partition === void 0 ? void 0 : {
			kind: "partition-detached",
			table,
			partition
		};
	}
	if ("VacuumStmt" in node || "ClusterStmt" in node || "AlterSystemStmt" in node || "AlterDatabaseStmt" in node) return { kind: "repeatable" };
	return objectEffect(node);
}
function dropEffect(objects) {
	const [only, ...others] = objects ?? [];
	const { items = [] } = only?.List ?? {};
	const names = items.map((item) => item.String?.sval ?? "");
	const name = names.at(-1);
	return name === void 0 || others.length > 0 ? void 0 : {
		kind: "index-dropped",
		index: {
			schema: names.at(-2),
			name
		}
	};
}
function objectEffect(node) {
	const of = (kind, what, name) => name ? {
		kind,
		what,
		name
	} : void 0;
	if ("CreatedbStmt" in node) return of("object-created", "database", node.CreatedbStmt.dbname);
	if ("DropdbStmt" in node) return of("object-dropped", "database", node.DropdbStmt.dbname);
	if ("CreateTableSpaceStmt" in node) return of("object-created", "tablespace", node.CreateTableSpaceStmt.tablespacename);
	if ("DropTableSpaceStmt" in node) return of("object-dropped", "tablespace", node.DropTableSpaceStmt.tablespacename);
	if ("CreateSubscriptionStmt" in node) return of("object-created", "subscription", node.CreateSubscriptionStmt.subname);
	if ("DropSubscriptionStmt" in node) return of("object-dropped", "subscription", node.DropSubscriptionStmt.subname);
}
/** A plain `begin`, without options that would be lost when it is taken off. */
function isBegin(statement) {
	const transaction = transactionOf(statement);
	return ["TRANS_STMT_BEGIN", "TRANS_STMT_START"].includes(transaction?.kind ?? "") && (transaction?.options ?? []).length === 0;
}
function isCommit(statement) {
	const transaction = transactionOf(statement);
	return transaction?.kind === "TRANS_STMT_COMMIT" && transaction.chain !== true;
}
function transactionOf(statement) {
	return statement !== void 0 && "TransactionStmt" in statement.node ? statement.node.TransactionStmt : void 0;
}
// src/migration/lock-needs.ts
const unknownNeeds = (why) => ({
	locks: [],
	first: [],
	creates: [],
	unknown: why,
	definesOnly: false
});
function lockNeeds(statements) {
	const locks = [];
	const first = [];
	const creates = [];
	const meanings = /* @__PURE__ */ new Map();
	let unknown;
	let definesOnly = true;
	let instant = true;
	for (const statement of statements) {
		const one = statementLocks(statement);
		const others = one.locks.flatMap((lock) => asBefore(lock, meanings));
		locks.push(...others);
		if (instant) first.push(...others);
		creates.push(...one.creates);
		for (const name of one.creates) meanings.set(keyOf(name), "made");
		for (const { from, to } of one.renames ?? []) meanings.set(keyOf(to), meanings.get(keyOf(from)) ?? from);
		unknown ??= one.unknown;
		definesOnly &&= one.definesOnly;
		instant &&= one.work === "catalog" && one.unknown === void 0;
	}
	return {
		locks,
		first,
		creates,
		unknown,
		definesOnly
	};
}
/** The lock under the name that the relation has before all statements; none on one that they made. */
function asBefore(lock, meanings) {
	const meant = meanings.get(keyOf(lock)) ?? lock;
	return meant === "made" ? [] : [{
		...lock,
		schema: meant.schema,
		name: meant.name
	}];
}
/** Whether every relation it locks was made by this run: nobody else can be using it. */
function touchesOnly(made, { locks, unknown, definesOnly }) {
	return definesOnly && unknown === void 0 && locks.every((lock) => made.has(keyOf(lock)));
}
/** A name as it is written: `accounts` and `public.accounts` may be two tables. */
function keyOf({ schema, name }) {
	return JSON.stringify([schema ?? null, name]);
}
// src/migration/script.ts
/**
* Splits a migration into what is sent to the server.
* Throws `client-command`, `transaction-control` or, on a server as new as the parser, `syntax-error`, with the place.
*/
async function prepareScript(migration, serverMajor, layout) {
	const { up, notSql } = migration;
	if (notSql !== void 0) throw new Error(`${migration.path} is written in ${notSql}: there is nothing to send`);
	const parsed = await statementsOf$1(up);
	if ("problem" in parsed) {
		const { offset, message } = parsed.problem;
		if (up.text[offset] === "\\") throw clientCommand(migration, offset, "a backslash command");
		const copy = /\bcopy\b[^;]*\bfrom\s+stdin\b[^;]*;[^;]*$/i.exec(up.text.slice(0, offset));
		if (copy !== null) throw clientCommand(migration, copy.index, "COPY FROM STDIN");
		const place = placeIn(migration, up, offset);
		if (serverMajor >= 18) throw syntaxError(place, message);
		await refuseUnreadableTransactions(migration, place);
		const unit = {
			sql: up,
			statements: [],
			transactional: migration.transactional,
			concurrent: false,
			session: false,
			effect: void 0,
			needs: unknownNeeds("the parser does not read this text")
		};
		return {
			migration,
			unwrapped: false,
			unparsed: `${place}: ${message}`,
			units: [unit]
		};
	}
	const { statements } = parsed;
	const copy = statements.find(copiesFromClient);
	if (copy !== void 0) throw clientCommand(migration, copy.start, "COPY FROM STDIN");
	return migration.transactional ? transactionalScript(migration, statements, layout) : statementScript(migration, statements);
}
/** What tells whether a statement was edited between two runs of a file. */
function hashOf({ sql }) {
	return createHash("sha256").update(sql.text).digest("hex");
}
function syntaxError(place, message) {
	return new ReleaseError("syntax-error", `${place}: ${message}`, {
		at: place,
		hint: "Nothing was run. Correct the file and try again."
	});
}
function transactionalScript(migration, all, layout) {
	const wrapped = isBegin(all[0]) && isCommit(all.at(-1));
	const inner = wrapped ? all.slice(1, -1) : all;
	for (const statement of inner) {
		if (kindOf(statement) === "TransactionStmt") throw transactionControl(migration, statement);
		const alone = standsAlone(statement);
		if (alone !== void 0) throw needsNoTransaction(migration, statement, alone, layout);
	}
	const start = wrapped ? afterSemicolon(migration.up.text, all[0].end) : 0;
	const end = wrapped ? all.at(-1).start : migration.up.text.length;
	const sql = migration.up.slice(start, end);
	return {
		migration,
		unwrapped: wrapped,
		unparsed: void 0,
		units: inner.length === 0 ? [] : [{
			sql,
			statements: inner.map((one) => one.start - start),
			transactional: true,
			concurrent: false,
			session: false,
			effect: void 0,
			needs: lockNeeds(inner)
		}]
	};
}
/** Outside a transaction each statement is a unit; `begin … commit` inside the file makes one of several. */
function statementScript(migration, statements) {
	const units = [];
	for (let index = 0; index < statements.length; index++) {
		const statement = statements[index];
		if (isBegin(statement)) {
			const end = statements.findIndex((one, at) => at > index && kindOf(one) === "TransactionStmt");
			const closing = statements[end];
			if (!isCommit(closing)) throw transactionControl(migration, closing ?? statement);
			const block = statements.slice(index + 1, end);
			if (block.length > 0) units.push(unitOf(migration.up, block, true));
			index = end;
		} else if (kindOf(statement) === "TransactionStmt") throw transactionControl(migration, statement);
		else {
			const bound = bindsToSession(statement);
			if (bound !== void 0) throw sessionBound(migration, statement, bound);
			const session = setsSession(statement);
			const unit = unitOf(migration.up, [statement], !session && standsAlone(statement) === void 0 && !mayCommit(statement));
			units.push({
				...unit,
				session
			});
		}
	}
	return {
		migration,
		unwrapped: false,
		unparsed: void 0,
		units
	};
}
function unitOf(text, statements, transactional) {
	const first = statements[0];
	return {
		sql: text.slice(first.start, statements.at(-1).end),
		statements: statements.map((one) => one.start - first.start),
		transactional,
		concurrent: !transactional && waitsByDesign(first),
		session: false,
		effect: transactional ? void 0 : effectOf(first),
		needs: lockNeeds(statements)
	};
}
function afterSemicolon(text, from) {
	const semicolon = text.indexOf(";", from);
	return semicolon < 0 ? text.length : semicolon + 1;
}
function transactionControl(migration, statement) {
	const at = placeIn(migration, migration.up, statement.start);
	const word = migration.up.text.slice(statement.start, statement.end).split(/\s/)[0]?.toUpperCase();
	return new ReleaseError("transaction-control", `${at}: ${word} controls a transaction; Shiplock opens and closes it together with the version row.`, {
		at,
		hint: migration.transactional ? "Remove it, or split the file into several migrations. One begin at the top with one commit at the end is allowed." : "In a file without a transaction only whole begin … commit blocks are allowed."
	});
}
function needsNoTransaction(migration, statement, what, { outsideTransaction }) {
	const at = placeIn(migration, migration.up, statement.start);
	return new ReleaseError("transaction-control", `${at}: ${what} cannot run inside a transaction.`, {
		at,
		hint: `Let the file run outside a transaction (${outsideTransaction}), best with this statement alone.`
	});
}
function sessionBound(migration, statement, what) {
	const at = placeIn(migration, migration.up, statement.start);
	return new ReleaseError("unsupported-migration", `${at}: ${what} lasts as long as the session, and a file outside a transaction may have to go on in another one.`, {
		at,
		hint: "Put it into a migration that runs in a transaction, or into one begin … commit block with the statements that need it."
	});
}
/** psql's backslash commands and `copy … from stdin` need a client that feeds them. */
function clientCommand(migration, offset, what) {
	const at = placeIn(migration, migration.up, offset);
	return new ReleaseError("client-command", `${at}: ${what} needs psql to carry it out; it is not SQL that a server runs.`, {
		at,
		hint: "Write it as SQL: INSERT instead of COPY FROM STDIN, and no backslash commands."
	});
}
/** What the parser cannot read it cannot check either: transaction control is looked for word by word. */
async function refuseUnreadableTransactions(migration, place) {
	const word = (await statementHeads(migration.up.text)).find((head) => [
		"begin",
		"start",
		"commit",
		"rollback",
		"abort",
		"savepoint",
		"release",
		"end",
		"prepare"
	].includes(head));
	if (word === void 0) return;
	throw new ReleaseError("transaction-control", `${migration.path} cannot be split (the parser stops at ${place}), and it holds ${word.toUpperCase()}.`, { hint: "Remove the transaction control; Shiplock opens and closes the transaction itself." });
}
// src/migration/team-command.ts
/** A command without a layout means the layout command. Throws `invalid-input` when the inputs contradict each other. */
function migrationWay({ layout, "migrate-command": pre, "migrate-command-post": post }) {
	if (pre !== void 0 && (layout === void 0 || layout === "command")) return {
		kind: "command",
		command: {
			pre,
			post: post ?? pre
		}
	};
	if (layout === "rails" || layout !== "command" && pre === void 0 && post === void 0) return {
		kind: "files",
		layout
	};
	if (pre === void 0) throw new ReleaseError("invalid-input", `migrate-command is missing: it names the program that the layout command runs.`, { hint: "Set migrations.command in shiplock.yml, such as [bin/rails, db:migrate], or --migrate-command with a JSON array." });
	throw new ReleaseError("invalid-input", `migrate-command was given together with the layout ${layout}, whose files Shiplock runs itself.`, { hint: "Take migrations.command out, or set migrations.layout to command." });
}
/** The program of a layout whose files Shiplock knows and does not run: as it was named, else as the layout has it. */
function teamCommandOf({ "migrate-command": pre, "migrate-command-post": post }, { command }) {
	return {
		pre: pre ?? command,
		post: post ?? pre ?? command
	};
}
/** What takes one version back: named, or made from the command that runs everything. Throws `invalid-input` where that cannot be. */
function downCommandOf(inputs, program, version) {
	const argument = program.versionArgument(version);
	const named = inputs["migrate-command-down"];
	if (named !== void 0) return [...named, argument];
	const { pre } = teamCommandOf(inputs, program);
	const [task = "", all = ""] = [pre.at(-1), program.command.at(-1)];
	if (task === all || task.startsWith(`${all}:`)) return [
		...pre.slice(0, -1),
		program.downTask + task.slice(all.length),
		argument
	];
	throw new ReleaseError("invalid-input", "migrate-command-down is missing: migrate-command does not tell how one version is taken back.", { hint: `Set migrations.command-down in shiplock.yml, such as [bin/rails, ${program.downTask}]; ${argument} is added behind it.` });
}
/** Both phases at once are what the post command does where nothing has run before. */
function commandFor(command, phase) {
	return command[phase === "pre" ? "pre" : "post"];
}
function hasNoFiles() {
	return new ReleaseError("invalid-input", "With the layout command the migrations are the team's own; Shiplock reads and writes none of their files.", { hint: "Make, check and mend them with the team's own tool, such as bin/rails generate migration for a new file; Shiplock runs them (shiplock migrate)." });
}
/**
* Throws `post-not-allowed` or `unphased-refused`. Without files nobody can tell what a release contains: its name or
* its commit must be that of the release which was recorded as deployed last.
*/
function refuseTeamPhase(phase, evidence, run, allowUnphased) {
	if (phase === "post") refuseOtherRelease(evidence.history, run);
	if (phase !== "all" || allowUnphased || evidence.isFresh && evidence.history.length === 0) return;
	throw new ReleaseError("unphased-refused", "Phase all runs pre and post migrations together, and this database has a history: code may be live that needs what the post migrations remove.", { hint: "Run --phase pre, deploy, then --phase post; or set allow-unphased when nothing is live." });
}
/** Throws unless a release with this name can have been deployed: `post-not-allowed`, or `invalid-input` without a name. */
function refuseTeamRecord(history, run) {
	if (run.release === "unversioned" && run.commit === void 0) throw nameless("invalid-input");
	const last = history.findLast((row) => row.event === "command" && row.phase !== "post");
	if (last?.event === "command" && last.state === "applied") return;
	const why = last?.event === "command" ? `The last run of the pre phase (${last.release}) ${endings[last.state]}` : "The pre phase has not run in this environment";
	throw new ReleaseError("post-not-allowed", `${why}, so the code that needs it cannot be live.`, { hint: "Run \"shiplock migrate --phase pre\", deploy, and then record the deploy." });
}
const endings = {
	running: "was cut off",
	unknown: "was cut off",
	failed: "failed",
	"not-applied": "could not be started",
	applied: "passed",
	"applied-unreported": "passed"
};
function refuseOtherRelease(history, run) {
	const deployed = lastDeployed(history);
	if (deployed === void 0) throw new ReleaseError("post-not-allowed", "Post migrations would run, but no release has been recorded as deployed in this environment.", { hint: "Run \"shiplock record deployed\" after the deploy command has ended with 0; then run the post phase." });
	refuseBarred(history, deployed);
	if (isSameRelease(deployed, run)) return;
	if (run.release === "unversioned") throw nameless("post-not-allowed");
	throw new ReleaseError("post-not-allowed", `${deployed.release} is recorded as deployed, and this run is of ${run.release}: its post migrations may remove what ${deployed.release} needs.`, { hint: `Deploy ${run.release} and run "shiplock record deployed"; or run the post phase from the checkout of ${deployed.release}.` });
}
function nameless(code) {
	return new ReleaseError(code, "This release has no name: there is neither a tag nor a commit, and the layout command has no files to compare.", { hint: "Name it the same in every step: --release v1.9." });
}
// src/backup/ledger-standing.ts
/** The moment whose version tables a backup holds, the first of those given; or what differs from the first, in a sentence's end. */
function standingOf(heads, standings) {
	for (const { when, heads: expected } of standings) if (differences(heads, expected).length === 0) return { when };
	const [first] = differences(heads, standings[0]?.heads ?? []);
	return { problem: first ?? "no version table is known to compare" };
}
/** No table in common says nothing: then there is one difference, that nothing was compared. */
function differences(heads, expected) {
	if (expected.length === 0) return ["no version table is known to compare"];
	return expected.flatMap(({ table, head, empty }) => {
		const found = heads.find((one) => one.table === table);
		const inBackup = found?.ofProject ?? found?.head;
		if (inBackup === head || inBackup === void 0 && empty) return [];
		return [`${table} is at ${empty ? "no migration" : head} now, and ${inBackup === void 0 ? "not in the backup" : `at ${inBackup} in the backup`}`];
	});
}
// src/backup/required-backup.ts
/** Looks for a backup that counts, the newest first; `candidates` come in this order. */
async function searchBackup(candidates, asked, measure, store) {
	const ignored = [];
	let newest;
	for await (const one of candidates) {
		if (!("manifest" in one)) {
			ignored.push(one);
			continue;
		}
		const ageMs = measure.now.getTime() - Date.parse(one.manifest.dump.snapshotAt);
		const judged = judge$1(one.manifest, asked, measure, ageMs);
		const problem = judged.problem ?? await missingDump(one.manifest, store);
		if (problem === void 0) return {
			found: {
				backup: one,
				ageMs,
				when: judged.when
			},
			newest,
			ignored
		};
		newest ??= {
			backup: one,
			problem
		};
		if (ageMs > asked.maxAgeMs) break;
	}
	return {
		found: void 0,
		newest,
		ignored
	};
}
const levels = ["landed", "read-back"];
const levelWords = {
	landed: "landed",
	"read-back": "read back"
};
function judge$1(manifest, asked, measure, ageMs) {
	const standing = standingOf(manifest.ledgerHeads, measure.standings);
	return {
		problem: failureWhenMade(manifest) ?? otherDatabase(manifest, measure) ?? ageProblem(ageMs, asked.maxAgeMs) ?? (levels.indexOf(manifest.level) < levels.indexOf(asked.level) ? `it is only ${levelWords[manifest.level]}, not ${levelWords[asked.level]}` : void 0) ?? ("problem" in standing ? `its version tables are not those of this database: ${standing.problem}` : void 0),
		when: "when" in standing ? standing.when : ""
	};
}
/** Says what was looked for, what there is, and what to type. */
function backupRequired(asked, looked, { environment }, attest, asker = "require-backup") {
	const wanted = `${asker} asks for a backup of this very database, as it stands now, ${levelWords[asked.level]} and at most ${formatDuration(asked.maxAgeMs)} old`;
	const attested = attest === void 0 ? "" : ` Nor was another kind of backup attested: ${attest}.`;
	return new ReleaseError("backup-required", `${wanted}. ${typeof looked === "string" ? looked : describeSearch$1(looked)}${attested}`, { hint: `Type: shiplock backup --environment ${environment}. Then run the same command again; nothing was changed.` });
}
function describeSearch$1({ newest, ignored }) {
	const unusable = ignored.map(({ manifestKey, problem }) => ` ${manifestKey} cannot be used: ${problem.replace(/\.$/, "")}.`).join("");
	if (newest === void 0) return `The store holds none of this environment.${unusable}`;
	const { id, dump } = newest.backup.manifest;
	return `The newest, ${id} (snapshot ${formatMoment(dump.snapshotAt)}), does not count: ${newest.problem}.${unusable}`;
}
// src/migration/before-release.ts
/**
* Versions that stand in the version table because of this very release: the last attempt that can have put them there is
* its own. What a person marked is none of them: nobody had approved that it would not run, and no backup was made for it.
*/
function versionsOfRelease(history, phase, release) {
	const last = /* @__PURE__ */ new Map();
	for (const row of history) if (row.event === "migration" && mayHaveApplied(row)) last.set(row.version, row);
	return [...last.values()].filter((row) => row.byHand === void 0 && (phase === "all" || row.phase === phase) && isSameRelease(row, release)).map(({ version }) => version);
}
/**
* How the version tables stood before the first of the release's runs of the team's own command, when no other run came
* in between: Shiplock does not know what such a command applies, so it is what was noted then.
*/
function headsBeforeRelease(history, phase, release) {
	let heads;
	for (const row of history.toReversed()) {
		if (row.event !== "command" && row.event !== "backup") continue;
		if (row.phase !== phase || !isSameRelease(row, release)) break;
		if (row.event === "backup") heads = row.heads;
	}
	return heads;
}
/** An open row is one of a run that died: its migration may have been applied. */
function mayHaveApplied({ state }) {
	return state === "applied" || state === "applied-unreported" || state === "running";
}
// src/commands/backup-requirement.ts
const backupRequirementNames = [
	"require-backup",
	"require-backup-age",
	"attest-command"
];
/** What of the requirement an approval covers. */
function requirementPolicy(inputs) {
	if (inputs["require-backup"] === void 0) return {};
	return {
		"require-backup": inputs["require-backup"],
		"require-backup-age": inputs["require-backup-age"],
		"attest-command": JSON.stringify(inputs["attest-command"] ?? [])
	};
}
/** How the version tables stand now, and how they stood before the first run of this release in each of the phases. */
async function standingsOf({ database, ledger, history }, phases, { "migrations-table": table }, { release, run }) {
	const standings = [{
		when: "stand now",
		heads: ledger === void 0 ? await database.knownStanding(table) : await database.standing(ledger, [])
	}];
	const name = {
		release,
		commit: run.commit
	};
	for (const phase of phases) {
		const when = `stood before phase ${phase} of ${release}`;
		const versions = versionsOfRelease(history, phase, name);
		if (ledger !== void 0 && versions.length > 0) standings.push({
			when,
			heads: await database.standing(ledger, versions)
		});
		const noted = ledger === void 0 ? headsBeforeRelease(history, phase, name) : void 0;
		if (noted !== void 0) standings.push({
			when,
			heads: noted
		});
	}
	return standings;
}
/** What is asked for, if anything. Throws `invalid-input` when nothing could ever meet it. */
function requirementOf(inputs) {
	const level = inputs["require-backup"];
	if (level === void 0) return void 0;
	if (inputs.store === void 0 && inputs["attest-command"] === void 0) throw new ReleaseError("invalid-input", "require-backup looks for a backup in the store, and no store was named.", { hint: "Set store to the place where the command backup puts them." });
	return {
		level,
		maxAgeMs: inputs["require-backup-age"]
	};
}
/** A text says why nothing was looked for: where the team's command may answer, that is no end. */
async function lookInStore(database, standings, asked, inputs, context) {
	if (inputs.store === void 0) return "No store was named.";
	if (standings[0]?.heads.length === 0) return unknownLedger;
	const measure = {
		database: database.database,
		identity: database.identity,
		stampId: (await database.state.stamp())?.id,
		now: await database.now(),
		standings
	};
	try {
		const store = await context.openStore(inputs.store);
		return await searchBackup(backupsNewestFirst(store, context), asked, measure, store);
	} catch (error) {
		if (!(error instanceof ReleaseError) || inputs["attest-command"] === void 0) throw error;
		return `The store could not be looked into: ${error.message}`;
	}
}
const unknownLedger = "Whether a migration ran since a backup was made cannot be told: this database holds no version table that Shiplock knows; name it with migrations.table, or let attest-command answer.";
// src/backup/drill-record.ts
const schemaName = "shiplock/drill@1";
const keyPattern = /^(.+\.dump)\.drill-((\d{8}T\d{6}Z)-[^/]*)\.json$/;
const largestBytes = 16777216;
/** Where the records of one backup's drills begin. */
function recordPrefix(dumpKey) {
	return `${dumpKey}.drill-`;
}
/** `undefined` for the key of anything else. */
function recordKeyIn(key) {
	const [, dumpKey, id] = keyPattern.exec(key) ?? [];
	return dumpKey === void 0 || id === void 0 ? void 0 : {
		recordKey: key,
		dumpKey,
		id
	};
}
/** The records among these objects, the newest end first. */
function recordsNewestFirst(objects) {
	const idOf = ({ key }) => recordKeyIn(key)?.id;
	return objects.filter((one) => idOf(one) !== void 0).sort((a, b) => (idOf(a) ?? "") < (idOf(b) ?? "") ? 1 : -1);
}
/** No more than is needed: a record holds much that only people read. */
const recordSchema = object({
	schema: literal$1(schemaName),
	verdict: _enum(verdicts),
	reason: string().catch(""),
	level: string().optional(),
	levels: array(string()).optional(),
	finishedAt: datetime(),
	project: string().optional(),
	environment: string().optional(),
	error: string().optional(),
	checks: array(checkSchema.pick({ status: true })).catch([]),
	backup: object({
		key: string(),
		id: string().optional()
	})
});
/** `undefined` when it was deleted since it was listed. */
async function readRecord(store, { key, sizeBytes }) {
	const place = recordKeyIn(key);
	if (place === void 0) throw new Error(`${key} is not the key of a drill's record`);
	if (sizeBytes > largestBytes) return {
		...place,
		problem: `it is larger than ${largestBytes / 1024 ** 2} MiB`
	};
	const content = await readText(store, key);
	if (content === void 0) return void 0;
	const json = parse(content);
	if (json === void 0) return {
		...place,
		problem: "it is not JSON"
	};
	const read = recordSchema.safeParse(json);
	if (!read.success) return {
		...place,
		problem: `it is not a record of a drill: ${prettifyError(read.error).replaceAll(/\s*\n\s*/g, " ")}`
	};
	const { backup, finishedAt, reason, level, levels, project, environment } = read.data;
	const at = new Date(finishedAt);
	if (backup.key !== place.dumpKey) return {
		...place,
		problem: `it is of another backup, ${backup.key}`
	};
	if (!place.id.startsWith(compactStamp(at))) return {
		...place,
		problem: `it says that it ended at ${finishedAt}, and its key another moment`
	};
	return {
		...place,
		at,
		verdict: verdictOf(read.data),
		reason,
		level,
		levels: levels ?? (level === void 0 ? [] : [.../* @__PURE__ */ new Set(["restored", level])]),
		project,
		environment,
		backupId: backup.id
	};
}
/** A missing program or a wrong input fails the step, and shows nothing of the backup unless a check had failed before. */
function verdictOf({ verdict, error, checks }) {
	if (verdict !== "fail" || error === void 0 || checks.some(({ status }) => status === "fail")) return verdict;
	return (Object.hasOwn(errorCodes, error) ? errorCodes[error].exit : "fault") === "fault" ? "fail" : "inconclusive";
}
async function readText(store, key) {
	try {
		return await text(await store.get(key));
	} catch (error) {
		if (error instanceof ReleaseError && error.code === "backup-not-found") return void 0;
		throw error;
	}
}
function parse(content) {
	try {
		return JSON.parse(content);
	} catch {
		return;
	}
}
// src/drill/required-drill.ts
/**
* Walks the drills of an environment, the newest first, to the first that says something of this database's backups. That one
* decides: a drill that failed cancels those before it, one that could not be held does not.
*/
async function searchDrill(store, scope, asked, measure) {
	const objects = await store.list(backupsPrefix(scope));
	const hasBackups = objects.some(({ key }) => isManifestKey(key));
	const tooOld = compactStamp(new Date(measure.now.getTime() - asked.maxAgeMs));
	let newest;
	for (const one of recordsNewestFirst(objects)) {
		if (newest !== void 0 && (recordKeyIn(one.key)?.id ?? "") < tooOld) break;
		const record = await readRecord(store, one);
		if (record === void 0) continue;
		const judged = await judge(record, scope, asked, measure, store);
		if (judged === void 0) {
			const drill = record;
			return {
				found: {
					drill,
					ageMs: measure.now.getTime() - drill.at.getTime()
				},
				refused: newest === void 0 ? [] : [newest],
				hasBackups
			};
		}
		const refused = {
			name: nameOf(record),
			problem: judged.problem
		};
		if (judged.isLast) return {
			found: void 0,
			refused: newest === void 0 ? [refused] : [newest, refused],
			hasBackups
		};
		newest ??= refused;
	}
	return {
		found: void 0,
		refused: newest === void 0 ? [] : [newest],
		hasBackups
	};
}
async function judge(record, scope, asked, measure, store) {
	const last = (problem) => ({
		problem,
		isLast: true
	});
	const over = (problem) => ({
		problem,
		isLast: false
	});
	const mayBeOurs = mayBeOfDatabase(record.dumpKey, measure.database);
	if ("problem" in record) return {
		problem: `its record ${record.recordKey} cannot be read: ${record.problem}`,
		isLast: mayBeOurs
	};
	const { verdict, reason, at, levels } = record;
	if (verdict === "inconclusive") return over(`it could not tell: ${oneLine(reason)}`);
	const failed = `it failed: ${oneLine(reason)}`;
	const manifest = await manifestOf(record, store);
	if (typeof manifest === "string") return {
		problem: verdict === "fail" ? failed : manifest,
		isLast: verdict === "fail" && mayBeOurs
	};
	const other = otherDatabase(manifest, measure);
	if (other !== void 0) return over(`${other.replace(/^it is/, "its backup is")}`);
	if (verdict === "fail") return last(failed);
	const place = {
		project: record.project ?? scope.project,
		environment: record.environment ?? scope.environment
	};
	if (place.project !== scope.project || place.environment !== scope.environment) return over(`it was held as ${place.project}, environment ${place.environment}`);
	const ageMs = measure.now.getTime() - at.getTime();
	if (ageMs < -3e5) return over("its end lies in the future");
	if (ageMs > asked.maxAgeMs) return last(`it is too old: ${formatDuration(ageMs)}, where ${formatDuration(asked.maxAgeMs)} is the limit`);
	if (levels.includes(asked.level)) return void 0;
	return last(`it shows ${levels.length === 0 ? "nothing" : `no more than ${levels.join(" and ")}`} of its backup, not ${asked.level}`);
}
/** A text says why nobody can tell which database was drilled. */
async function manifestOf({ dumpKey }, store) {
	try {
		return (await readManifest(store, manifestKeyOf(dumpKey))).manifest;
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		if (error.code === "backup-not-found") return "its backup has no manifest in the store any more, so nothing tells which database it is of";
		if (error.code === "backup-damaged") return `the manifest of its backup cannot be used: ${messageOf(error).replace(/\.$/, "")}`;
		throw error;
	}
}
function nameOf(record) {
	const backup = "problem" in record ? void 0 : record.backupId;
	return `${record.id} of the backup ${backup ?? record.dumpKey}`;
}
const wanted = {
	restored: "that it can be restored",
	equal: "that it is equal to what was dumped",
	usable: "that it is usable"
};
const advice = {
	restored: "",
	equal: " A backup made with fingerprint: full is sure to show equal.",
	usable: " usable needs smoke queries (smoke)."
};
/** Says what was looked for, what there is, and what to type. */
function drillRequired({ level, maxAgeMs }, looked, { environment }) {
	const asked = `require-drill asks for a drill of a backup of this very database, at most ${formatDuration(maxAgeMs)} old, that shows ${wanted[level]}`;
	const drill = `shiplock restore-drill --environment ${environment}`;
	const commands = looked.hasBackups ? drill : `shiplock backup --environment ${environment}, then ${drill}`;
	return new ReleaseError("drill-required", `${asked}. ${describeSearch(looked)}`, { hint: `Type: ${commands}.${advice[level]} Then run the same command again; nothing was changed. To go on without it this once: --waive drill --reason "…".` });
}
function describeSearch({ refused: [newest, deciding] }) {
	if (newest === void 0) return "The store holds no record of one in this environment.";
	const before = deciding === void 0 ? "" : ` Nor does the one that decides before it, ${deciding.name}: ${withoutStop(deciding.problem)}.`;
	return `The newest, ${newest.name}, does not count: ${withoutStop(newest.problem)}.${before}`;
}
function withoutStop(sentence) {
	return sentence.replace(/\.$/, "");
}
// src/commands/drill-requirement.ts
const drillRequirementNames = ["require-drill", "require-drill-age"];
/** What of the requirement an approval covers. */
function drillPolicy(inputs) {
	if (inputs["require-drill"] === void 0) return {};
	return {
		"require-drill": inputs["require-drill"],
		"require-drill-age": inputs["require-drill-age"]
	};
}
/** What is asked for, if anything. Throws `invalid-input` when nothing could ever meet it. */
function drillDemandOf(inputs) {
	const level = inputs["require-drill"];
	if (level === void 0) return void 0;
	if (inputs.store === void 0) throw new ReleaseError("invalid-input", "require-drill looks for the record of a drill in the store, and no store was named.", { hint: "Set store to the place where the command backup puts the backups; restore-drill keeps its records beside them." });
	return {
		level,
		maxAgeMs: inputs["require-drill-age"],
		store: inputs.store
	};
}
async function lookForDrill(database, demand, context) {
	const measure = {
		database: database.database,
		identity: database.identity,
		stampId: (await database.state.stamp())?.id,
		now: await database.now()
	};
	return searchDrill(await context.openStore(demand.store), context, demand, measure);
}
// src/commands/other-tool.ts
/**
* For a version table that says that nothing has run: throws `unknown-layout` when another table in this database says
* otherwise, and the layout was only found out from the files, or Shiplock itself has migrated it for this project. Where
* somebody named layout or table, and nothing speaks against it, the log has a warning.
*/
async function refuseOtherTool({ layout, shownBy }, table, database, { log, stamp, history }) {
	const own = table ?? layout.table.table;
	const isOwn = (name) => [own, `${own}_post`].some((one) => name === one || name.endsWith(`.${one}`));
	const other = (await database.knownStanding(void 0)).find((one) => !one.empty && !isOwn(one.table));
	if (other === void 0) return;
	const ranHere = appliedAttempts(history.rows).length > 0;
	if (shownBy === void 0 && (!ranHere || table !== void 0)) {
		if (stamp === void 0 || ranHere) log.warn(`by ${own} nothing has run here, and ${other.table} says that another tool has migrated this database`);
		return;
	}
	const { name } = layout;
	const anothers = `set migrations.layout in shiplock.yml: to the tool that keeps ${other.table}, or to ${name} when that table is another service's.`;
	if (shownBy === void 0) throw unknownLayout(`By ${own}, the version table of ${name}, nothing has run here, but Shiplock has migrated this database for this project, and ${other.table} holds versions.`, `Set migrations.layout to the tool that keeps ${other.table}. If the team has changed its tool, say what has run, the oldest first: shiplock ledger mark-applied --migration <id> --reason "…". If that table is another service's, set migrations.table to ${own}.`);
	if (table !== void 0) throw unknownLayout(`By ${own}, which migrations.table names, nothing has run here, but ${other.table} says that this database was migrated.`, `Correct migrations.table, or leave it out. Otherwise ${anothers}`);
	throw unknownLayout(`The files look like ${name} (${shownBy}), whose version table says that nothing has run, but ${other.table} says that another tool has migrated this database.`, `S${anothers.slice(1)}`);
}
function unknownLayout(problem, hint) {
	return new ReleaseError("unknown-layout", problem, { hint });
}
// src/commands/tool-settings.ts
/** Throws `unknown-layout` where the project names a tool whose files would have such names too, and nothing in them tells whose they are. */
async function refuseUnsigned({ layout, shownBy }, inputs, context) {
	if (shownBy === void 0 || layout.knownByNames === void 0) return;
	for (const { name, namedIn } of layouts) {
		if (namedIn === void 0) continue;
		const found = (await filesOfTool(namedIn.file, inputs, context)).find(({ text }) => namedIn.by.test(text));
		if (found === void 0) continue;
		throw new ReleaseError("unknown-layout", `The files may be written for ${layout.name} (${shownBy}) or ${name} (${found.path} names it).`, { hint: `Set migrations.layout in shiplock.yml to ${layout.name} or ${name}: each keeps a version table of its own.` });
	}
}
/** Throws where settings of the tool's own change what it runs or writes. */
async function refuseSettings({ layout, migrations }, inputs, context) {
	const { table, tableVariable = "", settings } = layout;
	const named = context.variables[tableVariable];
	if (named && named !== table.table && inputs["migrations-table"] === void 0) throw otherTable(tableVariable, named, table.table);
	for (const name of settings?.files ?? []) {
		const [file] = await filesOfTool(name, inputs, context);
		if (file !== void 0) settings?.refuse(file, migrations, inputs["migrations-table"]);
	}
}
/** The files of a name where a tool looks for its own: above the folder of migrations first, then where it is started. */
async function filesOfTool(name, { migrations }, context) {
	const paths = [.../* @__PURE__ */ new Set([dirname(migrations), context.baseDir])].map((folder) => join(folder, name));
	const texts = await Promise.all(paths.map((path) => context.readText(path)));
	return paths.flatMap((path, index) => {
		const text = texts[index];
		return text === void 0 ? [] : [{
			path: relative(context.baseDir, path),
			text
		}];
	});
}
// src/commands/migration-state.ts
/** Where the migrations lie, and the version table that says which of them ran. */
const folderInputNames = [
	"layout",
	"migrate-command",
	"migrate-command-post",
	"migrations",
	"migrations-post",
	"migrations-table"
];
/** The inputs of every command that compares files and ledger. */
const migrationInputNames = [
	...databaseInputNames,
	"publish-state",
	...folderInputNames,
	"out-of-order",
	"allow-unphased",
	"max-post-debt",
	"stall-budget",
	"max-post-debt-count",
	"allow-older",
	"lock-budget",
	...backupRequirementNames,
	...drillRequirementNames
];
/** Reads the migrations of both folders. Throws `invalid-input` for the layout command, which has none that Shiplock reads. */
async function readMigrations(inputs, context) {
	const { folders, layout } = await readFolders(inputs, context);
	const read = collectMigrations(folders, layout, context.variables);
	await refuseUnsigned(read, inputs, context);
	await refuseSettings(read, inputs, context);
	return read;
}
/** The same for whoever reports on every file: one that is malformed is refused by itself. */
async function readEachMigration(inputs, context) {
	const { folders, layout } = await readFolders(inputs, context);
	const read = collectEach(folders, layout, context.variables);
	await refuseUnsigned(read, inputs, context);
	return read;
}
async function readFolders(inputs, context) {
	const way = migrationWay(inputs);
	if (way.kind === "command") throw hasNoFiles();
	const [pre, post] = [inputs.migrations, inputs["migrations-post"]];
	const folder = async (path) => ({
		path: shown(path, context),
		files: await context.readFolder(path, "nested")
	});
	return {
		folders: {
			pre: await folder(pre),
			post: {
				...await folder(post),
				named: !usualPostFolders.includes(shown(post, context))
			}
		},
		layout: way.layout
	};
}
function ledgerOptions(inputs, { layout, migrations }, { project, environment, release }, history = {
	rows: [],
	former: []
}) {
	const hasPost = migrations.some(({ phase }) => phase === "post");
	return {
		layout,
		versions: layout.keepsNewest || layout.hasBaseline ? [...migrations, ...ranBefore(history)] : [],
		table: inputs["migrations-table"],
		hasPost,
		project,
		environment,
		release,
		publishState: inputs["publish-state"]
	};
}
/**
* Reads ledger and history and compares them with the files. Throws for states that no phase may run on. What an earlier
* look of the same run asked of other tools is not asked again.
*/
async function readState(inputs, read, database, context, earlier) {
	const { runBy } = read.layout;
	if (runBy !== void 0) refuseOtherDatabase(inputs, context);
	const stamp = await checkIdentity(database, context);
	const history = await database.state.history();
	const ledger = ledgerOptions(inputs, read, context, history);
	const entries = await database.entries(ledger);
	if (entries.length === 0 && earlier === void 0) await refuseOtherTool(read, inputs["migrations-table"], database, {
		log: context.log,
		stamp,
		history
	});
	const evidence = {
		migrations: read.migrations,
		entries,
		history,
		keepsNewest: read.layout.keepsNewest === true,
		gitVersions: () => gitVersions([inputs.migrations, inputs["migrations-post"]], context),
		now: context.clock.now()
	};
	const policy = {
		outOfOrder: inputs["out-of-order"],
		allowUnphased: inputs["allow-unphased"],
		maxPostDebtMs: inputs["max-post-debt"],
		maxPostDebtCount: inputs["max-post-debt-count"]
	};
	const tables = await database.heads(ledger);
	const contract = (phase, run) => ({
		environment: context.environment,
		phase,
		layout: read.layout.name,
		folders: [inputs.migrations, inputs["migrations-post"]].map((path) => shown(path, context)),
		tables,
		stamp: stamp?.id ?? null,
		migrations: run,
		...runBy === void 0 ? {} : { command: commandFor(teamCommandOf(inputs, runBy), phase) },
		policy: {
			"lock-budget": inputs["lock-budget"],
			"allow-unphased": inputs["allow-unphased"],
			"allow-older": inputs["allow-older"] !== void 0,
			...requirementPolicy(inputs),
			...drillPolicy(inputs)
		}
	});
	return {
		ledger,
		evidence,
		policy,
		stamped: stamp !== void 0,
		plans: await comparePhases(evidence, policy),
		contract,
		digest: (phase, run) => planDigest(contract(phase, run))
	};
}
/** Throws `wrong-database` when the team's program would migrate another database than this one. */
function refuseOtherDatabase(inputs, { variables, log }) {
	if (refuseOtherTarget(variables.DATABASE_URL, inputs["database-url"])) return;
	log.warn("DATABASE_URL in the environment is of a form that cannot be compared: see to it that it names this database");
}
/** Throws `wrong-database`, `wrong-project` or `history-elsewhere`: whatever comes next would be filed or run under another name. */
async function checkIdentity(database, context) {
	refuseElsewhere(await database.stateElsewhere(), database.state);
	const stamp = await database.state.stamp();
	refuseOtherProject(context.projectGiven ? [] : await database.state.projects(), context);
	checkStamp(stamp, database.identity, context.environment);
	return stamp;
}
/** The name of a folder is a poor identity: a checkout under another name would run everything again. */
function refuseOtherProject(projects, { project, projectGiven }) {
	if (projectGiven || projects.length === 0 || projects.includes(project)) return;
	throw new ReleaseError("wrong-project", `This database has the history of ${projects.join(", ")}, and none of ${project}, which is only the name of this checkout.`, { hint: "Set project in shiplock.yml (or --project): to that name when this is the same service, to a new one when another service shares the database." });
}
/** Splits each migration, and asks the server about texts that the parser does not read. Nothing is run. */
async function prepareScripts(migrations, database, layout) {
	const scripts = [];
	for (const migration of migrations) {
		const script = await prepareScript(migration, database.serverMajor, layout);
		if (script.unparsed !== void 0) {
			const problem = await database.syntaxProblem(migration.up.text);
			if (problem !== void 0) throw syntaxError(placeIn(migration, migration.up, problem.offset), problem.message);
		}
		scripts.push(script);
	}
	return scripts;
}
async function gitVersions(folders, context) {
	const paths = (await Promise.all(folders.map((folder) => context.gitPaths(folder)))).flat();
	return new Set(numberedPaths(paths).map(({ version }) => version));
}
function shown(path, context) {
	return relative(context.baseDir, path) || ".";
}
export { lastDeployed as $, statementLocks as $t, migrationWay as A, schemaName$1 as At, isCommit as B, dumpKey as Bt, requirementPolicy as C, headOfVersions as Cn, statementsOf$1 as Ct, standingOf as D, quoteText as Dn, newestBackup as Dt, backupRequired as E, quoteTable as En, isUsable as Et, keyOf as F, writeRoles as Ft, refuseBarred as G, manifestKeyOf as Gt, standsAlone as H, isDumpKey as Ht, lockNeeds as I, countKinds as It, refuseMoves as J, stampIn as Jt, checksumThatRan as K, mayBeOfDatabase as Kt, touchesOnly as L, backupId as Lt, refuseTeamRecord as M, readBeside as Mt, teamCommandOf as N, readContents as Nt, commandFor as O, scopeOf as On, previousBackups as Ot, hashOf as P, writeContents as Pt, isRollback as Q, versionsOfPrisma as Qt, unknownNeeds as R, backupsPrefix as Rt, requirementOf as S, butNot as Sn, missingDump as St, versionsOfRelease as T, quoteRelation as Tn, findBackup as Tt, waitsByDesign as U, isManifestKey as Ut, kindOf as V, dumpKeyOf as Vt, migrationsFor as W, keyLabel as Wt, planAdoption as X, membershipKey as Xt, sidesOf as Y, stemIn as Yt, appliedAttempts as Z, mergeMemberships as Zt, recordKeyIn as _, nameInText as _n, databaseInputs as _t, prepareScripts as a, modeInSql as an, postGenerator as at, schemaName as b, optionsOf as bn, otherDatabase as bt, readState as c, isBuiltinOperator as cn, refuseTargetVersion as ct, refuseOtherTool as d, isVolatile as dn, plain as dt, constraintsOf as en, newest as et, drillDemandOf as f, closedState as fn, parse$1 as ft, readRecord as g, isOnly as gn, databaseInputNames as gt, drillRequired as h, hasOption as hn, planDigest as ht, migrationInputNames as i, lockModes as in, postFolderLine as it, refuseTeamPhase as j, writeManifest as jt, downCommandOf as k, privateKeyForms as kn, backupsNewestFirst as kt, refuseOtherDatabase as l, isBuiltinType as ln, skipVariable as lt, lookForDrill as m, stampChanged as mn, canonicalJson as mt, folderInputNames as n, reaches as nn, readOwn as nt, readEachMigration as o, strongerMode as on, guardLostBy as ot, drillPolicy as p, refuseElsewhere as pn, MappedText as pt, refuseEdits as q, rolesKeyOf as qt, ledgerOptions as r, conflictingModes as rn, layouts as rt, readMigrations as s, isBuiltinFunction as sn, plainEnvironment as st, checkIdentity as t, queryLocks as tn, collectMigrations as tt, refuseOtherProject as u, isSerial as un, teamEnvironment as ut, recordPrefix as v, nameOf$5 as vn, lockInputNames as vt, standingsOf as w, quoteName as wn, checkMade as wt, lookInStore as x, wordsOf as xn, clockSkewMs as xt, recordsNewestFirst as y, nameOfWords as yn, lockPolicy as yt, isBegin as z, contentsKeyOf as zt };
