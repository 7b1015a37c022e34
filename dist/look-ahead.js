import { i as gravest, n as lineByRules, t as decide } from "./decide.js";
import { t as judgeSince } from "./judge2.js";
// src/rollback/look-ahead.ts
/** Judges by rules, as `rollback` does, what it would find after each migration. */
async function lookAhead({ to, target, ran, lost, run, boot, layout, postgres }) {
	const held = run.filter((one) => target.includes(one));
	const added = run.filter((one) => !held.includes(one));
	const { files } = await judgeSince({
		target,
		since: [...ran, ...added],
		layout,
		postgres
	});
	const own = held.length === 0 ? [] : (await judgeSince({
		target: target.filter((one) => !held.includes(one)),
		since: held,
		layout,
		postgres
	})).files;
	const byMigration = new Map([...files, ...own].map((file) => [file.migration, file]));
	const before = files.slice(0, ran.length).flatMap(linesAgainst);
	const atBoot = boot === void 0 ? [] : [boot];
	let closings = close({}, void 0, [
		...ran.length + lost.length > 0 ? atBoot : [],
		...lost,
		...before
	]);
	let isNewer = ran.length + lost.length > 0;
	return {
		to,
		steps: run.map((migration) => {
			const file = byMigration.get(migration);
			const against = [...held.includes(migration) ? [] : [...isNewer ? [] : atBoot, ...linesAgainst(file)]];
			isNewer ||= added.includes(migration);
			closings = close(closings, migration, against);
			return {
				migration,
				shape: closings.end !== void 0 ? "hotfix" : closings.doubt !== void 0 ? "undecided" : "code-only",
				against: decide(against, "rules").lines,
				down: file.down
			};
		}),
		doubt: closings.doubt,
		end: closings.end
	};
}
/** The first of each kind stays. */
function close({ doubt, end }, migration, against) {
	const line = gravest(against);
	const shape = decide(against, "rules").shape;
	const closing = line === void 0 ? void 0 : {
		migration,
		line
	};
	return {
		doubt: doubt ?? (shape === "undecided" ? closing : void 0),
		end: end ?? (shape === "hotfix" ? closing : void 0)
	};
}
function linesAgainst({ statements }) {
	return statements.map(lineByRules).filter(({ effect }) => effect !== "compatible");
}
export { lookAhead };
