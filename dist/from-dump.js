import { y as parseStatements } from "./start.js";
import { d as emptySchema, f as findRelation, t as applyStatement } from "./replay.js";
// src/sql/schema/from-dump.ts
/** Everything in it is older than the first file. */
const before = {
	file: -1,
	statement: 0
};
/** The schema of a database as its dump tells it. */
async function schemaFromDump(dump) {
	const schema = emptySchema();
	const problem = await replayText(schema, withoutClientCommands(dump.script));
	if (problem !== void 0) return { problem };
	for (const { schema: space, name, definition } of dump.invalidIndexes) {
		const again = await replayText(schema, definition);
		if (again !== void 0) return { problem: again };
		const index = findRelation(schema, {
			schema: space,
			name
		});
		if (index?.kind === "index") index.valid = false;
	}
	for (const name of dump.filledViews) {
		const view = findRelation(schema, name);
		if (view?.kind === "view") view.populated = true;
	}
	schema.session = {
		searchPath: dump.searchPath,
		timeZone: dump.timeZone
	};
	schema.searchPath = [...dump.searchPath];
	schema.timeZone = dump.timeZone;
	return { schema };
}
async function replayText(schema, sql) {
	const parsed = await parseStatements(sql);
	if ("problem" in parsed) return parsed.problem;
	for (const statement of parsed.statements) applyStatement(schema, statement, before);
}
/** Newer programs put `\restrict` before the statements and `\unrestrict` behind them, which only psql understands. */
function withoutClientCommands(script) {
	const lines = script.split("\n");
	const first = lines.findIndex((line) => line.startsWith("\\restrict "));
	const key = lines[first]?.slice(10);
	return first < 0 ? script : lines.filter((line, index) => index !== first && line !== `\\unrestrict ${key}`).join("\n");
}
export { withoutClientCommands as n, schemaFromDump as t };
