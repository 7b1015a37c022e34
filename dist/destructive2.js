import { fn as messageOf, un as ReleaseError } from "./start.js";
import { t as destructivePart } from "./destructive.js";
import { Ct as statementsOf } from "./migrations.js";
// src/migration/destructive.ts
/** Why a backup should come before a migration, in words; `undefined` when its text says that nothing can be lost. */
async function majorReason(migration) {
	if (migration.major) return "marked as major";
	if (migration.notSql !== void 0) return `not known, it is written in ${migration.notSql}`;
	const text = textOf(migration);
	if (text instanceof ReleaseError) return `it cannot be read: ${messageOf(text)}`;
	const parsed = await statementsOf(text);
	if ("problem" in parsed) return `the parser does not read it: ${parsed.problem.message}`;
	for (const statement of parsed.statements) {
		const part = destructivePart(statement);
		if (part !== void 0) return part;
	}
}
/** A text may depend on variables that are not set. */
function textOf(migration) {
	try {
		return migration.up;
	} catch (error) {
		if (error instanceof ReleaseError) return error;
		throw error;
	}
}
export { majorReason as t };
