import { un as ReleaseError } from "./start.js";
// src/drill/extensions.ts
/** Extensions that PostgreSQL itself ships and that neither reach out of the cluster nor run code outside of it. */
const allowed = /* @__PURE__ */ new Set([
	"amcheck",
	"autoinc",
	"bloom",
	"bool_plperl",
	"btree_gin",
	"btree_gist",
	"citext",
	"cube",
	"dict_int",
	"dict_xsyn",
	"earthdistance",
	"fuzzystrmatch",
	"hstore",
	"hstore_plperl",
	"insert_username",
	"intagg",
	"intarray",
	"isn",
	"jsonb_plperl",
	"lo",
	"ltree",
	"moddatetime",
	"old_snapshot",
	"pageinspect",
	"pg_buffercache",
	"pg_freespacemap",
	"pg_prewarm",
	"pg_stat_statements",
	"pg_surgery",
	"pg_trgm",
	"pg_visibility",
	"pg_walinspect",
	"pgcrypto",
	"pgrowlocks",
	"pgstattuple",
	"plperl",
	"plpgsql",
	"pltcl",
	"refint",
	"seg",
	"sslinfo",
	"tablefunc",
	"tcn",
	"tsm_system_rows",
	"tsm_system_time",
	"unaccent",
	"uuid-ossp",
	"xml2"
]);
/** They reach other servers, files or programs: never made, and what needs them is left out too. */
const refused = /* @__PURE__ */ new Set([
	"adminpack",
	"dblink",
	"file_fdw",
	"http",
	"pg_background",
	"pg_cron",
	"pg_net",
	"plperlu",
	"plpython2u",
	"plpython3u",
	"plpythonu",
	"plsh",
	"pltclu",
	"postgres_fdw"
]);
/** `named` are those of the packages that the team named. */
function isAllowedExtension(name, named = []) {
	return allowed.has(name) || named.includes(name);
}
/** Those that a copy cannot do without; what is never made is left out together with what needs it. */
function missingExtensions(lacking) {
	return lacking.filter((name) => !refused.has(name));
}
/**
* Judges what the scratch cluster lacks. What a drill never makes is left out, and so is what needs it; anything
* else stops the drill before data is loaded. Throws `scratch-failed`.
*/
function refuseMissingExtensions(lacking) {
	const missing = missingExtensions(lacking);
	if (missing.length === 0) return;
	const unknown = missing.filter((name) => !allowed.has(name));
	const hint = unknown.length === 0 ? "They come with PostgreSQL: install its contrib package (postgresql-contrib)." : `Name the Debian packages of ${unknown.join(", ")} with drill-packages, or make them yourself in the file drill-before; without that, a drill makes only what PostgreSQL itself ships.`;
	throw new ReleaseError("scratch-failed", `The backup needs extensions that the scratch cluster does not have: ${missing.join(", ")}.`, { hint });
}
export { missingExtensions as n, refuseMissingExtensions as r, isAllowedExtension as t };
