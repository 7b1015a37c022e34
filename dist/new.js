import { t as ReleaseError } from "./errors.js";
import { n as nextVersion } from "./layout.js";
import { n as plain } from "./layouts.js";
import { t as defineCommand } from "./command.js";
import { i as readMigrations } from "./migration-state.js";
import { join, relative } from "node:path";
// src/commands/new.ts
var new_default = defineCommand({
	summary: "Make the next migration in the layout's form: new add_users_email, or new --post drop_users_name.",
	inputs: [
		"name",
		"post",
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
		const file = layout.newFile(inputs.name, phase, nextVersion(migrations, context.clock.now()));
		const path = join(inputs.post ? inputs["migrations-post"] : inputs.migrations, file.name);
		await context.writeNewFile(path, file.text);
		const shown = relative(context.baseDir, path);
		return {
			verdict: "pass",
			reason: `${shown} is there, to run ${phase === "pre" ? "before the new code" : "when no old code is left"}.`,
			details: {
				path: shown,
				phase,
				layout: layout.name
			}
		};
	}
});
/** A project without any migration gets the plain layout, unless another is named. */
async function existing(inputs, context) {
	try {
		return await readMigrations(inputs, context);
	} catch (error) {
		if (!(error instanceof ReleaseError) || error.code !== "migrations-not-found") throw error;
		const { layouts } = await import("./layouts2.js");
		return {
			layout: layouts.find(({ name }) => name === inputs.layout) ?? plain,
			migrations: []
		};
	}
}
export { new_default as default };
