import { K as numberedPaths, et as nextVersion, un as ReleaseError, z as layoutAtHome } from "./start.js";
import { dt as plain, o as readEachMigration } from "./migrations.js";
import { t as defineCommand } from "./command.js";
import { dirname, join, relative } from "node:path";
// src/commands/new.ts
var new_default = defineCommand({
	summary: "Make the next migration in the layout's form: new add_users_email, or new --post drop_users_name.",
	inputs: [
		"name",
		"post",
		"hotfix",
		"layout",
		"migrate-command",
		"migrate-command-post",
		"migrations",
		"migrations-post"
	],
	positional: "name",
	outputs: {},
	terminalOnly: true,
	async run(inputs, context) {
		const { layout, migrations } = await existing(inputs, context);
		const phase = inputs.post ? "post" : "pre";
		const taken = inputs.hotfix ? await takenAnywhere(migrations, [inputs.migrations, inputs["migrations-post"]], context) : migrations;
		const file = layout.newFile(inputs.name, phase, nextVersion(taken, context.clock.now(), layout.numbersByTime), inputs.hotfix);
		const path = join(inputs.post ? inputs["migrations-post"] : inputs.migrations, file.name);
		await context.writeNewFile(path, file.text);
		if (file.beside !== void 0) await context.writeNewFile(join(dirname(path), file.beside.name), file.beside.text);
		const shown = relative(context.baseDir, path);
		return {
			verdict: "pass",
			reason: `${shown} is there, to run ${phase === "pre" ? "before the new code" : "when no old code is left"}.`,
			details: {
				path: shown,
				phase,
				layout: layout.name,
				hotfix: inputs.hotfix,
				notes: inputs.hotfix ? await notesOf(layout, context) : []
			}
		};
	}
});
/** A hotfix starts from an older release, and the branches that it does not hold have gone on counting. */
async function takenAnywhere(migrations, folders, context) {
	const paths = await Promise.all(folders.map((folder) => context.gitPaths(folder)));
	return [...migrations, ...numberedPaths(paths.flat())];
}
async function notesOf(layout, context) {
	return [{
		whole: void 0,
		shallow: "This clone is shallow: a number that only another branch holds was not seen. Fetch the whole history (git fetch --unshallow).",
		none: "There is no git repository here: only the numbers of this folder were seen."
	}[await context.gitDepth()], layout.toleratesHoles ? void 0 : layout.keepsNewest ? `${layout.name}'s table keeps the newest number alone: once this one has run, an older file can never run. Give those a newer number.` : `${layout.name}'s own command refuses older files once this one has run: let Shiplock run those, or allow missing ones there (${layout.allowingHoles ?? "if it can"}).`].filter((note) => note !== void 0);
}
/**
* A project without any migration gets the plain layout, unless another is named or its tool is at home here. A file that is
* still to be written has its number already.
*/
async function existing(inputs, context) {
	try {
		const { layout, migrations, refused } = await readEachMigration(inputs, context);
		return {
			layout,
			migrations: [...migrations, ...numberedPaths(refused.map(({ path }) => path))]
		};
	} catch (error) {
		if (!(error instanceof ReleaseError) || error.code !== "migrations-not-found") throw error;
		const { layouts } = await import("./layouts.js");
		const known = inputs.layout ?? await layoutAtHome(inputs.migrations, context.baseDir);
		return {
			layout: layouts.find(({ name }) => name === known) ?? plain,
			migrations: []
		};
	}
}
export { new_default as default };
