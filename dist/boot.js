import { r as migrationsAtBoot } from "./boot-commands.js";
import { i as lineageOf, r as isRepeatable, t as byVersion } from "./migration.js";
import { t as positionFromUtf16 } from "./position.js";
// src/rollback/boot.ts
/** Whether the tool of older code goes on when these have run and it has no file of theirs. */
function bearsMissing({ toleratesMissing }, since, target) {
	if (toleratesMissing !== "newer") return toleratesMissing;
	const known = new Set(target.map(({ version }) => lineageOf(version)));
	const newest = target.filter((one) => !isRepeatable(one)).toSorted(byVersion).at(-1);
	return since.every((one) => known.has(lineageOf(one.version)) || !isRepeatable(one) && (newest === void 0 || byVersion(one, newest) > 0));
}
/** Where the older code would fail when it starts, since its tool refuses what has run since; `undefined` where it would not. */
function refusedAtBoot({ name, toleratesMissing }, files) {
	if (toleratesMissing === true) return void 0;
	const found = migrationsAtBoot(files).filter(({ tool }) => tool !== "shiplock");
	const first = found.find(({ when }) => when === "start") ?? found[0];
	if (first === void 0) return void 0;
	const { path, offset, command, place, when } = first;
	const text = files.find((file) => file.path === path)?.text ?? "";
	const refuses = `${name} refuses a version table that ${toleratesMissing === "newer" ? "holds what it has no file of" : "is newer than its files"}`;
	return {
		migration: void 0,
		path,
		start: positionFromUtf16(text, offset),
		statement: command,
		by: "rules",
		data: { kind: "lossless" },
		...when === "start" ? {
			effect: "breaks-start",
			because: `${place} starts "${command}" at boot; ${refuses}.`
		} : {
			effect: "unknown",
			because: `${place} runs "${command}" beside the deploy; ${refuses}, and whether the older code comes up without it is not known.`
		}
	};
}
export { refusedAtBoot as n, bearsMissing as t };
