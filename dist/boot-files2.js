import { n as mayBootFile } from "./boot-commands.js";
import { n as refusedAtBoot } from "./boot.js";
import { join } from "node:path";
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
	const files = await context.gitFiles(known, mayBootFile);
	return refusedAtBoot(layout, files.map(({ path, bytes }) => ({
		path,
		text: new TextDecoder().decode(bytes)
	})));
}
export { bootRefusal as n, bootFiles as t };
