import { n as mayBootFile, r as migrationsAtBoot } from "./boot-commands.js";
import { T as positionFromUtf16 } from "./start.js";
import { join } from "node:path";
// src/rollback/boot.ts
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
// src/commands/boot-files.ts
/** Files that may say what runs when a service starts; read only where a migration could run ahead of its phase. */
async function bootFiles(migrations, isNew, { changes }, context) {
	const post = migrations.filter(({ phase }) => phase === "post");
	if (post.length === 0) return [];
	if (!post.some(isNew) && !changes.some(({ path }) => mayBootFile(path))) return [];
	return trackedBootFiles(context);
}
async function trackedBootFiles(context) {
	const paths = (await context.trackedPaths()).filter(mayBootFile);
	const texts = await Promise.all(paths.map((path) => context.readText(join(context.baseDir, path))));
	return paths.flatMap((path, index) => texts[index] === void 0 ? [] : [{
		path,
		text: texts[index]
	}]);
}
/** Where the code of a commit, or of this checkout where git does not know it, would not start once the version table is newer than its files. */
async function bootRefusal(layout, commit, context) {
	if (layout.toleratesMissing === true) return void 0;
	const known = commit === void 0 ? void 0 : await context.gitCommit(commit);
	if (known === void 0) return refusedAtBoot(layout, await trackedBootFiles(context));
	return refusedAtBoot(layout, (await context.gitFiles(known, mayBootFile)).map(({ path, bytes }) => ({
		path,
		text: new TextDecoder().decode(bytes)
	})));
}
export { bootRefusal as n, bootFiles as t };
